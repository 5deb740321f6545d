import { Timeline } from 'antd';
import type { Attempt } from '#shared/publishing.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { clockOf, dayOf, sayDay } from '../../lib/time.ts';
import { keyed } from '../../ui/keyed.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { Json } from './json.tsx';
import { outcomeTone, outcomeWord } from './outcome.ts';
import { deliveryTexts } from './texts.ts';

const seconds = (moment: string) => new Date(moment).toISOString().slice(17, 19);

/** Every try with what went over the line; secrets are masked by the server before they are stored. */
export function AttemptLog({ attempts, byHand }: { attempts: readonly Attempt[]; byHand: boolean }) {
  const w = useWords(deliveryTexts);
  if (attempts.length === 0) return <p className="quiet">{byHand ? w.noSteps : w.noAttempts}</p>;
  return (
    <Timeline
      className="attempts"
      items={attempts.map((attempt) => ({
        key: `${attempt.number}${attempt.step}${attempt.startedAt}`,
        content: <AttemptEntry attempt={attempt} />,
      }))}
    />
  );
}

export function AttemptEntry({ attempt }: { attempt: Attempt }) {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  const at = (moment: string) => `${clockOf(moment)}:${seconds(moment)}`;
  return (
    <div data-testid="attempt" data-step={attempt.step}>
      <div className="row">
        <strong>{w[`step_${attempt.step}`]}</strong>
        <span className="quiet number">
          {sayDay(dayOf(attempt.startedAt), lang)} {at(attempt.startedAt)}
          {attempt.finishedAt ? `–${at(attempt.finishedAt)}` : ''}
        </span>
        <StateMark tone={attempt.finishedAt ? outcomeTone(attempt.outcome) : 'busy'}>
          {attempt.finishedAt ? outcomeWord(attempt.outcome, lang) : w.running}
        </StateMark>
      </div>
      {attempt.step === 'submit' ? (
        <div className="quiet">
          {attempt.firstByteAt ? fill(w.firstByte, { time: at(attempt.firstByteAt) }) : w.notSent}
        </div>
      ) : null}
      <details>
        <summary>{fill(w.exchanges, { count: attempt.exchanges.length })}</summary>
        {keyed(attempt.exchanges, (exchange) => JSON.stringify(exchange)).map(({ key, item }) => (
          <Json key={key} value={item} />
        ))}
        <p className="quiet">{w.outcome}</p>
        <Json value={attempt.outcome} />
      </details>
    </div>
  );
}
