import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { nextCursor, readCursor } from '#server/base/page-cursor.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import type { Article, ArticleRow, ArticleState } from '#shared/content.ts';
import { findArticle, listArticleRows } from './store.ts';

const page = 50;

/** How an article stands with its reviewers; given by the composing root, because reviews lie above content. */
export type ReviewLookup = (tx: Tx, bureauId: string, articleId: string) => Promise<Article['review']>;

export async function listArticleViews(
  tx: Tx,
  actor: Actor,
  query: { state?: ArticleState | undefined; search?: string | undefined; cursor?: string | undefined },
): Promise<{ rows: ArticleRow[]; next: string | null }> {
  const rows = await listArticleRows(
    tx,
    actor.bureauId,
    { state: query.state, search: query.search, before: readCursor(query.cursor) },
    page,
  );
  const names = await findPeopleNames(
    tx,
    rows.map((row) => row.updated_by),
  );
  return {
    rows: rows.map((row) => ({
      id: row.id,
      title: row.title,
      state: row.state as ArticleState,
      class: row.class as ArticleRow['class'],
      updatedAt: row.updated_at.toISOString(),
      updatedByName: names.get(row.updated_by) ?? '',
      targetCount: row.target_count,
    })),
    next: nextCursor(rows, page),
  };
}

/** @throws {AppError} not-found */
export async function getArticleView(
  tx: Tx,
  actor: Actor,
  articleId: string,
  reviewOf: ReviewLookup,
): Promise<Article> {
  const row = await findArticle(tx, actor.bureauId, articleId);
  if (!row) throw new AppError('not-found');
  const names = await findPeopleNames(tx, [row.updated_by]);
  return {
    id: row.id,
    state: row.state as ArticleState,
    class: row.class as Article['class'],
    working: row.working,
    workingRevision: row.working_revision,
    targets: row.targets,
    latestVersion: row.latest_version,
    updatedAt: row.updated_at.toISOString(),
    updatedByName: names.get(row.updated_by) ?? '',
    review: await reviewOf(tx, actor.bureauId, articleId),
  };
}
