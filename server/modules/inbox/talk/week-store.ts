/** Numbers of a stretch of time, for the weekly digest. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { CaseChannel, CaseKind } from '#shared/inbox.ts';

export type WeekFigures = {
  received: number;
  /** Of those that were to be answered in it: answered by then, and all. */
  answered: number;
  inTime: number;
  late: number;
  /** Over their time and without an answer when the stretch ended, or now where it has not ended yet. */
  overdue: number;
  /** Closed by the office in it without an answer; what needed none or was taken back by whoever wrote is not meant. */
  closedUnanswered: number;
  byField: { field: string | null; count: number }[];
  byKind: { kind: CaseKind; count: number }[];
  byChannel: { channel: CaseChannel; count: number }[];
  satisfaction: { count: number; mean: number | null; low: number };
  closed: number;
  supervised: number;
  adoptedCount: number;
  /** In the person's own words, uncut; the first fifty. */
  adopted: { text: string; note: string | null }[];
  /** Suggestions that were closed without being taken up. */
  notAdopted: number;
};

/** Spam and what was merged into another case counts nowhere. */
const counts = sql`(outcome is null or outcome not in ('spam', 'merged'))`;

export async function readWeek(tx: Tx, bureauId: string, from: Date, to: Date): Promise<WeekFigures> {
  const received = sql`bureau_id = ${bureauId} and received_at >= ${from} and received_at < ${to} and ${counts}`;
  const by = async <Key extends string>(column: 'field' | 'kind' | 'channel') =>
    (
      await sql<Record<Key, string> & { count: number }>`
        select ${sql.ref(column)}, count(*) as count from cases where ${received}
        group by 1 order by 2 desc, 1`.execute(tx)
    ).rows;
  const { rows: answers } = await sql<{ answered: number; in_time: number }>`
    select count(*) as answered, count(*) filter (where due_at is null or answered_at <= due_at) as in_time
    from cases
    where bureau_id = ${bureauId} and answered_at >= ${from} and answered_at < ${to} and ${counts}`.execute(
    tx,
  );
  const { rows: closed } = await sql<{ closed: number; not_adopted: number; adopted: number }>`
    select count(*) as closed, count(*) filter (where outcome = 'not-adopted') as not_adopted,
           count(*) filter (where outcome = 'adopted') as adopted
    from cases
    where bureau_id = ${bureauId} and closed_at >= ${from} and closed_at < ${to} and ${counts}
      -- What was taken back came in, but the office ended nothing.
      and outcome is distinct from 'withdrawn'`.execute(tx);
  // A case may be here for its supervision alone: what was thought of it in another week was told then.
  const rated = sql`(satisfaction_at >= ${from} and satisfaction_at < ${to})`;
  const { rows: stars } = await sql<{ count: number; mean: number | null; low: number; supervised: number }>`
    select count(satisfaction) filter (where ${rated}) as count,
           avg(satisfaction) filter (where ${rated})::float8 as mean,
           count(*) filter (where ${rated} and satisfaction <= 2) as low,
           count(*) filter (where supervised_at >= ${from} and supervised_at < ${to}) as supervised
    from cases
    where bureau_id = ${bureauId} and received_at >= ${from}::timestamptz - interval '90 days' and received_at < ${to}
      and (${rated}
           or (supervised_at >= ${from} and supervised_at < ${to}))`.execute(tx);
  const end = sql`least(${to}::timestamptz, clock_timestamp())`;
  const { rows: overdue } = await sql<{ count: number }>`
    select count(*) as count from cases
    where bureau_id = ${bureauId} and due_at < ${end} and received_at < ${end} and ${counts}
      and (state = 'open' or coalesce(answered_at, closed_at) >= ${end})`.execute(tx);
  const { rows: unanswered } = await sql<{ count: number }>`
    select count(*) as count from cases c
    where bureau_id = ${bureauId} and closed_at >= ${from} and closed_at < ${to}
      and outcome = 'no-answer' and answered_at is null and kind <> 'thanks'
      and not exists (
        select from case_events e
        where e.bureau_id = c.bureau_id and e.case_id = c.id and e.event = 'closed' and e.actor_id is null)`.execute(
    tx,
  );
  const { rows: adopted } = await sql<{ text: string; note: string | null }>`
    select coalesce(m.text, title) as text, outcome_note as note from cases c
    left join lateral (
      select m.text from case_conversations l
      join messages m on m.bureau_id = l.bureau_id and m.conversation_id = l.conversation_id
      where l.bureau_id = c.bureau_id and l.case_id = c.id and m.direction = 'in' and m.text <> ''
      order by m.at, m.id limit 1
    ) m on true
    where c.bureau_id = ${bureauId} and outcome = 'adopted' and closed_at >= ${from} and closed_at < ${to}
    order by closed_at limit 50`.execute(tx);
  const byKind = await by<'kind'>('kind');
  const { answered, in_time: inTime } = answers[0]!;
  const { count, mean, low, supervised } = stars[0]!;
  return {
    ...{
      received: byKind.reduce((sum, one) => sum + one.count, 0),
      answered,
      inTime,
      late: answered - inTime,
    },
    overdue: overdue[0]!.count,
    closedUnanswered: unanswered[0]!.count,
    byField: await by<'field'>('field'),
    byKind: byKind as WeekFigures['byKind'],
    byChannel: (await by<'channel'>('channel')) as WeekFigures['byChannel'],
    satisfaction: { count, mean, low },
    closed: closed[0]!.closed,
    supervised,
    adoptedCount: closed[0]!.adopted,
    adopted,
    notAdopted: closed[0]!.not_adopted,
  };
}
