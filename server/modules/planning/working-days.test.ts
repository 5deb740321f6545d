import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrangedDay, listArrangedDays } from './seed-working-days.ts';
import {
  addDays,
  addWorkingDays,
  describeDay,
  listDaysOfYear,
  numberWorkingDays,
  type WorkingCalendar,
} from './working-days.ts';

const none: WorkingCalendar = new Map();
const calendarOf = (year: number): WorkingCalendar =>
  new Map(listArrangedDays(year).map(({ day, ...rest }) => [day, { ...rest, source: 'seed' }]));
const calendar2026 = calendarOf(2026);

describe('deadlines of 2026, checked by hand against the notice', () => {
  test.each([
    // Spring Festival: Sat 14 Feb and Sat 28 Feb are worked, 15–23 Feb are off.
    ['2026-02-13', 1, '2026-02-14'],
    ['2026-02-13', 2, '2026-02-24'],
    ['2026-02-13', 3, '2026-02-25'],
    ['2026-02-14', 1, '2026-02-24'],
    ['2026-02-17', 3, '2026-02-26'],
    ['2026-02-27', 1, '2026-02-28'],
    ['2026-02-27', 2, '2026-03-02'],
    // New Year: Sun 4 Jan is worked.
    ['2025-12-31', 1, '2026-01-04'],
    ['2026-01-02', 3, '2026-01-06'],
    // Labour Day: Sat 9 May is worked.
    ['2026-04-30', 4, '2026-05-09'],
    ['2026-04-30', 5, '2026-05-11'],
    // National Day: Sun 20 Sep and Sat 10 Oct are worked; Mid-Autumn 25–27 Sep is off.
    ['2026-09-18', 1, '2026-09-20'],
    ['2026-09-24', 1, '2026-09-28'],
    ['2026-09-30', 3, '2026-10-10'],
    ['2026-09-30', 7, '2026-10-15'],
    // An ordinary week.
    ['2026-11-20', 3, '2026-11-25'],
    ['2026-11-21', 1, '2026-11-23'],
  ])('received %s, %i working days: due %s', (from, count, due) => {
    expect(addWorkingDays(calendar2026, from, count).due).toBe(due);
  });

  test('each day on the way says whether it counted and why', () => {
    const { steps } = addWorkingDays(calendar2026, '2026-02-13', 2);
    expect(steps.slice(0, 3)).toEqual([
      { day: '2026-02-13', counted: false, number: null, note: '收到当日，不计入；从次日起算' },
      { day: '2026-02-14', counted: true, number: 1, note: '周六，春节调休上班' },
      { day: '2026-02-15', counted: false, number: null, note: '周日，春节，不计入' },
    ]);
    expect(steps).toHaveLength(12);
    expect(steps.at(-1)).toEqual({ day: '2026-02-24', counted: true, number: 2, note: '周二，工作日' });
  });
});

describe('working days between two days', () => {
  test('are those of the calendar, across a long holiday and a Saturday that is worked', () => {
    const numbers = numberWorkingDays(calendar2026, '2026-02-13', '2026-03-02');
    const between = (from: string, to: string) => numbers.get(to)! - numbers.get(from)!;
    expect(between('2026-02-13', '2026-02-14')).toBe(1);
    expect(between('2026-02-14', '2026-02-23')).toBe(0);
    expect(between('2026-02-14', '2026-02-24')).toBe(1);
    expect(between('2026-02-28', '2026-03-01')).toBe(0);
    expect(between('2026-03-02', '2026-02-27')).toBe(-2);
  });

  test('are as many as a deadline gave, whenever it began and however long it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 330 }), fc.integer({ min: 1, max: 20 }), (offset, count) => {
        const from = addDays('2026-01-01', offset);
        const { due } = addWorkingDays(calendar2026, from, count);
        expect(numberWorkingDays(calendar2026, from, due).get(due)).toBe(count);
      }),
    );
  });
});

describe('the calendar', () => {
  test('is Monday to Friday where nothing is set', () => {
    expect(describeDay(none, '2026-02-14').works).toBe(false);
    expect(describeDay(none, '2026-02-16').works).toBe(true);
  });

  test('lists leap years whole', () => {
    expect(listDaysOfYear(none, 2028)).toHaveLength(366);
    expect(listDaysOfYear(none, 2026).at(-1)?.day).toBe('2026-12-31');
  });

  test('knows no arrangement for a year whose notice is not out', () => {
    expect(listArrangedDays(2027)).toEqual([]);
    expect(arrangedDay('2026-02-14')).toEqual({ day: '2026-02-14', works: true, name: '春节调休上班' });
    expect(arrangedDay('2026-11-23')).toBeNull();
  });

  test('refuses counts that are no number of days, and calendars in which nothing works', () => {
    for (const count of [0, -1, 1.5]) {
      expect(() => addWorkingDays(none, '2026-01-01', count)).toThrow(RangeError);
    }
    const idle: WorkingCalendar = new Map(
      Array.from({ length: 500 }, (_, at) => [
        addDays('2026-01-01', at),
        { works: false, name: '', source: 'hand' },
      ]),
    );
    expect(() => addWorkingDays(idle, '2026-01-01', 1)).toThrow(RangeError);
  });
});

describe('whatever the calendar', () => {
  const anyDay = fc.integer({ min: 0, max: 1_000 }).map((at) => addDays('2025-01-01', at));
  const anyCount = fc.integer({ min: 1, max: 30 });
  const anyCalendar = fc
    .array(fc.tuple(anyDay, fc.boolean()), { maxLength: 150 })
    .map(
      (days): WorkingCalendar =>
        new Map(days.map(([day, works]) => [day, { works, name: '', source: 'hand' }])),
    );

  test('the due day works, lies after receipt, and is the count-th working day', () => {
    fc.assert(
      fc.property(anyCalendar, anyDay, anyCount, (calendar, from, count) => {
        const { due, steps } = addWorkingDays(calendar, from, count);
        expect(describeDay(calendar, due).works).toBe(true);
        expect(due > from).toBe(true);
        expect(steps.filter((step) => step.counted).map((step) => step.number)).toEqual(
          Array.from({ length: count }, (_, at) => at + 1),
        );
        expect(steps.map((step) => step.day)).toEqual(steps.map((_, at) => addDays(from, at)));
      }),
    );
  });

  test('more working days end strictly later, and a later receipt never ends earlier', () => {
    fc.assert(
      fc.property(anyCalendar, anyDay, anyCount, (calendar, from, count) => {
        const { due } = addWorkingDays(calendar, from, count);
        expect(addWorkingDays(calendar, from, count + 1).due > due).toBe(true);
        expect(addWorkingDays(calendar, addDays(from, 1), count).due >= due).toBe(true);
      }),
    );
  });

  test('a day made free never moves a deadline earlier, a day made working never later', () => {
    fc.assert(
      fc.property(anyCalendar, anyDay, anyCount, anyDay, (calendar, from, count, day) => {
        const { due } = addWorkingDays(calendar, from, count);
        const set = (works: boolean): WorkingCalendar =>
          new Map([...calendar, [day, { works, name: '', source: 'hand' }]]);
        expect(addWorkingDays(set(false), from, count).due >= due).toBe(true);
        expect(addWorkingDays(set(true), from, count).due <= due).toBe(true);
      }),
    );
  });
});
