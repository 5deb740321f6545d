/**
 * The working calendar: rows that a person or the State Council's notice set, else Monday to Friday. Days are
 * 'YYYY-MM-DD' in Asia/Shanghai and are counted as plain calendar days, so no zone or clock is involved here.
 */
import type { DeadlineStep, WorkingDay } from '#shared/planning.ts';

/** What differs from "Monday to Friday", by day. */
export type WorkingCalendar = ReadonlyMap<string, { works: boolean; name: string; source: 'seed' | 'hand' }>;

/** A day about which somebody decided something. */
export type ArrangedDay = { day: string; works: boolean; name: string };

const dayMs = 86_400_000;
const weekdayNames = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const;
/** No holiday is this long: a calendar in which nothing works is a mistake, not a reason to count for ever. */
const longestSearchDays = 400;

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10);
}

const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

export function describeDay(calendar: WorkingCalendar, day: string): WorkingDay {
  const set = calendar.get(day);
  if (set) return { day, ...set };
  const weekday = weekdayOf(day);
  return { day, works: weekday !== 0 && weekday !== 6, name: '', source: 'weekday' };
}

/** Every day of one year, in order. */
export function listDaysOfYear(calendar: WorkingCalendar, year: number): WorkingDay[] {
  const days: WorkingDay[] = [];
  for (let day = `${year}-01-01`; day.startsWith(String(year)); day = addDays(day, 1)) {
    days.push(describeDay(calendar, day));
  }
  return days;
}

/**
 * The day on which the `count`-th working day falls, with every day in between and why it counted or not.
 *
 * The day of receipt is never counted, and the first working day after it is number 1, whatever the hour: a message
 * of Friday 18:20 and one of Friday 09:00 both begin on Monday. Civil Code art. 201 ("自下一日开始计算") says so, it
 * favours the citizen where the hour is doubtful, and a clerk can check it on a wall calendar without a clock. Letting a
 * message after hours count as received on the next working day would give the office one day more than the published
 * level of service.
 * @param from day of receipt
 * @param count at least 1
 * @param stands why the clock stood still on a day, null when it ran; such a working day does not count
 * @throws {RangeError} when count is not a positive integer, or fewer working days lie within 400 days on which the clock ran
 */
export function addWorkingDays(
  calendar: WorkingCalendar,
  from: string,
  count: number,
  stands: (day: string) => string | null = () => null,
): { due: string; steps: DeadlineStep[] } {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`not a number of working days: ${count}`);
  const steps: DeadlineStep[] = [
    { day: from, counted: false, number: null, note: '收到当日，不计入；从次日起算' },
  ];
  let number = 0;
  let searched = 0;
  for (let after = 1; searched < longestSearchDays; after += 1) {
    const described = describeDay(calendar, addDays(from, after));
    const paused = described.works ? stands(described.day) : null;
    if (paused !== null) {
      steps.push({ day: described.day, counted: false, number: null, note: paused, paused: true });
      continue;
    }
    searched += 1;
    if (described.works) number += 1;
    steps.push({
      day: described.day,
      counted: described.works,
      number: described.works ? number : null,
      note: explain(described),
    });
    if (number === count) return { due: described.day, steps };
  }
  throw new RangeError(`fewer than ${count} working days in the ${longestSearchDays} days after ${from}`);
}

/**
 * How many working days there were from the first day, not counted itself, up to each day of a range: the difference
 * of two is the working days between them. One walk answers for many pairs.
 *
 * @param from 'YYYY-MM-DD', not after `to`
 */
export function numberWorkingDays(
  calendar: WorkingCalendar,
  from: string,
  to: string,
): ReadonlyMap<string, number> {
  const numbers = new Map([[from, 0]]);
  let number = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
    if (describeDay(calendar, day).works) number += 1;
    numbers.set(day, number);
  }
  return numbers;
}

function explain({ day, works, name, source }: WorkingDay): string {
  const weekday = weekdayNames[weekdayOf(day)]!;
  const weekend = weekday === '周六' || weekday === '周日';
  const set = source === 'hand' ? '（本单位设定）' : '';
  if (works) return weekend ? `${weekday}，${name || '调休上班'}${set}` : `${weekday}，工作日${set}`;
  if (source === 'weekday') return `${weekday}，休息`;
  return `${weekday}，${name || '休息'}${set}，不计入`;
}
