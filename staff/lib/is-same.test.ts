import { expect, test } from 'vitest';
import { isSame } from './is-same.ts';

test.each([
  [undefined, undefined, true],
  ['a', 'a', true],
  ['a', 'b', false],
  [{ text: '好', after: null }, { text: '好', after: null }, true],
  [{ text: '好', after: null }, { text: '好', after: 'x' }, false],
  [{ text: '好' }, { text: '好', after: undefined }, false],
  [['a', { b: 1 }], ['a', { b: 1 }], true],
  [['a'], ['a', 'b'], false],
  [{ list: ['a'] }, { list: 'a' }, false],
])('%j and %j', (a, b, same) => {
  expect(isSame(a, b)).toBe(same);
});

test('two files are two, though nothing in them tells them apart', () => {
  const [one, other] = [new Blob(['x']), new Blob(['x'])];
  expect(isSame({ file: one }, { file: one })).toBe(true);
  expect(isSame({ file: one }, { file: other })).toBe(false);
});
