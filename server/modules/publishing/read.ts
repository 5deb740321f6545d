import { sql } from 'kysely';
import type { PlatformIds } from '#connectors/contract.ts';
import type { Tx } from '#server/base/database.ts';
import type { DeliveryMode } from '#shared/package.ts';
import type { DeliveryState } from '#shared/publishing.ts';
import { countOpenTasks } from './tasks/store.ts';
import { countOpenTargets } from './withdrawals/store.ts';

/** What the inbox needs to know of a post it reads comments of. */
export async function findDeliveryForReading(tx: Tx, bureauId: string, deliveryId: string) {
  const row = await tx
    .selectFrom('deliveries')
    .leftJoin('articles', (join) =>
      join
        .onRef('articles.bureau_id', '=', 'deliveries.bureau_id')
        .onRef('articles.id', '=', 'deliveries.article_id'),
    )
    .select([
      'deliveries.id',
      'deliveries.account_id',
      'deliveries.article_id',
      'deliveries.platform_ids',
      'deliveries.url',
      'deliveries.published_at',
      'deliveries.state',
      'deliveries.mode',
      sql<string>`coalesce(deliveries.title, articles.working ->> 'title')`.as('title'),
    ])
    .where('deliveries.bureau_id', '=', bureauId)
    .where('deliveries.id', '=', deliveryId)
    .executeTakeFirst();
  return row
    ? {
        id: row.id,
        accountId: row.account_id,
        articleId: row.article_id,
        articleTitle: row.title,
        platformIds: row.platform_ids as PlatformIds,
        url: row.url,
        publishedAt: row.published_at,
        state: row.state as DeliveryState,
        mode: row.mode as DeliveryMode,
      }
    : null;
}

/** Posts that went out by an API within the last days; the inbox decides which of them have comments. */
export async function listCommentableDeliveries(tx: Tx, sinceDays: number) {
  const rows = await tx
    .selectFrom('deliveries')
    .select(['bureau_id', 'id', 'account_id', 'platform', 'published_at', 'platform_ids'])
    .where('state', '=', 'published')
    .where('mode', '=', 'api')
    .where('published_at', '>', sql<Date>`now() - make_interval(days => ${sinceDays})`)
    .execute();
  return rows.map((row) => ({
    bureauId: row.bureau_id,
    deliveryId: row.id,
    accountId: row.account_id,
    platform: row.platform,
    publishedAt: row.published_at!,
    platformIds: row.platform_ids as PlatformIds,
  }));
}

/** For the health line. */
export async function readPublishingHealth(
  tx: Tx,
  bureauId: string,
): Promise<{ oldestDue: Date | null; unknown: number; withdrawalsOpen: number; tasksOpen: number }> {
  const row = await tx
    .selectFrom('deliveries')
    .select([
      sql<Date | null>`min(due_at) filter (where state in ('planned', 'due', 'preparing', 'prepared') and due_at < now())`.as(
        'oldest',
      ),
      sql<number>`count(*) filter (where state = 'unknown')`.as('unknown'),
    ])
    .where('bureau_id', '=', bureauId)
    .where('state', 'in', ['planned', 'due', 'preparing', 'prepared', 'unknown'])
    .executeTakeFirstOrThrow();
  const waiting = {
    withdrawalsOpen: await countOpenTargets(tx, bureauId),
    tasksOpen: await countOpenTasks(tx, bureauId),
  };
  return { oldestDue: row.oldest, unknown: row.unknown, ...waiting };
}
