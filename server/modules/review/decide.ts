import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { isUniqueViolation, type Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { type Remark, type ReviewState, reviewStateLabels, type Stage } from '#shared/review.ts';
import { afterDecision, refuseDecision } from './chain.ts';
import { tellReviewers, tellSubmitter } from './notices.ts';
import { findReview, insertDecision, listDecisions, updateReview } from './store.ts';
import type { ReviewSubjects } from './subject.ts';

export type DecisionInput = {
  stage: Stage;
  subjectHash: string;
  decision: 'approve' | 'return';
  note: string;
  remarks: Remark[];
};

/**
 * Decides the current stage under the review's row lock. The decision carries the hash that the person saw; another
 * hash, another stage or a second click changes nothing.
 * @throws {AppError} not-found, and the refusals of chain.ts
 */
export async function decide(
  app: App,
  tx: Tx,
  actor: Actor,
  subjects: ReviewSubjects,
  reviewId: string,
  input: DecisionInput,
): Promise<ReviewState> {
  const review = await findReview(tx, actor.bureauId, reviewId, true);
  const subject = review && subjects.get(review.subject_kind);
  if (!review || !subject) throw new AppError('not-found');
  const decisions = await listDecisions(tx, actor.bureauId, reviewId);
  const refusal = refuseDecision(
    {
      state: review.state,
      stage: review.stage,
      chain: review.chain,
      submittedBy: review.submitted_by,
      subjectHash: review.subject_hash.toString('hex'),
      decidedBy: decisions.map((decision) => decision.person_id),
    },
    input,
    actor,
  );
  if (refusal) throw new AppError(refusal, { state: reviewStateLabels[review.state].zh });
  try {
    await insertDecision(tx, {
      bureau_id: actor.bureauId,
      id: newId(),
      review_id: reviewId,
      stage: review.stage,
      person_id: actor.personId,
      decision: input.decision,
      note: input.note,
      remarks: input.remarks,
      subject_hash: review.subject_hash,
    });
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AppError('state-conflict', { state: reviewStateLabels[review.state].zh });
    throw error;
  }
  const next = afterDecision(review, input.decision);
  await updateReview(tx, actor.bureauId, reviewId, next);
  await record(
    tx,
    actor,
    input.decision === 'approve' ? 'review.approved' : 'review.returned',
    {
      kind: review.subject_kind,
      id: review.subject_id,
    },
    {
      reviewId,
      stage: input.stage,
      hash: input.subjectHash,
      note: input.note,
      remarks: input.remarks.length,
    },
  );
  const about = {
    id: review.id,
    bureauId: actor.bureauId,
    subjectKind: review.subject_kind,
    subjectId: review.subject_id,
    revisionId: review.revision_id,
    submittedBy: review.submitted_by,
  };
  if (next.state === 'open') {
    // Nobody decides twice, nor their own work: those people need not be told.
    const done = [review.submitted_by, actor.personId, ...decisions.map((decision) => decision.person_id)];
    await tellReviewers(app, tx, actor.bureauId, review, review.chain[next.stage]!, done);
  } else await tellSubmitter(app, tx, actor, review, next.state);
  if (next.state === 'approved') await subject.onApproved(app, tx, actor, about);
  if (next.state === 'returned') await subject.onReturned(app, tx, actor, about);
  app.live.changed(tx, actor.bureauId, 'reviews');
  return next.state;
}
