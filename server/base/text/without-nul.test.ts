import { expect, test } from 'vitest';
import { withoutNul } from './without-nul.ts';

test('every text of what came from outside loses its NULs, and nothing else changes', () => {
  const at = new Date();
  const bytes = Buffer.from([0, 1]);
  const told = { a: 'x\u0000y', list: [{ name: '\u0000王' }, null, 3, undefined], at, bytes };
  const clean = withoutNul(told);
  expect(clean).toEqual({ a: 'xy', list: [{ name: '王' }, null, 3, undefined], at, bytes });
  expect(clean.at).toBe(at);
  expect(clean.bytes).toBe(bytes);
  expect(told.a).toHaveLength(3);
});
