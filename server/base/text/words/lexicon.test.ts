import { expect, test } from 'vitest';
import { lexicon } from './lexicon.ts';

const { isPerson, logOf, people } = lexicon();

test('words that are met oftener weigh more, what is no word weighs nothing, every character is one', () => {
  expect(logOf('我们')).toBeGreaterThan(logOf('仲裁'));
  expect(logOf('仲裁')).toBeGreaterThan(logOf('龃龉'));
  expect(logOf('裁仲我')).toBe(Number.NEGATIVE_INFINITY);
  expect(logOf('')).toBe(Number.NEGATIVE_INFINITY);
  for (const unit of ['的', '喆', '䶮']) expect(Number.isFinite(logOf(unit))).toBe(true);
});

test('the shares of little words are about a tenth of all', () => {
  const of = (words: string) => words.split('').reduce((sum, word) => sum + Math.exp(logOf(word)), 0);
  expect(of('的了是在我有和就不人都一上也')).toBeGreaterThan(0.05);
  expect(of('的了是在我有和就不人都一上也')).toBeLessThan(0.3);
});

test('words of this office and names of towns are there', () => {
  for (const word of ['人社局', '劳人仲', '张家界', '石家庄']) expect(logOf(word)).toBeGreaterThan(-14);
});

test('somebody known is told from a word, and seldom names are no words', () => {
  expect(isPerson('毛泽东')).toBe(true);
  expect(isPerson('仲裁')).toBe(false);
  expect(isPerson('裁仲我')).toBe(false);
  expect(people.length).toBeGreaterThan(50_000);
  for (const name of people.slice(0, 200)) expect(logOf(name)).toBe(Number.NEGATIVE_INFINITY);
});
