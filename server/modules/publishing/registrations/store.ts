import { sql } from 'kysely';
import type { PlatformIds } from '#connectors/contract.ts';
import type { Tx } from '#server/base/database.ts';

/** Which posts are here already, by account and key of the link. */
export async function findPostsByLink(
  tx: Tx,
  bureauId: string,
  linkKeys: readonly string[],
): Promise<{ id: string; accountId: string; linkKey: string }[]> {
  if (linkKeys.length === 0) return [];
  const rows = await tx
    .selectFrom('deliveries')
    .select(['id', 'account_id', 'link_key'])
    .where('bureau_id', '=', bureauId)
    .where('link_key', '=', sql<string>`any(${linkKeys}::text[])`)
    .execute();
  return rows.map((row) => ({ id: row.id, accountId: row.account_id, linkKey: row.link_key! }));
}

/** Published from the first moment: nothing wakes for it. */
export async function insertRegistration(
  tx: Tx,
  row: {
    bureau_id: string;
    id: string;
    account_id: string;
    article_id: string | null;
    platform: string;
    reach: string;
    title: string;
    url: string;
    link_key: string;
    platform_ids: PlatformIds;
    published_at: Date;
    planned_wall: string;
    registered_by: string;
  },
): Promise<void> {
  await tx
    .insertInto('deliveries')
    .values({
      ...row,
      platform_ids: JSON.stringify(row.platform_ids),
      mode: 'registered',
      state: 'published',
      due_at: row.published_at,
    })
    .execute();
}

/** In the worker's role: staff remove no deliveries but these. Its figures go with it. */
export async function deleteRegistration(tx: Tx, bureauId: string, deliveryId: string): Promise<void> {
  await tx
    .deleteFrom('deliveries')
    .where('bureau_id', '=', bureauId)
    .where('id', '=', deliveryId)
    .where('mode', '=', 'registered')
    .execute();
}
