import { accountAbilities, accountAbilityLabels, type Grant } from '#shared/abilities.ts';
import type { Account } from '#shared/accounts.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { sayMoment } from '../../lib/time.ts';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { GrantMark } from './grant-mark.tsx';
import { accountTexts } from './texts.ts';
import './accounts.css';

/** What this account can do, how that is known, and what to do about what it cannot. */
export function AbilitiesPanel({ account }: { account: Account }) {
  const w = useWords(accountTexts);
  const held = (grant: Grant) => Object.values(account.abilities).includes(grant);
  return (
    <Section title={w.abilities} testId="abilities">
      <AbilityList account={account} />
      <ProbeLine account={account} />
      {held('needs-application') ? <p>{w.applyHelp}</p> : null}
      {held('unknown') ? <p className="quiet">{w.unknownHelp}</p> : null}
      {held('assisted') ? <p className="quiet">{w.assistedHelp}</p> : null}
    </Section>
  );
}

export function AbilityList({ account }: { account: Account }) {
  const lang = useLang();
  return (
    <dl className="abilities">
      {accountAbilities.map((ability) => (
        <div key={ability} data-testid={`ability-${ability}`}>
          <dt>{accountAbilityLabels[ability][lang]}</dt>
          <dd>
            <GrantMark grant={account.abilities[ability]} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** When and how it was learned. */
export function ProbeLine({ account }: { account: Account }) {
  const w = useWords(accountTexts);
  const lang = useLang();
  const { probe } = account;
  if (!account.capabilities.includes('probe')) return <p className="quiet">{w.probedNever}</p>;
  if (probe === null) return <p className="quiet">{w.notProbed}</p>;
  const time = sayMoment(probe.at, lang);
  return (
    <div className="line-note" data-testid="probe-line" data-result={probe.result}>
      {probe.result === 'ok' ? (
        <StateMark tone="good">{fill(w.probedOk, { time })}</StateMark>
      ) : (
        <StateMark tone="warn">{fill(w.probedBad, { time, code: probe.code ?? probe.result })}</StateMark>
      )}
      {probe.notes.map((note) => (
        <span key={note} className="quiet">
          {note}
        </span>
      ))}
    </div>
  );
}
