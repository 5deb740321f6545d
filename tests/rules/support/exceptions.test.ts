import { expect, test } from 'vitest';
import { clean, judge } from './exceptions.ts';

const breach = (key: string) => ({ key, line: `${key}:1` });

test('an exception covers its own place, or what begins with it, and nothing else', () => {
  expect(
    judge([breach('a.ts'), breach('b/c.ts'), breach('d.ts x')], { 'a.ts': 'r', 'b/': 'r', 'd.ts *': 'r' }),
  ).toEqual(clean);
  expect(judge([breach('a.tsx'), breach('b.ts')], { 'b.ts': 'r' }).breaches).toEqual(['a.tsx:1']);
});

test('an exception that nothing needs is told', () => {
  expect(judge([breach('a.ts')], { 'a.ts': 'r', 'gone.ts': 'r' })).toEqual({
    breaches: [],
    stale: ['gone.ts'],
  });
});
