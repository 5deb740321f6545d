/** Steps of a correction: written, checked by another person, shown above the text; each with its reason in the audit log. */
import { createHash } from 'node:crypto';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { isUniqueViolation, type Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { beginNotedArticle, lockArticle } from '#server/modules/content/index.ts';
import { openReview, voidReview } from '#server/modules/review/index.ts';
import { correctionStateLabels } from '#shared/corrections.ts';
import { findShownTitle, touchSitePage } from '../site-pages.ts';
import { type CorrectionRecord, findCorrection, insertCorrection, moveCorrection } from './store.ts';

export const correctionKind = 'correction';

export const subjectOf = (id: string) => ({ kind: correctionKind, id });

/** What a reviewer signs: the very words, and above which article they will stand. */
export function hashCorrection(row: {
  bureau_id: string;
  id: string;
  article_id: string;
  text: string;
}): Buffer {
  const signed = JSON.stringify([row.bureau_id, row.article_id, row.id, row.text]);
  return createHash('sha256').update(signed).digest();
}

const noPage =
  '这篇文章现在不在网站上，没有可以更正的页面 / the article is not on the site, there is no page to correct';

/** @throws {AppError} not-found; step-refused when nobody can read the article on the site; state-conflict when one waits already */
export async function submitCorrectionFor(
  app: App,
  tx: Tx,
  actor: Actor,
  articleId: string,
  { text, reason }: { text: string; reason: string },
): Promise<{ correctionId: string; reviewId: string }> {
  const { bureauId, personId } = actor;
  if (!(await lockArticle(tx, bureauId, articleId))) throw new AppError('not-found');
  const title = await findShownTitle(tx, bureauId, articleId);
  if (title === undefined) throw new AppError('step-refused', { problem: noPage });
  const id = newId();
  const words = { bureau_id: bureauId, id, article_id: articleId, text };
  const hash = hashCorrection(words);
  try {
    await insertCorrection(tx, { ...words, reason, hash, created_by: personId });
  } catch (error) {
    if (!isUniqueViolation(error, 'corrections_open')) throw error;
    throw new AppError('state-conflict', { state: correctionStateLabels.reviewing.zh });
  }
  const reviewId = await openReview(app, tx, actor, {
    ...{ subjectKind: correctionKind, subjectId: id, revisionId: id, hash, title: `更正：${title}` },
    ...{ class: 'answer' as const, notBefore: null, notAfter: null },
  });
  await moveCorrection(tx, words, { reviewId });
  await record(tx, actor, 'correction.submitted', subjectOf(id), { articleId, reviewId, reason });
  app.live.changed(tx, bureauId, 'deliveries');
  return { correctionId: id, reviewId };
}

/** @throws {AppError} not-found, state-conflict */
export async function withdrawCorrectionBy(
  app: App,
  tx: Tx,
  actor: Actor,
  id: string,
  reason: string,
): Promise<void> {
  // The review before the correction: a decision takes them in this order too.
  await voidReview(app, tx, actor, subjectOf(id), reason);
  const row = await findCorrection(tx, actor.bureauId, id, true);
  if (!row) throw new AppError('not-found');
  if (row.state !== 'reviewing' && row.state !== 'published') throw conflictOf(row);
  await moveCorrection(tx, row, { state: 'withdrawn', withdrawnReason: reason });
  if (row.state === 'published') await touchSitePage(tx, row.bureau_id, row.article_id);
  await record(tx, actor, 'correction.withdrawn', subjectOf(id), {
    ...{ articleId: row.article_id, from: row.state, reason },
  });
  app.live.changed(tx, actor.bureauId, 'deliveries');
}

const conflictOf = (row: CorrectionRecord) =>
  new AppError('state-conflict', { state: correctionStateLabels[row.state].zh });

/**
 * Other accounts show the old text and few platforms let it be changed: a post of its own says what is right.
 * @throws {AppError} not-found, state-conflict before the correction is public
 */
export async function beginCorrectionPostFor(
  app: App,
  tx: Tx,
  actor: Actor,
  id: string,
): Promise<{ articleId: string }> {
  const row = await findCorrection(tx, actor.bureauId, id);
  if (!row) throw new AppError('not-found');
  if (row.state !== 'published') throw conflictOf(row);
  const title = (await findShownTitle(tx, row.bureau_id, row.article_id)) ?? '';
  const begun = await beginNotedArticle(app, tx, actor, {
    ...{ title: `更正：${title}`.slice(0, 60), lead: row.text, notes: [] },
  });
  const detail = { articleId: row.article_id, newArticleId: begun.id, reason: row.reason };
  await record(tx, actor, 'correction.post-begun', subjectOf(id), detail);
  return { articleId: begun.id };
}
