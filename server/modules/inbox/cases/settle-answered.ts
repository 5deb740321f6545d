import type { Tx } from '#server/base/database.ts';
import { loadCalendar } from '#server/modules/planning/index.ts';
import { listUnanswered, listWordsSince } from '../answers/store.ts';
import { deriveDeadline, rangeOf } from './deadline.ts';
import { findCaseForChange, insertEvent, listEvents, updateCase } from './store.ts';

/** The clock stood still and had no end: whether the answer was in time is told by the one it has now. */
async function dueNow(tx: Tx, bureauId: string, caseId: string): Promise<Date> {
  const log = await listEvents(tx, bureauId, caseId);
  const { from, to } = rangeOf(log);
  return deriveDeadline(log, await loadCalendar(tx, bureauId, from, to)).dueAt;
}

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
    const due = current.paused_at ? { due_at: await dueNow(tx, bureauId, caseId) } : {};
    const change = { state: 'answered', answered_at: at, paused_at: null, closing_by: null } as const;
    await updateCase(tx, bureauId, caseId, { ...change, ...due });
  }
  await insertEvent(tx, caseRef, 'answered', { actorId, detail });
}
