import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRating } from './rating.ts';

test.each([
  ['1', 5],
  [' １。', 5],
  ['满意！', 5],
  ['非常满意', 5],
  ['2', 1],
  ['不满意', 1],
  ['不太满意…', 1],
  ['没解决', 1],
  ['不满意，钱还没到账', 1],
  ['已解决！', 5],
  ['12', null],
  ['满意吗', null],
  ['我不满意，还没到账', null],
  ['', null],
] as const)('%s is %s', (text, stars) => {
  expect(readRating(text)).toBe(stars);
});

test('no sentence of any length is taken for a rating', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 9, unit: fc.constantFrom(...'养老金满意不怎么办12') }), (text) => {
      expect(readRating(text)).toBeNull();
    }),
  );
});
