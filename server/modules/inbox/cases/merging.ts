/** What a case takes over from one that is merged into it, and gives back when they are parted: the clock above all. */
import type { Actor } from '#server/base/actor.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { loadCalendar } from '#server/modules/planning/index.ts';
import { type CaseEvent, deriveDeadline, findGiven, findLevel, findStart, rangeOf } from './deadline.ts';
import { findCaseForChange, insertEvent, listEvents, updateCase } from './store.ts';

/** Nobody waits longer because their words were put with later ones. */
export async function takeOver(
  tx: Tx,
  { bureauId, personId }: Actor | { bureauId: string; personId: null },
  cases: { from: string; into: string },
  log: readonly CaseEvent[],
): Promise<void> {
  const given = findGiven(log)?.toISOString();
  const clock = { start: findStart(log).toISOString(), level: findLevel(log), ...(given ? { given } : {}) };
  const detail = { from: cases.from, ...clock };
  const caseRef = { bureauId, caseId: cases.into };
  await insertEvent(tx, caseRef, 'absorbed', { actorId: personId, detail });
  await deriveAnew(tx, caseRef);
}

export async function giveBackTo(
  tx: Tx,
  { bureauId, personId }: Actor | { bureauId: string; personId: null },
  cases: { from: string; into: string },
): Promise<void> {
  const caseRef = { bureauId, caseId: cases.into };
  await insertEvent(tx, caseRef, 'released', { actorId: personId, detail: { from: cases.from } });
  await deriveAnew(tx, caseRef);
}

/** After something was written into the log that moves its deadline. */
export async function deriveAnew(
  tx: Tx,
  { bureauId, caseId }: { bureauId: string; caseId: string },
): Promise<void> {
  const found = await findCaseForChange(tx, bureauId, caseId);
  if (found?.state !== 'open' || found.paused_at) return;
  const log = await listEvents(tx, bureauId, caseId);
  const { from, to } = rangeOf(log);
  const { dueAt } = deriveDeadline(log, await loadCalendar(tx, bureauId, from, to), now());
  await updateCase(tx, bureauId, caseId, { due_at: dueAt });
}
