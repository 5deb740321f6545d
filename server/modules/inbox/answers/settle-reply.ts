/** What follows from the outcome of a reply's one call, or of a look at the platform afterwards. */
import type { Exchange, ReplyOutcome } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import {
  countCallFailure,
  countCallSuccess,
  demandSignIn,
  findAccount,
  holdCalls,
  holdSubjects,
} from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { settleAnswered } from '../cases/settle-answered.ts';
import { insertEvent } from '../cases/store.ts';
import {
  closeWindow,
  findConversation,
  hasOutMessage,
  insertMessage,
  spendAnswer,
} from '../threads/store.ts';
import { moveReply, type ReplyChange, type ReplyRecord } from './store.ts';

/** How long after an uncertain call "it is not there" may be believed. */
export const settleMs = 60_000;
/** An account that must sign in again is tried once in this time. */
const signInRetryMs = 10 * 60_000;

/** What a platform said, or what was known without asking one: then there is no code of it. */
export type Settled = ReplyOutcome | { kind: 'window-closed'; code: null };
type Result = { outcome: Settled; exchanges: readonly Exchange[] };

/**
 * Saves the outcome if the reply is still as `reply` says.
 * @returns false when it is not: a sweep or a person was there in between, and what they did stands
 */
export async function settleReply(app: App, tx: Tx, reply: ReplyRecord, result: Result): Promise<boolean> {
  const kind = (await findConversation(tx, reply.bureau_id, reply.conversation_id))?.kind ?? 'message';
  const change = changeFor(result.outcome, kind);
  const moved = await moveReply(tx, reply, { ...change, claimedBy: null, exchanges: result.exchanges });
  if (moved === null) return false;
  await follow(app, tx, reply, result.outcome);
  const { code } = result.outcome as { code?: string };
  await record(
    tx,
    systemActor(reply.bureau_id),
    `reply.${eventNames[result.outcome.kind]}`,
    { kind: 'case', id: reply.case_id },
    { replyId: reply.id, ...(code ? { code } : {}) },
  );
  app.live.changed(tx, reply.bureau_id, 'cases');
  return true;
}

const eventNames = {
  sent: 'sent',
  rejected: 'rejected',
  'retry-later': 'postponed',
  'sign-in-again': 'postponed',
  'window-closed': 'window-closed',
  unknown: 'unknown',
} as const satisfies Record<ReplyOutcome['kind'], string>;

function changeFor(outcome: Settled, kind: string): ReplyChange {
  switch (outcome.kind) {
    case 'sent':
      return { state: 'sent', reason: null, wakeInMs: null, sent: true, platformIds: outcome.ids };
    case 'rejected':
      return { state: 'rejected', reason: `${outcome.code}: ${outcome.reason}`, wakeInMs: null };
    case 'window-closed':
      return {
        ...{ state: 'window-closed', wakeInMs: null },
        reason: outcome.code === null ? 'window-closed' : `window-closed: ${outcome.code}`,
      };
    case 'retry-later':
      return { state: 'due', reason: `retry-later: ${outcome.code}`, wakeInMs: outcome.afterMs };
    case 'sign-in-again':
      return { state: 'due', reason: `sign-in-again: ${outcome.code}`, wakeInMs: signInRetryMs };
    case 'unknown':
      // A comment's reply can be looked for. A private message can't be read back: only a person can tell.
      return {
        state: 'unknown',
        reason: `answer-lost: ${outcome.reason}`,
        wakeInMs: kind === 'comment' ? settleMs : null,
      };
  }
}

async function follow(app: App, tx: Tx, reply: ReplyRecord, outcome: Settled): Promise<void> {
  const { bureau_id: bureauId, account_id: accountId } = reply;
  if (accountId === null) throw new Error('only a reply on a platform has an outcome');
  if (outcome.kind === 'sent') {
    const { account, platform } = await subjectsOf(tx, reply);
    await countCallSuccess(tx, account);
    await countCallSuccess(tx, platform);
    await noteSent(tx, reply, null);
  }
  if (outcome.kind === 'unknown') {
    const { account, platform } = await subjectsOf(tx, reply);
    await countCallFailure(tx, account, outcome.reason);
    await countCallFailure(tx, platform, outcome.reason);
  }
  if (outcome.kind === 'window-closed') await closeWindow(tx, bureauId, reply.conversation_id);
  if (outcome.kind === 'sign-in-again') await demandSignIn(app, tx, bureauId, accountId, outcome.code);
  if (outcome.kind === 'retry-later') {
    const subjects = await subjectsOf(tx, reply);
    await holdCalls(tx, subjects[outcome.scope], outcome.afterMs, outcome.code);
  }
}

async function subjectsOf(tx: Tx, reply: ReplyRecord) {
  const account = reply.account_id && (await findAccount(tx, reply.bureau_id, reply.account_id));
  if (!account) throw new Error('a reply has its account');
  return holdSubjects(account);
}

/** The citizen has the answer: it stands in the thread, and the case is answered. */
export async function noteSent(tx: Tx, reply: ReplyRecord, actorId: string | null): Promise<void> {
  const { bureau_id: bureauId, conversation_id: conversationId, case_id: caseId } = reply;
  // Under a comment a poll may have found it before us; in a private thread the same words may be said twice.
  const known =
    reply.to_platform_id !== null && (await hasOutMessage(tx, bureauId, conversationId, reply.text.trim()));
  const at = now();
  if (!known) {
    await insertMessage(tx, {
      bureauId,
      conversationId,
      accountId: reply.account_id,
      direction: 'out',
      platformId: `sent:${reply.id}`,
      text: reply.text.trim(),
      attachment: null,
      at,
    });
  }
  await spendAnswer(tx, bureauId, conversationId);
  const detail = { replyId: reply.id };
  if (reply.purpose === 'notice')
    return insertEvent(tx, { bureauId, caseId }, 'notice-sent', { actorId, detail });
  const told = { at, writtenAt: reply.created_at, actorId, detail };
  await settleAnswered(tx, { bureauId, caseId, conversationId }, told);
}
