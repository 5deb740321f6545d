import type { Tx } from '#server/base/database.ts';
import { listUnanswered, listWordsSince } from '../answers/store.ts';
import { findCaseForChange, insertEvent, updateCase } from './store.ts';

/** Somebody wrote an answer: when, who, and what the log says. `writtenAt`: what came later it does not speak of. */
type Told = { at: Date; writtenAt?: Date; actorId: string | null; detail: Record<string, unknown> };

/**
 * Somebody has an answer. A case that holds several people's words is answered when each of them has one: until then it stays in
 * the queue and the log says how many wait.
 */
export async function settleAnswered(
  tx: Tx,
  { bureauId, caseId, conversationId }: { bureauId: string; caseId: string; conversationId: string },
  told: Told,
): Promise<void> {
  const { at, writtenAt, actorId, detail } = told;
  const caseRef = { bureauId, caseId };
  const current = await findCaseForChange(tx, bureauId, caseId);
  const newer =
    current?.state === 'open' && writtenAt
      ? await listWordsSince(tx, bureauId, conversationId, writtenAt)
      : [];
  if (newer.length > 0) {
    // The person wrote more meanwhile: that waits still, by the deadline that there is.
    await insertEvent(tx, caseRef, 'answered-before', {
      actorId,
      detail: { ...detail, newer: newer.length },
    });
    return;
  }
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
