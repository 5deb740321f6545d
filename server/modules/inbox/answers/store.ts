/** SQL on replies. Every change of state names the state and the fence it starts from. */
import { sql } from 'kysely';
import type { Exchange, PlatformIds } from '#connectors/contract.ts';
import type { Tx } from '#server/base/database.ts';
import { givenReplyStates, type ReplyState } from '#shared/inbox.ts';
import { isCourtesy } from '../cases/classify.ts';
import { listConversationIds } from '../cases/store.ts';

export type NewReply = {
  bureauId: string;
  id: string;
  caseId: string;
  conversationId: string;
  /** Null where the conversation is on no platform. */
  accountId: string | null;
  toPlatformId: string | null;
  text: string;
  purpose: 'answer' | 'notice';
  createdBy: string;
  /** Set: it waits for this review, and nothing wakes it before. */
  reviewId: string | null;
};

export async function insertReply(tx: Tx, reply: NewReply): Promise<void> {
  await tx
    .insertInto('replies')
    .values({
      bureau_id: reply.bureauId,
      id: reply.id,
      case_id: reply.caseId,
      conversation_id: reply.conversationId,
      account_id: reply.accountId,
      to_platform_id: reply.toPlatformId,
      text: reply.text,
      purpose: reply.purpose,
      created_by: reply.createdBy,
      review_id: reply.reviewId,
      ...(reply.reviewId ? { state: 'reviewing' } : { wake_at: sql<Date>`clock_timestamp()` }),
    })
    .execute();
}

export type ReplyRef = { bureauId: string; id: string };

export async function findReply(tx: Tx, ref: ReplyRef, lock = false) {
  let query = tx
    .selectFrom('replies')
    .selectAll()
    .where('bureau_id', '=', ref.bureauId)
    .where('id', '=', ref.id);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  return row && { ...row, state: row.state as ReplyState };
}
export type ReplyRecord = NonNullable<Awaited<ReturnType<typeof findReply>>>;

/** Locks the reply if it is still due; null when somebody else has it or has dealt with it. */
export async function lockDue(tx: Tx, ref: ReplyRef, state: 'due' | 'unknown'): Promise<ReplyRecord | null> {
  const row = await tx
    .selectFrom('replies')
    .selectAll()
    .where('bureau_id', '=', ref.bureauId)
    .where('id', '=', ref.id)
    .where('state', '=', state)
    .where('wake_at', '<=', sql<Date>`clock_timestamp()`)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row ? { ...row, state: row.state as ReplyState } : null;
}

const dueOfAnAccount = 4;

/** Replies whose time has come, the earliest first, a few an account: one that is stuck must not keep the others waiting. */
export async function listDue(tx: Tx, limit: number) {
  const { rows } = await sql<{
    bureau_id: string;
    id: string;
    account_id: string | null;
    state: 'due' | 'unknown';
  }>`
    select bureau_id, id, account_id, state from (
      select bureau_id, id, account_id, state, wake_at,
             row_number() over (partition by account_id order by wake_at) as place
      from replies where wake_at <= clock_timestamp() and state in ('due', 'unknown')
    ) due where place <= ${dueOfAnAccount} order by wake_at limit ${limit}`.execute(tx);
  return rows;
}

export type ReplyChange = {
  state: ReplyState;
  reason?: string | null;
  /** Milliseconds from the database's now; null: nothing wakes it but a person. */
  wakeInMs: number | null;
  claimedBy?: string | null;
  absences?: number;
  submitted?: true;
  sent?: true;
  platformIds?: PlatformIds;
  /** Appended to what is kept already. */
  exchanges?: readonly Exchange[];
};

/**
 * Changes a reply if it still is as the caller read it; raises the fence, so that nobody who read it before can.
 * @returns the new fence; null when the caller's view was stale, and nothing changed
 */
export async function moveReply(
  tx: Tx,
  from: Pick<ReplyRecord, 'bureau_id' | 'id' | 'state' | 'fence'>,
  change: ReplyChange,
): Promise<number | null> {
  const wakeAt =
    change.wakeInMs === null
      ? null
      : sql<Date>`clock_timestamp() + make_interval(secs => ${change.wakeInMs / 1000})`;
  const row = await tx
    .updateTable('replies')
    .set({
      state: change.state,
      fence: sql<number>`fence + 1`,
      wake_at: wakeAt,
      ...(change.reason === undefined ? {} : { reason: change.reason }),
      ...(change.claimedBy === undefined ? {} : { claimed_by: change.claimedBy }),
      ...(change.absences === undefined ? {} : { absences: change.absences }),
      ...(change.submitted ? { submitted_at: sql<Date>`clock_timestamp()` } : {}),
      ...(change.sent ? { sent_at: sql<Date>`clock_timestamp()` } : {}),
      ...(change.platformIds ? { platform_ids: JSON.stringify(change.platformIds) } : {}),
      ...(change.exchanges?.length
        ? { exchanges: sql<string>`exchanges || ${JSON.stringify(change.exchanges)}::jsonb` }
        : {}),
    })
    .where('bureau_id', '=', from.bureau_id)
    .where('id', '=', from.id)
    .where('state', '=', from.state)
    .where('fence', '=', from.fence)
    .returning('fence')
    .executeTakeFirst();
  return row?.fence ?? null;
}

/** Only moves the time it is looked at; state and fence stay. */
export async function postponeReply(tx: Tx, ref: ReplyRef, until: Date): Promise<void> {
  await tx
    .updateTable('replies')
    .set({ wake_at: until })
    .where('bureau_id', '=', ref.bureauId)
    .where('id', '=', ref.id)
    .execute();
}

/**
 * Replies that nobody is sending any more: their process is gone, or it is this one and it let go of them without
 * saving an outcome. `mine.inFlight` are those this process is really busy with.
 */
export async function listAbandoned(
  tx: Tx,
  aliveOthers: readonly string[],
  mine: { processId: string; inFlight: ReadonlySet<string> },
): Promise<ReplyRecord[]> {
  const rows = await tx
    .selectFrom('replies')
    .selectAll()
    .where('state', '=', 'submitting')
    .where('claimed_by', '<>', sql<string>`all(${[...aliveOthers]}::text[])`)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows
    .filter((row) => row.claimed_by !== mine.processId || !mine.inFlight.has(row.id))
    .map((row) => ({ ...row, state: row.state as ReplyState }));
}

/** An answer that is on its way, or may have arrived. */
export async function findUnsettled(
  tx: Tx,
  bureauId: string,
  where: { conversationId: string } | { caseId: string },
): Promise<{ state: ReplyState } | null> {
  let query = tx
    .selectFrom('replies')
    .select('state')
    .where('bureau_id', '=', bureauId)
    .where('state', 'in', ['reviewing', 'due', 'submitting', 'unknown']);
  query =
    'conversationId' in where
      ? query.where('conversation_id', '=', where.conversationId)
      : query.where('case_id', '=', where.caseId);
  const row = await query.limit(1).executeTakeFirst();
  return row ? { state: row.state as ReplyState } : null;
}

/** The answer of a case that waits for its review. */
export async function findReviewing(
  tx: Tx,
  bureauId: string,
  caseId: string,
): Promise<{ id: string } | undefined> {
  return tx
    .selectFrom('replies')
    .select('id')
    .where('bureau_id', '=', bureauId)
    .where('case_id', '=', caseId)
    .where('state', '=', 'reviewing')
    .executeTakeFirst();
}

/** Answers of a conversation of which no byte has left; an unsettled one is not among them. */
export async function listWaitingAnswers(
  tx: Tx,
  bureauId: string,
  conversationId: string,
  lock = false,
): Promise<ReplyRecord[]> {
  let query = tx
    .selectFrom('replies')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('conversation_id', '=', conversationId)
    .where('purpose', '=', 'answer')
    .where('state', 'in', ['reviewing', 'due']);
  if (lock) query = query.forUpdate();
  const rows = await query.execute();
  return rows.map((row) => ({ ...row, state: row.state as ReplyState }));
}

/** The last answer in a conversation that went out, or is on its way. */
export async function findLastAnswer(
  tx: Tx,
  bureauId: string,
  conversationId: string,
): Promise<{ id: string; created_by: string } | undefined> {
  return tx
    .selectFrom('replies')
    .select(['id', 'created_by'])
    .where('bureau_id', '=', bureauId)
    .where('conversation_id', '=', conversationId)
    .where('purpose', '=', 'answer')
    .where('state', 'in', [...givenReplyStates])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/**
 * Of the conversations of a case those that wait: nobody was answered there, neither from here nor by hand on the platform,
 * or the person wrote more than a courtesy after the answer was written.
 * @param of.except one that is being answered just now
 * @param states what counts as an answer from here
 */
export async function listUnanswered(
  tx: Tx,
  bureauId: string,
  of: { caseId: string; except: string | null },
  states: readonly ReplyState[],
): Promise<string[]> {
  const ids = (await listConversationIds(tx, bureauId, of.caseId)).filter((id) => id !== of.except);
  const { rows } = await sql<{ id: string; answered: boolean; newer: string[] }>`
    select v.id, o.at is not null or r.at is not null as answered,
      array(select m.text from messages m where m.bureau_id = ${bureauId} and m.conversation_id = v.id
        and m.direction = 'in' and m.received_at > greatest(r.at, o.at)) as newer
    from unnest(${ids}::uuid[]) as v (id)
    left join lateral (
      select max(created_at) as at from replies r where r.bureau_id = ${bureauId} and r.conversation_id = v.id
        and r.state = any (${[...states]}::text[]) and r.purpose = 'answer') r on true
    left join lateral (
      select max(received_at) as at from messages m where m.bureau_id = ${bureauId} and m.conversation_id = v.id
        and m.direction = 'out' and m.platform_id like 'standing:%') o on true`.execute(tx);
  return rows.filter(({ answered, newer }) => !answered || newer.some(asksMore)).map(({ id }) => id);
}

/** What the person wrote in a conversation after a moment, courtesies left out. */
export async function listWordsSince(
  tx: Tx,
  bureauId: string,
  conversationId: string,
  since: Date,
): Promise<string[]> {
  const rows = await tx
    .selectFrom('messages')
    .select('text')
    .where('bureau_id', '=', bureauId)
    .where('conversation_id', '=', conversationId)
    .where('direction', '=', 'in')
    .where('received_at', '>', since)
    .execute();
  return rows.map(({ text }) => text).filter(asksMore);
}

const asksMore = (text: string): boolean => !isCourtesy(text);

export async function listReplies(tx: Tx, bureauId: string, conversationIds: readonly string[]) {
  if (conversationIds.length === 0) return [];
  const rows = await tx
    .selectFrom('replies')
    .select([
      'id',
      'conversation_id',
      'text',
      'state',
      'purpose',
      'review_id',
      'reason',
      'created_by',
      'created_at',
      'sent_at',
    ])
    .where('bureau_id', '=', bureauId)
    .where('conversation_id', 'in', [...conversationIds])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...row, state: row.state as ReplyState }));
}

/** Deadlines of the open cases that these answers are for, by answer. */
export async function listDueAtOfReplies(
  tx: Tx,
  bureauId: string,
  replyIds: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  const rows = await tx
    .selectFrom('replies')
    .innerJoin('cases', (join) =>
      join.onRef('cases.bureau_id', '=', 'replies.bureau_id').onRef('cases.id', '=', 'replies.case_id'),
    )
    .select(['replies.id', 'cases.due_at'])
    .where('replies.bureau_id', '=', bureauId)
    .where('replies.id', 'in', replyIds)
    .where('cases.state', '=', 'open')
    .execute();
  return new Map(rows.flatMap(({ id, due_at }) => (due_at ? [[id, due_at]] : [])));
}

/** Unknown answers that no check will settle: a person must say what happened. */
export async function listUndecided(tx: Tx, bureauId: string) {
  return tx
    .selectFrom('replies')
    .innerJoin('cases', (join) =>
      join.onRef('cases.bureau_id', '=', 'replies.bureau_id').onRef('cases.id', '=', 'replies.case_id'),
    )
    .select([
      'replies.id',
      'replies.case_id',
      'replies.created_by',
      'replies.submitted_at',
      'cases.title',
      'cases.owner_id',
    ])
    .where('replies.bureau_id', '=', bureauId)
    .where('replies.state', '=', 'unknown')
    .where('replies.wake_at', 'is', null)
    .orderBy('replies.submitted_at')
    .execute();
}
