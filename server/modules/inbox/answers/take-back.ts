import { type Actor, systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { lockReviewOf, voidReview } from '#server/modules/review/index.ts';
import { type ReplyState, replyStateLabels } from '#shared/inbox.ts';
import { text } from '#shared/lang.ts';
import { insertEvent } from '../cases/store.ts';
import { demandReplyHandler } from './reply-handler.ts';
import { replyKind } from './review-reply.ts';
import { findReply, findReviewing, moveReply } from './store.ts';

/**
 * An answer under review is not edited: it is taken back, and another one is written. What was signed stays as it was.
 * @throws {AppError} not-found; state-conflict when it was decided already
 */
export async function takeBackReplyIn(app: App, tx: Tx, actor: Actor, replyId: string): Promise<void> {
  const { bureauId, personId: actorId } = actor;
  const before = demandReviewing(await findReply(tx, { bureauId, id: replyId }));
  await demandReplyHandler(tx, actor, before);
  // The review first, as whoever decides does; then the reply again, which may have been decided while this waited.
  await voidReview(app, tx, actor, { kind: replyKind, id: replyId }, 'taken-back');
  const reply = demandReviewing(await findReply(tx, { bureauId, id: replyId }, true));
  await moveReply(tx, reply, { state: 'cancelled', reason: 'taken-back', wakeInMs: null });
  const detail = { replyId };
  await insertEvent(tx, { bureauId, caseId: reply.case_id }, 'answer-taken-back', { actorId, detail });
  await record(tx, actor, 'reply.taken-back', { kind: 'case', id: reply.case_id }, detail);
  app.live.changed(tx, bureauId, 'cases');
}

const withdrawn = text('来信人撤回了留言', 'the person withdrew the question');

/**
 * The person takes their question back: an answer that waits for its review is no longer wanted, and whoever was to review it
 * is told why. To be called before the conversation and the case are locked, for the review goes first.
 */
export async function dropReviewingReply(
  app: App,
  tx: Tx,
  ref: { bureauId: string; caseId: string },
): Promise<void> {
  const { bureauId, caseId } = ref;
  const waiting = await findReviewing(tx, bureauId, caseId);
  if (!waiting) return;
  const actor = systemActor(bureauId);
  const subject = { kind: replyKind, id: waiting.id };
  await lockReviewOf(tx, bureauId, subject);
  // Decided while this waited: then there is an answer, or there is none any more.
  const reply = await findReply(tx, { bureauId, id: waiting.id }, true);
  if (reply?.state !== 'reviewing') return;
  await voidReview(app, tx, actor, subject, 'withdrawn', withdrawn);
  await moveReply(tx, reply, { state: 'cancelled', reason: 'withdrawn', wakeInMs: null });
  const detail = { replyId: reply.id };
  await insertEvent(tx, ref, 'answer-taken-back', { detail: { ...detail, reason: 'withdrawn' } });
  await record(tx, actor, 'reply.taken-back', { kind: 'case', id: caseId }, detail);
}

/** @throws {AppError} not-found, state-conflict */
function demandReviewing<R extends { state: ReplyState }>(reply: R | null | undefined): R {
  if (!reply) throw new AppError('not-found');
  if (reply.state !== 'reviewing')
    throw new AppError('state-conflict', { state: replyStateLabels[reply.state].zh });
  return reply;
}
