import { sql } from 'kysely';
import type { PlatformIds } from '#connectors/contract.ts';
import type { Tx } from '#server/base/database.ts';
import { asDelivery, type DeliveryRecord } from '../store.ts';

/** Deliveries whose left-over draft is due; a trigger marks them when they end. The lease brings back what was begun. */
export async function claimDiscards(tx: Tx, limit: number, leaseMs: number): Promise<DeliveryRecord[]> {
  const rows = await tx
    .updateTable('deliveries')
    .set({ discard_at: sql<Date>`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})` })
    .where('id', 'in', (inner) =>
      inner
        .selectFrom('deliveries')
        .select('id')
        .where('discard_at', '<=', sql<Date>`clock_timestamp()`)
        .orderBy('discard_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
  return rows.map(asDelivery);
}

/** @param next null: nothing is left to do, or people must */
export async function noteDiscard(
  tx: Tx,
  delivery: DeliveryRecord,
  next: { tries?: number; wakeInMs: number } | null,
): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({
      discard_at: next ? sql<Date>`clock_timestamp() + make_interval(secs => ${next.wakeInMs / 1000})` : null,
      ...(next?.tries === undefined ? {} : { discard_tries: next.tries }),
    })
    .where('bureau_id', '=', delivery.bureau_id)
    .where('id', '=', delivery.id)
    .execute();
}

/**
 * What was prepared while somebody ended the delivery: the ids are kept for the clearing up alone. Changes nothing where
 * the delivery goes on.
 */
export async function leaveForDiscard(
  tx: Tx,
  delivery: DeliveryRecord,
  steps: Readonly<Record<string, PlatformIds>>,
): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ steps: JSON.stringify(steps), discard_at: sql<Date>`clock_timestamp()` })
    .where('bureau_id', '=', delivery.bureau_id)
    .where('id', '=', delivery.id)
    .where('state', 'in', ['cancelled', 'expired'])
    .where('submitted_at', 'is', null)
    .execute();
}
