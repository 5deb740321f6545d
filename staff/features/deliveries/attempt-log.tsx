import { Timeline } from 'antd';
import type { Attempt } from '#shared/publishing.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { clockOf, dayOf, sayDay } from '../../lib/time.ts';
import { keyed } from '../../ui/keyed.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import type { DeliveryDetail } from './detail.ts';
import { Json } from './json.tsx';
import { outcomeTone, outcomeWord } from './outcome.ts';
import { deliveryTexts } from './texts.ts';

const seconds = (moment: string) => new Date(moment).toISOString().slice(17, 19);

/** Every try with what went over the line; secrets are masked by the server before they are stored. */
export function AttemptLog({
  delivery,
}: {
  delivery: Pick<DeliveryDetail, 'attemptLog' | 'mode' | 'state'>;
}) {
  const w = useWords(deliveryTexts);
  const attempts = delivery.attemptLog;
  if (attempts.length === 0) {
    const over = delivery.state === 'cancelled' || delivery.state === 'expired';
    // Only our own site takes a post without a step.
    const isOut = delivery.state === 'published' || delivery.state === 'withdrawn';
    const begun = over ? w.neverBegun : isOut ? w.storedHere : w.noAttempts;
    return <p className="quiet">{delivery.mode !== 'api' ? w.noSteps : begun}</p>;
  }
  return (
    <Timeline
      className="attempts"
      items={attempts.map((attempt, index) => ({
        key: `${attempt.number}${attempt.step}${attempt.startedAt}`,
        content: <AttemptEntry attempt={attempt} last={index === attempts.length - 1} />,
      }))}
    />
  );
}

/** `last`: only the newest step can still be running; an older one without an end was broken off. */
export function AttemptEntry({ attempt, last = true }: { attempt: Attempt; last?: boolean }) {
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
        <StateMark tone={attempt.finishedAt ? outcomeTone(attempt.outcome) : last ? 'busy' : 'quiet'}>
          {attempt.finishedAt ? outcomeWord(attempt.outcome, lang) : last ? w.running : w.brokenOff}
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
