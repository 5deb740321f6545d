/** SQL on comment_checks. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { claimWithLease } from '#server/base/lease.ts';
import type { CheckState, CommentAction } from '#shared/comment-checks.ts';

export type NewCheck = {
  bureauId: string;
  conversationId: string;
  accountId: string;
  deliveryId: string | null;
  commentId: string;
  text: string;
  personName: string | null;
  foundBy: 'words' | 'hand';
  words: readonly string[];
};

/** @returns its id; that of the open check where the comment has one */
export async function insertCheck(tx: Tx, check: NewCheck): Promise<string> {
  const { bureauId, accountId, commentId } = check;
  const row = await tx
    .insertInto('comment_checks')
    .values({
      ...{ bureau_id: bureauId, id: newId(), conversation_id: check.conversationId, account_id: accountId },
      ...{ delivery_id: check.deliveryId, comment_id: commentId, text: check.text },
      ...{ person_name: check.personName, found_by: check.foundBy, words: [...check.words] },
    })
    .onConflict((conflict) =>
      conflict
        .columns(['bureau_id', 'account_id', 'comment_id'])
        .where('state', 'in', ['open', 'acting'])
        .doNothing(),
    )
    .returning('id')
    .executeTakeFirst();
  if (row) return row.id;
  const open = await tx
    .selectFrom('comment_checks')
    .select('id')
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .where('comment_id', '=', commentId)
    .where('state', 'in', ['open', 'acting'])
    .executeTakeFirstOrThrow();
  return open.id;
}

export type CheckRef = { bureauId: string; id: string };

export async function findCheck(tx: Tx, ref: CheckRef) {
  return tx
    .selectFrom('comment_checks')
    .selectAll()
    .where('bureau_id', '=', ref.bureauId)
    .where('id', '=', ref.id)
    .forUpdate()
    .executeTakeFirst();
}

export type CheckChange = {
  state: CheckState;
  action?: CommentAction | null;
  reason?: string;
  failure?: string | null;
  decidedBy?: string;
  /** Milliseconds from the database's now; null: nothing wakes it. */
  wakeInMs: number | null;
};

export async function changeCheck(tx: Tx, ref: CheckRef, change: CheckChange): Promise<void> {
  await tx
    .updateTable('comment_checks')
    .set({
      state: change.state,
      wake_at:
        change.wakeInMs === null
          ? null
          : sql<Date>`clock_timestamp() + make_interval(secs => ${change.wakeInMs / 1000})`,
      ...(change.action === undefined ? {} : { action: change.action }),
      ...(change.reason === undefined ? {} : { reason: change.reason }),
      ...(change.failure === undefined ? {} : { failure: change.failure }),
      ...(change.decidedBy === undefined
        ? {}
        : { decided_by: change.decidedBy, decided_at: sql<Date>`clock_timestamp()` }),
    })
    .where('bureau_id', '=', ref.bureauId)
    .where('id', '=', ref.id)
    .execute();
}

export async function claimDueActions(tx: Tx, limit: number, leaseSeconds: number): Promise<CheckRef[]> {
  const from = { table: 'comment_checks', key: ['bureau_id', 'id'], wake: 'wake_at' } as const;
  const rows = await claimWithLease(tx, from, limit, leaseSeconds);
  return rows.map((row) => ({ bureauId: row.bureau_id, id: row.id }));
}

export async function listChecks(
  tx: Tx,
  bureauId: string,
  filter: { state: CheckState | undefined; before: string | undefined; limit: number },
) {
  return tx
    .selectFrom('comment_checks')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .$if(filter.state !== undefined, (query) => query.where('state', '=', filter.state!))
    .$if(filter.before !== undefined, (query) => query.where('id', '<', filter.before!))
    .orderBy('id', 'desc')
    .limit(filter.limit)
    .execute();
}

export type Standing = { featured: boolean; replied: boolean };

/**
 * How the comments of these checks stand, by what was done from here: featured or not, and whether an answer of ours
 * is there. What somebody featured on the platform by hand is not known.
 */
export async function readStandings(
  tx: Tx,
  bureauId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Standing>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Standing & { id: string }>`
    select k.id, coalesce(f.action = 'elect', false) as featured,
      exists (
        select from messages m
        where m.bureau_id = k.bureau_id and m.conversation_id = k.conversation_id and m.direction = 'out'
          and m.received_at > coalesce(r.at, '-infinity')) as replied
    from comment_checks k
    left join lateral (
      select d.action from comment_checks d
      where d.bureau_id = k.bureau_id and d.account_id = k.account_id and d.comment_id = k.comment_id
        and d.state = 'done' and d.action in ('elect', 'unelect')
      order by d.decided_at desc limit 1) f on true
    left join lateral (
      select max(d.decided_at) as at from comment_checks d
      where d.bureau_id = k.bureau_id and d.account_id = k.account_id and d.comment_id = k.comment_id
        and d.state = 'done' and d.action = 'delete-reply') r on true
    where k.bureau_id = ${bureauId} and k.id = any (${[...ids]}::uuid[])`.execute(tx);
  return new Map(rows.map(({ id, ...standing }) => [id, standing]));
}

export async function countOpenChecks(tx: Tx, bureauId: string): Promise<number> {
  const row = await tx
    .selectFrom('comment_checks')
    .select(sql<number>`count(*)`.as('open'))
    .where('bureau_id', '=', bureauId)
    .where('state', 'in', ['open', 'by-hand', 'failed'])
    .executeTakeFirstOrThrow();
  return row.open;
}
