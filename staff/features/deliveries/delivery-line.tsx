import { type Delivery, type DeliveryState, reachLabels } from '#shared/publishing.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { sayLength, sayMoment, sayWall } from '../../lib/time.ts';
import { To, ToButton } from '../../ui/to.tsx';
import { QuotaNote } from '../quotas/quota-lines.tsx';
import { DeliveryStateMark } from './delivery-state-mark.tsx';
import { deliveryTexts } from './texts.ts';

/** Up to a minute is the scheduler's grain, not lateness. */
const lateFrom = 60;

export function Lateness({ delivery }: { delivery: Delivery }) {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  // A person has until the deadline; minutes after the planned time are no lateness there.
  if (delivery.lateSeconds === null || delivery.mode !== 'api') return null;
  return (
    <span>
      {delivery.lateSeconds < lateFrom
        ? w.onTime
        : fill(w.late, { length: sayLength(delivery.lateSeconds, lang) })}
    </span>
  );
}

/** What is left matters as long as the post waits. */
const notOut: readonly DeliveryState[] = ['planned', 'due', 'preparing', 'prepared', 'held', 'failed'];

/** What the state means for whoever waits. */
export function DeliveryNote({ delivery }: { delivery: Delivery }) {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  return (
    <>
      {delivery.reason ? <span>{delivery.reason[lang]}</span> : null}
      {delivery.waitingFor === 'administrator' ? <span>{w.waitingAdministrator}</span> : null}
      {delivery.waitingFor === 'platform' ? <span>{w.waitingPlatform}</span> : null}
      {delivery.state === 'handed-off' && delivery.handoffDeadline ? (
        <span>{fill(w.handOffBy, { time: sayMoment(delivery.handoffDeadline, lang) })}</span>
      ) : null}
      {notOut.includes(delivery.state) ? (
        <QuotaNote accountId={delivery.accountId} reach={delivery.reach} />
      ) : null}
    </>
  );
}

export function DeliveryLines({ rows, withArticle }: { rows: readonly Delivery[]; withArticle: boolean }) {
  return (
    <ul className="lines">
      {rows.map((delivery) => (
        <DeliveryLine key={delivery.id} delivery={delivery} withArticle={withArticle} />
      ))}
    </ul>
  );
}

function DeliveryLine({ delivery, withArticle }: { delivery: Delivery; withArticle: boolean }) {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  const manages = useMay('delivery.manage');
  const word =
    delivery.state === 'unknown' ? w.decide : delivery.state === 'handed-off' ? w.handOff : w.details;
  return (
    <li
      className="line delivery"
      data-testid="delivery-row"
      data-account={delivery.accountName}
      data-platform={delivery.platform}
      data-state={delivery.state}
    >
      <div className="delivery-state">
        <DeliveryStateMark state={delivery.state} />
      </div>
      <div className="line-main">
        <div className="line-title">
          <strong>{delivery.accountName}</strong> <span className="quiet">{delivery.platformName[lang]}</span>
        </div>
        {withArticle ? <div>{delivery.articleTitle}</div> : null}
        <div className="line-note">
          {/* A registered post was never planned here. */}
          {delivery.mode === 'registered' ? null : (
            <>
              <span>{reachLabels[delivery.reach][lang]}</span>
              <span className="number">{fill(w.planned, { time: sayWall(delivery.plannedWall, lang) })}</span>
            </>
          )}
          {delivery.publishedAt ? (
            <span className="number">{fill(w.out, { time: sayMoment(delivery.publishedAt, lang) })}</span>
          ) : null}
          {delivery.publishedAt ? <Lateness delivery={delivery} /> : null}
          {delivery.attempts > 1 ? <span>{fill(w.triedTimes, { count: delivery.attempts })}</span> : null}
        </div>
        <div className="line-note">
          <DeliveryNote delivery={delivery} />
        </div>
      </div>
      <div className="row line-side">
        {delivery.url && delivery.state !== 'withdrawn' ? (
          <a href={delivery.url} target="_blank" rel="noopener noreferrer" data-testid="delivery-link">
            {w.see}
          </a>
        ) : null}
        {withArticle &&
        manages &&
        delivery.articleId &&
        delivery.reach === 'page' &&
        delivery.state === 'published' ? (
          <To href={`/articles/${delivery.articleId}/deliveries`} testId="delivery-correct">
            {w.correct}
          </To>
        ) : null}
        <ToButton to={`/deliveries/${delivery.id}`} data-testid="delivery-open">
          {word}
        </ToButton>
      </div>
    </li>
  );
}
