/** SQL on cases, their numbers, their log and their conversations. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import type { CaseKind, CaseState } from '#shared/inbox.ts';
import type { CaseEvent } from './deadline.ts';

/** Running number of the year, shown to people: 2026-000123. Gapless; the row makes openings of a bureau queue up. */
export async function takeCaseNumber(tx: Tx, bureauId: string, year: number): Promise<string> {
  const { rows } = await sql<{ last: number }>`
    insert into case_numbers as n (bureau_id, year, last) values (${bureauId}, ${year}, 1)
    on conflict (bureau_id, year) do update set last = n.last + 1
    returning last`.execute(tx);
  return `${year}-${String(rows[0]!.last).padStart(6, '0')}`;
}

export type NewCase = {
  id: string;
  number: string;
  kind: CaseKind;
  field: string | null;
  title: string;
  unitId: string | null;
  ownerId: string | null;
  dueAt: Date;
  receivedAt: Date;
};

export async function insertCase(
  tx: Tx,
  bureauId: string,
  conversationId: string,
  row: NewCase,
): Promise<void> {
  await tx
    .insertInto('cases')
    .values({
      bureau_id: bureauId,
      id: row.id,
      number: row.number,
      kind: row.kind,
      field: row.field,
      title: row.title,
      unit_id: row.unitId,
      owner_id: row.ownerId,
      due_at: row.dueAt,
      received_at: row.receivedAt,
    })
    .execute();
  await tx
    .insertInto('case_conversations')
    .values({ bureau_id: bureauId, case_id: row.id, conversation_id: conversationId })
    .execute();
}

/** The newest case of a conversation, locked. */
export async function findCaseOfConversation(tx: Tx, bureauId: string, conversationId: string) {
  return tx
    .selectFrom('case_conversations')
    .innerJoin('cases', (join) =>
      join
        .onRef('cases.bureau_id', '=', 'case_conversations.bureau_id')
        .onRef('cases.id', '=', 'case_conversations.case_id'),
    )
    .select(['cases.id', 'cases.state', 'cases.answered_at', 'cases.owner_id', 'cases.received_at'])
    .where('case_conversations.bureau_id', '=', bureauId)
    .where('case_conversations.conversation_id', '=', conversationId)
    .orderBy('cases.created_at', 'desc')
    .orderBy('cases.id', 'desc')
    .limit(1)
    .forUpdate('cases')
    .executeTakeFirst();
}

/** Locks the case until commit. */
export async function findCaseForChange(tx: Tx, bureauId: string, caseId: string) {
  return tx
    .selectFrom('cases')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('id', '=', caseId)
    .forUpdate()
    .executeTakeFirst();
}

export type CaseChange = {
  kind?: CaseKind;
  field?: string | null;
  state?: CaseState;
  unit_id?: string | null;
  owner_id?: string | null;
  due_at?: Date;
  answered_at?: Date | null;
};

export async function updateCase(
  tx: Tx,
  bureauId: string,
  caseId: string,
  change: CaseChange,
): Promise<void> {
  await tx
    .updateTable('cases')
    .set(change)
    .where('bureau_id', '=', bureauId)
    .where('id', '=', caseId)
    .execute();
}

type CaseRef = { bureauId: string; caseId: string };
type Written = { at?: Date; actorId?: string | null; detail?: Record<string, unknown> };

/** @param written.at when it happened; the database's time of writing when absent */
export async function insertEvent(
  tx: Tx,
  caseRef: CaseRef,
  event: string,
  written: Written = {},
): Promise<void> {
  await insertEvents(tx, caseRef, [{ event, ...written }]);
}

/** Written in the order given: ids are made in it, and order events of one instant. */
export async function insertEvents(
  tx: Tx,
  caseRef: CaseRef,
  events: readonly ({ event: string } & Written)[],
): Promise<void> {
  await tx
    .insertInto('case_events')
    .values(
      events.map(({ event, at, actorId, detail }) => ({
        bureau_id: caseRef.bureauId,
        id: newId(),
        case_id: caseRef.caseId,
        event,
        at: at ?? sql<Date>`clock_timestamp()`,
        actor_id: actorId ?? null,
        detail: JSON.stringify(detail ?? {}),
      })),
    )
    .execute();
}

/** In the order of the log. */
export async function listEvents(tx: Tx, bureauId: string, caseId: string) {
  const rows = await tx
    .selectFrom('case_events')
    .select(['event', 'at', 'actor_id', 'detail'])
    .where('bureau_id', '=', bureauId)
    .where('case_id', '=', caseId)
    .orderBy('at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...row, detail: row.detail as Record<string, unknown> }));
}

/** Open cases with the part of their logs that deadlines come from. */
export async function listOpenDeadlines(
  tx: Tx,
  bureauId: string,
): Promise<{ id: string; dueAt: Date | null; events: CaseEvent[] }[]> {
  const rows = await tx
    .selectFrom('cases')
    .innerJoin('case_events', (join) =>
      join
        .onRef('case_events.bureau_id', '=', 'cases.bureau_id')
        .onRef('case_events.case_id', '=', 'cases.id'),
    )
    .select(['cases.id', 'cases.due_at', 'case_events.event', 'case_events.at', 'case_events.detail'])
    .where('cases.bureau_id', '=', bureauId)
    .where('cases.state', '=', 'open')
    .where('case_events.event', 'in', ['received', 'classified', 'reopened'])
    .orderBy('cases.id')
    .orderBy('case_events.at')
    .orderBy('case_events.id')
    .execute();
  const cases = new Map<string, { id: string; dueAt: Date | null; events: CaseEvent[] }>();
  for (const { id, due_at, event, at, detail } of rows) {
    const one = cases.get(id) ?? { id, dueAt: due_at, events: [] };
    one.events.push({ event, at, detail: detail as Record<string, unknown> });
    cases.set(id, one);
  }
  return [...cases.values()];
}

/** Moves deadlines and writes into each case's log that it moved, in two statements whatever the number. */
export async function moveDeadlines(
  tx: Tx,
  bureauId: string,
  moves: readonly { id: string; from: Date | null; to: Date }[],
): Promise<void> {
  if (moves.length === 0) return;
  await sql`
    update cases c set due_at = m.due_at
    from unnest(${moves.map((move) => move.id)}::uuid[], ${moves.map((move) => move.to)}::timestamptz[]) as m (id, due_at)
    where c.bureau_id = ${bureauId} and c.id = m.id`.execute(tx);
  await tx
    .insertInto('case_events')
    .values(
      moves.map((move) => ({
        bureau_id: bureauId,
        id: newId(),
        case_id: move.id,
        event: 'deadline-moved',
        at: sql<Date>`clock_timestamp()`,
        detail: JSON.stringify({ from: move.from, to: move.to, reason: 'calendar' }),
      })),
    )
    .execute();
}

export async function countOpenByOwner(
  tx: Tx,
  bureauId: string,
  ownerIds: readonly string[],
): Promise<Map<string, number>> {
  if (ownerIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('cases')
    .select(['owner_id', sql<number>`count(*)`.as('open')])
    .where('bureau_id', '=', bureauId)
    .where('state', '=', 'open')
    .where('owner_id', 'in', [...ownerIds])
    .groupBy('owner_id')
    .execute();
  return new Map(rows.map((row) => [row.owner_id!, row.open]));
}

export async function listConversationIds(tx: Tx, bureauId: string, caseId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('case_conversations')
    .select('conversation_id')
    .where('bureau_id', '=', bureauId)
    .where('case_id', '=', caseId)
    .execute();
  return rows.map((row) => row.conversation_id);
}
