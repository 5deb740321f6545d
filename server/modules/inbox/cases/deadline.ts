import { fromWallTime, wallDate } from '#server/base/clock.ts';
import { addDays, addWorkingDays, type WorkingCalendar } from '#server/modules/planning/index.ts';
import { type CaseKind, caseWorkingDays } from '#shared/inbox.ts';
import type { DeadlineStep } from '#shared/planning.ts';

export type CaseEvent = { event: string; at: Date; detail: Record<string, unknown> };

export type Deadline = {
  workingDays: number;
  /** Day of receipt, Asia/Shanghai. */
  from: string;
  dueAt: Date;
  steps: DeadlineStep[];
};

/** The office closes at 17:30; an answer by then is in time. */
const closingTime = '17:30';

/** Calendar days that hold any number of working days a case may have, with the longest holidays in between. */
const horizonDays = 60;

export function calendarRange(from: Date, to: Date = from): { from: string; to: string } {
  return { from: wallDate(from), to: addDays(wallDate(to), horizonDays) };
}

/**
 * When the answer is due, from the case's own log: the clock starts when the citizen's words were received, and
 * again when a case is reopened; the kind last given says how many working days. What joins an open case moves nothing.
 * @param events in the order of the log
 * @throws {Error} when the log does not say that anything was received
 */
export function deriveDeadline(events: readonly CaseEvent[], calendar: WorkingCalendar): Deadline {
  const start = findStart(events);
  const workingDays = caseWorkingDays[findKind(events)];
  const from = wallDate(start);
  const { due, steps } = addWorkingDays(calendar, from, workingDays);
  return { workingDays, from, dueAt: fromWallTime(`${due} ${closingTime}`), steps };
}

export function findStart(events: readonly CaseEvent[]): Date {
  const start =
    events.findLast(({ event }) => event === 'reopened') ?? events.find(({ event }) => event === 'received');
  if (!start) throw new Error('the log of a case begins with `received`');
  return start.at;
}

function findKind(events: readonly CaseEvent[]): CaseKind {
  const kind = events.findLast(({ event }) => event === 'classified')?.detail.kind;
  return typeof kind === 'string' && kind in caseWorkingDays ? (kind as CaseKind) : 'other';
}
