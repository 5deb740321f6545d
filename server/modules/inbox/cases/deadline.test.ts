import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wallDate, wallTime } from '#server/base/clock.ts';
import type { WorkingCalendar } from '#server/modules/planning/index.ts';
import { caseKinds, caseWorkingDays } from '#shared/inbox.ts';
import { type CaseEvent, deriveDeadline, findGiven, returnBy } from './deadline.ts';

const springFestival: WorkingCalendar = new Map(
  [
    ['2026-02-14', true],
    ['2026-02-16', false],
    ['2026-02-17', false],
    ['2026-02-18', false],
    ['2026-02-19', false],
    ['2026-02-20', false],
    ['2026-02-23', false],
    ['2026-02-28', true],
  ].map(([day, works]) => [String(day), { works: works === true, name: '春节', source: 'seed' }]),
);
const at = (wall: string) => new Date(`${wall.replace(' ', 'T')}:00+08:00`);
const received = (wall: string): CaseEvent => ({ event: 'received', at: at(wall), detail: {} });
const classified = (kind: string): CaseEvent => ({ event: 'classified', at: new Date(0), detail: { kind } });

describe('a deadline', () => {
  test('counts over the make-up Saturday before Spring Festival', () => {
    const log = [received('2026-02-13 09:00'), classified('consult')];
    const deadline = deriveDeadline(log, springFestival);
    expect(wallTime(deadline.dueAt)).toBe('2026-02-25 17:30');
    expect(deadline.workingDays).toBe(3);
    expect(deadline.steps.find((step) => step.day === '2026-02-14')).toMatchObject({
      counted: true,
      number: 1,
    });
  });

  test('is the same for a message after hours and one in the morning of that day', () => {
    const due = (wall: string) => deriveDeadline([received(wall), classified('consult')], new Map()).dueAt;
    expect(due('2026-11-20 23:59')).toEqual(due('2026-11-20 08:00'));
    expect(wallTime(due('2026-11-20 18:20'))).toBe('2026-11-25 17:30');
    expect(wallTime(due('2026-11-21 10:00'))).toBe('2026-11-25 17:30');
  });

  test('takes the day of receipt from Asia/Shanghai, whatever the zone of the machine', () => {
    // 16:30 UTC is 00:30 of the next day there.
    const log = [{ event: 'received', at: new Date('2026-11-23T16:30:00Z'), detail: {} }];
    expect(deriveDeadline(log, new Map()).from).toBe('2026-11-24');
  });

  test('follows the kind given last and starts over when the case is reopened', () => {
    const log = [received('2026-11-23 09:00'), classified('consult'), classified('complaint')];
    expect(wallTime(deriveDeadline(log, new Map()).dueAt)).toBe('2026-12-02 17:30');
    const reopened = [...log, { event: 'reopened', at: at('2026-12-07 10:00'), detail: {} }];
    expect(wallTime(deriveDeadline(reopened, new Map()).dueAt)).toBe('2026-12-16 17:30');
  });

  test('is no later than the one that a hotline set, whatever stood still or was extended here', () => {
    const given = (wall: string): CaseEvent => ({
      ...{ event: 'deadline-given', at: at('2026-11-23 09:00') },
      detail: { dueAt: at(wall).toISOString() },
    });
    const log = [received('2026-11-23 09:00'), classified('complaint')];
    const due = (...more: CaseEvent[]) => wallTime(deriveDeadline([...log, ...more], new Map()).dueAt);
    expect(due(given('2026-11-26 12:00'))).toBe('2026-11-26 12:00');
    expect(due(given('2026-12-20 12:00'))).toBe('2026-12-02 17:30');
    const extended = { event: 'extended', at: at('2026-11-24 09:00'), detail: { days: 5 } };
    const paused = { event: 'paused', at: at('2026-11-24 09:00'), detail: {} };
    const resumed = { event: 'resumed', at: at('2026-11-25 09:00'), detail: {} };
    expect(due(given('2026-11-26 12:00'), extended, paused, resumed)).toBe('2026-11-26 12:00');
    expect(deriveDeadline([...log, given('2026-11-26 12:00')], new Map())).toMatchObject({
      workingDays: 3,
      extendedBy: 0,
    });
    expect(deriveDeadline([...log, given('2026-11-23 20:00')], new Map())).toMatchObject({ workingDays: 0 });
    // Opened again, it is a matter between the person and the office.
    const reopened = { event: 'reopened', at: at('2026-12-07 10:00'), detail: {} };
    expect(due(given('2026-11-26 12:00'), reopened)).toBe('2026-12-16 17:30');
  });

  test('that a hotline set goes along when the case is merged, and back when it is parted', () => {
    const log = [received('2026-11-23 09:00'), classified('complaint')];
    const absorbed = {
      ...{ event: 'absorbed', at: at('2026-11-24 09:00') },
      detail: {
        ...{ from: 'x', start: at('2026-11-23 10:00').toISOString(), level: 7 },
        given: at('2026-11-27 17:30').toISOString(),
      },
    };
    const merged = [...log, absorbed];
    expect(wallTime(deriveDeadline(merged, new Map()).dueAt)).toBe('2026-11-27 17:30');
    expect(findGiven(merged)).toEqual(at('2026-11-27 17:30'));
    const parted = [...merged, { event: 'released', at: at('2026-11-24 10:00'), detail: { from: 'x' } }];
    expect(wallTime(deriveDeadline(parted, new Map()).dueAt)).toBe('2026-12-02 17:30');
    expect(findGiven(parted)).toBeNull();
  });

  test('does not move when further messages join the case', () => {
    const log = [received('2026-11-23 09:00'), classified('help')];
    const joined = [...log, { event: 'joined', at: at('2026-11-25 09:00'), detail: {} }];
    expect(deriveDeadline(joined, new Map())).toEqual(deriveDeadline(log, new Map()));
  });

  test('is always 17:30 of a later day, with as many counted days as the service level says', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2025-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }),
        fc.constantFrom(...caseKinds),
        (instant, kind) => {
          const log = [{ event: 'received', at: instant, detail: {} }, classified(kind)];
          const { dueAt, steps } = deriveDeadline(log, springFestival);
          expect(wallTime(dueAt).slice(11)).toBe('17:30');
          expect(wallDate(dueAt) > wallDate(instant)).toBe(true);
          expect(steps.filter((step) => step.counted)).toHaveLength(caseWorkingDays[kind]);
        },
      ),
    );
  });

  test('needs a log that says when something was received', () => {
    expect(() => deriveDeadline([classified('help')], new Map())).toThrow();
  });
});

describe('a pause', () => {
  const log = [received('2026-11-23 09:00'), classified('consult')];
  const event = (name: string, wall: string, detail = {}): CaseEvent => ({
    event: name,
    at: at(wall),
    detail,
  });

  test('leaves out the working days at whose end the case waited, and says why', () => {
    const paused = [...log, event('paused', '2026-11-24 10:00'), event('resumed', '2026-11-26 09:00')];
    const deadline = deriveDeadline(paused, new Map());
    // Tuesday and Wednesday do not count; Thursday, Friday, Monday do.
    expect(wallTime(deadline.dueAt)).toBe('2026-11-30 17:30');
    expect(deadline.steps.find((step) => step.day === '2026-11-24')).toMatchObject({
      counted: false,
      paused: true,
      note: '等待来信人补充，暂停计时，不计入',
    });
  });

  test('that begins and ends within one day moves nothing', () => {
    const paused = [...log, event('paused', '2026-11-24 09:00'), event('resumed', '2026-11-24 17:00')];
    expect(deriveDeadline(paused, new Map()).dueAt).toEqual(deriveDeadline(log, new Map()).dueAt);
  });

  test('that still lasts is taken to end at the moment asked about', () => {
    const paused = [...log, event('paused', '2026-11-24 10:00')];
    expect(wallTime(deriveDeadline(paused, new Map(), at('2026-12-01 08:00')).dueAt)).toBe(
      '2026-12-03 17:30',
    );
  });

  test('never makes a deadline earlier, whatever its length', () => {
    const before = deriveDeadline(log, new Map()).dueAt;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 400 }), (from, hours) => {
        const start = new Date(at('2026-11-23 09:00').getTime() + from * 3_600_000);
        const end = new Date(start.getTime() + hours * 3_600_000);
        const paused = [
          ...log,
          { event: 'paused', at: start, detail: {} },
          { event: 'resumed', at: end, detail: {} },
        ];
        expect(deriveDeadline(paused, new Map()).dueAt >= before).toBe(true);
      }),
    );
  });
});

describe('an extension', () => {
  const log = [received('2026-11-23 09:00'), classified('complaint')];
  const extended = (days: number): CaseEvent => ({ event: 'extended', at: new Date(), detail: { days } });

  test('adds its working days, and never goes beyond fifteen', () => {
    expect(deriveDeadline([...log, extended(3)], new Map())).toMatchObject({
      workingDays: 10,
      extendedBy: 3,
    });
    expect(deriveDeadline([...log, extended(12)], new Map())).toMatchObject({
      workingDays: 15,
      extendedBy: 8,
    });
  });

  test('is not carried over when the case is reopened', () => {
    const reopened = [...log, extended(5), { event: 'reopened', at: at('2026-12-20 09:00'), detail: {} }];
    expect(deriveDeadline(reopened, new Map())).toMatchObject({ workingDays: 7, extendedBy: 0 });
  });
});

test('the level of service is the one of the day it was classified', () => {
  const log = [
    received('2026-11-23 09:00'),
    { event: 'classified', at: new Date(0), detail: { kind: 'consult', workingDays: 2 } },
  ];
  expect(deriveDeadline(log, new Map()).workingDays).toBe(2);
});

describe('a misrouted case is handed back within 24 hours of working days', () => {
  test.each([
    ['2026-11-23 10:00', '2026-11-24 10:00'],
    ['2026-11-27 17:00', '2026-11-30 17:00'],
    ['2026-11-29 01:02', '2026-12-01 00:00'],
    // The Saturday before the festival is worked, the week after it is not.
    ['2026-02-14 12:00', '2026-02-24 12:00'],
  ])('from %s until %s', (from, until) => {
    expect(wallTime(returnBy(at(from), springFestival)).slice(0, 16)).toBe(until);
  });
});
