import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { asWorker, type Tx } from '#server/base/database.ts';
import { nextCursor, readCursor } from '#server/base/page-cursor.ts';
import { record } from '#server/modules/audit/index.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import type { MediaItem, MediaKind, VideoFacts } from '#shared/media.ts';
import { nearBits } from './look.ts';
import {
  deleteUnusedFile,
  describeFile,
  type FileRow,
  listFileRows,
  listSimilarIds,
  listUsingArticles,
  type MediaFilter,
} from './store.ts';

const page = 60;
/** How long a file may lie unused. */
export const keptDays = 7;

async function viewRows(tx: Tx, rows: readonly FileRow[]): Promise<MediaItem[]> {
  const names = await findPeopleNames(
    tx,
    rows.flatMap((row) => (row.created_by ? [row.created_by] : [])),
  );
  return rows.map((row) => ({
    id: row.id,
    url: `/files/${row.token}`,
    mime: row.mime,
    width: row.width,
    height: row.height,
    size: row.size,
    name: row.name,
    kind: row.kind as MediaKind,
    alt: row.alt,
    durationMs: row.duration_ms,
    facts: row.facts as unknown as VideoFacts | null,
    coverUrl: row.kind === 'video' ? row.cover_token && `/files/${row.cover_token}` : `/files/${row.token}`,
    coverId: row.cover_id,
    parentId: row.parent_id,
    createdAt: row.created_at.toISOString(),
    createdByName: (row.created_by && names.get(row.created_by)) ?? '',
    uses: row.uses,
    deletedAt: row.unused_since
      ? new Date(row.unused_since.getTime() + keptDays * 86_400_000).toISOString()
      : null,
  }));
}

const listViews = async (tx: Tx, bureauId: string, filter: MediaFilter, limit: number) =>
  viewRows(tx, await listFileRows(tx, bureauId, filter, limit));

export async function listMediaViews(
  tx: Tx,
  actor: Actor,
  query: {
    kind?: MediaKind | undefined;
    search?: string | undefined;
    unused?: '1' | undefined;
    cursor?: string | undefined;
  },
): Promise<{ rows: MediaItem[]; next: string | null }> {
  const filter = {
    kind: query.kind,
    search: query.search,
    unused: query.unused === '1',
    before: readCursor(query.cursor),
  };
  const rows = await listFileRows(tx, actor.bureauId, filter, page);
  return {
    rows: await viewRows(tx, rows),
    next: nextCursor(rows, page),
  };
}

/** @throws {AppError} not-found */
export async function getMediaView(tx: Tx, bureauId: string, fileId: string): Promise<MediaItem> {
  const [item] = await listViews(tx, bureauId, { ids: [fileId] }, 1);
  if (!item) throw new AppError('not-found');
  return item;
}

/** @throws {AppError} not-found */
export async function getMediaDetail(tx: Tx, actor: Actor, fileId: string) {
  const { bureauId } = actor;
  const item = await getMediaView(tx, bureauId, fileId);
  const articles = await listUsingArticles(tx, bureauId, fileId);
  const near = await listSimilarIds(tx, bureauId, fileId, nearBits);
  return {
    ...item,
    usedIn: articles.map((article) => ({ articleId: article.id, title: article.title })),
    crops: await listViews(tx, bureauId, { parentId: fileId }, 30),
    similar: near.length > 0 ? await listViews(tx, bureauId, { ids: near }, near.length) : [],
  };
}

/** @throws {AppError} not-found */
export async function describeMediaFile(
  app: App,
  tx: Tx,
  actor: Actor,
  fileId: string,
  words: { name: string; alt: string },
): Promise<MediaItem> {
  if (!(await describeFile(tx, actor.bureauId, fileId, words))) throw new AppError('not-found');
  await record(tx, actor, 'media.described', { kind: 'file', id: fileId });
  app.live.changed(tx, actor.bureauId, 'media');
  return getMediaView(tx, actor.bureauId, fileId);
}

/** @throws {AppError} not-found, file-in-use */
export async function deleteMediaFile(app: App, tx: Tx, actor: Actor, fileId: string): Promise<void> {
  const { name } = await getMediaView(tx, actor.bureauId, fileId);
  const gone = await asWorker(tx, () => deleteUnusedFile(tx, actor.bureauId, fileId));
  if (!gone) throw new AppError('file-in-use');
  await record(tx, actor, 'media.deleted', { kind: 'file', id: fileId }, { name });
  app.live.changed(tx, actor.bureauId, 'media');
}
