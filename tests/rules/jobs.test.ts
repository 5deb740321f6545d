import { expect, test } from 'vitest';
import { jobNames } from '#server/base/jobs.ts';
import { loadSources } from './support/tree.ts';

const code = loadSources(['server'])
  .filter((source) => !source.test)
  .map((source) => source.code)
  .join('\n');
const named = (call: RegExp) => [...code.matchAll(call)].map((match) => match[1]!);

test('every job has exactly one handler', () => {
  expect(named(/\bjobs\s*\.\s*handle\(\s*'([^']+)'/g).toSorted()).toEqual([...jobNames].toSorted());
});

test('every job is enqueued somewhere, by its name', () => {
  const enqueued = new Set(named(/\bjobs\s*\.\s*enqueue\(\s*\w+\s*,\s*'([^']+)'/g));
  expect([...enqueued].toSorted()).toEqual([...jobNames].toSorted());
});

test('a job is an imperative under its module', () => {
  for (const name of jobNames) expect(name).toMatch(/^[a-z]+\.[a-z]+(?:-[a-z]+)*$/);
});
