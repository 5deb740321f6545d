/** SQL on the counts of known limits. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

export type Ask = { subject: string; name: string; most: number; windowMs: number; n: number };

export const keyOf = ({ subject, name }: { subject: string; name: string }) => `${subject} ${name}`;

/**
 * Takes what is left of each, up to what is asked, in one statement: two processes cannot both take the last one.
 * @returns by `keyOf`; `freeAt` is when the oldest of them leaves the window
 */
export async function spend(
  tx: Tx,
  asks: readonly Ask[],
): Promise<Map<string, { granted: number; freeAt: Date }>> {
  if (asks.length === 0) return new Map();
  const { rows } = await sql<{ subject: string; name: string; granted: number; free_at: Date }>`
    insert into call_uses as u (subject, name, most, window_ms, granted, spent)
    select subject, name, most, window_ms, least(n, most), array_fill(clock_timestamp(), array[least(n, most)])
    from unnest(
      ${asks.map((one) => one.subject)}::text[], ${asks.map((one) => one.name)}::text[],
      ${asks.map((one) => one.most)}::integer[], ${asks.map((one) => one.windowMs)}::bigint[],
      ${asks.map((one) => one.n)}::integer[]) as asked (subject, name, most, window_ms, n)
    order by subject, name
    on conflict (subject, name) do update set (most, window_ms, granted, spent) = (
      select excluded.most, excluded.window_ms, room.free,
             kept.moments || array_fill(clock_timestamp(), array[room.free])
      from (
        select array(
          select moment from unnest(u.spent) as moment
          where moment > clock_timestamp() - make_interval(secs => excluded.window_ms / 1000.0)
          order by moment) as moments
      ) as kept,
      lateral (
        select least(
          cardinality(excluded.spent), greatest(excluded.most - cardinality(kept.moments), 0)) as free
      ) as room)
    returning subject, name, granted,
      coalesce(spent[1], clock_timestamp()) + make_interval(secs => window_ms / 1000.0) as free_at`.execute(
    tx,
  );
  return new Map(rows.map((row) => [keyOf(row), { granted: row.granted, freeAt: row.free_at }]));
}

/** What was taken within each window, without taking anything; `freeAt` as in `spend`. */
export async function countSpent(
  tx: Tx,
  limits: readonly Pick<Ask, 'subject' | 'name' | 'windowMs'>[],
): Promise<Map<string, { used: number; freeAt: Date }>> {
  if (limits.length === 0) return new Map();
  const { rows } = await sql<{ subject: string; name: string; used: number; free_at: Date }>`
    select u.subject, u.name, count(*)::int as used,
      min(moment) + make_interval(secs => asked.window_ms / 1000.0) as free_at
    from (
      select distinct subject, name, window_ms
      from unnest(
        ${limits.map((one) => one.subject)}::text[], ${limits.map((one) => one.name)}::text[],
        ${limits.map((one) => one.windowMs)}::bigint[]) as given (subject, name, window_ms)
    ) as asked
    join call_uses u on u.subject = asked.subject and u.name = asked.name
    cross join unnest(u.spent) as moment
    where moment > clock_timestamp() - make_interval(secs => asked.window_ms / 1000.0)
    group by u.subject, u.name, asked.window_ms`.execute(tx);
  return new Map(rows.map((row) => [keyOf(row), { used: row.used, freeAt: row.free_at }]));
}
