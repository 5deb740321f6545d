/** What becomes of one post of a withdrawal; used when it is asked for, and again when the outcome of the post is known. */
import { getConnector } from '#connectors/registry.ts';
import { type Actor, systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import type { WithdrawalState } from '#shared/withdrawals.ts';
import { withdrawSitePage } from '../site-pages.ts';
import { maybeOut, notYetOut } from '../state.ts';
import { type DeliveryRecord, moveDelivery } from '../store.ts';
import { endTasksOf, findOpenTask, insertTask } from '../tasks/store.ts';

type Who = Pick<Actor, 'personId' | 'name' | 'bureauId'> | ReturnType<typeof systemActor>;

const isOneOf = (list: readonly string[], state: string) => list.includes(state);

/**
 * The next step for a delivery that is locked: stopped when it is not out, off the own site in this very transaction, else
 * the platform is asked or a person is. Null: there is nothing to take away.
 */
export async function takeAway(
  app: App,
  tx: Tx,
  who: Who,
  delivery: DeliveryRecord,
  order: { reason: string; deadline: Date },
): Promise<WithdrawalState | null> {
  const audit = (action: string, detail: Record<string, unknown>) =>
    record(tx, who, action, { kind: 'delivery', id: delivery.id }, detail);
  if (isOneOf(notYetOut, delivery.state)) {
    await moveDelivery(tx, delivery, { state: 'cancelled', reason: 'withdrawn-everywhere', wake_at: null });
    await endTasksOf(tx, delivery.bureau_id, 'publish', delivery.id, 'cancelled');
    await audit('delivery.cancelled', { reason: order.reason });
    return 'never-out';
  }
  if (!isOneOf(maybeOut, delivery.state)) return null;
  await audit('delivery.withdraw-asked', { reason: order.reason, state: delivery.state });
  // Whether it is out is not known yet; it is taken away as soon as it is.
  if (delivery.state !== 'published') return 'waiting';
  const connector = getConnector(delivery.platform);
  if (connector.publish.kind === 'local') {
    await withdrawSitePage(tx, delivery.bureau_id, delivery.article_id!);
    await markGone(app, tx, who, delivery, 'site');
    return 'gone';
  }
  // Without the platform's ids nothing can be named to it.
  if (connector.withdraw && Object.keys(delivery.platform_ids).length > 0) return 'calling';
  await askPerson(tx, delivery, order);
  return 'by-hand';
}

export async function markGone(
  app: App,
  tx: Tx,
  who: Who,
  delivery: DeliveryRecord,
  by: 'site' | 'platform' | 'person',
): Promise<void> {
  await moveDelivery(tx, delivery, { state: 'withdrawn', reason: null, wake_at: null });
  await record(
    tx,
    who,
    'delivery.withdrawn',
    { kind: 'delivery', id: delivery.id },
    { by, url: delivery.url },
  );
  app.live.changed(tx, delivery.bureau_id, 'deliveries');
}

/** A task for a person, once; its deadline is that of the order. */
export async function askPerson(
  tx: Tx,
  delivery: DeliveryRecord,
  order: { reason: string; deadline: Date },
): Promise<void> {
  if (await findOpenTask(tx, delivery.bureau_id, 'withdraw', delivery.id)) return;
  const { id } = await insertTask(tx, {
    bureauId: delivery.bureau_id,
    kind: 'withdraw',
    subjectId: delivery.id,
    accountId: delivery.account_id,
    title: order.reason,
    copy: delivery.url ? [{ field: 'link', text: delivery.url }] : [],
    deadline: order.deadline,
  });
  await record(
    tx,
    systemActor(delivery.bureau_id),
    'task.begun',
    { kind: 'task', id },
    { kind: 'withdraw', deliveryId: delivery.id, deadline: order.deadline.toISOString() },
  );
}
