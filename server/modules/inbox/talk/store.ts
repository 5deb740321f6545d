/** What people said in a window, for those who read all of it together (issues, the digest, the marks of answers). */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { CaseChannel } from '#shared/inbox.ts';

export type Talk = {
  id: string;
  case_id: string | null;
  channel: CaseChannel;
  /** Of whom it is: one person on one account. */
  person: string;
  text: string;
  at: Date;
  /** Who agreed with a comment, where the platform tells; else 0. */
  likes: number;
};

export type TalkWindow = {
  from: Date;
  to: Date;
  /** Empty: all. */
  via: readonly string[];
};

/** Words of a window, the newest first, `limit` at most; spam, what was taken back and what holds no words is left out. */
export async function listTalk(
  tx: Tx,
  bureauId: string,
  { from, to, via }: TalkWindow,
  limit: number,
): Promise<Talk[]> {
  const { rows } = await sql<Talk>`${talkQuery(bureauId, { from, to, via }, limit)}`.execute(tx);
  return rows;
}

const fromTalk = (bureauId: string, { from, to, via }: TalkWindow) => sql`
  from messages m
  join conversations v on v.bureau_id = m.bureau_id and v.id = m.conversation_id
  left join lateral (
    select c.case_id, k.outcome from case_conversations c
    join cases k on k.bureau_id = c.bureau_id and k.id = c.case_id
    where c.bureau_id = ${bureauId} and c.conversation_id = m.conversation_id
    -- The case that was open when it was said: the latest begun by then.
    order by k.received_at <= m.at desc, k.received_at desc limit 1
  ) l on true
  where m.bureau_id = ${bureauId} and m.direction = 'in' and m.at >= ${from} and m.at < ${to}
    and char_length(m.text) >= 4 and (l.outcome is null or l.outcome not in ('spam', 'withdrawn'))
    and (${via.length === 0} or v.kind = any(${[...via]}))`;

export const talkQuery = (bureauId: string, window: TalkWindow, limit: number) => sql<Talk>`
  select m.id, l.case_id, v.kind as channel, coalesce(v.account_id::text, '') || v.person_key as person, m.text, m.at,
         case when v.kind = 'comment' then coalesce(v.likes, 0) else 0 end as likes
  ${fromTalk(bureauId, window)}
  order by m.at desc, m.id desc limit ${limit}`;

/** Whether a window holds at least `least` words; reads no further. */
export async function hasTalk(
  tx: Tx,
  bureauId: string,
  { from, to }: Omit<TalkWindow, 'via'>,
  least: number,
): Promise<boolean> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select from messages
      where bureau_id = ${bureauId} and direction = 'in' and at >= ${from} and at < ${to} limit ${least}
    ) few`.execute(tx);
  return rows[0]!.count >= least;
}

/** How many `listTalk` would give without its limit. */
export async function countTalk(tx: Tx, bureauId: string, window: TalkWindow): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*) as count ${fromTalk(bureauId, window)}`.execute(tx);
  return rows[0]!.count;
}

export async function listTalkById(tx: Tx, bureauId: string, ids: readonly string[]) {
  const { rows } = await sql<{ id: string; channel: CaseChannel; text: string; at: Date }>`
    select m.id, v.kind as channel, m.text, m.at from messages m
    join conversations v on v.bureau_id = m.bureau_id and v.id = m.conversation_id
    where m.bureau_id = ${bureauId} and m.id = any(${[...ids]}::uuid[])`.execute(tx);
  return rows;
}

export async function listCaseNumbers(
  tx: Tx,
  bureauId: string,
  ids: readonly string[],
): Promise<Map<string, { number: string; title: string }>> {
  const rows = await tx
    .selectFrom('cases')
    .select(['id', 'number', 'title'])
    .where('bureau_id', '=', bureauId)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, { number: row.number, title: row.title }]));
}
