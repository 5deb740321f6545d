/**
 * Somebody answered on the platform by hand while an answer of ours waited here: the person must not get two. What is on its way
 * already stays what it is, and so do notices, which say something else.
 */
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { notify } from '#server/modules/notices/index.ts';
import { lockReviewOf, voidReview } from '#server/modules/review/index.ts';
import { findCase, insertEvent } from '../cases/store.ts';
import { replyKind } from './review-reply.ts';
import { listWaitingAnswers, moveReply, type ReplyRecord } from './store.ts';

/** Before the conversation, as whoever decides a review does. */
export async function lockReviewsAt(tx: Tx, bureauId: string, conversationId: string): Promise<void> {
  for (const { id, state } of await listWaitingAnswers(tx, bureauId, conversationId))
    if (state === 'reviewing') await lockReviewOf(tx, bureauId, { kind: replyKind, id });
}

/**
 * The caller holds the conversation.
 * @param standing the words that stand on the platform
 */
export async function cancelOvertaken(
  app: App,
  tx: Tx,
  { bureauId, conversationId }: { bureauId: string; conversationId: string },
  standing: string,
): Promise<void> {
  for (const reply of await listWaitingAnswers(tx, bureauId, conversationId, true)) {
    if (reply.submitted_at && reply.text.trim() === standing) {
      // Ours: it was looked for in vain and queued again, and arrived all the same.
      await moveReply(tx, reply, { state: 'sent', reason: null, wakeInMs: null, sent: true });
      continue;
    }
    const moved = await moveReply(tx, reply, { state: 'cancelled', reason: 'overtaken', wakeInMs: null });
    if (moved === null) continue;
    const actor = systemActor(bureauId);
    if (reply.review_id) await voidReview(app, tx, actor, { kind: replyKind, id: reply.id }, 'overtaken');
    const detail = { replyId: reply.id };
    await insertEvent(tx, { bureauId, caseId: reply.case_id }, 'answer-overtaken', { detail });
    await record(tx, actor, 'reply.overtaken', { kind: 'case', id: reply.case_id }, detail);
    await tell(app, tx, reply);
    app.live.changed(tx, bureauId, 'cases');
  }
}

/** Whoever wrote it, whoever has the case, and whoever was to look at it. */
async function tell(app: App, tx: Tx, reply: ReplyRecord): Promise<void> {
  const { bureau_id: bureauId, case_id: caseId } = reply;
  const found = await findCase(tx, bureauId, caseId);
  if (!found) throw new Error('a reply has its case');
  await notify(app, tx, {
    bureauId,
    to: [
      { kind: 'person', id: reply.created_by },
      ...(found.owner_id ? [{ kind: 'person', id: found.owner_id } as const] : []),
      ...(reply.state === 'reviewing' ? [{ kind: 'role', role: 'reviewer-first' } as const] : []),
    ],
    kind: 'work-waiting',
    subject: { kind: 'case', id: caseId },
    text: {
      zh: `${found.number} 已有人在平台上答复，这里写好的答复不再发出；需要补充的请重新提交`,
      en: `${found.number} was answered on the platform by hand: the answer written here is not sent; submit it anew if more is to be said`,
    },
    reference: found.number,
    link: `/inbox/${caseId}`,
    urgency: 'normal',
    dedupKey: `reply-overtaken:${reply.id}`,
  });
}
