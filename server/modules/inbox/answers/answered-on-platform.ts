import type { InboundComment } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { settleAnswered } from '../cases/settle-answered.ts';
import { findCaseOfConversation } from '../cases/store.ts';
import {
  type ConversationKey,
  findConversationAt,
  hasOutMessage,
  insertMessage,
  lockConversation,
} from '../threads/store.ts';
import { cancelOvertaken, lockReviewsAt } from './overtaken.ts';

/**
 * A reply that stands under a comment on the platform: ours, found again, or one that somebody gave there by hand.
 * Either way the citizen has an answer, and the case must not ask for another, nor an answer that waits here follow it.
 * @returns false when it was known
 */
export async function answeredOnPlatform(
  app: App,
  tx: Tx,
  key: ConversationKey,
  comment: InboundComment,
): Promise<boolean> {
  if (!comment.reply) return false;
  const { bureauId, accountId } = key;
  const text = comment.reply.text.trim();
  const there = await findConversationAt(tx, key);
  if (there && (await hasOutMessage(tx, bureauId, there, text))) return false;
  if (there) await lockReviewsAt(tx, bureauId, there);
  const first = { deliveryId: null, person: comment.person, at: comment.at };
  const conversation = await lockConversation(tx, key, first);
  if (await hasOutMessage(tx, bureauId, conversation.id, text)) return false;
  const isNew = await insertMessage(tx, {
    bureauId,
    accountId,
    conversationId: conversation.id,
    direction: 'out',
    platformId: `standing:${comment.platformId}`,
    text,
    attachment: null,
    at: comment.reply.at,
  });
  if (isNew === null) return false;
  await cancelOvertaken(app, tx, { bureauId, conversationId: conversation.id }, text);
  const current = await findCaseOfConversation(tx, bureauId, conversation.id);
  if (current?.state !== 'open') return true;
  await settleAnswered(
    tx,
    { bureauId, caseId: current.id, conversationId: conversation.id },
    // A platform whose clock runs ahead answers nothing in the future.
    {
      at: new Date(Math.min(comment.reply.at.getTime(), now().getTime())),
      actorId: null,
      detail: { on: 'platform' },
    },
  );
  await record(tx, systemActor(bureauId), 'case.answered-on-platform', { kind: 'case', id: current.id });
  return true;
}
