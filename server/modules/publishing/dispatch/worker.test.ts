import { describe, expect, test } from 'vitest';
import { createJumpWatch } from './worker.ts';

function watch() {
  let monotonic = 0;
  let offset = Date.UTC(2026, 8, 10, 1);
  const jumps = createJumpWatch(() => monotonic);
  const observe = () => jumps.observe(new Date(offset + monotonic));
  observe();
  return {
    jumps,
    /** Time passes; the database's clock gains `gain` over the one that never jumps. */
    pass(ms: number, gain = 0) {
      monotonic += ms;
      offset += gain;
      observe();
      return jumps.alarm();
    },
  };
}

const minute = 60_000;

describe('the watch over the clock', () => {
  test('is quiet while both clocks go on together, for days', () => {
    const { pass } = watch();
    expect(Array.from({ length: 60 }, () => pass(60 * minute))).not.toContain(true);
  });

  test('alarms at a forward jump of more than five minutes, and stays alarmed', () => {
    const { pass } = watch();
    expect(pass(1_000, 5 * minute + 1)).toBe(true);
    expect(pass(60 * minute)).toBe(true);
  });

  test('ignores a forward jump of five minutes', () => {
    expect(watch().pass(1_000, 5 * minute)).toBe(false);
  });

  test('does not alarm at a backward jump, and takes the new time as the measure', () => {
    const { pass } = watch();
    expect(pass(1_000, -24 * 60 * minute)).toBe(false);
    expect(pass(1_000, 4 * minute)).toBe(false);
    expect(pass(1_000, 6 * minute)).toBe(true);
  });

  test('goes on when the jump is taken back', () => {
    const { pass } = watch();
    expect(pass(1_000, 60 * minute)).toBe(true);
    expect(pass(1_000, -60 * minute)).toBe(false);
  });

  test('follows slow drift', () => {
    const { pass } = watch();
    expect(Array.from({ length: 1_000 }, () => pass(1_000, 500))).not.toContain(true);
  });
});
