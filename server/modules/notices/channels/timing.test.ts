import { expect, test } from 'vitest';
import { fromWallTime, wallTime } from '#server/base/clock.ts';
import { backoffMs, goesOutAt, mostTries } from './timing.ts';

const normal = (wall: string) => wallTime(goesOutAt(fromWallTime(wall), 'normal'));

test.each([
  ['2026-10-08 10:00', '2026-10-08 10:03'],
  ['2026-10-08 21:56', '2026-10-08 21:59'],
  ['2026-10-08 21:57', '2026-10-09 07:00'],
  ['2026-10-08 23:59', '2026-10-09 07:00'],
  ['2026-12-31 23:58', '2027-01-01 07:00'],
  ['2026-10-09 00:10', '2026-10-09 07:00'],
  ['2026-10-09 06:56', '2026-10-09 07:00'],
  ['2026-10-09 06:57', '2026-10-09 07:00'],
  ['2026-10-09 07:00', '2026-10-09 07:03'],
])('what is not urgent at %s goes out at %s', (at, out) => {
  expect(normal(at)).toBe(out);
});

test('what is urgent goes out at once, by night too', () => {
  const night = fromWallTime('2026-10-09 03:00');
  expect(goesOutAt(night, 'urgent')).toEqual(night);
});

test('waits grow, never beyond half an hour, and end within two', () => {
  const waits = Array.from({ length: mostTries }, (_, at) => backoffMs(at + 1));
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits[0]).toBe(30_000);
  expect(Math.max(...waits)).toBe(1_800_000);
  expect(waits.slice(0, -1).reduce((a, b) => a + b, 0)).toBeLessThan(2 * 3_600_000);
});
