/** When somebody must be reminded of a case. Pure: from its deadline, its receipt and the working calendar. */
import { fromWallTime, wallDate } from '#server/base/clock.ts';
import { addDays, describeDay, type WorkingCalendar } from '#server/modules/planning/index.ts';
import { type Deadline, workingDayAfter } from '../cases/deadline.ts';

export const reminderSteps = [
  'assigned',
  'duty',
  'triage',
  'waits',
  'warn',
  'due',
  'window',
  'late-1',
  'late-5',
  'day-60',
  'day-90',
] as const;
export type ReminderStep = (typeof reminderSteps)[number];

/** `clock` is the deadline it speaks of: with another deadline the same step is another reminder. */
export type Reminder = { step: ReminderStep; at: Date; clock: Date };

export type ReminderFacts = {
  state: string;
  /** Since when the person waits: received, or opened again after an answer. */
  waitsSince: Date;
  triageDueAt: Date | null;
  /** Null while the clock stands still. */
  deadline: Deadline | null;
  /** Since when it waits for the person. */
  pausedAt: Date | null;
  /** While somebody waits whose platform takes answers for a time only: when it ends, and when they wrote. */
  window: { endsAt: Date; since: Date } | null;
  /** When the program gave it to a section, or by a rule to a person: they are told. */
  dispatchedAt: Date | null;
  /** When words came that cannot wait: whoever is on duty is called, each time anew. */
  alarms: readonly Date[];
};

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const opensAt = '09:00';
const workingMs = 8.5 * hourMs;
/** Of the last working day before a window closes: late enough to be worth it, early enough to answer before leaving. */
const windowWallTime = '16:00';
const windowLeftMs = 12 * hourMs;
/** So many working days a case waits for the person before somebody looks whether they still write. */
const longestWait = 10;

/** @returns in the order of their times; none for a case that is not open */
export function planReminders(facts: ReminderFacts, warnAt: number, calendar: WorkingCalendar): Reminder[] {
  if (facts.state !== 'open') return [];
  const { waitsSince, triageDueAt, deadline } = facts;
  const plan: Reminder[] = [];
  for (const at of facts.alarms) plan.push({ step: 'duty', at, clock: at });
  const { dispatchedAt } = facts;
  if (dispatchedAt) plan.push({ step: 'assigned', at: dispatchedAt, clock: dispatchedAt });
  if (triageDueAt) plan.push({ step: 'triage', at: triageDueAt, clock: triageDueAt });
  if (deadline) {
    const { dueAt: clock } = deadline;
    plan.push({ step: 'warn', at: warnTime(deadline, warnAt, waitsSince), clock });
    plan.push({ step: 'due', at: clock, clock });
    plan.push({ step: 'late-1', at: workingDayAfter(clock, 1, calendar), clock });
    plan.push({ step: 'late-5', at: workingDayAfter(clock, 5, calendar), clock });
  }
  const { pausedAt, window } = facts;
  if (pausedAt) {
    plan.push({ step: 'waits', at: workingDayAfter(pausedAt, longestWait, calendar), clock: pausedAt });
  } else if (window) {
    plan.push({ step: 'window', at: windowTime(window, calendar), clock: window.endsAt });
  }
  // The long alarms run on calendar days, whatever stood still in between: the citizen waits all the same.
  plan.push({ step: 'day-60', at: new Date(waitsSince.getTime() + 60 * dayMs), clock: waitsSince });
  plan.push({ step: 'day-90', at: new Date(waitsSince.getTime() + 90 * dayMs), clock: waitsSince });
  return plan.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

/**
 * After `percent` of the working time: whole working days first, the rest as hours of the next one from 09:00. What somebody else
 * set may end at any hour, of the same day even: then of the time as it passes.
 */
function warnTime({ steps, workingDays, dueAt, given }: Deadline, percent: number, since: Date): Date {
  if (given) return new Date(since.getTime() + ((dueAt.getTime() - since.getTime()) * percent) / 100);
  const spent = (workingDays * percent) / 100;
  const whole = Math.min(Math.floor(spent), workingDays - 1);
  const day = steps.find((step) => step.number === whole + 1)!.day;
  return new Date(fromWallTime(`${day} ${opensAt}`).getTime() + (spent - whole) * workingMs);
}

/**
 * Twelve hours before the platform takes no more, and no later than the afternoon of the last working day before that:
 * what closes on a Sunday is told on Friday. Where that afternoon was over when they wrote, whoever is on duty hears of
 * it in the twelve hours.
 */
function windowTime({ endsAt, since }: { endsAt: Date; since: Date }, calendar: WorkingCalendar): Date {
  const hours = new Date(endsAt.getTime() - windowLeftMs);
  for (let day = wallDate(endsAt); day >= wallDate(since); day = addDays(day, -1)) {
    const afternoon = fromWallTime(`${day} ${windowWallTime}`);
    if (afternoon >= endsAt || !describeDay(calendar, day).works) continue;
    if (afternoon <= since) break;
    return afternoon < hours ? afternoon : hours;
  }
  return hours;
}

/** Whether the office is there: by the calendar, from 09:00 to 17:30. */
export function isOfficeTime(at: Date, calendar: WorkingCalendar): boolean {
  const day = wallDate(at);
  const sinceOpening = at.getTime() - fromWallTime(`${day} ${opensAt}`).getTime();
  return describeDay(calendar, day).works && sinceOpening >= 0 && sinceOpening < workingMs;
}
