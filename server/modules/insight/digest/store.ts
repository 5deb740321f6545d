/** SQL on digests. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { DigestSection } from '#shared/insight.ts';

export type DigestText = { title: string; sections: DigestSection[] };

export type DigestRow = DigestText & {
  id: string;
  week: string;
  revision: number;
  signed_by: string | null;
  signed_at: Date | null;
  text_hash: string | null;
  updated_by: string | null;
  updated_at: Date;
};

const columns = [
  ...(['id', 'week', 'title', 'sections', 'revision', 'signed_by', 'signed_at', 'text_hash'] as const),
  ...(['updated_by', 'updated_at'] as const),
];

/** @returns false when the week has one already */
export async function insertDigest(
  tx: Tx,
  bureauId: string,
  digest: DigestText & { id: string; week: string; figures: unknown; by: string | null },
): Promise<boolean> {
  const result = await tx
    .insertInto('digests')
    .values({
      ...{ bureau_id: bureauId, id: digest.id, week: digest.week, title: digest.title },
      ...{ sections: JSON.stringify(digest.sections), figures: JSON.stringify(digest.figures) },
      updated_by: digest.by,
    })
    .onConflict((conflict) => conflict.columns(['bureau_id', 'week']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function findDigestOfWeek(tx: Tx, bureauId: string, week: string) {
  return tx
    .selectFrom('digests')
    .select('id')
    .where('bureau_id', '=', bureauId)
    .where('week', '=', week)
    .executeTakeFirst();
}

export async function findDigest(
  tx: Tx,
  bureauId: string,
  id: string,
  options: { lock?: boolean } = {},
): Promise<DigestRow | undefined> {
  const query = tx
    .selectFrom('digests')
    .select(columns)
    .where('bureau_id', '=', bureauId)
    .where('id', '=', id);
  const row = await (options.lock ? query.forUpdate() : query).executeTakeFirst();
  return row && { ...row, sections: row.sections as DigestSection[] };
}

export async function listDigestRows(tx: Tx, bureauId: string, limit: number) {
  return tx
    .selectFrom('digests')
    .select(['id', 'week', 'title', 'signed_by', 'signed_at', 'updated_at'])
    .where('bureau_id', '=', bureauId)
    .orderBy('week', 'desc')
    .limit(limit)
    .execute();
}

export async function listUnsigned(tx: Tx, bureauId: string, since: string) {
  return tx
    .selectFrom('digests')
    .select(['id', 'title', 'week'])
    .where('bureau_id', '=', bureauId)
    .where('signed_by', 'is', null)
    .where('week', '>=', since)
    .orderBy('week')
    .execute();
}

/** A new text; whatever was signed is no longer. @returns the revision; null when somebody saved in between */
export async function saveDigest(
  tx: Tx,
  bureauId: string,
  id: string,
  baseRevision: number,
  text: DigestText,
  personId: string,
): Promise<number | null> {
  const { rows } = await sql<{ revision: number }>`
    update digests set title = ${text.title}, sections = ${JSON.stringify(text.sections)},
      revision = revision + 1, signed_by = null, signed_at = null, text_hash = null,
      updated_by = ${personId}, updated_at = clock_timestamp()
    where bureau_id = ${bureauId} and id = ${id} and revision = ${baseRevision}
    returning revision`.execute(tx);
  return rows[0]?.revision ?? null;
}

export async function setSignature(
  tx: Tx,
  bureauId: string,
  id: string,
  signature: { personId: string; hash: string },
): Promise<void> {
  await tx
    .updateTable('digests')
    .set({
      ...{ signed_by: signature.personId, text_hash: signature.hash },
      signed_at: sql<Date>`clock_timestamp()`,
    })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', id)
    .execute();
}
