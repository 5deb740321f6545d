import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { fromWallTime, wallTime } from '#server/base/clock.ts';
import { asWorker, clockOf, type Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { deliveryStateLabels } from '#shared/publishing.ts';
import { settleOutcome } from './dispatch/settle.ts';
import { prepareAheadMs } from './plan-deliveries.ts';
import {
  beginAttempt,
  type DeliveryChange,
  type DeliveryRecord,
  findDelivery,
  finishAttempt,
  moveDelivery,
  wakeDelivery,
} from './store.ts';

async function lockDelivery(tx: Tx, actor: Actor, deliveryId: string): Promise<DeliveryRecord> {
  const delivery = await findDelivery(tx, actor.bureauId, deliveryId, true);
  if (!delivery) throw new AppError('not-found');
  return delivery;
}

const conflict = (delivery: DeliveryRecord) =>
  new AppError('state-conflict', { state: deliveryStateLabels[delivery.state].zh });

async function change(
  app: App,
  tx: Tx,
  actor: Actor,
  delivery: DeliveryRecord,
  moved: DeliveryChange,
  action: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await moveDelivery(tx, delivery, moved);
  await record(tx, actor, action, { kind: 'delivery', id: delivery.id }, detail);
  await app.jobs.enqueue(tx, 'publishing.wake', { bureauId: actor.bureauId });
  app.live.changed(tx, actor.bureauId, 'deliveries');
}

export async function holdDeliveryBy(
  app: App,
  tx: Tx,
  actor: Actor,
  deliveryId: string,
  reason: string,
): Promise<void> {
  const delivery = await lockDelivery(tx, actor, deliveryId);
  await change(app, tx, actor, delivery, { state: 'held', reason, wake_at: null }, 'delivery.held', {
    reason,
  });
}

/** @param plannedWall null: now. Moving inside the approved window voids nothing; outside it is refused. */
export async function releaseDeliveryBy(
  app: App,
  tx: Tx,
  actor: Actor,
  deliveryId: string,
  plannedWall: string | null,
): Promise<void> {
  const delivery = await lockDelivery(tx, actor, deliveryId);
  if (delivery.state !== 'held') throw conflict(delivery);
  const now = await clockOf(tx);
  const dueAt = plannedWall ? fromWallTime(plannedWall) : now;
  if (dueAt.getTime() < now.getTime() - 60_000) throw new AppError('schedule-in-past');
  const review = await tx
    .selectFrom('reviews')
    .select(['not_before', 'not_after', 'state'])
    .where('bureau_id', '=', actor.bureauId)
    .where('id', '=', delivery.review_id!)
    .executeTakeFirst();
  const { not_before: from, not_after: until } = review ?? {};
  if (review?.state !== 'approved' || (from && dueAt < from) || (until && dueAt > until)) {
    throw new AppError('input-invalid', {
      problem:
        '不在审核批准的时间范围内，请撤回后重新送审 / outside the approved window: take it back and submit anew',
    });
  }
  await change(
    app,
    tx,
    actor,
    delivery,
    {
      state: 'due',
      reason: null,
      due_at: dueAt,
      planned_wall: plannedWall ?? wallTime(now),
      wake_at: new Date(dueAt.getTime() - prepareAheadMs),
    },
    'delivery.released',
    { dueAt: dueAt.toISOString() },
  );
}

export async function cancelDeliveryBy(
  app: App,
  tx: Tx,
  actor: Actor,
  deliveryId: string,
  reason: string,
): Promise<void> {
  const delivery = await lockDelivery(tx, actor, deliveryId);
  // Only a decision with evidence may end what might be out.
  if (delivery.state === 'unknown') throw conflict(delivery);
  await change(
    app,
    tx,
    actor,
    delivery,
    { state: 'cancelled', reason, wake_at: null },
    'delivery.cancelled',
    { reason },
  );
}

export async function retryDeliveryBy(app: App, tx: Tx, actor: Actor, deliveryId: string): Promise<void> {
  const delivery = await lockDelivery(tx, actor, deliveryId);
  if (delivery.state !== 'failed') throw conflict(delivery);
  const now = await clockOf(tx);
  await change(
    app,
    tx,
    actor,
    delivery,
    { state: 'due', reason: null, wake_at: now, due_at: now },
    'delivery.retried',
    {},
  );
}

export async function checkDeliveryBy(app: App, tx: Tx, actor: Actor, deliveryId: string): Promise<void> {
  const delivery = await lockDelivery(tx, actor, deliveryId);
  if (delivery.state !== 'unknown' && delivery.state !== 'pending') throw conflict(delivery);
  await wakeDelivery(tx, actor.bureauId, deliveryId);
  await record(tx, actor, 'delivery.check-asked', { kind: 'delivery', id: deliveryId });
  await app.jobs.enqueue(tx, 'publishing.wake', { bureauId: actor.bureauId });
}

/** A person looked at the platform and says what they saw. The evidence is kept with the attempt and in the audit log. */
export async function decideDeliveryBy(
  app: App,
  tx: Tx,
  actor: Actor,
  deliveryId: string,
  input: { verdict: 'went-out' | 'did-not-resend' | 'did-not-cancel'; url: string | null; evidence: string },
): Promise<void> {
  const delivery = await lockDelivery(tx, actor, deliveryId);
  if (delivery.state !== 'unknown') throw conflict(delivery);
  const attempt = await beginAttempt(tx, delivery, 'person');
  await finishAttempt(tx, actor.bureauId, attempt, { exchanges: [], outcome: { ...input, by: actor.name } });
  if (input.verdict === 'went-out') {
    // Settling also closes the breakers, which belong to no bureau.
    await asWorker(tx, (worker) =>
      settleOutcome(
        app,
        worker,
        delivery,
        { kind: 'published', ids: {}, url: input.url, at: delivery.submitted_at },
        actor,
      ),
    );
  } else {
    const resend = input.verdict === 'did-not-resend';
    await moveDelivery(tx, delivery, {
      state: resend ? 'due' : 'cancelled',
      reason: resend ? 'absent-twice' : 'person-decided',
      absences: 0,
      ...(resend ? { wakeInMs: 0 } : { wake_at: null }),
    });
  }
  await record(tx, actor, 'delivery.decided', { kind: 'delivery', id: deliveryId }, input);
  await app.jobs.enqueue(tx, 'publishing.wake', { bureauId: actor.bureauId });
  app.live.changed(tx, actor.bureauId, 'deliveries');
}
