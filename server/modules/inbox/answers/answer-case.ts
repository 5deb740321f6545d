import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { findAccount } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import { type CaseState, caseStateLabels, givenReplyStates, replyStateLabels } from '#shared/inbox.ts';
import { demandHandler } from '../cases/handlers.ts';
import { ratingQuestion } from '../cases/rating.ts';
import { findCaseForChange, insertEvent, listConversationIds, lockConversationsOf } from '../cases/store.ts';
import { findEntry, insertCitation } from '../knowledge/store.ts';
import { loadSettings } from '../settings/store.ts';
import { findConversation, findLastInbound } from '../threads/store.ts';
import { isNotTaken } from './not-taken.ts';
import { endHandOvers } from './reply-by-hand.ts';
import { ownReplyLimit, replyLimitFor } from './reply-limit.ts';
import { needsReview } from './review-need.ts';
import { openReplyReview } from './review-reply.ts';
import { noteSent } from './settle-reply.ts';
import { findLastAnswer, findReply, findUnsettled, insertReply, listUnanswered, moveReply } from './store.ts';

type NewAnswer = {
  conversationId: string;
  text: string;
  purpose: 'answer' | 'notice';
  entryIds?: readonly string[];
  /** To be given there by hand: no open window is needed. */
  byHand?: boolean;
};

/**
 * Queues an answer. Nothing is sent here: a worker sends it once, by the rules of send-reply.ts.
 * @param given.after the last answer that the writer knew of, null for none; absent: they do not say
 * @param given.everyone the same to whoever else waits in this case; who cannot be reached is counted as `missed`
 * @throws {AppError} not-found, state-conflict, reply-window-closed, reply-too-long, case-of-others, answered-meanwhile
 */
export async function answerCaseIn(
  app: App,
  tx: Tx,
  actor: Actor,
  caseId: string,
  given: Omit<NewAnswer, 'purpose'> & { after?: string | null | undefined; everyone?: boolean },
): Promise<{ replyId: string; also: number; missed: number }> {
  const { after, everyone = false, ...words } = given;
  const { bureauId } = actor;
  await lockConversationsOf(tx, bureauId, [caseId]);
  const found = await findCaseForChange(tx, bureauId, caseId);
  if (!found) throw new AppError('not-found');
  demandHandler(actor, found);
  if (after !== undefined) await demandUnanswered(tx, actor, words.conversationId, after);
  const answer = { ...words, purpose: 'answer' as const };
  const { replyId } = await queueReply(app, tx, actor, caseId, answer);
  const reached = { also: 0, missed: 0 };
  const others = { caseId, except: words.conversationId };
  const waiting = everyone ? await listUnanswered(tx, bureauId, others, givenReplyStates) : [];
  for (const conversationId of waiting)
    reached[(await reaches(app, tx, actor, caseId, { ...answer, conversationId })) ? 'also' : 'missed'] += 1;
  return { replyId, ...reached };
}

/** Somebody else was faster: what was typed stays in the writer's box. @throws {AppError} answered-meanwhile */
async function demandUnanswered(
  tx: Tx,
  { bureauId, personId }: Actor,
  conversationId: string,
  after: string | null,
): Promise<void> {
  const last = await findLastAnswer(tx, bureauId, conversationId);
  // Whoever has just answered knows it.
  if (!last || last.id === after || last.created_by === personId) return;
  const names = await findPeopleNames(tx, [last.created_by]);
  throw new AppError('answered-meanwhile', { name: names.get(last.created_by) ?? '' });
}

async function reaches(app: App, tx: Tx, actor: Actor, caseId: string, answer: NewAnswer): Promise<boolean> {
  try {
    await queueReply(app, tx, actor, caseId, answer);
    return true;
  } catch (error) {
    if (error instanceof AppError && isNotTaken(error)) return false;
    throw error;
  }
}

/** @throws {AppError} not-found, state-conflict, reply-window-closed, reply-too-long */
export async function queueReply(
  app: App,
  tx: Tx,
  actor: Actor,
  caseId: string,
  answer: NewAnswer,
): Promise<{ replyId: string }> {
  const { bureauId, personId } = actor;
  const { conversationId, purpose } = answer;
  await lockConversationsOf(tx, bureauId, [caseId]);
  const found = await findCaseForChange(tx, bureauId, caseId);
  if (!found || !(await listConversationIds(tx, bureauId, caseId)).includes(conversationId)) {
    throw new AppError('not-found');
  }
  if (found.state === 'closed') {
    throw new AppError('state-conflict', { state: caseStateLabels[found.state as CaseState].zh });
  }
  // A second answer beside one that may have arrived would show the citizen two.
  const unsettled = await findUnsettled(tx, bureauId, { conversationId });
  if (unsettled) throw new AppError('state-conflict', { state: replyStateLabels[unsettled.state].zh });
  await endHandOvers(tx, bureauId, conversationId);
  const { settings } = await loadSettings(tx, bureauId);
  // What is asked below the answer is part of what a reviewer signs.
  const asks = purpose === 'answer' && settings.askSatisfaction;
  const { accountId, toPlatformId, text } = await demandOpenWindow(tx, bureauId, answer, asks);
  const id = newId();
  const created = { bureauId, id, caseId, conversationId, accountId, toPlatformId, text, purpose };
  const reviewed = purpose === 'answer' && needsReview(settings.answerReview, found);
  const reviewId = reviewed
    ? await openReplyReview(app, tx, actor, { ...created, number: found.number })
    : null;
  await insertReply(tx, { ...created, createdBy: personId, reviewId });
  for (const entryId of new Set(answer.entryIds ?? [])) await cite(tx, bureauId, id, entryId);
  const detail = { replyId: id };
  const event = reviewed ? 'answer-in-review' : purpose === 'answer' ? 'answer-queued' : 'notice-queued';
  await insertEvent(tx, { bureauId, caseId }, event, { actorId: personId, detail });
  await record(tx, actor, 'reply.queued', { kind: 'case', id: caseId }, { ...detail, conversationId });
  if (!reviewed) await sendOff(app, tx, { bureauId, id, accountId }, personId);
  app.live.changed(tx, bureauId, 'cases');
  return { replyId: id };
}

/** @throws {AppError} not-found */
async function cite(tx: Tx, bureauId: string, replyId: string, entryId: string): Promise<void> {
  const entry = await findEntry(tx, bureauId, entryId);
  if (!entry) throw new AppError('not-found');
  await insertCitation(tx, { bureauId, replyId, entryId, version: entry.version });
}

/**
 * From here it goes out. No platform, no call: on the site the answer stands at the receipt at once; a visitor, a caller, a
 * hotline got it by hand.
 */
export async function sendOff(
  app: App,
  tx: Tx,
  reply: { bureauId: string; id: string; accountId: string | null },
  personId: string,
): Promise<void> {
  const { bureauId, id } = reply;
  if (reply.accountId === null) await recordOwnReply(tx, { bureauId, id }, personId);
  else await app.jobs.enqueue(tx, 'inbox.wake', { bureauId });
}

async function recordOwnReply(
  tx: Tx,
  ref: { bureauId: string; id: string },
  personId: string,
): Promise<void> {
  const reply = await findReply(tx, ref, true);
  if (!reply) throw new Error('a reply just written is there');
  await moveReply(tx, reply, { state: 'sent', wakeInMs: null, submitted: true, sent: true });
  await noteSent(tx, reply, personId);
}

async function demandOpenWindow(
  tx: Tx,
  bureauId: string,
  { conversationId, text: written, byHand = false }: NewAnswer,
  asks: boolean,
) {
  const conversation = await findConversation(tx, bureauId, conversationId);
  if (!conversation) throw new AppError('not-found');
  const account = conversation.account_id
    ? await findAccount(tx, bureauId, conversation.account_id)
    : undefined;
  if (conversation.account_id && !account) throw new AppError('not-found');
  const taken = replyLimitFor(account?.platform ?? null, conversation.kind);
  const limit = byHand && taken === 0 ? ownReplyLimit : taken;
  if (!byHand && (limit === 0 || !conversation.window_open)) throw new AppError('reply-window-closed');
  if ([...written].length > limit) throw new AppError('reply-too-long', { limit });
  const asked = `${written}${ratingQuestion}`;
  // Where the answer needs all the room there is, the question stays away.
  const text = asks && conversation.kind === 'message' && [...asked].length <= limit ? asked : written;
  const toPlatformId =
    conversation.kind === 'comment'
      ? ((await findLastInbound(tx, bureauId, conversationId))?.platform_id.replace(/^comment:/, '') ?? null)
      : null;
  return { accountId: account?.id ?? null, toPlatformId, text };
}
