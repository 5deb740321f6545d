/** What the platform takes no more by its interface, a person answers there by hand, with a prepared task. */
import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { findAccount } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import {
  endTasksOf,
  findDeliveryForReading,
  findOpenTask,
  insertTask,
  type TaskKindOwner,
} from '#server/modules/publishing/index.ts';
import { replyStateLabels } from '#shared/inbox.ts';
import { type Text, text } from '#shared/lang.ts';
import { type HandOffTask, taskStateLabels } from '#shared/tasks.ts';
import { findCaseForChange, insertEvent } from '../cases/store.ts';
import { findConversation, findLastInbound } from '../threads/store.ts';
import { demandReplyHandler } from './reply-handler.ts';
import { replyLimitFor } from './reply-limit.ts';
import { noteSent } from './settle-reply.ts';
import { findReply, listReplies, moveReply } from './store.ts';

/** For a case without a deadline ahead: what is late already is still to be done soon. */
const soonMs = 86_400_000;

/**
 * Makes the task. Only an answer that was on its way can have met a closed window, so whatever had to be reviewed was.
 * @throws {AppError} not-found, state-conflict
 */
export async function handOverReplyIn(app: App, tx: Tx, actor: Actor, replyId: string): Promise<void> {
  const { bureauId, personId: actorId } = actor;
  const reply = await findReply(tx, { bureauId, id: replyId }, true);
  if (!reply || reply.account_id === null) throw new AppError('not-found');
  await demandReplyHandler(tx, actor, reply);
  if (reply.state !== 'window-closed') {
    throw new AppError('state-conflict', { state: replyStateLabels[reply.state].zh });
  }
  const open = await findOpenTask(tx, bureauId, 'reply', replyId);
  if (open) throw new AppError('state-conflict', { state: taskStateLabels[open.state].zh });
  const found = await findCaseForChange(tx, bureauId, reply.case_id);
  if (!found) throw new AppError('not-found');
  const soon = new Date(now().getTime() + soonMs);
  const { id } = await insertTask(tx, {
    ...{ bureauId, kind: 'reply', subjectId: replyId, accountId: reply.account_id },
    title: `人工回复 ${found.number}`,
    // The words stay with the conversation, which can be erased: the page reads them there.
    copy: [],
    deadline: found.due_at && found.due_at > now() ? found.due_at : soon,
  });
  const detail = { replyId, taskId: id };
  await insertEvent(tx, { bureauId, caseId: reply.case_id }, 'reply-handed-over', { actorId, detail });
  await record(tx, actor, 'reply.handed-over', { kind: 'case', id: reply.case_id }, detail);
  app.live.changed(tx, bureauId, 'deliveries');
  app.live.changed(tx, bureauId, 'cases');
}

/**
 * Another answer takes the place of one that was to be given by hand.
 * @throws {AppError} state-conflict when somebody says that they gave it already
 */
export async function endHandOvers(tx: Tx, bureauId: string, conversationId: string): Promise<void> {
  for (const reply of await listReplies(tx, bureauId, [conversationId])) {
    if (reply.state !== 'window-closed') continue;
    const task = await findOpenTask(tx, bureauId, 'reply', reply.id);
    if (task?.state === 'claimed')
      throw new AppError('state-conflict', { state: taskStateLabels.claimed.zh });
    if (task) await endTasksOf(tx, bureauId, 'reply', reply.id, 'cancelled');
  }
}

/** An answer that a person gives on the platform; a screenshot and a second person prove it. */
export const replyTask: TaskKindOwner = {
  kind: 'reply',
  findLink: null,
  async describe(_app, tx, task) {
    const reply = await findReply(tx, { bureauId: task.bureau_id, id: task.subject_id });
    const conversation = reply && (await findConversation(tx, task.bureau_id, reply.conversation_id));
    if (!reply || !conversation) throw new AppError('not-found');
    const asked = await findLastInbound(tx, task.bureau_id, conversation.id);
    const post = conversation.delivery_id
      ? await findDeliveryForReading(tx, task.bureau_id, conversation.delivery_id)
      : null;
    const copy: HandOffTask['copy'] = [];
    if (asked?.text) copy.push({ field: 'quote', text: asked.text, fit: null });
    const account = await findAccount(tx, task.bureau_id, task.account_id);
    copy.push({ field: 'body', text: reply.text, fit: countReply(reply.text, account, conversation.kind) });
    if (post?.url) copy.push({ field: 'link', text: post.url, fit: null });
    const console = account && getConnector(account.platform).messages?.consoleUrl;
    if (conversation.kind === 'message' && console) copy.push({ field: 'link', text: console, fit: null });
    return { instructions: stepsFor(conversation), copy, media: [], pictures: [] };
  },
  async onVerified(app, tx, task, _proof, who) {
    const { bureau_id: bureauId } = task;
    const reply = await findReply(tx, { bureauId, id: task.subject_id }, true);
    if (!reply) throw new AppError('not-found');
    if (reply.state !== 'window-closed')
      throw new AppError('state-conflict', { state: replyStateLabels[reply.state].zh });
    await moveReply(tx, reply, { state: 'sent', reason: 'sent-by-hand', wakeInMs: null, sent: true });
    const detail = { replyId: reply.id, taskId: task.id };
    const actorId = task.claimed_by;
    await insertEvent(tx, { bureauId, caseId: reply.case_id }, 'sent-by-hand', { actorId, detail });
    await noteSent(tx, reply, actorId);
    await record(tx, who, 'reply.sent-by-hand', { kind: 'case', id: reply.case_id }, detail);
    app.live.changed(tx, bureauId, 'cases');
  },
};

/** Counted, never cut: the words were approved and bounded when they were written. */
function countReply(
  words: string,
  account: { platform: string } | undefined,
  kind: string,
): HandOffTask['copy'][number]['fit'] {
  const limit = account ? replyLimitFor(account.platform, kind) : 0;
  return limit > 0 ? { text: words, used: [...words].length, limit, unit: 'characters' } : null;
}

function stepsFor(conversation: { kind: string; person_name: string | null }): Text[] {
  const who = conversation.person_name
    ? text(`“${conversation.person_name}”`, `“${conversation.person_name}”`)
    : text('来信人', 'the person');
  const place =
    conversation.kind === 'comment'
      ? text(
          `登录这个账号，打开下面的作品链接，在评论里找到${who.zh}的这条留言。`,
          `Sign in to this account, open the link below and find the comment of ${who.en}.`,
        )
      : text(
          `登录这个账号（有链接的可从下面打开），在私信（消息）里找到与${who.zh}的会话，用下面“对方的话”核对。`,
          `Sign in to this account (by the link below, where there is one) and find the private conversation with ${who.en}; compare their words below.`,
        );
  return [
    place,
    text(
      '复制正文，原样发出，不要改动：这是定稿的答复。',
      'Copy the text and send it unchanged: it is the final answer.',
    ),
    text(
      '平台不让回复的，不要换成公开发布，请告诉留言办理人。',
      'If the platform does not let you answer, post nothing in public; tell whoever handles the case.',
    ),
    text(
      '截一张能看到答复的图，在下面提交，由另一位同事核对。',
      'Take a screenshot that shows the answer and send it below; a colleague checks it.',
    ),
  ];
}
