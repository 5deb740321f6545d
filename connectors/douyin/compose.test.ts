import { describe, expect, test } from 'vitest';
import type { PackageMedia } from '#shared/package.ts';
import type { Master } from '../contract.ts';
import { carriesMark, codeOf, compose, inspect } from './compose.ts';
import { limits } from './limits.ts';

const shortLink = 'https://rs.example.gov.cn/s/Abc123DEF';
const picture: PackageMedia = {
  ...{ sha256: 'a'.repeat(64), mime: 'image/jpeg', width: 900, height: 1200, size: 9, role: 'body', alt: '' },
};
const master = (change: Partial<Master> = {}): Master => ({
  ...{ title: '退休一件事，一次办好', digest: '', author: '', html: '', text: '年满六十。可申请。' },
  media: [picture],
  ...change,
});
const textOf = (change: Partial<Master>, settings = {}): string =>
  compose(master(change), { shortLink, settings }).body.value;
const problemsOf = (change: object): string[] =>
  inspect(
    { ...compose(master(), { shortLink, settings: { linkForm: 'code' } }), ...change },
    { shortLink, reach: 'timeline' },
  ).problems.map(({ level, field }) => `${level} ${field}`);

describe('composing', () => {
  test('takes title, paragraphs and the link, or the link’s code where the account wants no address', () => {
    expect(textOf({ text: '第一段。\n第二段。' })).toBe(
      `退休一件事，一次办好\n\n第一段。\n\n第二段。\n\n详情：${shortLink}`,
    );
    expect(textOf({ digest: '摘要。' }, { linkForm: 'code' })).toBe(
      '退休一件事，一次办好\n\n摘要。\n\n编号：Abc123DEF',
    );
  });

  test('cuts at a sentence and never exceeds the limit', () => {
    const sentence = '达到法定退休年龄后可以一次申请五个事项。';
    const text = textOf({ text: sentence.repeat(100) });
    expect(text.length).toBeLessThanOrEqual(limits.textLength);
    expect(text).toContain(`一次申请五个事项。\n\n详情：`);
    expect(text.length + sentence.length).toBeGreaterThan(limits.textLength);
  });

  test('cuts a text without sentences between characters, not inside an emoji', () => {
    const text = textOf({ title: '', text: '👨‍👩‍👧'.repeat(500) });
    expect(text.length).toBeLessThanOrEqual(limits.textLength);
    expect(text).toMatch(/^(👨‍👩‍👧)+…\n\n详情：/u);
  });

  test('takes the pictures that the platform takes, the cover first, thirty at most', () => {
    const media = [
      ...Array<PackageMedia>(40).fill(picture),
      { ...picture, mime: 'image/webp', role: 'cover' as const },
      { ...picture, size: 21 * 1024 * 1024 },
      { ...picture, alt: '封面', role: 'cover' as const },
    ];
    const chosen = compose(master({ media }), { shortLink, settings: {} }).media;
    expect(chosen).toHaveLength(30);
    expect(chosen[0]?.alt).toBe('封面');
    expect(chosen.every(({ mime }) => mime === 'image/jpeg')).toBe(true);
  });
});

describe('inspection', () => {
  const body = (value: string) => ({ body: { kind: 'text', value } });

  test('passes what was composed, and warns of an address', () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf(body(`好。${shortLink}`))).toEqual(['warn body']);
  });

  test.each([
    ['no picture', { media: [] }, ['block media']],
    ['31 pictures', { media: Array(31).fill(picture) }, ['block media']],
    ['a GIF', { media: [{ ...picture, mime: 'image/gif' }] }, ['block media']],
    ['a picture above 20 MB', { media: [{ ...picture, size: 20 * 1024 * 1024 + 1 }] }, ['block media']],
    ['no mark', body('好。'), ['block body']],
    ['nothing but the mark', body('编号：Abc123DEF'), ['block body']],
    ['1001 characters', body(`${'字。'.repeat(494)}字：Abc123DEF!!`), ['block body']],
    ['rich text', { body: { kind: 'html', value: '<p>编号：Abc123DEF</p>' } }, ['block body']],
  ])('blocks %s', (_name, change, found) => {
    expect(problemsOf(change)).toEqual(found);
  });

  test('takes exactly 1000 characters, and no other reach', () => {
    expect(problemsOf(body(`${'字。'.repeat(495)}：Abc123DEF`))).toEqual([]);
    const variant = compose(master(), { shortLink, settings: { linkForm: 'code' } });
    expect(inspect(variant, { shortLink, reach: 'mass-send' }).problems.map(({ field }) => field)).toEqual([
      'reach',
    ]);
  });
});

test('the mark is found whole only, as a link and as a code', () => {
  expect(codeOf(shortLink)).toBe('Abc123DEF');
  expect(carriesMark(`看${shortLink}。`, shortLink)).toBe(true);
  expect(carriesMark('编号：Abc123DEF', shortLink)).toBe(true);
  expect(carriesMark('Abc123DEF2 Abc123DEF', shortLink)).toBe(true);
  for (const other of [`${shortLink}2`, 'xAbc123DEF', 'Abc123DEF-2', 'abc123def']) {
    expect(carriesMark(other, shortLink)).toBe(false);
  }
});
