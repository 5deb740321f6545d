import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { listConversationIds } from '../cases/store.ts';
import { queueReply } from './answer-case.ts';
import { isNotTaken } from './not-taken.ts';

/**
 * Tells the person something that is no answer: in every conversation of the case that still takes it.
 * @returns how many were queued; none: somebody must tell them another way, and the log says so
 */
export async function queueNotice(
  app: App,
  tx: Tx,
  actor: Actor,
  caseId: string,
  text: string,
): Promise<number> {
  let queued = 0;
  for (const conversationId of await listConversationIds(tx, actor.bureauId, caseId)) {
    try {
      await queueReply(app, tx, actor, caseId, { conversationId, text, purpose: 'notice' });
      queued += 1;
    } catch (error) {
      if (!(error instanceof AppError) || !isNotTaken(error)) throw error;
    }
  }
  return queued;
}
