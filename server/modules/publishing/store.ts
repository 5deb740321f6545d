import { type QueryCreator, sql } from 'kysely';
import type { Exchange, PlatformIds } from '#connectors/contract.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import type { DB } from '#server/base/tables.ts';
import type { DeliveryMode, Reach } from '#shared/package.ts';
import { type DeliveryState, deliveryStateLabels } from '#shared/publishing.ts';
import { linkKeyOf } from './registrations/link-key.ts';
import { mayMove, resumable } from './state.ts';
import { endTasksOf } from './tasks/store.ts';

type RawDelivery = {
  state: string;
  mode: string;
  reach: string;
  steps: unknown;
  platform_ids: unknown;
};

type Parsed = {
  state: DeliveryState;
  mode: DeliveryMode;
  reach: Reach;
  /** Ids by finished preparation step. */
  steps: Record<string, PlatformIds>;
  platform_ids: PlatformIds;
};

/** The columns whose values the database only knows as text and JSON. */
export function asDelivery<T extends RawDelivery>(row: T): Omit<T, keyof RawDelivery> & Parsed {
  return row as unknown as Omit<T, keyof RawDelivery> & Parsed;
}
export type DeliveryRecord = NonNullable<Awaited<ReturnType<typeof findDelivery>>>;

export async function findDelivery(tx: Tx, bureauId: string, deliveryId: string, lock = false) {
  let query = tx
    .selectFrom('deliveries')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('id', '=', deliveryId);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  return row && asDelivery(row);
}

/** The latest stopped one that carries any of the ids, locked. */
export async function lockStopped(
  tx: Tx,
  of: { bureauId: string; accountId: string; ids: PlatformIds },
  days: number,
): Promise<DeliveryRecord | undefined> {
  const row = await tx
    .selectFrom('deliveries')
    .selectAll()
    .where('bureau_id', '=', of.bureauId)
    .where('account_id', '=', of.accountId)
    .where('state', 'in', ['cancelled', 'expired', 'held'])
    .where('due_at', '>', sql<Date>`clock_timestamp() - make_interval(days => ${days})`)
    .where(
      sql<boolean>`exists (select from jsonb_each_text(${JSON.stringify(of.ids)}::jsonb) told
        where told.value <> '' and platform_ids ->> told.key = told.value)`,
    )
    .orderBy('due_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  return row && asDelivery(row);
}

export async function insertDelivery(
  tx: Tx,
  row: {
    bureau_id: string;
    id: string;
    package_id: string;
    article_id: string;
    account_id: string;
    platform: string;
    mode: DeliveryMode;
    reach: Reach;
    review_id: string;
    due_at: Date;
    planned_wall: string;
    even_if_late: boolean;
    wake_at: Date;
  },
): Promise<void> {
  await tx.insertInto('deliveries').values(row).execute();
}

export type DeliveryChange = {
  state?: DeliveryState;
  reason?: string | null;
  waiting_for?: string | null;
  wake_at?: Date | null;
  /** Wakes this many milliseconds after the database's now; wins over `wake_at`. */
  wakeInMs?: number;
  due_at?: Date;
  planned_wall?: string;
  steps?: Record<string, PlatformIds>;
  platform_ids?: PlatformIds;
  url?: string | null;
  published_at?: Date | null;
  absences?: number;
  absent_at?: Date | null;
  late_seconds?: number | null;
};

/** What an attempt came to; saved together with what it does to the delivery. */
export type AttemptEnd = { attemptId: string; exchanges: readonly Exchange[]; outcome: unknown };

/**
 * Changes a delivery if it still is as the caller read it: same state, same fence. A stale worker changes nothing.
 * @param end the attempt that ends with this change, in the same statement
 * @throws {AppError} state-conflict
 */
export async function moveDelivery(
  tx: Tx,
  from: DeliveryRecord,
  change: DeliveryChange,
  end?: AttemptEnd,
): Promise<void> {
  if (change.state && change.state !== from.state && !mayMove(from.state, change.state)) {
    throw new AppError('state-conflict', { state: deliveryStateLabels[from.state].zh });
  }
  const { wakeInMs, steps, platform_ids, ...plain } = change;
  const wakeAt =
    wakeInMs === undefined
      ? change.wake_at
      : sql<Date>`clock_timestamp() + make_interval(secs => ${wakeInMs / 1000})`;
  const statement: QueryCreator<DB> = end
    ? tx.with('ended', (db) => endAttempt(db, from.bureau_id, end).returning('id'))
    : tx;
  const result = await statement
    .updateTable('deliveries')
    .set({
      ...plain,
      ...(change.url ? { link_key: linkKeyOf(change.url) } : {}),
      // Whoever says when it is looked at next is done with it.
      ...(wakeAt === undefined ? {} : { claimed_by: null, wake_at: wakeAt }),
      ...(wakeAt && resumable.has(change.reason ?? '') ? { resume_at: wakeAt } : {}),
      ...(steps ? { steps: JSON.stringify(steps) } : {}),
      ...(platform_ids ? { platform_ids: JSON.stringify(platform_ids) } : {}),
      updated_at: sql<Date>`clock_timestamp()`,
    })
    .where('bureau_id', '=', from.bureau_id)
    .where('id', '=', from.id)
    .where('state', '=', from.state)
    .where('fence', '=', from.fence)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw conflictWith(from);
  // Held, cancelled or expired: nobody need post it by hand any more.
  if (from.state === 'handed-off' && change.state && change.state !== 'published') {
    const end = change.state === 'expired' ? 'expired' : 'cancelled';
    await endTasksOf(tx, from.bureau_id, 'publish', from.id, end);
  }
}

export const conflictWith = (from: DeliveryRecord) =>
  new AppError('state-conflict', { state: deliveryStateLabels[from.state].zh });

/**
 * Longer than a step can take (a share call with its picture has a minute): a claim that outlives it belongs to a process
 * that stalled. Dead processes are noticed at once by the worker's sweep.
 */
export const leaseMs = 180_000;

/** Advisory lock of the claims in this database. */
const claimLock = 8_271_656;

export type ClaimWishes = {
  limit: number;
  lease?: number;
  exceptPlatforms?: readonly string[];
  /** Looks at what is out already wait while posts do, a minute at most. */
  sendsFirst?: boolean;
};
const looksWait = '1 minute';

/**
 * Takes what is due for this process: fence raised, wake-up moved behind the lease, so that nobody else takes it
 * unless this process dies. Earliest first; accounts at which another process works are left to it, else two
 * processes would overtake each other on one account. Empty too while another process is claiming.
 */
export async function claimDue(
  tx: Tx,
  processId: string,
  { limit, lease = leaseMs, exceptPlatforms = [], sendsFirst = false }: ClaimWishes,
) {
  // One at a time, or two claims could not see each other. Who stalls in the middle of it is cut off by the server.
  const { rows: locks } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${claimLock}) as taken,
           set_config('idle_in_transaction_session_timeout', '5s', true)`.execute(tx);
  if (!locks[0]?.taken) return [];
  const rows = await tx
    .updateTable('deliveries')
    .set({
      fence: sql<number>`fence + 1`,
      claimed_by: processId,
      wake_at: sql<Date>`clock_timestamp() + make_interval(secs => ${lease / 1000})`,
    })
    .where('id', 'in', (inner) =>
      inner
        .selectFrom('deliveries')
        .select('id')
        // The statement's time and not the clock's: only a stable value can bound the walk along the index.
        .where('wake_at', '<=', sql<Date>`statement_timestamp()`)
        .where('platform', '<>', sql<string>`all(${exceptPlatforms}::text[])`)
        .$if(sendsFirst, (query) =>
          query.where(
            sql<boolean>`(state not in ('pending', 'unknown') or wake_at <= statement_timestamp() - ${looksWait}::interval)`,
          ),
        )
        .where('account_id', 'not in', (others) =>
          others
            .selectFrom('deliveries')
            .select('account_id')
            .where('wake_at', '>', sql<Date>`statement_timestamp()`)
            .where(
              'wake_at',
              '<=',
              sql<Date>`statement_timestamp() + make_interval(secs => ${leaseMs / 1000})`,
            )
            .where('claimed_by', '<>', processId),
        )
        .orderBy('wake_at')
        // What waited for one limit wakes at one moment.
        .orderBy('due_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
  return rows
    .map(asDelivery)
    .sort((a, b) => a.due_at.getTime() - b.due_at.getTime() || (a.id < b.id ? -1 : 1));
}

/** Milliseconds until the next wake-up by the database's clock; null when nothing waits. */
export async function nextWakeMs(tx: Tx, exceptPlatforms: readonly string[]): Promise<number | null> {
  const { rows } = await sql<{ ms: number | null }>`
    select (extract(epoch from (select wake_at from deliveries where wake_at is not null
        and platform <> all(${exceptPlatforms}::text[]) order by wake_at limit 1)
      - clock_timestamp()) * 1000)::float8 as ms`.execute(tx);
  return rows[0]?.ms ?? null;
}

/** What a dead process left claimed is woken at once. @returns how many */
export async function freeClaimsOf(tx: Tx, isDead: { exceptAlive: readonly string[] }): Promise<number> {
  const result = await tx
    .updateTable('deliveries')
    .set({ wake_at: sql<Date>`clock_timestamp()`, claimed_by: null })
    .where('claimed_by', 'is not', null)
    .where('wake_at', 'is not', null)
    .$if(isDead.exceptAlive.length > 0, (query) => query.where('claimed_by', 'not in', isDead.exceptAlive))
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

export async function wakeDelivery(tx: Tx, bureauId: string, deliveryId: string): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ wake_at: sql<Date>`clock_timestamp()` })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', deliveryId)
    .execute();
}

// ---------------------------------------------------------------- attempts

type AttemptStep = 'prepare' | 'submit' | 'check' | 'person' | 'discard';

export async function beginAttempt(tx: Tx, delivery: DeliveryRecord, step: AttemptStep): Promise<string> {
  return (await beginAttempts(tx, [delivery], step)).get(delivery.id)!;
}

/** @returns the ids of the attempts, by delivery */
export async function beginAttempts(
  tx: Tx,
  list: readonly DeliveryRecord[],
  step: AttemptStep,
): Promise<Map<string, string>> {
  if (list.length === 0) return new Map();
  const { rows } = await sql<{ id: string; delivery_id: string }>`
    insert into delivery_attempts (bureau_id, id, delivery_id, number, fence, step)
    select asked.bureau_id, asked.attempt_id, asked.id, coalesce(max(a.number), 0) + 1, asked.fence, ${step}
    from (${asClaims(list)}) as asked
    left join delivery_attempts a on a.bureau_id = asked.bureau_id and a.delivery_id = asked.id
    group by asked.bureau_id, asked.attempt_id, asked.id, asked.fence
    returning id, delivery_id`.execute(tx);
  return new Map(rows.map((row) => [row.delivery_id, row.id]));
}

/**
 * `preparing` and the attempts that do it, in one statement.
 * @returns by delivery, with how often it was tried before; one that moved meanwhile is missing
 */
export async function beginPreparing(
  tx: Tx,
  list: readonly DeliveryRecord[],
): Promise<Map<string, { attemptId: string; triesBefore: number }>> {
  const { rows } = await sql<{ id: string; attempt_id: string; tries: number }>`
    with asked as (${asClaims(list)}), moved as (
      update deliveries d set state = 'preparing', updated_at = clock_timestamp()
      from asked
      where d.bureau_id = asked.bureau_id and d.id = asked.id and d.state = asked.state and d.fence = asked.fence
        and d.state in ('planned', 'due', 'preparing')
      returning d.bureau_id, d.id, d.fence, asked.attempt_id
    ), before as (
      select moved.*, coalesce(max(a.number), 0) as last, count(*) filter (where a.step = 'prepare') as tries
      from moved left join delivery_attempts a on a.bureau_id = moved.bureau_id and a.delivery_id = moved.id
      group by moved.bureau_id, moved.id, moved.fence, moved.attempt_id
    ), begun as (
      insert into delivery_attempts (bureau_id, id, delivery_id, number, fence, step)
      select bureau_id, attempt_id, id, last + 1, fence, 'prepare' from before
    )
    select id, attempt_id, tries from before`.execute(tx);
  return new Map(rows.map((row) => [row.id, { attemptId: row.attempt_id, triesBefore: row.tries }]));
}

/** Claims as a table, each with the id of the attempt that is to begin. */
export function asClaims(list: readonly DeliveryRecord[]) {
  return sql`
    select * from unnest(
      ${list.map((one) => one.bureau_id)}::uuid[], ${list.map((one) => one.id)}::uuid[],
      ${list.map((one) => one.state)}::text[], ${list.map((one) => one.fence)}::integer[],
      ${list.map(() => newId())}::uuid[]) as claims (bureau_id, id, state, fence, attempt_id)`;
}

export async function finishAttempt(
  tx: Tx,
  bureauId: string,
  attemptId: string,
  result: { exchanges: readonly Exchange[]; outcome: unknown },
): Promise<void> {
  await endAttempt(tx, bureauId, { attemptId, ...result }).execute();
}

function endAttempt(db: QueryCreator<DB>, bureauId: string, end: AttemptEnd) {
  return db
    .updateTable('delivery_attempts')
    .set({
      finished_at: sql<Date>`clock_timestamp()`,
      first_byte_at: end.exchanges.find((exchange) => exchange.firstByteAt)?.firstByteAt ?? null,
      exchanges: JSON.stringify(end.exchanges),
      outcome: JSON.stringify(end.outcome),
    })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', end.attemptId);
}

export async function countAttempts(tx: Tx, delivery: DeliveryRecord, step: string): Promise<number> {
  const row = await tx
    .selectFrom('delivery_attempts')
    .select(sql<number>`count(*)`.as('count'))
    .where('bureau_id', '=', delivery.bureau_id)
    .where('delivery_id', '=', delivery.id)
    .where('step', '=', step)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function listAttempts(tx: Tx, bureauId: string, deliveryId: string) {
  return tx
    .selectFrom('delivery_attempts')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('delivery_id', '=', deliveryId)
    .orderBy('number')
    .execute();
}
