import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { lockArticle, setArticleState } from '#server/modules/content/index.ts';
import { voidReview } from '#server/modules/review/index.ts';
import { findDelivery } from '../store.ts';
import { insertTarget, insertWithdrawal, lockDeliveryIds } from './store.ts';
import { takeAway } from './take-away.ts';

type Order = { reason: string; withinHours: number };

/**
 * Emergency: one decision over every account of an article. The approval is void first, so that nothing that is on its way
 * can pass the last look before the call; then each post is stopped, taken off our site, or handed to worker or person, all
 * in one transaction.
 * @throws {AppError} not-found, nothing-to-withdraw
 */
export async function withdrawArticleBy(
  app: App,
  tx: Tx,
  actor: Actor,
  articleId: string,
  order: Order,
): Promise<{ withdrawalId: string }> {
  // The review's lock before the others: a decision and a sending worker take them in this order too.
  await voidReview(app, tx, actor, { kind: 'article', id: articleId }, order.reason);
  const article = await lockArticle(tx, actor.bureauId, articleId);
  if (!article) throw new AppError('not-found');
  const withdrawn = await orderFor(app, tx, actor, articleId, { articleId }, order);
  await setArticleState(tx, actor.bureauId, articleId, 'draft');
  await record(
    tx,
    actor,
    'article.withdrawn',
    { kind: 'article', id: articleId },
    { reason: order.reason, withdrawalId: withdrawn.withdrawalId, posts: withdrawn.posts },
  );
  app.live.changed(tx, actor.bureauId, 'articles');
  return { withdrawalId: withdrawn.withdrawalId };
}

/** @throws {AppError} not-found, nothing-to-withdraw */
export async function withdrawDeliveryBy(
  app: App,
  tx: Tx,
  actor: Actor,
  deliveryId: string,
  order: Order,
): Promise<{ withdrawalId: string }> {
  const delivery = await findDelivery(tx, actor.bureauId, deliveryId);
  if (!delivery) throw new AppError('not-found');
  const { withdrawalId } = await orderFor(app, tx, actor, delivery.article_id, { deliveryId }, order);
  return { withdrawalId };
}

async function orderFor(
  app: App,
  tx: Tx,
  actor: Actor,
  articleId: string | null,
  of: { articleId: string } | { deliveryId: string },
  { reason, withinHours }: Order,
): Promise<{ withdrawalId: string; posts: number }> {
  const withdrawalId = newId();
  const deadline = new Date((await clockOf(tx)).getTime() + withinHours * 3_600_000);
  const row = { bureau_id: actor.bureauId, id: withdrawalId, article_id: articleId, reason, deadline };
  await insertWithdrawal(tx, { ...row, asked_by: actor.personId });
  let posts = 0;
  for (const id of await lockDeliveryIds(tx, actor.bureauId, of)) {
    const delivery = (await findDelivery(tx, actor.bureauId, id))!;
    const state = await takeAway(app, tx, actor, delivery, { reason, deadline });
    if (!state) continue;
    const target = { bureau_id: actor.bureauId, withdrawal_id: withdrawalId, delivery_id: id, state };
    if (await insertTarget(tx, target)) posts += 1;
  }
  if (posts === 0) throw new AppError('nothing-to-withdraw');
  await app.jobs.enqueue(tx, 'publishing.wake', { bureauId: actor.bureauId });
  app.live.changed(tx, actor.bureauId, 'deliveries');
  return { withdrawalId, posts };
}
