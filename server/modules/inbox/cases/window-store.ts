/**
 * SQL of the platforms' reply windows: until when an answer is still taken of people who have none. What waits for its
 * reviewer is no answer here: the window does not wait with it.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

/** A conversation `v` whose window is open, and whose newest words have no answer that went out or is about to. */
const waits = sql`
  v.window_ends_at > clock_timestamp() and coalesce(v.window_left > 0, true)
  and exists (
    select from messages m
    where m.bureau_id = v.bureau_id and m.conversation_id = v.id and m.direction = 'in'
      and m.received_at > greatest(
        (select coalesce(max(r.created_at), '-infinity') from replies r
         where r.bureau_id = v.bureau_id and r.conversation_id = v.id and r.purpose = 'answer'
           and r.state in ('due', 'submitting', 'unknown', 'sent')),
        (select coalesce(max(o.received_at), '-infinity') from messages o
         where o.bureau_id = v.bureau_id and o.conversation_id = v.id and o.direction = 'out'
           and o.platform_id like 'standing:%')))`;

/** Of a row of cases `c`, with those that were merged into it. */
const ofCase = sql`
  l.bureau_id = c.bureau_id and l.case_id in (
    select c.id union all
    select d.id from cases d where d.bureau_id = c.bureau_id and d.merged_into = c.id)`;

/** For a row of cases `c`: when the first window of its people closes; null for none. */
export const windowOfCase: RawBuilder<Date | null> = sql<Date | null>`(
  select min(v.window_ends_at)
  from case_conversations l
  join conversations v on v.bureau_id = l.bureau_id and v.id = l.conversation_id
  where ${ofCase} and ${waits})`;

/** The window of a case's people that closes first, and when they wrote; null for none. */
export async function findWindow(
  tx: Tx,
  bureauId: string,
  caseId: string,
): Promise<{ endsAt: Date; since: Date } | null> {
  const { rows } = await sql<{ endsAt: Date; since: Date }>`
    select v.window_ends_at as "endsAt", v.last_at as since
    from cases c
    join case_conversations l on ${ofCase}
    join conversations v on v.bureau_id = l.bureau_id and v.id = l.conversation_id and ${waits}
    where c.bureau_id = ${bureauId} and c.id = ${caseId}
    order by v.window_ends_at limit 1`.execute(tx);
  return rows[0] ?? null;
}

/** Cases, and those they were merged into, in the order in which their windows close. */
export const casesByWindow = (bureauId: string): RawBuilder<unknown> => sql`
  select coalesce(d.merged_into, d.id) as case_id, v.window_ends_at
  from conversations v
  join case_conversations l on l.bureau_id = v.bureau_id and l.conversation_id = v.id
  join cases d on d.bureau_id = l.bureau_id and d.id = l.case_id
  where v.bureau_id = ${bureauId} and ${waits}`;
