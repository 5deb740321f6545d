import './deliveries.css';
import { Descriptions } from 'antd';
import { type DeliveryState, getDelivery, reachLabels } from '#shared/publishing.ts';
import { useParam } from '../../lib/address.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { sayMoment, sayWall } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { To } from '../../ui/to.tsx';
import { PostFigures } from '../figures/post-figures.tsx';
import { AttemptLog } from './attempt-log.tsx';
import { CommentSwitchPanel } from './comment-switch.tsx';
import { CorrectionButton, CorrectionPanel } from './correction-panel.tsx';
import { DecisionPanel } from './decision-panel.tsx';
import { DeliveryActions } from './delivery-actions.tsx';
import { DeliveryNote, Lateness } from './delivery-line.tsx';
import { DeliveryStateMark } from './delivery-state-mark.tsx';
import type { DeliveryDetail } from './detail.ts';
import { SentContent } from './sent-content.tsx';
import { TaskPanel } from './task-panel.tsx';
import { deliveryTexts } from './texts.ts';
import { WithdrawalPanel } from './withdrawal-panel.tsx';

export function DeliveryScreen() {
  const deliveryId = useParam('deliveryId');
  const reading = useRead(getDelivery, ['deliveries'], { params: { deliveryId } });
  return <Async reading={reading}>{(delivery) => <DeliveryPage delivery={delivery} />}</Async>;
}

function DeliveryPage({ delivery }: { delivery: DeliveryDetail }) {
  const w = useWords(deliveryTexts);
  return (
    <Page
      title={`${delivery.accountName} · ${delivery.articleTitle}`}
      testId="delivery"
      aside={<DeliveryStateMark state={delivery.state} />}
      actions={
        <>
          {delivery.articleId && delivery.state === 'published' ? (
            <CorrectionButton articleId={delivery.articleId} />
          ) : null}
          <DeliveryActions delivery={delivery} />
        </>
      }
    >
      <div className="delivery-note">
        <DeliveryNote delivery={delivery} />
      </div>
      {delivery.state === 'unknown' ? <DecisionPanel delivery={delivery} /> : null}
      <WithdrawalPanel of={{ deliveryId: delivery.id }} />
      <TaskPanel subjectId={delivery.id} />
      {delivery.articleId && delivery.publishedAt ? <CorrectionPanel articleId={delivery.articleId} /> : null}
      <Section title={w.facts}>
        <Facts delivery={delivery} />
      </Section>
      {delivery.state === 'published' ? <CommentSwitchPanel deliveryId={delivery.id} /> : null}
      {delivery.publishedAt ? <PostFigures deliveryId={delivery.id} /> : null}
      {delivery.mode === 'registered' ? null : (
        <Section title={w.attempts}>
          <AttemptLog delivery={delivery} />
        </Section>
      )}
      {delivery.state === 'unknown' || delivery.mode === 'registered' ? null : (
        <Section title={w[contentWord(delivery.state)]}>
          <SentContent payload={delivery.payload} />
        </Section>
      )}
      {delivery.articleId ? (
        <p>
          <To href={`/articles/${delivery.articleId}/deliveries`}>{w.allAccounts}</To>
        </p>
      ) : null}
    </Page>
  );
}

/** Only what the platform may have is called sent. */
function contentWord(state: DeliveryState): 'sent' | 'toSend' | 'content' {
  if (state === 'published' || state === 'pending' || state === 'submitting' || state === 'withdrawn')
    return 'sent';
  return ['planned', 'due', 'preparing', 'prepared', 'held', 'handed-off'].includes(state)
    ? 'toSend'
    : 'content';
}

function Facts({ delivery }: { delivery: DeliveryDetail }) {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  const ways = { api: w.byApi, 'hand-off': w.byHand, registered: w.registered } as const;
  return (
    <Descriptions
      size="small"
      column={{ xs: 1, md: 2 }}
      items={[
        {
          key: 'account',
          label: w.account,
          children: `${delivery.accountName} · ${delivery.platformName[lang]}`,
        },
        { key: 'mode', label: w.mode, children: ways[delivery.mode] },
        { key: 'reach', label: w.reach, children: reachLabels[delivery.reach][lang] },
        { key: 'planned', label: w.plannedTime, children: sayWall(delivery.plannedWall, lang) },
        {
          key: 'out',
          label: w.outTime,
          children: delivery.publishedAt ? (
            <span>
              {sayMoment(delivery.publishedAt, lang)} <Lateness delivery={delivery} />
            </span>
          ) : (
            w.none
          ),
        },
        {
          key: 'link',
          label: w.link,
          children:
            delivery.url && delivery.state !== 'withdrawn' ? (
              <a href={delivery.url} target="_blank" rel="noopener noreferrer">
                {delivery.url}
              </a>
            ) : (
              w.none
            ),
        },
        {
          key: 'short',
          label: w.shortLink,
          children: delivery.shortLink ? (
            <span className="row">
              {delivery.shortLink} <CopyButton text={delivery.shortLink} />
            </span>
          ) : (
            w.none
          ),
        },
      ]}
    />
  );
}
