import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { judgeReply } from '#server/base/text/reply-quality.ts';
import { findAccount } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { escapeHtml } from '#server/modules/content/index.ts';
import {
  findLatestReview,
  listDecisions,
  type RenderedSubject,
  type ReviewRecord,
  type ReviewSubject,
} from '#server/modules/review/index.ts';
import { text } from '#shared/lang.ts';
import { findCase, findCaseForChange, insertEvent, lockConversationsOf } from '../cases/store.ts';
import { loadOurs, maskForPublic, type Ours } from '../personal-findings.ts';
import { findConversation, listMessages } from '../threads/store.ts';
import { sendOff } from './answer-case.ts';
import { describeReason } from './reasons.ts';
import { replyLimitFor } from './reply-limit.ts';
import { hashReply, replyKind } from './review-reply.ts';
import { findReply, listDueAtOfReplies, listWordsSince, moveReply, type ReplyRecord } from './store.ts';

/** An answer under review: the question it answers, its very words, and what the program noticed. */
export const replySubject: ReviewSubject = {
  kind: replyKind,
  listDueAt: listDueAtOfReplies,
  render,
  onApproved: release,
  onReturned: giveBack,
};

/** Below this a mark is worth a sentence. */
const weak = 0.5;

async function render(_app: App, tx: Tx, bureauId: string, replyId: string): Promise<RenderedSubject> {
  const reply = await findReply(tx, { bureauId, id: replyId });
  const found = reply && (await findCase(tx, bureauId, reply.case_id));
  if (!reply || !found) throw new Error('a reviewed reply is missing');
  const messages = await listMessages(tx, bureauId, [reply.conversation_id]);
  const question = messages
    .filter(({ direction }) => direction === 'in')
    .map((message) => message.text)
    .join('\n');
  return {
    // One section: on a phone the question must not hide what is to be approved.
    sections: [
      {
        ...{ key: 'answer', heading: text('来信和拟答复', 'Question and answer') },
        note: await describeWay(tx, reply),
        html: `<h3>群众来信</h3>${paragraphs(question)}<h3>拟答复</h3>${paragraphs(reply.text)}`,
      },
    ],
    problems: [
      ...((await listWordsSince(tx, bureauId, reply.conversation_id, reply.created_at)).length > 0
        ? [writtenMeanwhile]
        : []),
      ...findProblems(question, reply.text, found.received_at, await loadOurs(tx, bureauId)),
    ],
    texts: [{ heading: '答复', text: reply.text }],
    plannedWall: null,
  };
}

const writtenMeanwhile = {
  level: 'warn' as const,
  zh: '来信人在这条答复写好以后又有补充，请看答复是否还合适',
  en: 'The person wrote more after this answer was written: look whether it still fits',
};

/** Where it goes, and how long it may be there. */
async function describeWay(tx: Tx, reply: ReplyRecord) {
  const ended = reply.state === 'cancelled' ? describeReason(reply.state, reply.reason) : null;
  if (ended) return ended;
  const conversation = await findConversation(tx, reply.bureau_id, reply.conversation_id);
  const account = reply.account_id ? await findAccount(tx, reply.bureau_id, reply.account_id) : undefined;
  const limit = replyLimitFor(account?.platform ?? null, conversation?.kind ?? 'ask');
  const used = [...reply.text].length;
  return account
    ? text(
        `通过后由“${account.name}”发出，${used}/${limit} 字`,
        `Sent by ${account.name}, ${used}/${limit} characters`,
      )
    : text(
        `通过后即可在回执中看到，${used}/${limit} 字`,
        `Shown at the receipt, ${used}/${limit} characters`,
      );
}

function findProblems(
  question: string,
  answer: string,
  receivedAt: Date,
  ours: Ours,
): RenderedSubject['problems'] {
  const days = (now().getTime() - receivedAt.getTime()) / 86_400_000;
  const quality = judgeReply({ question, reply: answer, days, allowedDays: 7 });
  const { relevance, completeness, basis, readability } = quality;
  return [
    ...maskForPublic(answer, ours).found.map(({ kind, words }) => ({
      level: 'warn' as const,
      zh: `答复中有疑似${kind.zh}：${words}`,
      en: `The answer holds what looks like a ${kind.en}: ${words}`,
    })),
    ...[relevance, completeness, basis, readability]
      .filter(({ score }) => score < weak)
      .map(({ why }) => ({ level: 'warn' as const, zh: why.zh, en: why.en })),
  ];
}

const paragraphs = (words: string) =>
  words
    .split(/\n+/)
    .map((line) => `<p>${escapeHtml(line)}</p>`)
    .join('');

async function lockReply(tx: Tx, review: ReviewRecord): Promise<ReplyRecord> {
  const { bureauId, subjectId: id } = review;
  // The conversations, then the case, as everywhere: whoever writes or answers meanwhile waits.
  const known = await findReply(tx, { bureauId, id });
  if (known) {
    await lockConversationsOf(tx, bureauId, [known.case_id]);
    await findCaseForChange(tx, bureauId, known.case_id);
  }
  const reply = await findReply(tx, { bureauId, id }, true);
  if (reply?.state !== 'reviewing') throw new Error('a reply under review is there and waits');
  return reply;
}

async function release(app: App, tx: Tx, actor: Actor, review: ReviewRecord): Promise<void> {
  const { bureauId } = review;
  const reply = await lockReply(tx, review);
  const signed = await findLatestReview(tx, bureauId, replyKind, reply.id);
  if (!signed?.subject_hash.equals(hashReply(signedPartsOf(reply)))) throw new AppError('review-hash-stale');
  await moveReply(tx, reply, { state: 'due', wakeInMs: 0 });
  const detail = { replyId: reply.id };
  const caseRef = { bureauId, caseId: reply.case_id };
  await insertEvent(tx, caseRef, 'answer-approved', { actorId: actor.personId, detail });
  await record(tx, actor, 'reply.approved', { kind: 'case', id: reply.case_id }, detail);
  await sendOff(app, tx, { bureauId, id: reply.id, accountId: reply.account_id }, reply.created_by);
  app.live.changed(tx, bureauId, 'cases');
}

const signedPartsOf = (reply: ReplyRecord) => ({
  ...{ id: reply.id, caseId: reply.case_id, conversationId: reply.conversation_id },
  ...{ toPlatformId: reply.to_platform_id, text: reply.text },
});

async function giveBack(app: App, tx: Tx, actor: Actor, review: ReviewRecord): Promise<void> {
  const { bureauId } = review;
  const reply = await lockReply(tx, review);
  const decisions = await listDecisions(tx, bureauId, review.id);
  const said = decisions.find(({ decision }) => decision === 'return');
  const note = [said?.note ?? '', ...(said?.remarks ?? []).map((remark) => remark.note)]
    .filter(Boolean)
    .join('；');
  await moveReply(tx, reply, { state: 'returned', reason: `review-returned: ${note}`, wakeInMs: null });
  const detail = { replyId: reply.id, note };
  const caseRef = { bureauId, caseId: reply.case_id };
  await insertEvent(tx, caseRef, 'answer-returned', { actorId: actor.personId, detail });
  await record(tx, actor, 'reply.returned', { kind: 'case', id: reply.case_id }, { replyId: reply.id });
  app.live.changed(tx, bureauId, 'cases');
}
