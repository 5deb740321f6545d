/** SQL of the lists of cases. */
import { type RawBuilder, sql } from 'kysely';
import { asWorker, type Tx } from '#server/base/database.ts';
import { queryTerms } from '#server/modules/publishing/index.ts';
import type { CaseChannel, CaseKind, CaseState, CaseUrgency } from '#shared/inbox.ts';

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
  /** Any part of a number, a title, a name or a message. */
  search?: string | undefined;
};

/** Where a page ended: `key` orders, `id` breaks ties. */
export type CasePlace = { key: number; id: string };

type Part = RawBuilder<unknown>;

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
  key: number;
};

const columns = sql`
  c.id, c.number, c.title, c.kind, c.field, c.state, c.urgency, c.unit_id, c.owner_id, c.due_at, c.received_at,
  c.answered_at, c.paused_at, c.outcome, c.extension, c.supervised_at, c.account_id, c.channel,
  (c.state = 'open' and coalesce(c.due_at < clock_timestamp(), false)) as overdue, v.person_name, c.sort_key as key`;

/** The conversation a case began with says whose words they are. */
const firstConversation = sql`
  left join lateral (
    select v.person_name
    from case_conversations l
    join conversations v on v.bureau_id = l.bureau_id and v.id = l.conversation_id
    where l.bureau_id = c.bureau_id and l.case_id = c.id
    order by v.created_at, v.id limit 1
  ) v on true`;

/**
 * Up to so many cases that hold all terms are read and compared with the words as they were typed. Beyond them the queue
 * is walked instead until a page is full: so many hold the terms that this is soon, and their order on the page says more
 * than the comparison would.
 */
const mostCandidates = 1_000;

type Search = { candidates: string[] | null; query: string | null };

/**
 * Cases that hold every bigram of the search. The staff role cannot use the index of words (`@@` is not leakproof under
 * row security): the worker's role asks, limited to the bureau.
 */
async function prepareSearch(tx: Tx, bureauId: string, search: string): Promise<Search> {
  const query = toQuery(search);
  if (query === null) return { candidates: null, query };
  const { rows } = await asWorker(tx, (worker) =>
    sql<{ case_id: string }>`
      select case_id from case_texts
      where bureau_id = ${bureauId} and bigrams @@ ${query}::tsquery
      limit ${mostCandidates + 1}`.execute(worker),
  );
  return { candidates: rows.length > mostCandidates ? null : rows.map((row) => row.case_id), query };
}

/** The bigrams say where it may stand, this says that it does: with its order and its signs. */
function standsExactly(bureauId: string, search: string): Part {
  const pattern = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql`(c.number like ${pattern} or c.title ilike ${pattern} or exists (
    select from case_conversations l
    join conversations v on v.bureau_id = l.bureau_id and v.id = l.conversation_id
    left join messages m on m.bureau_id = l.bureau_id and m.conversation_id = l.conversation_id
    where l.bureau_id = ${bureauId} and l.case_id = c.id
      and (m.text ilike ${pattern} or v.person_name ilike ${pattern} or v.source_number ilike ${pattern}
           or v.receipt ilike ${pattern})))`;
}

/** All terms of the search, the last of a number or word as a beginning; null when it has none. */
function toQuery(search: string): string | null {
  const terms = queryTerms(search);
  if (terms.length === 0) return null;
  const quote = (term: string) => `'${term.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  // Words of letters and digits may be cut anywhere: their beginning is enough.
  const isWord = (term: string) => !/\p{Script=Han}/u.test(term);
  return terms.map(({ text, prefix }) => `${quote(text)}${prefix || isWord(text) ? ':*' : ''}`).join(' & ');
}

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
  const { candidates, query } = await prepareSearch(tx, bureauId, filter.search);
  if (candidates?.length === 0) return [];
  if (candidates) {
    parts.push(sql`c.id = any(${candidates}::uuid[])`);
    return readPage(tx, parts, standsExactly(bureauId, filter.search), limit);
  }
  if (query === null) return readPage(tx, parts, standsExactly(bureauId, filter.search), limit);
  parts.push(sql`exists (
    select from case_texts t
    where t.bureau_id = ${bureauId} and t.case_id = c.id and t.bigrams @@ ${query}::tsquery)`);
  return readPage(tx, parts, null, limit);
}

/** @param last asked of the sorted rows one by one until the page is full: what is costly comes last and seldom */
async function readPage(
  tx: Tx,
  parts: readonly Part[],
  last: Part | null,
  limit: number,
): Promise<CaseListRow[]> {
  const sorted = sql`
    select c.* from cases c where ${sql.join(parts, sql` and `)} order by c.sort_key, c.id`;
  const found = last
    ? sql`select c.* from (${sorted} offset 0) c where ${last} limit ${limit}`
    : sql`${sorted} limit ${limit}`;
  const { rows } = await sql<CaseListRow>`
    select ${columns} from (${found}) c ${firstConversation} order by c.sort_key, c.id`.execute(tx);
  return rows;
}

export async function findCaseRow(tx: Tx, bureauId: string, caseId: string): Promise<CaseListRow | null> {
  const { rows } = await sql<CaseListRow>`
    select ${columns} from cases c ${firstConversation}
    where c.bureau_id = ${bureauId} and c.id = ${caseId}`.execute(tx);
  return rows[0] ?? null;
}

export async function countOpenCases(
  tx: Tx,
  bureauId: string,
  ownerId: string | undefined,
): Promise<{ open: number; overdue: number }> {
  const parts = conditions(bureauId, { state: 'open', ownerId });
  const { rows } = await sql<{ open: number; overdue: number }>`
    select count(*) as open, count(*) filter (where c.due_at < clock_timestamp()) as overdue
    from cases c where ${sql.join(parts, sql` and `)}`.execute(tx);
  return rows[0]!;
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

/**
 * Open cases that wait for a person: theirs, and nobody's: an agent takes every such case, a section those that were
 * given to it without naming anybody. What is due first, first.
 */
export async function listOpenFor(
  tx: Tx,
  bureauId: string,
  personId: string,
  unowned: 'every' | { unitId: string },
  limit: number,
) {
  return tx
    .selectFrom('cases')
    .select(['id', 'number', 'title', 'kind', 'field', 'due_at', 'owner_id'])
    .select(sql<boolean>`coalesce(due_at < clock_timestamp(), false)`.as('overdue'))
    .where('bureau_id', '=', bureauId)
    .where('state', '=', 'open')
    .where('paused_at', 'is', null)
    .where((or) =>
      or.or([
        or('owner_id', '=', personId),
        unowned === 'every'
          ? or('owner_id', 'is', null)
          : or.and([or('owner_id', 'is', null), or('unit_id', '=', unowned.unitId)]),
      ]),
    )
    .orderBy('sort_key')
    .orderBy('id')
    .limit(limit)
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
