import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { listAccountRows } from '#server/modules/accounts/index.ts';
import { findArticle } from '#server/modules/content/index.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import {
  beginCorrectionPost,
  type Correction,
  type Elsewhere,
  listCorrections,
  submitCorrection,
  withdrawCorrection,
} from '#shared/corrections.ts';
import { findShownTitle } from '../site-pages.ts';
import { beginCorrectionPostFor, submitCorrectionFor, withdrawCorrectionBy } from './change-correction.ts';
import { listCorrectionRows, listPostsOut } from './store.ts';
import { readReturnNote } from './subject.ts';

const done = { ok: true } as const;

export function correctionRoutes(): RouteSet {
  return [
    serve(submitCorrection, ({ app, tx, actor, params, body }) =>
      submitCorrectionFor(app, tx, actor, params.articleId, body),
    ),
    serve(withdrawCorrection, async ({ app, tx, actor, params, body }) => {
      await withdrawCorrectionBy(app, tx, actor, params.correctionId, body.reason);
      return done;
    }),
    serve(beginCorrectionPost, ({ app, tx, actor, params }) =>
      beginCorrectionPostFor(app, tx, actor, params.correctionId),
    ),
    serve(listCorrections, async ({ tx, actor, params: { articleId } }) => {
      if (!(await findArticle(tx, actor.bureauId, articleId))) throw new AppError('not-found');
      const rows = await listViews(tx, actor, articleId);
      const isShown = (await findShownTitle(tx, actor.bureauId, articleId)) !== undefined;
      return {
        rows,
        elsewhere: await listElsewhere(tx, actor, articleId),
        mayAdd: isShown && rows.every(({ state }) => state !== 'reviewing'),
      };
    }),
  ];
}

async function listElsewhere(tx: Tx, { bureauId }: Actor, articleId: string): Promise<Elsewhere[]> {
  const posts = await listPostsOut(tx, bureauId, articleId);
  const names = new Map((await listAccountRows(tx, bureauId)).map((one) => [one.id, one.name]));
  return posts
    .map((post) => ({ post, connector: getConnector(post.platform) }))
    .filter(({ connector }) => connector.publish.kind !== 'local')
    .map(({ post, connector }) => ({
      deliveryId: post.id,
      accountName: names.get(post.account_id) ?? '',
      platformName: connector.label,
      // Without the platform's ids nothing can be named to it.
      byPlatform: connector.withdraw !== undefined && Object.keys(post.platform_ids as object).length > 0,
    }));
}

async function listViews(tx: Tx, { bureauId }: Actor, articleId: string): Promise<Correction[]> {
  const rows = await listCorrectionRows(tx, bureauId, articleId);
  const names = await findPeopleNames(tx, [...new Set(rows.map((row) => row.created_by))]);
  const views: Correction[] = [];
  for (const row of rows)
    views.push({
      ...{ id: row.id, articleId: row.article_id, text: row.text, reason: row.reason, state: row.state },
      reviewId: row.review_id,
      returnNote:
        row.state === 'returned' && row.review_id ? await readReturnNote(tx, bureauId, row.review_id) : null,
      createdByName: names.get(row.created_by) ?? '',
      createdAt: row.created_at.toISOString(),
      publishedAt: row.published_at?.toISOString() ?? null,
      withdrawnReason: row.withdrawn_reason,
    });
  return views;
}
