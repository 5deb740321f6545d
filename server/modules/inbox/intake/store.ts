/** SQL on raw_pushes, comment_polls and call_budgets. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { Place } from '#server/base/seal.ts';

export type RawPush = { bureauId: string; accountId: string; dedupKey: string; sealed: Buffer };

export function pushPlace(push: Pick<RawPush, 'bureauId' | 'accountId' | 'dedupKey'>): Place {
  const { bureauId, accountId, dedupKey } = push;
  return { bureauId, table: 'raw_pushes', row: `${accountId}:${dedupKey}`, column: 'sealed' };
}

/**
 * One statement whatever the number, its text always the same. Ordered by key, so that two processes that were pushed
 * the same rows wait for each other instead of locking each other out.
 */
export async function insertPushes(tx: Tx, pushes: readonly RawPush[]): Promise<void> {
  await sql`
    insert into raw_pushes (bureau_id, account_id, dedup_key, sealed)
    select bureau_id, account_id, dedup_key, sealed
    from unnest(
      ${pushes.map((push) => push.bureauId)}::uuid[],
      ${pushes.map((push) => push.accountId)}::uuid[],
      ${pushes.map((push) => push.dedupKey)}::text[],
      ${pushes.map((push) => push.sealed)}::bytea[]
    ) as pushed (bureau_id, account_id, dedup_key, sealed)
    order by account_id, dedup_key
    on conflict do nothing`.execute(tx);
}

/** One processor at a time: pushes of one conversation are taken in order, and no two wait for each other's rows. */
export async function lockProcessing(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('inbox.process-pushes', 0)) as taken`.execute(tx);
  return rows[0]?.taken ?? false;
}

export async function listWaitingPushes(tx: Tx, limit: number) {
  return tx
    .selectFrom('raw_pushes')
    .select(['bureau_id', 'account_id', 'dedup_key', 'sealed', 'received_at'])
    .where('processed_at', 'is', null)
    .where('try_at', '<=', sql<Date>`clock_timestamp()`)
    .orderBy('try_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

/** Pushes of a bureau that nobody has looked at yet; for the health line. */
export async function countWaitingPushes(tx: Tx, bureauId: string): Promise<number> {
  const row = await tx
    .selectFrom('raw_pushes')
    .select(sql<number>`count(*)`.as('waiting'))
    .where('bureau_id', '=', bureauId)
    .where('processed_at', 'is', null)
    .executeTakeFirstOrThrow();
  return row.waiting;
}

/**
 * From the acknowledged push to the case on the desk, over the last two hundred messages of the last day; null when none came.
 * Milliseconds.
 */
export async function readPushLag(
  tx: Tx,
  bureauId: string,
): Promise<{ p50Ms: number; p95Ms: number; messages: number } | null> {
  const { rows } = await sql<{ p50: number | null; p95: number | null; messages: number }>`
    select percentile_cont(0.5) within group (order by ms) as p50,
           percentile_cont(0.95) within group (order by ms) as p95, count(*)::int as messages
    from (
      select (extract(epoch from p.processed_at - p.received_at) * 1000)::float8 as ms
      from (
        select account_id, platform_id from messages
        where bureau_id = ${bureauId} and direction = 'in' and account_id is not null
          and received_at > clock_timestamp() - interval '1 day'
        order by received_at desc limit 200
      ) m join raw_pushes p on p.account_id = m.account_id and p.dedup_key = m.platform_id
      where p.processed_at is not null
    ) lately`.execute(tx);
  const { p50, p95, messages } = rows[0]!;
  return p50 === null || p95 === null ? null : { p50Ms: Math.round(p50), p95Ms: Math.round(p95), messages };
}

type PushKey = { account_id: string; dedup_key: string };

/** @param failure why nothing came of it; null when all went well */
export async function finishPush(tx: Tx, key: PushKey, failure: string | null): Promise<void> {
  await tx
    .updateTable('raw_pushes')
    .set({ processed_at: sql<Date>`clock_timestamp()`, failure })
    .where('account_id', '=', key.account_id)
    .where('dedup_key', '=', key.dedup_key)
    .execute();
}

/** @param failure of our own; null: it only waits */
export async function postponePush(
  tx: Tx,
  key: PushKey,
  seconds: number,
  failure: string | null = null,
): Promise<void> {
  await tx
    .updateTable('raw_pushes')
    .set({ try_at: sql<Date>`clock_timestamp() + make_interval(secs => ${seconds})`, failure })
    .where('account_id', '=', key.account_id)
    .where('dedup_key', '=', key.dedup_key)
    .execute();
}

// ---------------------------------------------------------------- comment polls

export type Poll = { bureauId: string; deliveryId: string; accountId: string };

/** New posts are asked about at once; those known already keep their time. */
export async function insertMissingPolls(tx: Tx, polls: readonly Poll[]): Promise<void> {
  if (polls.length === 0) return;
  await tx
    .insertInto('comment_polls')
    .values(
      polls.map((poll) => ({
        bureau_id: poll.bureauId,
        delivery_id: poll.deliveryId,
        account_id: poll.accountId,
        next_at: sql<Date>`now()`,
      })),
    )
    .onConflict((conflict) => conflict.columns(['bureau_id', 'delivery_id']).doNothing())
    .execute();
}

/**
 * Takes polls whose time has come, the earliest of each account, and moves their time on: whoever took them and died leaves
 * them to the next after the lease. By account before the limit, so that one with many posts does not keep the others waiting.
 */
export async function claimDuePolls(tx: Tx, limit: number, leaseSeconds: number): Promise<Poll[]> {
  const { rows } = await sql<{ bureau_id: string; delivery_id: string; account_id: string }>`
    with first as materialized (
      select distinct on (account_id) bureau_id, delivery_id
      from comment_polls
      where next_at <= clock_timestamp()
      order by account_id, next_at, delivery_id
    ), due as (
      select p.bureau_id, p.delivery_id
      from comment_polls p join first using (bureau_id, delivery_id)
      where p.next_at <= clock_timestamp()
      order by p.next_at
      limit ${limit}
      for update of p skip locked
    )
    update comment_polls p
    set next_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    from due
    where p.bureau_id = due.bureau_id and p.delivery_id = due.delivery_id
    returning p.bureau_id, p.delivery_id, p.account_id`.execute(tx);
  return rows.map((row) => ({
    bureauId: row.bureau_id,
    deliveryId: row.delivery_id,
    accountId: row.account_id,
  }));
}

/** @param outcome what is shown to operators: how many comments, or the failure; never a comment's text */
export async function settlePoll(
  tx: Tx,
  poll: Poll,
  nextAt: Date,
  outcome: Record<string, unknown>,
): Promise<void> {
  await tx
    .updateTable('comment_polls')
    .set({ next_at: nextAt, last_at: sql<Date>`clock_timestamp()`, last_outcome: JSON.stringify(outcome) })
    .where('bureau_id', '=', poll.bureauId)
    .where('delivery_id', '=', poll.deliveryId)
    .execute();
}

export async function deletePoll(tx: Tx, poll: Poll): Promise<void> {
  await tx
    .deleteFrom('comment_polls')
    .where('bureau_id', '=', poll.bureauId)
    .where('delivery_id', '=', poll.deliveryId)
    .execute();
}

/**
 * Takes one call out of the day's budget, counted in one statement for all processes.
 * @returns false when the budget is used up
 */
export async function takeCall(tx: Tx, accountId: string, day: string, limit: number): Promise<boolean> {
  if (limit < 1) return false;
  const { rows } = await sql`
    insert into call_budgets as b (account_id, day, purpose, used) values (${accountId}, ${day}, 'comments', 1)
    on conflict (account_id, day, purpose) do update set used = b.used + 1 where b.used < ${limit}
    returning used`.execute(tx);
  return rows.length === 1;
}

/** What one poll cost beyond the call that was taken for it: further pages, a token. */
export async function addCalls(tx: Tx, accountId: string, day: string, calls: number): Promise<void> {
  if (calls < 1) return;
  await sql`
    update call_budgets set used = used + ${calls}
    where account_id = ${accountId} and day = ${day} and purpose = 'comments'`.execute(tx);
}
