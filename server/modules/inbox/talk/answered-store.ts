/** Answered cases with question and answer, for those who judge answers. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

export type AnsweredCase = {
  id: string;
  unit_id: string | null;
  received_at: Date;
  due_at: Date | null;
  answered_at: Date;
};

/** In the order of their answers. */
export async function listAnswered(
  tx: Tx,
  bureauId: string,
  after: { at: Date; id: string },
  limit: number,
): Promise<AnsweredCase[]> {
  const { rows } = await sql<AnsweredCase>`${answeredQuery(bureauId, after, limit)}`.execute(tx);
  return rows;
}

export const answeredQuery = (bureauId: string, after: { at: Date; id: string }, limit: number) => sql`
  select id, unit_id, received_at, due_at, answered_at from cases
  where bureau_id = ${bureauId} and answered_at is not null
    and (answered_at, id) > (${after.at}, ${after.id}::uuid)
  order by answered_at, id limit ${limit}`;

const readUnits = 4_000;

/** All that the person wrote until then, and the last that the office wrote; cases without both are left out. */
export async function listExchanges(tx: Tx, bureauId: string, ids: readonly string[]) {
  const { rows } = await sql<
    AnsweredCase & { number: string; title: string; question: string; reply: string }
  >`
    select c.id, c.unit_id, c.received_at, c.due_at, c.answered_at, c.number, c.title, q.question, r.reply
    from cases c
    join lateral (
      select left(string_agg(m.text, e'\n' order by m.at, m.id), ${readUnits}) as question
      from case_conversations l
      join messages m on m.bureau_id = l.bureau_id and m.conversation_id = l.conversation_id
      where l.bureau_id = c.bureau_id and l.case_id = c.id and m.direction = 'in'
        and m.at >= c.received_at - interval '1 day' and m.at <= c.answered_at
    ) q on q.question is not null
    join lateral (
      select left(m.text, ${readUnits}) as reply
      from case_conversations l
      join messages m on m.bureau_id = l.bureau_id and m.conversation_id = l.conversation_id
      where l.bureau_id = c.bureau_id and l.case_id = c.id and m.direction = 'out'
      order by m.at desc, m.id desc limit 1
    ) r on true
    where c.bureau_id = ${bureauId} and c.id = any(${[...ids]}::uuid[]) and c.answered_at is not null`.execute(
    tx,
  );
  return rows;
}
