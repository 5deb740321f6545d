/**
 * What a platform tells of a post that was stopped here meanwhile: a person had its app open already, or the call was under way
 * longer than anybody believed. It is not lost: what is out is shown as out, and whoever stopped it is told.
 */
import type { Outcome, PlatformIds } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { findAccount } from '#server/modules/accounts/index.ts';
import { findLastActor, record } from '#server/modules/audit/index.ts';
import { notify } from '#server/modules/notices/index.ts';
import type { Reason } from '../reasons.ts';
import { type DeliveryChange, type DeliveryRecord, lockStopped, moveDelivery } from '../store.ts';
import { lateSeconds } from './settle.ts';

export type Push = { bureauId: string; accountId: string; ids: PlatformIds; outcome: Outcome };

/** A link into an app ends within hours and a review within days. */
const days = 30;

/** What stopped it, by the audit log. */
const stops = ['delivery.cancelled', 'delivery.held', 'delivery.decided'];

/** @returns false when nothing that was stopped carries any of the ids */
export async function hearAfterEnd(app: App, tx: Tx, push: Push): Promise<boolean> {
  const delivery = await lockStopped(tx, push, days);
  if (!delivery) return false;
  const told = await changeFor(tx, delivery, push.outcome);
  // A limit or a lost session says nothing of the post.
  if (!told || delivery.reason === told.reason) return true;
  await moveDelivery(tx, delivery, { ...told.change, reason: told.reason });
  const who = systemActor(delivery.bureau_id);
  const subject = { kind: 'delivery', id: delivery.id };
  if (push.outcome.kind === 'published')
    await record(tx, who, 'delivery.published', subject, {
      url: push.outcome.url,
      by: 'push',
      was: delivery.state,
    });
  else await record(tx, who, 'delivery.told-after-end', subject, { outcome: push.outcome.kind });
  await tell(app, tx, delivery, told);
  app.live.changed(tx, delivery.bureau_id, 'deliveries');
  return true;
}

type Told = { reason: Reason; change: DeliveryChange; zh: string; en: string };

async function changeFor(tx: Tx, delivery: DeliveryRecord, outcome: Outcome): Promise<Told | null> {
  if (outcome.kind === 'published') {
    const at = outcome.at ?? (await clockOf(tx));
    return {
      reason: 'out-after-end',
      change: {
        state: 'published',
        platform_ids: { ...delivery.platform_ids, ...outcome.ids },
        url: outcome.url,
        published_at: at,
        wake_at: null,
        late_seconds: lateSeconds({ due_at: delivery.due_at, submitted_at: null }, at),
      },
      zh: '停止之后还是发出来了，请到平台看一看，不该发的请撤下',
      en: 'is out although it was stopped: look there, and take it away if it should not be',
    };
  }
  if (outcome.kind === 'rejected')
    return {
      ...{ reason: 'refused-after-end', change: {} },
      zh: '停止之后平台通知没有通过，没有发出',
      en: 'was refused by the platform after it was stopped; it is not out',
    };
  if (outcome.kind === 'pending')
    return {
      ...{ reason: 'accepted-after-end', change: {} },
      zh: '停止之后平台通知已收到，可能还会发出来',
      en: 'was taken by the platform after it was stopped and may still appear',
    };
  return null;
}

async function tell(app: App, tx: Tx, delivery: DeliveryRecord, told: Told): Promise<void> {
  const { bureau_id: bureauId, id } = delivery;
  const stopper = await findLastActor(tx, bureauId, { kind: 'delivery', id }, stops);
  const account = await findAccount(tx, bureauId, delivery.account_id);
  const isOut = told.change.state === 'published';
  const everybody = { kind: 'role', role: 'administrator' } as const;
  await notify(app, tx, {
    bureauId,
    // Nobody stopped one that expired; and what is out against somebody's will concerns more than one.
    to: [
      ...(stopper ? [{ kind: 'person', id: stopper } as const] : []),
      ...(isOut || !stopper ? [everybody] : []),
    ],
    kind: 'delivery-after-end',
    subject: { kind: 'delivery', id },
    text: {
      zh: `“${account?.name ?? ''}”上计划于 ${delivery.planned_wall} 的发布：${told.zh}`,
      en: `The post on “${account?.name ?? ''}” planned for ${delivery.planned_wall} ${told.en}`,
    },
    link: `/deliveries/${id}`,
    urgency: isOut ? 'urgent' : 'normal',
    dedupKey: `delivery-after-end:${id}:${told.reason}`,
  });
}
