import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { loadNobodys } from '#server/modules/inbox/index.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import type { Digest, getDigestFile, listDigests } from '#shared/insight.ts';
import type { RouteReply } from '#shared/route.ts';
import { maskDigest } from './compose.ts';
import { toPrintPage, toWord } from './files.ts';
import { findDigest, listDigestRows } from './store.ts';

/** A year and a bit. */
const shown = 60;
const wordType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

export async function viewDigests(tx: Tx, bureauId: string): Promise<RouteReply<typeof listDigests>> {
  const rows = await listDigestRows(tx, bureauId, shown);
  const names = await findPeopleNames(
    tx,
    rows.flatMap((row) => row.signed_by ?? []),
  );
  return {
    rows: rows.map((row) => ({
      ...{ id: row.id, week: row.week, title: row.title },
      signedByName: row.signed_by && (names.get(row.signed_by) ?? ''),
      signedAt: row.signed_at?.toISOString() ?? null,
      updatedAt: row.updated_at.toISOString(),
    })),
  };
}

/** @throws {AppError} not-found */
export async function viewDigest(tx: Tx, bureauId: string, digestId: string): Promise<Digest> {
  const row = await findDigest(tx, bureauId, digestId);
  if (!row) throw new AppError('not-found');
  const names = await findPeopleNames(
    tx,
    [row.signed_by, row.updated_by].filter((id) => id !== null),
  );
  return {
    ...{ id: row.id, week: row.week, title: row.title, sections: row.sections, revision: row.revision },
    signedByName: row.signed_by && (names.get(row.signed_by) ?? ''),
    signedAt: row.signed_at?.toISOString() ?? null,
    textHash: row.text_hash,
    updatedByName: row.updated_by && (names.get(row.updated_by) ?? ''),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** @throws {AppError} not-found */
export async function viewDigestFile(
  tx: Tx,
  bureauId: string,
  digestId: string,
  format: 'docx' | 'html',
): Promise<RouteReply<typeof getDigestFile>> {
  const digest = await viewDigest(tx, bureauId, digestId);
  const signature =
    digest.signedAt && digest.textHash
      ? { name: digest.signedByName ?? '', at: new Date(digest.signedAt), hash: digest.textHash }
      : null;
  // What somebody signed is handed out to the letter; a draft is masked once more with what is known by now.
  const text = signature ? digest : maskDigest(digest, await loadNobodys(tx, bureauId)).text;
  const bytes = format === 'docx' ? await toWord(text, signature) : Buffer.from(toPrintPage(text, signature));
  return {
    name: `${digest.title}.${format}`,
    mime: format === 'docx' ? wordType : 'text/html; charset=utf-8',
    base64: bytes.toString('base64'),
  };
}
