/** SQL on cases, their numbers, their log and their conversations. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { indexTerms } from '#server/modules/publishing/index.ts';
import type {
  CaseChannel,
  CaseKind,
  CaseOutcome,
  CaseState,
  CaseUrgency,
  EndOutcome,
} from '#shared/inbox.ts';
import { type CaseEvent, findLevel } from './deadline.ts';
import type { CaseFacts, Change } from './machine.ts';

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
  urgency: CaseUrgency;
  channel: CaseChannel;
  accountId: string | null;
  dueAt: Date;
  triageDueAt: Date | null;
  receivedAt: Date;
};

/** By the database's clock: the scanner looks at the case within a second and finds out when next. */
const lookNow = sql<Date>`clock_timestamp()`;

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
      urgency: row.urgency,
      channel: row.channel,
      account_id: row.accountId,
      due_at: row.dueAt,
      triage_due_at: row.triageDueAt,
      assigned_at: row.unitId ? lookNow : null,
      received_at: row.receivedAt,
      remind_at: lookNow,
    })
    .execute();
  await tx
    .insertInto('case_conversations')
    .values({ bureau_id: bureauId, case_id: row.id, conversation_id: conversationId })
    .execute();
}

/** The newest case of a conversation, or the one it was merged into, locked. */
export async function findCaseOfConversation(tx: Tx, bureauId: string, conversationId: string) {
  const newest = await tx
    .selectFrom('case_conversations')
    .innerJoin('cases', (join) =>
      join
        .onRef('cases.bureau_id', '=', 'case_conversations.bureau_id')
        .onRef('cases.id', '=', 'case_conversations.case_id'),
    )
    .select(['cases.id', 'cases.merged_into'])
    .where('case_conversations.bureau_id', '=', bureauId)
    .where('case_conversations.conversation_id', '=', conversationId)
    .orderBy('cases.created_at', 'desc')
    .orderBy('cases.id', 'desc')
    .limit(1)
    .forUpdate('cases')
    .executeTakeFirst();
  // A case that others were merged into is merged into none itself, unless it was later: at most a short way.
  let found = newest && (await findCaseForChange(tx, bureauId, newest.id));
  while (found?.merged_into) found = await findCaseForChange(tx, bureauId, found.merged_into);
  return found;
}

/** Which case that is, without a lock: it may be another by the time it is locked. */
export async function findCaseIdOf(tx: Tx, bureauId: string, conversationId: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    with recursive ways as (
      (select c.id, c.merged_into from case_conversations l join cases c on c.bureau_id = l.bureau_id and c.id = l.case_id
       where l.bureau_id = ${bureauId} and l.conversation_id = ${conversationId}
       order by c.created_at desc, c.id desc limit 1)
      union all
      select c.id, c.merged_into from ways w join cases c on c.bureau_id = ${bureauId} and c.id = w.merged_into)
    select id from ways where merged_into is null`.execute(tx);
  return rows[0]?.id ?? null;
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

export type CaseChange = Change & {
  kind?: CaseKind;
  field?: string | null;
  due_at?: Date | null;
  triage_due_at?: Date | null;
  merged_into?: string | null;
};

/** Every change wakes the reminder scanner: what it knew of the case's times may no longer hold. */
export async function updateCase(
  tx: Tx,
  bureauId: string,
  caseId: string,
  change: CaseChange,
): Promise<void> {
  await tx
    .updateTable('cases')
    .set({ ...change, remind_at: lookNow })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', caseId)
    .execute();
}

/** Whether it is, or once was, a complaint or a report. */
export const hasComplained = (events: readonly CaseEvent[]): boolean =>
  events.some(({ event, detail }) => event === 'classified' && complaints.has(String(detail.kind)));
const complaints: ReadonlySet<string> = new Set<CaseKind>(['complaint', 'report']);

/** What the machine judges by; the caller holds the case's lock. */
export async function readFacts(
  tx: Tx,
  found: NonNullable<Awaited<ReturnType<typeof findCaseForChange>>>,
  events: readonly CaseEvent[],
  given: Pick<CaseFacts, 'returnUntil' | 'reviewed'>,
): Promise<CaseFacts> {
  const { merged } = await tx
    .selectFrom('cases')
    .select(sql<number>`count(*)`.as('merged'))
    .where('bureau_id', '=', found.bureau_id)
    .where('merged_into', '=', found.id)
    .executeTakeFirstOrThrow();
  const aside = events.findLast(({ event }) => event === 'spam-marked' || event === 'merged');
  const isAside = found.outcome === 'spam' || found.outcome === 'merged';
  return {
    ...{ id: found.id, state: found.state as CaseState, kind: found.kind as CaseKind },
    ...{ urgency: found.urgency as CaseUrgency, outcome: found.outcome as CaseOutcome | null },
    ...{ mergedInto: found.merged_into, pausedAt: found.paused_at, unitId: found.unit_id },
    answeredAt: found.answered_at,
    ...given,
    complained: hasComplained(events),
    extension: found.extension as CaseFacts['extension'],
    ...{ extensionDays: found.extension_days, extensionBy: found.extension_by, level: findLevel(events) },
    closing: findClosingAsk(found.closing_by, events),
    stateBefore: isAside ? ((aside?.detail.before as CaseState | undefined) ?? null) : null,
    merged,
  };
}

/** Who asked to close a complaint without an answer, and the words they gave, which stand in the log alone. */
export function findClosingAsk(by: string | null, events: readonly CaseEvent[]): CaseFacts['closing'] {
  const asked = by && events.findLast(({ event }) => event === 'closing-asked');
  if (!by || !asked) return null;
  const { reason, outcome } = asked.detail;
  return { by, reason: String(reason ?? ''), outcome: (outcome as EndOutcome | null | undefined) ?? null };
}

/** Adds words to what the case is found by; words already there cost nothing. */
export async function addCaseText(tx: Tx, bureauId: string, caseId: string, text: string): Promise<void> {
  const terms = indexTerms(text);
  if (terms.length === 0) return;
  await sql`
    insert into case_texts as t (bureau_id, case_id, bigrams)
    values (${bureauId}, ${caseId}, array_to_tsvector(${terms}::text[]))
    on conflict (bureau_id, case_id) do update set bigrams = t.bigrams || excluded.bigrams`.execute(tx);
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

/** What deriveDeadline reads. */
const clockEvents = [
  ...['received', 'classified', 'reopened', 'paused', 'resumed', 'extended'],
  ...['absorbed', 'released', 'deadline-given'],
];

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
    .where('cases.paused_at', 'is', null)
    .where('case_events.event', 'in', [...clockEvents])
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
    update cases c set due_at = m.due_at, remind_at = clock_timestamp()
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

/**
 * What comes in locks its conversation and then the case; whoever changes a case does the same, in the order of ids, so that neither
 * waits for the other.
 */
export async function lockConversationsOf(
  tx: Tx,
  bureauId: string,
  caseIds: readonly string[],
): Promise<void> {
  await sql`
    select v.id from conversations v
    where v.bureau_id = ${bureauId} and v.id in (
      select l.conversation_id from case_conversations l
      where l.bureau_id = ${bureauId} and l.case_id = any (${[...caseIds]}::uuid[]))
    order by v.id for update`.execute(tx);
}

/** Its own conversations and those of the cases that were merged into it. */
export async function listConversationIds(tx: Tx, bureauId: string, caseId: string): Promise<string[]> {
  const { rows } = await sql<{ conversation_id: string }>`
    with recursive whole as (
      select id from cases where bureau_id = ${bureauId} and id = ${caseId}
      union
      select c.id from cases c join whole w on c.merged_into = w.id where c.bureau_id = ${bureauId}
    )
    select distinct l.conversation_id from case_conversations l join whole w on w.id = l.case_id
    where l.bureau_id = ${bureauId}`.execute(tx);
  return rows.map((row) => row.conversation_id);
}

export async function findCase(tx: Tx, bureauId: string, caseId: string) {
  return tx
    .selectFrom('cases')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('id', '=', caseId)
    .executeTakeFirst();
}
