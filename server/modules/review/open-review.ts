import type { Actor, SystemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { isUniqueViolation, type Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import type { Text } from '#shared/lang.ts';
import { chains } from './chain.ts';
import { tellReviewers, tellVoided } from './notices.ts';
import { findLatestReview, insertReview, updateReview } from './store.ts';

export type Submission = {
  subjectKind: string;
  subjectId: string;
  revisionId: string;
  hash: Buffer;
  title: string;
  class: keyof typeof chains;
  notBefore: Date | null;
  notAfter: Date | null;
};

/** Opens the review of one frozen revision. @throws {AppError} state-conflict when one is open already */
export async function openReview(app: App, tx: Tx, actor: Actor, submission: Submission): Promise<string> {
  const id = newId();
  try {
    await insertReview(tx, {
      bureau_id: actor.bureauId,
      id,
      subject_kind: submission.subjectKind,
      subject_id: submission.subjectId,
      revision_id: submission.revisionId,
      subject_hash: submission.hash,
      title: submission.title,
      chain: chains[submission.class],
      submitted_by: actor.personId,
      not_before: submission.notBefore,
      not_after: submission.notAfter,
    });
  } catch (error) {
    if (isUniqueViolation(error, 'reviews_open')) throw new AppError('state-conflict', { state: '审核中' });
    throw error;
  }
  await record(
    tx,
    actor,
    'review.opened',
    { kind: submission.subjectKind, id: submission.subjectId },
    {
      reviewId: id,
      hash: submission.hash.toString('hex'),
    },
  );
  const [firstStage] = chains[submission.class];
  await tellReviewers(app, tx, actor.bureauId, { id, title: submission.title }, firstStage, [actor.personId]);
  app.live.changed(tx, actor.bureauId, 'reviews');
  return id;
}

/**
 * Voids the open or approved review of a subject: it was taken back or edited.
 * @param why said to whoever submitted it and whoever should decide now, where none of them did it
 * @returns false when there is none
 */
export async function voidReview(
  app: App,
  tx: Tx,
  actor: Actor | SystemActor,
  subject: { kind: string; id: string },
  reason: string,
  why?: Text,
): Promise<boolean> {
  const review = await findLatestReview(tx, actor.bureauId, subject.kind, subject.id);
  if (!review || (review.state !== 'open' && review.state !== 'approved')) return false;
  await updateReview(tx, actor.bureauId, review.id, { state: 'voided' });
  await record(tx, actor, 'review.voided', subject, { reviewId: review.id, reason });
  if (why) await tellVoided(app, tx, actor.bureauId, review, why);
  app.live.changed(tx, actor.bureauId, 'reviews');
  return true;
}
