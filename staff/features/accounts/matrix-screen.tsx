import { accountAbilities, accountAbilityLabels } from '#shared/abilities.ts';
import { type Account, listAccounts } from '#shared/accounts.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useNarrow } from '../../lib/narrow.ts';
import { useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { To } from '../../ui/to.tsx';
import { AbilityList, ProbeLine } from './abilities-panel.tsx';
import { AccountStateMark } from './account-state-mark.tsx';
import { GrantMark } from './grant-mark.tsx';
import { accountTexts } from './texts.ts';
import './accounts.css';

/** Every account against every ability. */
export function AccountMatrixScreen() {
  const w = useWords(accountTexts);
  const narrow = useNarrow();
  const accounts = useRead(listAccounts, ['accounts'], {});
  return (
    <Page title={w.matrix} testId="account-matrix">
      <p className="quiet">{w.matrixHelp}</p>
      <Async reading={accounts}>
        {(all) => {
          const rows = all.filter((account) => account.state !== 'closed');
          if (rows.length === 0) return <Empty title={w.emptyTitle} />;
          return narrow ? <Cards rows={rows} /> : <Grid rows={rows} />;
        }}
      </Async>
      <To href="/accounts">{w.all}</To>
    </Page>
  );
}

function Grid({ rows }: { rows: readonly Account[] }) {
  const w = useWords(accountTexts);
  const lang = useLang();
  return (
    <ScrollRegion className="matrix" label={w.matrix}>
      <table>
        <thead>
          <tr>
            <th scope="col">{w.account}</th>
            {accountAbilities.map((ability) => (
              <th key={ability} scope="col">
                {accountAbilityLabels[ability][lang]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((account) => (
            <tr key={account.id} data-testid="matrix-row" data-platform={account.platform}>
              <th scope="row">
                <To href={`/accounts/${account.id}`}>{account.name}</To>
                <div className="quiet">{account.platformName[lang]}</div>
                <AccountStateMark state={account.state} />
                {account.probe ? (
                  <div className="quiet number">{sayMoment(account.probe.at, lang)}</div>
                ) : null}
              </th>
              {accountAbilities.map((ability) => (
                <td key={ability}>
                  <GrantMark grant={account.abilities[ability]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** On a phone one account after the other. */
function Cards({ rows }: { rows: readonly Account[] }) {
  const lang = useLang();
  return (
    <ul className="lines">
      {rows.map((account) => (
        <li key={account.id} className="line" data-testid="matrix-row" data-platform={account.platform}>
          <div className="line-main">
            <div className="line-title">
              <To href={`/accounts/${account.id}`}>{account.name}</To>{' '}
              <span className="quiet">{account.platformName[lang]}</span>{' '}
              <AccountStateMark state={account.state} />
            </div>
            <AbilityList account={account} />
            <ProbeLine account={account} />
          </div>
        </li>
      ))}
    </ul>
  );
}
