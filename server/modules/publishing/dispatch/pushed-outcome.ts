import type { Outcome, PlatformIds } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { asDelivery, type DeliveryRecord, moveDelivery } from '../store.ts';
import { findOpenTask, moveTask } from '../tasks/store.ts';
import { hearAfterEnd, type Push } from './late-word.ts';
import { lateSeconds, settleOutcome } from './settle.ts';

/** A push told a post's fate. @returns false when no delivery in question carries any of the ids (yet) */
export async function applyPushedOutcome(app: App, tx: Tx, push: Push): Promise<boolean> {
  const rows = await tx
    .selectFrom('deliveries')
    .selectAll()
    .where('bureau_id', '=', push.bureauId)
    .where('account_id', '=', push.accountId)
    .where('state', 'in', ['submitting', 'pending', 'unknown', 'published', 'rejected', 'handed-off', 'due'])
    .orderBy('due_at', 'desc')
    .limit(50)
    .forUpdate()
    .execute();
  const match = rows.find((row) => {
    const known = row.platform_ids as PlatformIds;
    return Object.entries(push.ids).some(([name, value]) => known[name] === value);
  });
  if (!match) return hearAfterEnd(app, tx, push);
  // Its own worker still waits for the answer of the call and will save it; the push comes again or is asked for.
  if (match.state === 'submitting') return false;
  // Found absent twice and due again: the platform's word that it is out keeps it from going out a second time.
  if (match.state === 'due' && push.outcome.kind !== 'published') return false;
  if (match.state === 'published' || match.state === 'rejected') return true;
  const delivery = asDelivery(match);
  if (delivery.state === 'handed-off') await settleHandedOff(app, tx, delivery, push.outcome);
  else await settleOutcome(app, tx, delivery, push.outcome);
  return true;
}

/** Somebody posted with the link that was made for this very task: the platform's own word proves it. */
async function settleHandedOff(app: App, tx: Tx, delivery: DeliveryRecord, outcome: Outcome): Promise<void> {
  // Anything short of "it is out" leaves the task to the person.
  if (outcome.kind !== 'published') return;
  const { bureau_id: bureauId, id } = delivery;
  const at = outcome.at ?? (await clockOf(tx));
  const who = systemActor(bureauId);
  await moveDelivery(tx, delivery, {
    state: 'published',
    platform_ids: { ...delivery.platform_ids, ...outcome.ids },
    url: outcome.url,
    published_at: at,
    wake_at: null,
    late_seconds: lateSeconds({ due_at: delivery.due_at, submitted_at: null }, at),
  });
  await record(tx, who, 'delivery.published', { kind: 'delivery', id }, { url: outcome.url, by: 'push' });
  const task = await findOpenTask(tx, bureauId, 'publish', id);
  if (task) {
    const proof = { ...task.proof, told: true as const };
    await moveTask(tx, task, { state: 'verified', proof, claimed_at: at });
    await record(tx, who, 'task.verified', { kind: 'task', id: task.id }, { kind: 'publish', by: 'push' });
  }
  app.live.changed(tx, bureauId, 'deliveries');
}
