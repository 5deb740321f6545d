/** SQL of the lists of cases. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { CaseState } from '#shared/inbox.ts';

export type CaseFilter = {
  state?: CaseState | undefined;
  ownerId?: string | undefined;
  /** Any part of a number, a title or a message. */
  search?: string | undefined;
};

/** Where a page ended: `key` orders, `id` breaks ties. */
export type CasePlace = { key: number; id: string };

/**
 * Open cases by what is due first, then the others, newest first. Epoch seconds, so that one ascending order serves
 * both: a later answer gets a smaller key, beyond every open one.
 */
const orderKey = sql<number>`(case when c.state = 'open'
  then coalesce(extract(epoch from c.due_at), 9e9)
  else 1e11 - extract(epoch from coalesce(c.answered_at, c.received_at)) end)::float8`;

function conditions(bureauId: string, filter: CaseFilter) {
  const parts = [sql`c.bureau_id = ${bureauId}`];
  if (filter.state) parts.push(sql`c.state = ${filter.state}`);
  if (filter.ownerId) parts.push(sql`c.owner_id = ${filter.ownerId}`);
  if (filter.search) {
    const pattern = `%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%`;
    parts.push(sql`(c.number like ${pattern} or c.title ilike ${pattern} or exists (
      select from case_conversations l
      join messages m on m.bureau_id = l.bureau_id and m.conversation_id = l.conversation_id
      where l.bureau_id = ${bureauId} and l.case_id = c.id and m.bureau_id = ${bureauId} and m.text ilike ${pattern}))`);
  }
  return parts;
}

export type CaseListRow = {
  id: string;
  number: string;
  title: string;
  kind: string;
  field: string | null;
  state: string;
  unit_id: string | null;
  owner_id: string | null;
  due_at: Date | null;
  received_at: Date;
  answered_at: Date | null;
  overdue: boolean;
  account_id: string;
  channel: string;
  person_name: string | null;
  key: number;
};

const columns = sql`
  c.id, c.number, c.title, c.kind, c.field, c.state, c.unit_id, c.owner_id, c.due_at, c.received_at, c.answered_at,
  (c.state = 'open' and coalesce(c.due_at < clock_timestamp(), false)) as overdue,
  v.account_id, v.kind as channel, v.person_name, ${orderKey} as key`;

/** The conversation a case began with says where it came from. */
const firstConversation = sql`
  join lateral (
    select v.account_id, v.kind, v.person_name
    from case_conversations l
    join conversations v on v.bureau_id = l.bureau_id and v.id = l.conversation_id
    where l.bureau_id = c.bureau_id and l.case_id = c.id
    order by v.created_at, v.id limit 1
  ) v on true`;

export async function listCaseRows(
  tx: Tx,
  bureauId: string,
  filter: CaseFilter,
  after: CasePlace | null,
  limit: number,
): Promise<CaseListRow[]> {
  const parts = conditions(bureauId, filter);
  if (after) parts.push(sql`(${orderKey}, c.id) > (${after.key}::float8, ${after.id}::uuid)`);
  const { rows } = await sql<CaseListRow>`
    select ${columns} from cases c ${firstConversation}
    where ${sql.join(parts, sql` and `)}
    order by key, c.id
    limit ${limit}`.execute(tx);
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
    .where((or) =>
      or.or([
        or('owner_id', '=', personId),
        unowned === 'every'
          ? or('owner_id', 'is', null)
          : or.and([or('owner_id', 'is', null), or('unit_id', '=', unowned.unitId)]),
      ]),
    )
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}
