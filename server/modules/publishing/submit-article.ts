import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { fromWallTime } from '#server/base/clock.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { freezeArticle, lockArticle, setArticleState } from '#server/modules/content/index.ts';
import { openReview, voidReview } from '#server/modules/review/index.ts';
import { type ArticleState, articleStateLabels } from '#shared/content.ts';
import { type DeliveryState, deliveryStateLabels } from '#shared/publishing.ts';
import { maybeOut, notYetOut } from './state.ts';
import { findDelivery, moveDelivery } from './store.ts';

/** The approved window: a post may be moved within it without a new review. */
const windowDays = 7;

/**
 * Freezes what the person sees and opens its review, in one transaction: either both exist or the article is still a draft.
 * @throws {AppError} not-found, article-locked, edit-conflict, schedule-in-past, targets-empty, article-problems
 */
export async function submitArticleFor(
  app: App,
  tx: Tx,
  actor: Actor,
  articleId: string,
  baseRevision: number,
): Promise<{ reviewId: string; version: number }> {
  const article = await lockArticle(tx, actor.bureauId, articleId);
  if (!article) throw new AppError('not-found');
  if (!['draft', 'returned'].includes(article.state)) throw new AppError('article-locked');
  if (article.working_revision !== baseRevision)
    throw new AppError('edit-conflict', { name: '', revision: article.working_revision });
  const now = await clockOf(tx);
  const times = article.targets.flatMap((target) =>
    target.plannedWall ? [fromWallTime(target.plannedWall)] : [],
  );
  // A minute of grace: the clerk chose "now" and clicked.
  if (times.some((time) => time.getTime() < now.getTime() - 60_000)) throw new AppError('schedule-in-past');
  const frozen = await freezeArticle(app, tx, actor, article);
  const someAtOnce = article.targets.some((target) => !target.plannedWall);
  const earliest = someAtOnce ? null : new Date(Math.min(...times.map((time) => time.getTime())));
  const latest = Math.max(now.getTime(), ...times.map((time) => time.getTime()));
  const reviewId = await openReview(app, tx, actor, {
    subjectKind: 'article',
    subjectId: articleId,
    revisionId: frozen.versionId,
    hash: frozen.hash,
    title: article.working.title,
    class: article.class as 'ordinary' | 'important',
    notBefore: earliest,
    notAfter: new Date(latest + windowDays * 86_400_000),
  });
  await record(
    tx,
    actor,
    'article.submitted',
    { kind: 'article', id: articleId },
    {
      version: frozen.number,
      reviewId,
      packages: frozen.packages.map((one) => one.hash.toString('hex')),
    },
  );
  app.live.changed(tx, actor.bureauId, 'articles');
  return { reviewId, version: frozen.number };
}

/**
 * Takes an article back: its review or approval is void, what is not out is cancelled. What may be out is refused: that
 * needs the platform, not a click here.
 * @throws {AppError} not-found, state-conflict
 */
export async function takeBackArticleFor(
  app: App,
  tx: Tx,
  actor: Actor,
  articleId: string,
  reason: string,
): Promise<void> {
  // The review's lock before the others: a decision and a sending worker take them in this order too.
  await voidReview(app, tx, actor, { kind: 'article', id: articleId }, reason);
  const article = await lockArticle(tx, actor.bureauId, articleId);
  if (!article) throw new AppError('not-found');
  if (!['in-review', 'approved'].includes(article.state)) {
    throw new AppError('state-conflict', { state: articleStateLabels[article.state as ArticleState].zh });
  }
  const rows = await tx
    .selectFrom('deliveries')
    .select(['id', 'state'])
    .where('bureau_id', '=', actor.bureauId)
    .where('article_id', '=', articleId)
    .forUpdate()
    .execute();
  const out = rows.find((row) => (maybeOut as readonly string[]).includes(row.state));
  if (out)
    throw new AppError('state-conflict', { state: deliveryStateLabels[out.state as DeliveryState].zh });
  for (const row of rows.filter((one) => (notYetOut as readonly string[]).includes(one.state))) {
    const delivery = (await findDelivery(tx, actor.bureauId, row.id))!;
    await moveDelivery(tx, delivery, { state: 'cancelled', reason: 'taken-back', wake_at: null });
    await record(tx, actor, 'delivery.cancelled', { kind: 'delivery', id: row.id }, { reason });
  }
  await setArticleState(tx, actor.bureauId, articleId, 'draft');
  await record(tx, actor, 'article.taken-back', { kind: 'article', id: articleId }, { reason });
  app.live.changed(tx, actor.bureauId, 'articles');
  app.live.changed(tx, actor.bureauId, 'deliveries');
}
