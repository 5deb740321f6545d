import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wallTime } from '#server/base/clock.ts';
import { deriveDeadline } from '../cases/deadline.ts';
import { planReminders, type ReminderFacts } from './plan.ts';

const at = (wall: string) => new Date(`${wall.replace(' ', 'T')}:00+08:00`);
const received = at('2026-11-23 10:00');
const deadlineOf = (kind: string, from = received) =>
  deriveDeadline(
    [
      { event: 'received', at: from, detail: {} },
      { event: 'classified', at: from, detail: { kind } },
    ],
    new Map(),
  );
const facts = (change: Partial<ReminderFacts> = {}): ReminderFacts => ({
  state: 'open',
  waitsSince: received,
  triageDueAt: null,
  deadline: deadlineOf('complaint'),
  ...{ dispatchedAt: null, alarms: [], pausedAt: null, window: null },
  ...change,
});
const plan = (change: Partial<ReminderFacts> = {}) =>
  planReminders(facts(change), 80, new Map()).map(({ step, at: when }) => [step, wallTime(when)]);

describe('reminders', () => {
  test('come at eighty percent, when due, one and five working days later, after sixty and ninety days', () => {
    expect(plan()).toEqual([
      // Seven working days: 5.6 of them are over on the sixth, after six tenths of its hours.
      ['warn', '2026-12-01 14:06'],
      ['due', '2026-12-02 17:30'],
      ['late-1', '2026-12-03 17:30'],
      ['late-5', '2026-12-09 17:30'],
      ['day-60', '2027-01-22 10:00'],
      ['day-90', '2027-02-21 10:00'],
    ]);
  });

  test('call whoever is on duty at once, and say when nobody has it yet', () => {
    const alarms = [received, at('2026-11-24 09:00')];
    const steps = plan({ alarms, triageDueAt: at('2026-11-24 17:30') });
    expect(steps.slice(0, 4)).toEqual([
      ['duty', wallTime(received)],
      ['duty', '2026-11-24 09:00'],
      ['triage', '2026-11-24 17:30'],
      ['warn', '2026-12-01 14:06'],
    ]);
  });

  test('warn before a deadline that somebody else set, though it is on the day of receipt', () => {
    const given = (wall: string) => ({ ...deadlineOf('complaint'), given: true as const, dueAt: at(wall) });
    expect(
      plan({ deadline: { ...given('2026-11-23 20:00'), workingDays: 0, steps: [] } }).slice(0, 2),
    ).toEqual([
      ['warn', '2026-11-23 18:00'],
      ['due', '2026-11-23 20:00'],
    ]);
    expect(plan({ deadline: given('2026-11-25 12:00') })[0]).toEqual(['warn', '2026-11-25 02:00']);
  });

  test('tell a section what came to it', () => {
    expect(plan({ dispatchedAt: received })[0]).toEqual(['assigned', wallTime(received)]);
  });

  test('of a case that waits for the citizen are one after ten working days, and the long alarms', () => {
    const pausedAt = at('2026-11-25 11:00');
    const window = { endsAt: at('2026-11-27 10:00'), since: at('2026-11-25 10:00') };
    expect(plan({ deadline: null, pausedAt, window })).toEqual([
      ['waits', '2026-12-09 17:30'],
      ['day-60', '2027-01-22 10:00'],
      ['day-90', '2027-02-21 10:00'],
    ]);
  });

  test.each([
    // Written, the window closes, told.
    [
      'in the middle of the week, twelve hours before',
      '2026-11-24 07:30',
      '2026-11-26 07:30',
      '2026-11-25 16:00',
    ],
    [
      'late in the evening, in the afternoon before',
      '2026-11-23 23:00',
      '2026-11-25 23:00',
      '2026-11-25 11:00',
    ],
    [
      'on Friday morning, before everybody leaves',
      '2026-11-27 09:00',
      '2026-11-29 09:00',
      '2026-11-27 16:00',
    ],
    ['on Friday evening, twelve hours before', '2026-11-27 18:20', '2026-11-29 18:20', '2026-11-29 06:20'],
    ['on Saturday, twelve hours before', '2026-11-28 10:00', '2026-11-30 10:00', '2026-11-29 22:00'],
  ])('before the platform takes no more: written %s', (_when, since, endsAt, told) => {
    const window = { since: at(since), endsAt: at(endsAt) };
    expect(plan({ window }).filter(([step]) => step === 'window')).toEqual([['window', told]]);
  });

  test.each(['answered', 'closed'])('of a case that is %s there are none', (state) => {
    expect(plan({ state })).toEqual([]);
  });

  test('warn after receipt and before the deadline, whatever the level and the percentage', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 15 }),
        fc.integer({ min: 50, max: 95 }),
        fc.integer({ min: 0, max: 24 * 300 }),
        (workingDays, percent, hours) => {
          const from = new Date(received.getTime() + hours * 3_600_000);
          const detail = { kind: 'other', workingDays };
          const deadline = deriveDeadline(
            [
              { event: 'received', at: from, detail: {} },
              { event: 'classified', at: from, detail },
            ],
            new Map(),
          );
          const [warn, due] = planReminders(facts({ waitsSince: from, deadline }), percent, new Map());
          expect([warn!.step, due!.step]).toEqual(['warn', 'due']);
          expect(warn!.at > from && warn!.at < due!.at).toBe(true);
        },
      ),
    );
  });
});
