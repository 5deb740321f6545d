/** SQL of the lists of cases. */
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { CaseChannel, CaseKind, CaseState, CaseUrgency } from '#shared/inbox.ts';
import { areCompared, findCandidates, holdsTerms, planSearch, standsExactly } from './search-store.ts';
import { casesByWindow, windowOfCase } from './window-store.ts';

export type CaseFilter = {
  state?: CaseState | undefined;
  ownerId?: string | undefined;
  unitId?: string | undefined;
  field?: string | undefined;
  kind?: CaseKind | undefined;
  urgency?: CaseUrgency | undefined;
  channel?: CaseChannel | undefined;
  overdue?: boolean;
  triage?: boolean;
  spam?: boolean;
  callBack?: boolean;
  /** Words between spaces, each of which stands in a number, a title, a name or a message. */
  search?: string | undefined;
  /** Cases that the search names by something else: a telephone, a receipt. */
  exactly?: readonly string[];
};

/** Where a page ended: `key` orders, `id` breaks ties. */
export type CasePlace = { key: number; id: string };

type Part = RawBuilder<unknown>;

/** Lately answered, not rated, not called. */
const toCallBack = sql`c.state in ('answered', 'closed') and c.answered_at > clock_timestamp() - interval '7 days'
  and c.satisfaction is null and c.called_back_at is null
  and (c.outcome is null or c.outcome not in ('spam', 'merged'))`;

function conditions(bureauId: string, filter: CaseFilter): Part[] {
  const parts: Part[] = [sql`c.bureau_id = ${bureauId}`];
  if (filter.state) parts.push(sql`c.state = ${filter.state}`);
  if (filter.ownerId) parts.push(sql`c.owner_id = ${filter.ownerId}`);
  if (filter.unitId) parts.push(sql`c.unit_id = ${filter.unitId}`);
  if (filter.field) parts.push(sql`c.field = ${filter.field}`);
  if (filter.kind) parts.push(sql`c.kind = ${filter.kind}`);
  if (filter.channel) parts.push(sql`c.channel = ${filter.channel}`);
  // Written as the partial index says it, so that the planner may use it.
  if (filter.urgency) parts.push(sql`c.urgency = ${filter.urgency}`);
  if (filter.urgency && filter.urgency !== 'normal') parts.push(sql`c.urgency <> 'normal'`);
  if (filter.overdue) parts.push(sql`c.state = 'open' and c.due_at < clock_timestamp()`);
  if (filter.triage) parts.push(sql`c.state = 'open' and c.unit_id is null`);
  if (filter.callBack) parts.push(toCallBack);
  if (filter.spam) parts.push(sql`c.outcome = 'spam'`);
  // What was set aside is found by its own filter alone; what was merged stands at the case it is part of.
  else parts.push(sql`(c.outcome is null or c.outcome not in ('spam', 'merged'))`);
  return parts;
}

export type CaseListRow = {
  id: string;
  number: string;
  title: string;
  kind: string;
  field: string | null;
  state: string;
  urgency: string;
  unit_id: string | null;
  owner_id: string | null;
  due_at: Date | null;
  received_at: Date;
  answered_at: Date | null;
  paused_at: Date | null;
  outcome: string | null;
  extension: string | null;
  supervised_at: Date | null;
  overdue: boolean;
  account_id: string | null;
  channel: string;
  person_name: string | null;
  /** Of whom it is, where no name is known: the end of the conversation's id. */
  person_tag: string | null;
  /** What was said last, where it is not what the case began with. */
  latest_text: string | null;
  latest_at: Date | null;
  reopened: boolean;
  in_review: boolean;
  /** When the platform takes no more answers; null where nobody waits in an open window. */
  window_ends_at: Date | null;
  key: number;
};

const columns = sql`
  c.id, c.number, c.title, c.kind, c.field, c.state, c.urgency, c.unit_id, c.owner_id, c.due_at, c.received_at,
  c.answered_at, c.paused_at, c.outcome, c.extension, c.supervised_at, c.account_id, c.channel,
  (c.state = 'open' and coalesce(c.due_at < clock_timestamp(), false)) as overdue, v.person_name, v.person_tag,
  latest.text as latest_text, latest.at as latest_at, c.sort_key as key,
  case when c.state = 'open' and c.paused_at is null then ${windowOfCase} end as window_ends_at,
  exists (
    select from case_events e where e.bureau_id = c.bureau_id and e.case_id = c.id and e.event = 'reopened') as reopened,
  exists (
    select from replies r where r.bureau_id = c.bureau_id and r.case_id = c.id and r.state = 'reviewing') as in_review`;

/** The conversation a case began with says whose words they are; what came last stands beside what came first. */
const beside = sql`
  left join lateral (
    select v.person_name, case when v.account_id is null then null else upper(right(v.id::text, 4)) end as person_tag
    from case_conversations l
    join conversations v on v.bureau_id = l.bureau_id and v.id = l.conversation_id
    where l.bureau_id = c.bureau_id and l.case_id = c.id
    order by v.created_at, v.id limit 1
  ) v on true
  left join lateral (
    select m.text, m.at
    from case_conversations l
    join messages m on m.bureau_id = l.bureau_id and m.conversation_id = l.conversation_id
    where l.bureau_id = c.bureau_id and l.case_id = c.id and m.direction = 'in' and m.at > c.received_at
    order by m.at desc limit 1
  ) latest on true`;

/** So many rows of the queue are looked at for common words; a page is mostly full long before. */
const longestWalk = 3_000;

export async function listCaseRows(
  tx: Tx,
  bureauId: string,
  filter: CaseFilter,
  after: CasePlace | null,
  limit: number,
): Promise<CaseListRow[]> {
  const parts = conditions(bureauId, filter);
  if (after) parts.push(sql`(c.sort_key, c.id) > (${after.key}::float8, ${after.id}::uuid)`);
  if (!filter.search) return readPage(tx, parts, null, limit);
  if (filter.exactly?.length)
    return readFound(tx, bureauId, parts, { ...filter, exactly: filter.exactly }, limit);
  const plan = await planSearch(tx, bureauId, filter.search);
  if (plan === null) return readPage(tx, parts, standsExactly(bureauId, filter.search), limit);
  const holds = holdsTerms(bureauId, plan.query);
  if (plan.common) {
    const met = await readPage(tx, parts, holds, limit, longestWalk);
    if (met.length === limit) return met;
  }
  const candidates = await findCandidates(tx, bureauId, plan.query);
  if (candidates === null) return readPage(tx, parts, holds, limit);
  if (candidates.length === 0) return [];
  parts.push(sql`c.id = any(${candidates}::uuid[])`);
  return readPage(tx, parts, areCompared(candidates) ? standsExactly(bureauId, filter.search) : null, limit);
}

/** Those it names, and those in whose words it stands, where these are not too many. */
async function readFound(
  tx: Tx,
  bureauId: string,
  parts: readonly Part[],
  { search = '', exactly }: Pick<CaseFilter, 'search'> & { exactly: readonly string[] },
  limit: number,
): Promise<CaseListRow[]> {
  const named = [...exactly];
  const plan = await planSearch(tx, bureauId, search);
  const candidates = (plan && (await findCandidates(tx, bureauId, plan.query))) ?? [];
  const all = sql`c.id = any(${[...named, ...candidates]}::uuid[])`;
  const last = sql`(c.id = any(${named}::uuid[]) or ${standsExactly(bureauId, search)})`;
  return readPage(tx, [...parts, all], last, limit);
}

/**
 * @param last asked of the sorted rows one by one until the page is full: what is costly comes last and seldom
 * @param atMost of how many rows it is asked
 */
async function readPage(
  tx: Tx,
  parts: readonly Part[],
  last: Part | null,
  limit: number,
  atMost?: number,
): Promise<CaseListRow[]> {
  const sorted = sql`
    select c.* from cases c where ${sql.join(parts, sql` and `)} order by c.sort_key, c.id`;
  const found = last
    ? sql`select c.* from (${sorted} ${atMost === undefined ? sql`offset 0` : sql`limit ${atMost}`}) c where ${last} limit ${limit}`
    : sql`${sorted} limit ${limit}`;
  const { rows } = await sql<CaseListRow>`
    select ${columns} from (${found}) c ${beside} order by c.sort_key, c.id`.execute(tx);
  return rows;
}

export async function findCaseRow(tx: Tx, bureauId: string, caseId: string): Promise<CaseListRow | null> {
  const { rows } = await sql<CaseListRow>`
    select ${columns} from cases c ${beside}
    where c.bureau_id = ${bureauId} and c.id = ${caseId}`.execute(tx);
  return rows[0] ?? null;
}

/** From `cases_open` alone; an open case is neither spam nor merged. */
export async function countOpenCases(
  tx: Tx,
  bureauId: string,
  ownerId: string | undefined,
): Promise<{ open: number; overdue: number }> {
  const theirs = ownerId === undefined ? sql`` : sql` and owner_id = ${ownerId}`;
  const { rows } = await sql<{ open: number; overdue: number }>`
    select count(*) as open, count(*) filter (where due_at < clock_timestamp()) as overdue
    from cases where bureau_id = ${bureauId} and state = 'open'${theirs}`.execute(tx);
  return rows[0]!;
}

export async function countToCallBack(tx: Tx, bureauId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from cases c where c.bureau_id = ${bureauId} and ${toCallBack}`.execute(tx);
  return rows[0]!.count;
}

type OpenFigures = { unit_id: string | null; open: number; overdue: number; today: number };

/** Open cases a section. @param dayEnd what is due before it and not overdue is due today */
export async function countBySection(tx: Tx, bureauId: string, dayEnd: Date): Promise<OpenFigures[]> {
  const { rows } = await sql<OpenFigures>`
    select unit_id, count(*) as open, count(*) filter (where due_at < clock_timestamp()) as overdue,
           count(*) filter (where due_at >= clock_timestamp() and due_at < ${dayEnd}) as today
    from cases where bureau_id = ${bureauId} and state = 'open'
    group by unit_id order by overdue desc, today desc, open desc`.execute(tx);
  return rows;
}

/** Median seconds between the platform's time and ours of the words of the last day. */
export async function readVisibleAfter(tx: Tx, bureauId: string): Promise<number | null> {
  const { rows } = await sql<{ seconds: number | null }>`
    select percentile_cont(0.5) within group (order by extract(epoch from received_at - at))::float8 as seconds
    from (
      select received_at, at from messages
      where bureau_id = ${bureauId} and direction = 'in' and account_id is not null
        and received_at > now() - interval '1 day'
      order by received_at desc limit 1000
    ) recent`.execute(tx);
  return rows[0]!.seconds;
}

export type OpenForRow = {
  id: string;
  title: string;
  kind: string;
  field: string | null;
  urgency: string;
  due_at: Date | null;
  owner_id: string | null;
  overdue: boolean;
  window_ends_at: Date | null;
  /** Of all that wait, also those beyond the limit. */
  total: number;
};

/**
 * Open cases that wait for a person: theirs, and nobody's: an agent takes every such case, a section those that were
 * given to it without naming anybody. Up to `limit` that are due first, the urgent ones before them, and as many whose
 * platform takes an answer the shortest, in no order: of a case in both there is one row.
 */
export async function listOpenFor(
  tx: Tx,
  bureauId: string,
  personId: string,
  unowned: 'every' | { unitId: string },
  limit: number,
): Promise<OpenForRow[]> {
  const nobodys = unowned === 'every' ? sql`` : sql` and c.unit_id = ${unowned.unitId}`;
  const theirs = sql`
    c.bureau_id = ${bureauId} and c.state = 'open' and c.paused_at is null
    and (c.owner_id = ${personId} or (c.owner_id is null${nobodys}))`;
  const { rows } = await sql<OpenForRow>`
    with first as (
      select c.id, count(*) over () as total from cases c where ${theirs} order by c.sort_key, c.id limit ${limit}
    ), closing as (
      select c.id, min(w.window_ends_at) as ends_at
      from (${casesByWindow(bureauId)}) w
      join cases c on c.bureau_id = ${bureauId} and c.id = w.case_id
      where ${theirs}
      group by c.id order by ends_at, c.id limit ${limit}
    )
    select c.id, c.title, c.kind, c.field, c.urgency, c.due_at, c.owner_id,
           coalesce(c.due_at < clock_timestamp(), false) as overdue, ${windowOfCase} as window_ends_at,
           (select max(total) from first)::int as total
    from cases c
    where c.bureau_id = ${bureauId} and c.id in (select id from first union select id from closing)`.execute(
    tx,
  );
  return rows;
}

/** Complaints and reports that somebody else asked to close without an answer. */
export async function listAskedClosings(tx: Tx, bureauId: string, personId: string) {
  return tx
    .selectFrom('cases')
    .select(['id', 'title', 'due_at'])
    .where('bureau_id', '=', bureauId)
    .where('closing_by', 'is not', null)
    .where('closing_by', '<>', personId)
    .orderBy('sort_key')
    .limit(200)
    .execute();
}

/** Open cases whose extension waits for somebody else to decide. */
export async function listAskedExtensions(tx: Tx, bureauId: string, personId: string) {
  return tx
    .selectFrom('cases')
    .select(['id', 'title', 'due_at', 'extension_days'])
    .where('bureau_id', '=', bureauId)
    .where('state', '=', 'open')
    .where('extension', '=', 'asked')
    .where('extension_by', '<>', personId)
    .orderBy('sort_key')
    .limit(200)
    .execute();
}
