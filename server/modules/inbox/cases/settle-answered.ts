import type { Tx } from '#server/base/database.ts';
import { listUnanswered } from '../answers/store.ts';
import { findCaseForChange, insertEvent, updateCase } from './store.ts';

/**
 * Somebody has an answer. A case that holds several people's words is answered when each of them has one: until then it stays in
 * the queue and the log says how many wait.
 */
export async function settleAnswered(
  tx: Tx,
  { bureauId, caseId, conversationId }: { bureauId: string; caseId: string; conversationId: string },
  told: { at: Date; actorId: string | null; detail: Record<string, unknown> },
): Promise<void> {
  const { at, actorId, detail } = told;
  const caseRef = { bureauId, caseId };
  const current = await findCaseForChange(tx, bureauId, caseId);
  const others = { caseId, except: conversationId };
  const left = current?.state === 'open' ? await listUnanswered(tx, bureauId, others, ['sent']) : [];
  if (left.length > 0) {
    await insertEvent(tx, caseRef, 'answered-one', { actorId, detail: { ...detail, left: left.length } });
    return;
  }
  if (current?.state === 'open') {
    // An answer ends the wait for what the person might have added.
    if (current.paused_at) await insertEvent(tx, caseRef, 'resumed', { actorId });
    await updateCase(tx, bureauId, caseId, { state: 'answered', answered_at: at, paused_at: null });
  }
  await insertEvent(tx, caseRef, 'answered', { actorId, detail });
}
