import { fromWallTime, now, wallDate } from '#server/base/clock.ts';
import {
  addDays,
  addWorkingDays,
  describeDay,
  type WorkingCalendar,
} from '#server/modules/planning/index.ts';
import { type CaseKind, caseWorkingDays } from '#shared/inbox.ts';
import type { DeadlineStep } from '#shared/planning.ts';
import { longestDays } from './machine.ts';

export type CaseEvent = { event: string; at: Date; detail: Record<string, unknown> };

export type Deadline = {
  /** Counted in all: the level of service and, where it was granted, the extension. */
  workingDays: number;
  extendedBy: number;
  /** Day of receipt, Asia/Shanghai. */
  from: string;
  dueAt: Date;
  steps: DeadlineStep[];
  /** Set by whoever sent it here, earlier than our own would be. */
  given?: true;
};

/** The office closes at 17:30; an answer by then is in time. */
const closingTime = '17:30';
const pausedNote = '等待来信人补充，暂停计时，不计入';

/** Calendar days that hold any number of working days a case may have, with the longest holidays in between. */
const horizonDays = 60;

export function calendarRange(from: Date, to: Date = from): { from: string; to: string } {
  return { from: wallDate(from), to: addDays(wallDate(to), horizonDays) };
}

/** What a deadline of this log can need: up to now, because the clock may have stood still until now. */
export function rangeOf(events: readonly CaseEvent[]): { from: string; to: string } {
  const start = findStart(events);
  return calendarRange(start, new Date(Math.max(start.getTime(), now().getTime())));
}

/** 17:30 of the n-th working day after a moment. */
export function workingDayAfter(from: Date, count: number, calendar: WorkingCalendar): Date {
  return fromWallTime(`${addWorkingDays(calendar, wallDate(from), count).due} ${closingTime}`);
}

/**
 * When the answer is due, from the case's own log: the clock starts when the citizen's words were received, and
 * again when a case is reopened; the class given last says how many working days, an extension adds its own. A working
 * day at whose end the case waited for the citizen does not count. What joins an open case moves nothing; what was merged
 * into it brings its own clock, and the earliest end counts. A hotline that set a deadline of its own waits no longer than
 * that, whatever stood still or was extended here.
 * @param events in the order of the log
 * @param at for a case that still waits: as if it ran on from this moment
 * @throws {Error} when the log does not say that anything was received
 */
export function deriveDeadline(
  events: readonly CaseEvent[],
  calendar: WorkingCalendar,
  at: Date = now(),
): Deadline {
  const since = events.slice(findStartIndex(events));
  const granted = since.find(({ event }) => event === 'extended')?.detail.days;
  const pauses = findPauses(since, at);
  const stands = (day: string) => {
    const closing = fromWallTime(`${day} ${closingTime}`);
    return pauses.some(({ from, to }) => from <= closing && closing < to) ? pausedNote : null;
  };
  const deadlines = findClocks(events).map(({ start, level, given: limit }): Deadline => {
    // With its extension no case may take longer, unless its class alone does.
    const workingDays = Math.min(
      Math.max(level, longestDays),
      level + (typeof granted === 'number' ? granted : 0),
    );
    const from = wallDate(start);
    const { due, steps } = addWorkingDays(calendar, from, workingDays, stands);
    const dueAt = fromWallTime(`${due} ${closingTime}`);
    const own = { workingDays, extendedBy: workingDays - level, from, dueAt, steps };
    return limit && limit < dueAt ? cutAt(own, limit) : own;
  });
  return deadlines.reduce((first, other) => (other.dueAt < first.dueAt ? other : first));
}

/** The days that are left of it, counted as before. */
function cutAt(own: Deadline, dueAt: Date): Deadline {
  const steps = own.steps.filter(({ day }) => day <= wallDate(dueAt));
  const workingDays = steps.filter(({ counted }) => counted).length;
  return { ...own, workingDays, extendedBy: 0, dueAt, steps, given: true };
}

/** `given`: the deadline that whoever sent it here set. */
type Clock = { start: Date; level: number; given: Date | null };

/** The case's own clock, and those of what was merged into it and not parted again: the earliest end counts. */
function findClocks(events: readonly CaseEvent[]): Clock[] {
  const index = findStartIndex(events);
  const since = events.slice(index);
  const given = since.findLast(({ event }) => event === 'deadline-given')?.detail.dueAt;
  const clocks: Clock[] = [{ start: events[index]!.at, level: findLevel(events), given: readDate(given) }];
  for (const [at, { event, detail }] of since.entries()) {
    const { from, start, level } = detail;
    if (event !== 'absorbed' || typeof start !== 'string' || typeof level !== 'number') continue;
    const parted = since.slice(at).some((later) => later.event === 'released' && later.detail.from === from);
    if (!parted) clocks.push({ start: new Date(start), level, given: readDate(detail.given) });
  }
  return clocks;
}

const readDate = (value: unknown): Date | null => (typeof value === 'string' ? new Date(value) : null);

/** The earliest deadline that somebody outside set for the case, or for what was merged into it. */
export function findGiven(events: readonly CaseEvent[]): Date | null {
  const given = findClocks(events).flatMap((clock) => clock.given?.getTime() ?? []);
  return given.length > 0 ? new Date(Math.min(...given)) : null;
}

/** 24 hours, those of days off left out: what comes on a Friday evening is handed back until Monday. */
export function returnBy(assignedAt: Date, calendar: WorkingCalendar): Date {
  let [at, left] = [assignedAt.getTime(), returnWithinMs];
  for (;;) {
    const day = wallDate(new Date(at));
    const midnight = fromWallTime(`${addDays(day, 1)} 00:00`).getTime();
    if (describeDay(calendar, day).works) {
      if (midnight - at >= left) return new Date(at + left);
      left -= midnight - at;
    }
    at = midnight;
  }
}
/** Domain: 24 小时内退回. */
const returnWithinMs = 24 * 3_600_000;

/**
 * What each length of an extension would come to, so that nobody asks for or grants days without knowing the day.
 * @param paused while the clock stands still no day is known
 */
export function listExtensions(
  events: readonly CaseEvent[],
  calendar: WorkingCalendar,
  paused: boolean,
): { days: number; dueAt: string | null }[] {
  const most = Math.max(0, longestDays - findLevel(events));
  return Array.from({ length: most }, (_, index) => {
    const days = index + 1;
    const granted = { event: 'extended', at: now(), detail: { days } };
    const dueAt = paused ? null : deriveDeadline([...events, granted], calendar).dueAt.toISOString();
    return { days, dueAt };
  });
}

function findStartIndex(events: readonly CaseEvent[]): number {
  const reopened = events.findLastIndex(({ event }) => event === 'reopened');
  const index = reopened === -1 ? events.findIndex(({ event }) => event === 'received') : reopened;
  if (index === -1) throw new Error('the log of a case begins with `received`');
  return index;
}

/** When the first of its clocks began. */
export function findStart(events: readonly CaseEvent[]): Date {
  return new Date(Math.min(...findClocks(events).map(({ start }) => start.getTime())));
}

/** Working days of the class given last. The number stands in the log, so that a changed level moves no old case. */
export function findLevel(events: readonly CaseEvent[]): number {
  const detail = events.findLast(({ event }) => event === 'classified')?.detail;
  if (typeof detail?.workingDays === 'number') return detail.workingDays;
  const kind = detail?.kind;
  return caseWorkingDays[typeof kind === 'string' && kind in caseWorkingDays ? (kind as CaseKind) : 'other'];
}

function findPauses(since: readonly CaseEvent[], at: Date): { from: Date; to: Date }[] {
  const pauses: { from: Date; to: Date }[] = [];
  let open: Date | null = null;
  for (const { event, at: when } of since) {
    if (event === 'paused') open ??= when;
    if (event === 'resumed' && open) {
      pauses.push({ from: open, to: when });
      open = null;
    }
  }
  return open ? [...pauses, { from: open, to: at }] : pauses;
}
