import { getHealth } from '#shared/system.ts';
import { fill, useLang, useWords } from '../lib/language.ts';
import { useRead } from '../lib/query.ts';
import { sayMoment } from '../lib/time.ts';
import { StateMark } from '../ui/state-mark.tsx';
import { appTexts } from './texts.ts';

/** What people write stands on the desk within a second; this much later somebody should look. */
const slowMs = 10_000;

/** One line that says whether publishing works; silent about what is in order in detail. */
export function HealthLine() {
  const w = useWords(appTexts);
  const lang = useLang();
  const { data } = useRead(getHealth, ['any'], {});
  if (data === undefined) return null;
  return (
    <div className="health" data-testid="health-line">
      {data.clockAlarm ? <StateMark tone="bad">{w.clockAlarm}</StateMark> : null}
      <StateMark tone={data.workerAlive ? 'good' : 'bad'}>
        {data.workerAlive ? w.workerAlive : w.workerDown}
      </StateMark>
      <span>
        {data.oldestDue ? fill(w.oldestDue, { time: sayMoment(data.oldestDue, lang) }) : w.nothingDue}
      </span>
      {data.unknown > 0 ? (
        <StateMark tone="warn">{fill(w.unknown, { count: data.unknown })}</StateMark>
      ) : null}
      {data.pushLag && data.pushLag.p95Ms > slowMs ? (
        <StateMark tone="warn">
          {fill(w.pushLag, { seconds: Math.round(data.pushLag.p95Ms / 1_000) })}
        </StateMark>
      ) : null}
      {data.withdrawalsOpen > 0 ? (
        <StateMark tone="bad">{fill(w.withdrawalsOpen, { count: data.withdrawalsOpen })}</StateMark>
      ) : null}
      {data.tasksOpen > 0 ? <span>{fill(w.tasksOpen, { count: data.tasksOpen })}</span> : null}
      {data.nextGrantEnd ? (
        <StateMark tone="warn">
          {fill(w.grantEnds, {
            account: data.nextGrantEnd.accountName,
            time: sayMoment(data.nextGrantEnd.end, lang),
          })}
        </StateMark>
      ) : null}
      {data.holds.length > 0 ? (
        <details data-testid="health-holds">
          <summary>{fill(w.holds, { count: data.holds.length })}</summary>
          <ul>
            {data.holds.map((hold) => (
              <li key={hold.accountId}>
                {fill(w.hold, {
                  account: hold.accountName,
                  time: sayMoment(hold.until, lang),
                  reason: hold.reason,
                })}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  );
}
