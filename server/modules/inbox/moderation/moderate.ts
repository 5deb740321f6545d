/** What people decide about comments, and the words that put a comment before them. */

import type { z } from 'zod';
import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { findAccount } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import type { checkComment, decideCommentCheck } from '#shared/comment-checks.ts';
import { type CheckState, type CommentAction, checkStateLabels } from '#shared/comment-checks.ts';
import { findCaseOfConversation, insertEvent } from '../cases/store.ts';
import { loadSettings } from '../settings/store.ts';
import { findConversation, findLastInbound } from '../threads/store.ts';
import { changeCheck, findCheck, insertCheck } from './store.ts';

/** Bad words of the bureau that stand in a text, spaces and signs between their characters or not. */
export function findBadWords(text: string, words: readonly string[]): string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  const bare = plain.replaceAll(/[^\p{L}\p{N}]/gu, '');
  return words.filter((word) => {
    const wanted = word.normalize('NFKC').toLowerCase();
    return plain.includes(wanted) || bare.includes(wanted.replaceAll(/[^\p{L}\p{N}]/gu, '') || wanted);
  });
}

/** A new comment with a bad word waits to be looked at; it is hidden nowhere before a person decides. */
export async function checkWords(
  tx: Tx,
  comment: {
    bureauId: string;
    conversationId: string;
    accountId: string;
    deliveryId: string;
    commentId: string;
    text: string;
    personName: string | null;
  },
): Promise<void> {
  const { settings } = await loadSettings(tx, comment.bureauId);
  const words = findBadWords(comment.text, settings.badWords);
  if (words.length > 0) await insertCheck(tx, { ...comment, foundBy: 'words', words });
}

/** @throws {AppError} not-found also for a conversation that is no comment */
export async function checkCommentIn(
  app: App,
  tx: Tx,
  actor: Actor,
  conversationId: string,
  given: z.output<(typeof checkComment)['body']>,
): Promise<{ checkId: string }> {
  const { bureauId } = actor;
  const conversation = await findConversation(tx, bureauId, conversationId);
  const last = conversation && (await findLastInbound(tx, bureauId, conversationId));
  if (conversation?.kind !== 'comment' || !conversation.account_id || !last) throw new AppError('not-found');
  const checkId = await insertCheck(tx, {
    ...{ bureauId, conversationId, accountId: conversation.account_id, deliveryId: conversation.delivery_id },
    ...{ commentId: last.platform_id.replace(/^comment:/, ''), text: last.text },
    ...{ personName: conversation.person_name, foundBy: 'hand', words: [] },
  });
  await record(tx, actor, 'comment.flagged', { kind: 'comment-check', id: checkId }, { conversationId });
  if (given.action) {
    const verdict = { kind: 'act', action: given.action } as const;
    await decideCheckIn(app, tx, actor, checkId, { verdict, reason: given.reason });
  }
  app.live.changed(tx, bureauId, 'cases');
  return { checkId };
}

/** @throws {AppError} not-found; state-conflict when it was decided already */
export async function decideCheckIn(
  app: App,
  tx: Tx,
  actor: Actor,
  checkId: string,
  { verdict, reason }: z.output<(typeof decideCommentCheck)['body']>,
): Promise<void> {
  const { bureauId, personId } = actor;
  const found = await findCheck(tx, { bureauId, id: checkId });
  if (!found) throw new AppError('not-found');
  const state = found.state as CheckState;
  if (!['open', 'failed', 'by-hand'].includes(state)) {
    throw new AppError('state-conflict', { state: checkStateLabels[state].zh });
  }
  const account = await findAccount(tx, bureauId, found.account_id);
  const offered: readonly CommentAction[] =
    (account && getConnector(account.platform).moderation?.actions) || [];
  const next = nextOf(verdict, offered);
  await changeCheck(tx, { bureauId, id: checkId }, { ...next, reason, failure: null, decidedBy: personId });
  const current = await findCaseOfConversation(tx, bureauId, found.conversation_id);
  const detail = { verdict: verdict.kind, action: next.action ?? null, state: next.state };
  if (current) {
    await insertEvent(tx, { bureauId, caseId: current.id }, 'comment-checked', {
      actorId: personId,
      detail: { ...detail, reason },
    });
  }
  await record(tx, actor, 'comment.checked', { kind: 'comment-check', id: checkId }, detail);
  if (next.state === 'acting') await app.jobs.enqueue(tx, 'inbox.wake', { bureauId });
  app.live.changed(tx, bureauId, 'cases');
}

function nextOf(
  verdict: z.output<(typeof decideCommentCheck)['body']>['verdict'],
  offered: readonly CommentAction[],
): { state: CheckState; action?: CommentAction | null; wakeInMs: number | null } {
  if (verdict.kind === 'keep') return { state: 'kept', action: null, wakeInMs: null };
  if (verdict.kind === 'done-by-hand') return { state: 'done', wakeInMs: null };
  const { action } = verdict;
  return offered.includes(action)
    ? { state: 'acting', action, wakeInMs: 0 }
    : // Where the platform has no such call, a person does it there and says so.
      { state: 'by-hand', action, wakeInMs: null };
}
