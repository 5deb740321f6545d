import { Checkbox } from 'antd';
import { type Account, accountStateLabels, listAccounts } from '#shared/accounts.ts';
import type { Target } from '#shared/content.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { Async } from '../../ui/async.tsx';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { TargetPlan } from './target-plan.tsx';
import { targetTexts } from './texts.ts';

type TargetsPanelProps = {
  targets: readonly Target[];
  editable: boolean;
  onChange: (targets: Target[]) => void;
};

function newTarget(account: Account): Target {
  return {
    accountId: account.id,
    reach: account.reaches[0] ?? 'timeline',
    plannedWall: null,
    evenIfLate: false,
    override: {},
  };
}

export function TargetsPanel({ targets, editable, onChange }: TargetsPanelProps) {
  const w = useWords(targetTexts);
  const accounts = useRead(listAccounts, ['accounts'], {});
  const change = (target: Target) =>
    onChange(targets.map((other) => (other.accountId === target.accountId ? target : other)));
  const shareTime = ({ plannedWall, evenIfLate }: Target) =>
    onChange(targets.map((other) => ({ ...other, plannedWall, evenIfLate })));
  return (
    <Section title={w.title} testId="targets">
      <Async reading={accounts}>
        {(list) => {
          // A chosen account stays in sight even when it was closed since; a locked article shows only the chosen ones.
          const offered = list.filter(
            (account) =>
              targets.some((target) => target.accountId === account.id) ||
              (editable && account.state !== 'closed' && account.mode !== 'registered'),
          );
          if (offered.length === 0) return <p className="quiet">{w.none}</p>;
          return (
            <ul className="targets">
              {offered.map((account) => {
                const target = targets.find((one) => one.accountId === account.id) ?? null;
                return (
                  <li
                    key={account.id}
                    data-testid="target"
                    data-account={account.name}
                    data-platform={account.platform}
                  >
                    <TargetLine
                      account={account}
                      chosen={target !== null}
                      editable={editable}
                      onToggle={(chosen) =>
                        onChange(
                          chosen
                            ? [...targets, newTarget(account)]
                            : targets.filter((one) => one.accountId !== account.id),
                        )
                      }
                    />
                    {target ? (
                      <TargetPlan
                        account={account}
                        target={target}
                        editable={editable}
                        onChange={change}
                        onShareTime={targets.length > 1 ? () => shareTime(target) : null}
                      />
                    ) : null}
                  </li>
                );
              })}
            </ul>
          );
        }}
      </Async>
    </Section>
  );
}

type TargetLineProps = {
  account: Account;
  chosen: boolean;
  editable: boolean;
  onToggle: (chosen: boolean) => void;
};

function TargetLine({ account, chosen, editable, onToggle }: TargetLineProps) {
  const w = useWords(targetTexts);
  const lang = useLang();
  const words = (
    <>
      <span className="target-name">{account.name}</span>{' '}
      <span className="quiet">
        {account.platformName[lang]}
        {account.mode === 'hand-off' ? ` · ${w.handOff}` : ''}
      </span>
      {account.state === 'active' ? null : (
        <div>
          <StateMark tone="warn">
            {fill(w.notActive, { state: accountStateLabels[account.state][lang] })}
          </StateMark>
        </div>
      )}
    </>
  );
  if (!editable) return <div>{words}</div>;
  return (
    <Checkbox
      checked={chosen}
      onChange={(event) => onToggle(event.target.checked)}
      data-testid="target-toggle"
    >
      {words}
    </Checkbox>
  );
}
