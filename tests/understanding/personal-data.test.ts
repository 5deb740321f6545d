import { expect, test } from 'vitest';
import { maskPersonalData } from '#server/base/text/personal-data.ts';
import { frames, frequentNames, namelessSentences, runningSentences } from './support/personal-running.ts';
import { drawSamples } from './support/personal-samples.ts';

/** Kinds that these sentences never mark. */
const unmarked = new Set(['SOCIAL_SECURITY', 'CHAT_ID', 'QQ', 'BIRTH_DATE']);

test('personal data is found to the letter in sentences of many kinds, and little else is', () => {
  const samples = drawSamples(3_500, 20_241);
  const found = new Map<string, { wanted: number; right: number; false: number }>();
  const of = (type: string) => {
    const count = found.get(type) ?? { wanted: 0, right: 0, false: 0 };
    found.set(type, count);
    return count;
  };
  for (const { text, entities } of samples) {
    const keys = new Set(entities.map(({ type, start, end }) => `${type} ${start} ${end}`));
    for (const { type } of entities) of(type).wanted += 1;
    for (const { type, start, end } of maskPersonalData(text).spans) {
      if (unmarked.has(type)) continue;
      if (keys.has(`${type} ${start} ${end}`)) of(type).right += 1;
      else of(type).false += 1;
    }
  }
  for (const [type, { wanted, right, false: wrong }] of found) {
    expect(right / wanted, `share of ${type} found`).toBeGreaterThanOrEqual(0.97);
    expect(right / (right + wrong), `share of ${type} that is one`).toBeGreaterThanOrEqual(0.98);
  }
  const counts = [...found.values()];
  const sum = (part: 'wanted' | 'right') => counts.reduce((total, count) => total + count[part], 0);
  expect(sum('wanted')).toBeGreaterThan(3_000);
  expect(sum('right') / sum('wanted')).toBeGreaterThanOrEqual(0.99);
});

test('names in running text are found, and few words are taken for one', () => {
  const samples = drawSamples(2_000, 7, runningSentences);
  let [wanted, right, found] = [0, 0, 0];
  for (const { text, entities } of samples) {
    const spans = maskPersonalData(text).spans.filter(({ type }) => type === 'NAME');
    const keys = new Set(spans.map(({ start, end }) => `${start} ${end}`));
    wanted += entities.length;
    found += spans.length;
    right += entities.filter(({ start, end }) => keys.has(`${start} ${end}`)).length;
  }
  expect(wanted).toBeGreaterThan(2_500);
  expect(right / wanted).toBeGreaterThanOrEqual(0.95);
  expect(right / found).toBeGreaterThanOrEqual(0.98);
});

test.each(namelessSentences)('nobody is named in %s', (sentence) => {
  expect(maskPersonalData(sentence).spans).toEqual([]);
});

test.each(frames)('who has one of the most frequent names is found in %s', (frame) => {
  const missed = frequentNames.filter((name) =>
    maskPersonalData(frame.replace('N', name)).masked.includes(name),
  );
  expect(missed).toEqual([]);
});
