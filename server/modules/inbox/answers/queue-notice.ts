import { type Actor, systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { toldByHand } from '#shared/inbox-intake.ts';
import { findCase, insertEvent, listConversationIds } from '../cases/store.ts';
import { tellColleagues } from '../cases/tell-colleagues.ts';
import { whoHas } from '../cases/who-hears.ts';
import { findConversation } from '../threads/store.ts';
import { queueReply } from './answer-case.ts';
import { isNotTaken } from './not-taken.ts';

/**
 * Tells the person something that is no answer: in every conversation of the case that still takes it. Whoever handles the
 * case is asked to tell the others by telephone, letter or the hotline; nothing says that they were told.
 * @returns how many were queued
 */
export async function queueNotice(
  app: App,
  tx: Tx,
  actor: Actor,
  caseId: string,
  text: string,
): Promise<number> {
  const { bureauId } = actor;
  let [queued, missed] = [0, 0];
  for (const conversationId of await listConversationIds(tx, bureauId, caseId)) {
    const conversation = await findConversation(tx, bureauId, conversationId);
    if (await reaches(app, tx, actor, caseId, { conversationId, text, kind: conversation?.kind ?? '' }))
      queued += 1;
    else missed += 1;
  }
  if (missed > 0) await askToTell(app, tx, actor, caseId, text);
  return queued;
}

async function reaches(
  app: App,
  tx: Tx,
  actor: Actor,
  caseId: string,
  { conversationId, text, kind }: { conversationId: string; text: string; kind: string },
): Promise<boolean> {
  if (toldByHand.has(kind)) return false;
  try {
    await queueReply(app, tx, actor, caseId, { conversationId, text, purpose: 'notice' });
    return true;
  } catch (error) {
    if (error instanceof AppError && isNotTaken(error)) return false;
    throw error;
  }
}

async function askToTell(app: App, tx: Tx, actor: Actor, caseId: string, text: string): Promise<void> {
  const { bureauId, personId } = actor;
  const found = await findCase(tx, bureauId, caseId);
  if (!found) return;
  await insertEvent(tx, { bureauId, caseId }, 'to-tell', { actorId: personId, detail: { note: text } });
  await tellColleagues(app, tx, systemActor(bureauId), found, { event: 'to-tell', to: [whoHas(found)] });
}
