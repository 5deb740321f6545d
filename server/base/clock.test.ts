import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromWallTime, monotonicMs, wallDate, wallTime } from './clock.ts';

describe('wall time', () => {
  test('is that of Shanghai, whatever the zone of the machine', () => {
    expect(wallTime(new Date('2026-09-10T16:30:00Z'))).toBe('2026-09-11 00:30');
    expect(wallDate(new Date('2026-12-31T16:00:00Z'))).toBe('2027-01-01');
    expect(fromWallTime('2026-09-11 00:30')).toEqual(new Date('2026-09-10T16:30:00Z'));
  });

  test('and back is the same minute', () => {
    const minutes = fc.integer({ min: Date.UTC(2000, 0) / 60_000, max: Date.UTC(2100, 0) / 60_000 });
    fc.assert(
      fc.property(minutes, (at) => fromWallTime(wallTime(new Date(at * 60_000))).getTime() === at * 60_000),
    );
  });

  test.each(['2026-02-30 10:00', '2026-13-01 10:00', '2026-09-10 24:00', '2026-09-10 10:60', 'soon'])(
    '%s is no time',
    (wall) => expect(() => fromWallTime(wall)).toThrow(expect.objectContaining({ code: 'input-invalid' })),
  );
});

test('the measuring clock never goes back', () => {
  const readings = Array.from({ length: 1_000 }, monotonicMs);
  expect(readings.toSorted((a, b) => a - b)).toEqual(readings);
});
