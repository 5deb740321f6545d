import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueWarning, grantEnd, horizonMs } from './grant-end.ts';

const now = new Date('2026-10-08T02:00:00Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const hour = 3_600_000;

test.each([
  [-1, null],
  [0, null],
  [1, '1h'],
  [hour, '1h'],
  [hour + 1, '24h'],
  [24 * hour, '24h'],
  [24 * hour + 1, '7d'],
  [7 * 24 * hour, '7d'],
  [7 * 24 * hour + 1, null],
])('%d ms before the end: %s', (ms, key) => {
  expect(dueWarning(after(ms), now)?.key ?? null).toBe(key);
});

test('as the end comes nearer the warnings only become more pressing, none before the horizon', () => {
  const order = [null, '7d', '24h', '1h'];
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 * 24 * hour }),
      fc.integer({ min: 1, max: 10 * 24 * hour }),
      (a, b) => {
        const [near, far] = [Math.min(a, b), Math.max(a, b)];
        const rank = (ms: number) => order.indexOf(dueWarning(after(ms), now)?.key ?? null);
        expect(rank(near)).toBeGreaterThanOrEqual(rank(far));
        if (far > horizonMs) expect(rank(far)).toBe(0);
      },
    ),
  );
});

test('a grant that renews itself ends with its renewals, and with itself while renewing fails', () => {
  const expiresAt = after(hour);
  const renewableUntil = after(30 * 24 * hour);
  const grant = { expiresAt, renewableUntil, renews: true, renewFails: false };
  expect(grantEnd(grant)).toBe(renewableUntil);
  expect(grantEnd({ ...grant, renewFails: true })).toBe(expiresAt);
  expect(grantEnd({ ...grant, renews: false })).toBe(expiresAt);
  expect(grantEnd({ ...grant, renewableUntil: null })).toBe(null);
});
