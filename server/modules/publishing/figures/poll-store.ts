import { sql } from 'kysely';
import type { PlatformIds } from '#connectors/contract.ts';
import type { Tx } from '#server/base/database.ts';

export type FigurePoll = {
  bureauId: string;
  deliveryId: string;
  accountId: string;
  platform: string;
  ids: PlatformIds;
  publishedAt: Date;
};

/** A row for every post that is out and that the platform can name; `platforms`: those whose connector has figures. */
export async function insertMissingPolls(tx: Tx, platforms: readonly string[], days: number): Promise<void> {
  if (platforms.length === 0) return;
  await sql`
    insert into figure_polls (bureau_id, delivery_id, account_id)
    select d.bureau_id, d.id, d.account_id from deliveries d
    where d.state = 'published' and d.platform = any(${platforms}::text[]) and d.platform_ids <> '{}'::jsonb
      and d.published_at > now() - make_interval(days => ${days})
    on conflict do nothing`.execute(tx);
}

/** Takes the due posts of one account, so that they go in one call; the lease brings them back. */
export async function claimPolls(tx: Tx, limit: number, leaseMs: number): Promise<FigurePoll[]> {
  const { rows } = await sql<FigurePoll>`
    with first as (
      select account_id from figure_polls where next_at <= statement_timestamp() order by next_at limit 1
    ), due as (
      select p.bureau_id, p.delivery_id from figure_polls p join first on first.account_id = p.account_id
      where p.next_at <= statement_timestamp() order by p.next_at limit ${limit} for update of p skip locked
    )
    update figure_polls p set next_at = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
    from due join deliveries d on d.bureau_id = due.bureau_id and d.id = due.delivery_id
    where p.bureau_id = due.bureau_id and p.delivery_id = due.delivery_id
    returning p.bureau_id as "bureauId", p.delivery_id as "deliveryId", p.account_id as "accountId", d.platform,
              d.platform_ids as ids, d.published_at as "publishedAt"`.execute(tx);
  return rows;
}

/** @param inMs null: it is too old to be worth asking, or gone; it is not asked again */
export async function settlePoll(
  tx: Tx,
  poll: Pick<FigurePoll, 'bureauId' | 'deliveryId'>,
  inMs: number | null,
  failure: string | null,
): Promise<void> {
  await sql`
    update figure_polls
    set next_at = ${inMs === null ? null : sql`clock_timestamp() + make_interval(secs => ${inMs / 1000})`},
        failure = ${failure}, asked_at = clock_timestamp()
    where bureau_id = ${poll.bureauId} and delivery_id = ${poll.deliveryId}`.execute(tx);
}

export async function findFailures(
  tx: Tx,
  bureauId: string,
  deliveryIds: readonly string[],
): Promise<Map<string, string>> {
  if (deliveryIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('figure_polls')
    .select(['delivery_id', 'failure'])
    .where('bureau_id', '=', bureauId)
    .where('delivery_id', 'in', deliveryIds)
    .where('failure', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [row.delivery_id, row.failure!]));
}

export type AccountPoll = { bureauId: string; accountId: string };

/** A new account is first asked after ten minutes: whoever made it may still be setting it up. */
export async function insertMissingAccountPolls(tx: Tx, platforms: readonly string[]): Promise<void> {
  if (platforms.length === 0) return;
  await sql`
    insert into account_figure_polls (bureau_id, account_id, next_at)
    select bureau_id, id, clock_timestamp() + interval '10 minutes' from accounts where state = 'active' and platform = any(${platforms}::text[])
    on conflict do nothing`.execute(tx);
}

export async function claimAccountPoll(tx: Tx, leaseMs: number): Promise<AccountPoll | undefined> {
  const { rows } = await sql<AccountPoll>`
    update account_figure_polls p set next_at = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
    where (p.bureau_id, p.account_id) in (
      select bureau_id, account_id from account_figure_polls where next_at <= statement_timestamp()
      order by next_at limit 1 for update skip locked)
    returning p.bureau_id as "bureauId", p.account_id as "accountId"`.execute(tx);
  return rows[0];
}

export async function settleAccountPoll(
  tx: Tx,
  poll: AccountPoll,
  inMs: number,
  failure: string | null,
): Promise<void> {
  await sql`
    update account_figure_polls
    set next_at = clock_timestamp() + make_interval(secs => ${inMs / 1000}), failure = ${failure},
        asked_at = clock_timestamp()
    where bureau_id = ${poll.bureauId} and account_id = ${poll.accountId}`.execute(tx);
}
