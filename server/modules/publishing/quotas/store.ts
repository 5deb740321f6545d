import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { Reach } from '#shared/package.ts';
import type { DeliveryState } from '#shared/publishing.ts';

/** The platform may have counted it; a failed or refused one it has not. */
const used = ['submitting', 'pending', 'published', 'unknown', 'withdrawn'] satisfies DeliveryState[];
const planned = ['planned', 'due', 'preparing', 'prepared', 'held'] satisfies DeliveryState[];

/** Of the calendar day or month in Shanghai that `today` lies in. */
export async function countReachUses(
  tx: Tx,
  of: { bureauId: string; accountId: string; reach: Reach; per: 'day' | 'month'; today: string },
): Promise<{ used: number; planned: number }> {
  const { rows } = await sql<{ used: number; planned: number }>`
    with period as (
      select date_trunc(${of.per}, ${of.today}::date::timestamp) as wall
    ), edges as (
      select wall at time zone 'Asia/Shanghai' as start,
             (wall + ('1 ' || ${of.per})::interval) at time zone 'Asia/Shanghai' as finish from period
    )
    select
      count(*) filter (where state = any (${used}::text[])
        and coalesce(submitted_at, published_at) >= start and coalesce(submitted_at, published_at) < finish)::int as used,
      count(*) filter (where state = any (${planned}::text[]) and due_at >= start and due_at < finish)::int as planned
    from deliveries, edges
    where bureau_id = ${of.bureauId} and account_id = ${of.accountId} and reach = ${of.reach}
      -- An approved post goes out within seven days of its time.
      and due_at >= start - interval '8 days' and due_at < finish`.execute(tx);
  return rows[0]!;
}
