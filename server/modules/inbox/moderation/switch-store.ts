/** SQL on comment_switches. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { claimWithLease } from '#server/base/lease.ts';
import type { SwitchState } from '#shared/comment-switches.ts';

export type SwitchRef = { bureauId: string; deliveryId: string };

/** A newer wish replaces the one before, also one that is under way. */
export async function putSwitch(
  tx: Tx,
  wish: SwitchRef & { accountId: string; open: boolean; reason: string; askedBy: string },
): Promise<void> {
  await sql`
    insert into comment_switches (bureau_id, delivery_id, account_id, open, state, reason, asked_by, asked_at, wake_at)
    values (${wish.bureauId}, ${wish.deliveryId}, ${wish.accountId}, ${wish.open}, 'acting', ${wish.reason},
      ${wish.askedBy}, clock_timestamp(), clock_timestamp())
    on conflict (bureau_id, delivery_id) do update set
      open = excluded.open, state = 'acting', reason = excluded.reason, failure = null, asked_by = excluded.asked_by,
      asked_at = excluded.asked_at, changed_at = clock_timestamp(), wake_at = excluded.wake_at`.execute(tx);
}

export async function findSwitch(tx: Tx, { bureauId, deliveryId }: SwitchRef, lock = false) {
  const query = tx
    .selectFrom('comment_switches')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('delivery_id', '=', deliveryId);
  return (lock ? query.forUpdate() : query).executeTakeFirst();
}

/** @param change.wakeInMs milliseconds from the database's now; null: nothing wakes it */
export async function changeSwitch(
  tx: Tx,
  { bureauId, deliveryId }: SwitchRef,
  change: { state: SwitchState; failure: string | null; wakeInMs: number | null },
): Promise<void> {
  const { state, failure, wakeInMs } = change;
  const wake =
    wakeInMs === null ? null : sql<Date>`clock_timestamp() + make_interval(secs => ${wakeInMs / 1000})`;
  await tx
    .updateTable('comment_switches')
    .set({ state, failure, wake_at: wake, changed_at: sql<Date>`clock_timestamp()` })
    .where('bureau_id', '=', bureauId)
    .where('delivery_id', '=', deliveryId)
    .execute();
}

export async function claimDueSwitches(tx: Tx, limit: number, leaseSeconds: number): Promise<SwitchRef[]> {
  const from = { table: 'comment_switches', key: ['bureau_id', 'delivery_id'], wake: 'wake_at' } as const;
  const rows = await claimWithLease(tx, from, limit, leaseSeconds);
  return rows.map((row) => ({ bureauId: row.bureau_id, deliveryId: row.delivery_id }));
}
