/** SQL on corrections. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { CorrectionState } from '#shared/corrections.ts';

export async function insertCorrection(
  tx: Tx,
  row: {
    bureau_id: string;
    id: string;
    article_id: string;
    text: string;
    reason: string;
    hash: Buffer;
    created_by: string;
  },
): Promise<void> {
  await tx.insertInto('corrections').values(row).execute();
}

export async function findCorrection(tx: Tx, bureauId: string, id: string, lock = false) {
  let query = tx.selectFrom('corrections').selectAll().where('bureau_id', '=', bureauId).where('id', '=', id);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  return row && { ...row, state: row.state as CorrectionState };
}
export type CorrectionRecord = NonNullable<Awaited<ReturnType<typeof findCorrection>>>;

export async function listCorrectionRows(tx: Tx, bureauId: string, articleId: string) {
  const rows = await tx
    .selectFrom('corrections')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('article_id', '=', articleId)
    .orderBy('id', 'desc')
    .execute();
  return rows.map((row) => ({ ...row, state: row.state as CorrectionState }));
}

export async function listPostsOut(tx: Tx, bureauId: string, articleId: string) {
  return tx
    .selectFrom('deliveries')
    .select(['id', 'account_id', 'platform', 'platform_ids'])
    .where('bureau_id', '=', bureauId)
    .where('article_id', '=', articleId)
    .where('state', '=', 'published')
    .orderBy('id')
    .execute();
}

export async function moveCorrection(
  tx: Tx,
  ref: { bureau_id: string; id: string },
  change: { state?: CorrectionState; reviewId?: string; withdrawnReason?: string },
): Promise<void> {
  await tx
    .updateTable('corrections')
    .set({
      ...(change.state ? { state: change.state } : {}),
      ...(change.state === 'published' ? { published_at: sql<Date>`now()` } : {}),
      ...(change.reviewId ? { review_id: change.reviewId } : {}),
      ...(change.withdrawnReason ? { withdrawn_reason: change.withdrawnReason } : {}),
    })
    .where('bureau_id', '=', ref.bureau_id)
    .where('id', '=', ref.id)
    .execute();
}
