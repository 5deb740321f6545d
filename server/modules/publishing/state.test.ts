import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeliveryState, deliveryStates } from '#shared/publishing.ts';
import { backoffMs, judgeLateness, maybeOut, mayMove, notYetOut } from './state.ts';

const reachableFrom = (from: DeliveryState): Set<DeliveryState> => {
  const seen = new Set<DeliveryState>();
  const walk = (state: DeliveryState): void => {
    for (const next of deliveryStates) {
      if (!mayMove(state, next) || seen.has(next)) continue;
      seen.add(next);
      walk(next);
    }
  };
  walk(from);
  return seen;
};

describe('the life of a delivery', () => {
  test.each(['rejected', 'withdrawn'] as const)('%s has no way out', (state) => {
    expect(deliveryStates.filter((next) => mayMove(state, next))).toEqual([]);
  });

  test.each(['cancelled', 'expired'] as const)(
    '%s is never sent; it can only be found to be out',
    (state) => {
      expect(deliveryStates.filter((next) => mayMove(state, next))).toEqual(['published']);
    },
  );

  test('published leads to withdrawn and nowhere else', () => {
    expect(deliveryStates.filter((next) => mayMove('published', next))).toEqual(['withdrawn']);
  });

  test('while the call is under way nobody can cancel, hold or expire it', () => {
    for (const state of ['cancelled', 'held', 'expired', 'planned', 'preparing', 'prepared'] as const)
      expect(mayMove('submitting', state), state).toBe(false);
  });

  test('only a prepared delivery may begin its irreversible call', () => {
    expect(deliveryStates.filter((from) => mayMove(from, 'submitting'))).toEqual(['prepared']);
  });

  test('a pending post is never sent again: it must become unknown first', () => {
    expect(mayMove('pending', 'due')).toBe(false);
    expect(mayMove('pending', 'unknown')).toBe(true);
  });

  test('no walk of any length leaves published for anything that could post again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...deliveryStates), { maxLength: 40 }), (wishes) => {
        let state: DeliveryState = 'planned';
        let wasOut = false;
        for (const wish of wishes) {
          if (!mayMove(state, wish)) continue;
          state = wish;
          if (wasOut) expect(['published', 'withdrawn']).toContain(state);
          wasOut ||= state === 'published';
        }
      }),
    );
  });

  test('every state can be reached, and every unfinished one can still be published', () => {
    const reached = reachableFrom('planned');
    expect(deliveryStates.filter((state) => state !== 'planned' && !reached.has(state))).toEqual([]);
    for (const state of [...notYetOut, 'submitting', 'pending', 'unknown'] as const)
      expect(reachableFrom(state).has('published'), state).toBe(true);
  });

  test('"not yet out" and "may be out" share no state and leave only finished ones over', () => {
    const listed: readonly string[] = [...notYetOut, ...maybeOut];
    expect(new Set(listed).size).toBe(listed.length);
    expect(deliveryStates.filter((state) => !listed.includes(state)).toSorted()).toEqual([
      'cancelled',
      'expired',
      'rejected',
      'withdrawn',
    ]);
  });
});

const minute = 60_000;
const hour = 60 * minute;

describe('a missed time', () => {
  test.each([
    [0, false, 12, 'go'],
    [-5 * minute, false, 3, 'go'],
    [15 * minute, false, 12, 'go'],
    [15 * minute, false, 23, 'go'],
    [15 * minute + 1, false, 12, 'hold'],
    [15 * minute + 1, true, 12, 'go'],
    [24 * hour, false, 12, 'hold'],
    [24 * hour, true, 12, 'go'],
    [24 * hour + 1, true, 12, 'expire'],
    [24 * hour + 1, false, 12, 'expire'],
    [2 * hour, true, 21, 'go'],
    [2 * hour, true, 22, 'hold'],
    [2 * hour, true, 0, 'hold'],
    [2 * hour, true, 6, 'hold'],
    [2 * hour, true, 7, 'go'],
  ] as const)('%i ms late, even if late %s, at %i o’clock: %s', (late, evenIfLate, at, verdict) => {
    expect(judgeLateness(late, evenIfLate, at)).toBe(verdict);
  });

  test('never goes out by itself at night when more than 15 minutes late', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 15 * minute + 1, max: 40 * hour }),
        fc.boolean(),
        fc.constantFrom(22, 23, 0, 1, 2, 3, 4, 5, 6),
        (late, evenIfLate, at) => judgeLateness(late, evenIfLate, at) !== 'go',
      ),
    );
  });
});

describe('the wait before a retry', () => {
  test('doubles from five seconds to five minutes and stays there', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 100].map(backoffMs)).toEqual([
      5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000,
    ]);
  });

  test('never shrinks', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2_000 }), (n) => backoffMs(n + 1) >= backoffMs(n)));
  });
});
