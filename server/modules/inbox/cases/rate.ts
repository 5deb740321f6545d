/** What a person says of an answer in the conversation itself: a mark, and from 不满意 a case that is open again. */
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { loadCalendar } from '#server/modules/planning/index.ts';
import { calendarRange, deriveDeadline } from './deadline.ts';
import {
  findCaseForChange,
  type findCaseOfConversation,
  insertEvent,
  listEvents,
  updateCase,
} from './store.ts';
import { tellColleagues } from './tell-colleagues.ts';
import { whoHas } from './who-hears.ts';

type CaseRow = NonNullable<Awaited<ReturnType<typeof findCaseOfConversation>>>;
type CaseRef = { bureauId: string; caseId: string };

/** So long after an answer the word that was asked for is one about it; later it speaks of something new. */
const ratingWithinMs = 15 * 86_400_000;
/** The event's own reason, said in words where it is shown. */
export const unsatisfiedReason = 'unsatisfied';
const unsatisfiedStars = 2;

/** Whether the last answer waits for its mark. One that was reopened and answered again may be marked again. */
export function isRatable(
  found: Pick<CaseRow, 'state' | 'outcome' | 'answered_at' | 'satisfaction_at'>,
  at: Date,
): boolean {
  const { answered_at: answeredAt, satisfaction_at: ratedAt } = found;
  if (found.state === 'open' || found.outcome === 'spam' || found.outcome === 'merged') return false;
  if (!answeredAt || at.getTime() - answeredAt.getTime() >= ratingWithinMs) return false;
  return ratedAt === null || ratedAt < answeredAt;
}

/**
 * Writes the mark down. 不满意 opens the case again, once: whoever is not content with the second answer either is on
 * the list of those to call back.
 */
export async function rateCase(
  tx: Tx,
  bureauId: string,
  found: CaseRow,
  { stars, at }: { stars: number; at: Date },
): Promise<{ reopened: boolean }> {
  const caseRef = { bureauId, caseId: found.id };
  await updateCase(tx, bureauId, found.id, {
    ...{ satisfaction: stars, satisfaction_note: null, satisfaction_at: at, satisfaction_from: 'message' },
  });
  await insertEvent(tx, caseRef, 'rated', { at, detail: { satisfaction: stars } });
  const subject = { kind: 'case', id: found.id };
  await record(tx, systemActor(bureauId), 'case.rated', subject, { satisfaction: stars });
  if (stars > unsatisfiedStars || (await wasReopened(tx, bureauId, found.id))) return { reopened: false };
  await reopenCase(
    tx,
    caseRef,
    { at, answeredAt: found.answered_at ?? found.received_at },
    unsatisfiedReason,
  );
  return { reopened: true };
}

/** 不满意 opens a case once. */
export async function wasReopened(tx: Tx, bureauId: string, caseId: string): Promise<boolean> {
  const events = await listEvents(tx, bureauId, caseId);
  return events.some(({ event, detail }) => event === 'reopened' && detail.reason === unsatisfiedReason);
}

/** The clock starts anew, and no earlier than the answer: a word may be written before it and told after it. */
export async function reopenCase(
  tx: Tx,
  caseRef: CaseRef,
  word: { at: Date; answeredAt: Date },
  reason?: string,
): Promise<void> {
  const { bureauId, caseId } = caseRef;
  const at = new Date(Math.max(word.at.getTime(), word.answeredAt.getTime()));
  await insertEvent(tx, caseRef, 'reopened', { at, ...(reason ? { detail: { reason } } : {}) });
  const range = calendarRange(at, now());
  const calendar = await loadCalendar(tx, bureauId, range.from, range.to);
  const { dueAt } = deriveDeadline(await listEvents(tx, bureauId, caseId), calendar);
  await updateCase(tx, bureauId, caseId, {
    ...{
      state: 'open',
      outcome: null,
      outcome_note: null,
      closed_at: null,
      answered_at: null,
      due_at: dueAt,
    },
  });
  await record(tx, systemActor(bureauId), 'case.reopened', { kind: 'case', id: caseId });
}

/** Whoever answered it hears at once that it was not enough. */
export async function tellReopened(app: App, tx: Tx, bureauId: string, caseId: string): Promise<void> {
  const found = await findCaseForChange(tx, bureauId, caseId);
  if (!found) return;
  await tellColleagues(app, tx, systemActor(bureauId), found, { event: 'reopened', to: [whoHas(found)] });
}
