import { describe, expect, test } from 'vitest';
import type { Master } from '../contract.ts';
import { carriesLink, compose, inspect } from './compose.ts';
import { countCharacters } from './count.ts';

const shortLink = 'https://rs.example.gov.cn/s/Abc123DEF';
const context = { shortLink, settings: {} };
const inspection = { shortLink, reach: 'timeline' } as const;
const master = (change: Partial<Master>): Master => ({
  title: '退休一件事，一次办好',
  digest: '',
  author: '',
  html: '',
  text: '',
  media: [],
  ...change,
});
const textOf = (change: Partial<Master>): string => compose(master(change), context).body.value;
const blocks = (change: Partial<ReturnType<typeof compose>>): string[] =>
  inspect({ ...compose(master({ text: '好。' }), context), ...change }, inspection).problems.map(
    ({ field }) => field,
  );

describe('the platform’s count', () => {
  test.each([
    ['', 0],
    ['中', 1],
    ['ab', 1],
    ['abc', 2],
    ['中a', 2],
    ['，。！', 3],
    ['©é', 1],
    ['👍', 2],
    ['𠮷', 2],
    ['https://rs.example.gov.cn/a/very/long/path?with=a&query=b', 10],
    ['看 https://rs.example.gov.cn/s/1', 12],
    ['看https://rs.example.gov.cn/s/1，好', 13],
  ])('%s counts %i', (text, used) => {
    expect(countCharacters(text)).toBe(used);
  });
});

describe('composing', () => {
  test('takes title, whole sentences and the link', () => {
    const text = textOf({ digest: '五个事项一次申请。材料齐全的当场受理！' });
    expect(text).toBe(`【退休一件事，一次办好】五个事项一次申请。材料齐全的当场受理！ ${shortLink}`);
  });

  test('cuts at a sentence and never exceeds the limit', () => {
    const sentence = '参加企业职工基本养老保险的人员达到法定退休年龄后可以一次申请。';
    const text = textOf({ text: sentence.repeat(20) });
    expect(countCharacters(text)).toBeLessThanOrEqual(140);
    expect(text.replace(` ${shortLink}`, '')).toMatch(/一次申请。$/);
    expect(countCharacters(text) + countCharacters(sentence)).toBeGreaterThan(140);
  });

  test('cuts a sentence that is too long between characters, not inside an emoji', () => {
    const text = textOf({ title: '', text: '👨‍👩‍👧'.repeat(100) });
    expect(countCharacters(text)).toBeLessThanOrEqual(140);
    expect(text).toMatch(/^(👨‍👩‍👧)+… https/u);
  });

  test('cuts a title that alone is too long', () => {
    expect(countCharacters(textOf({ title: '标题'.repeat(200), text: '正文。' }))).toBeLessThanOrEqual(140);
  });

  test('leaves out the marks of topics and folds lines', () => {
    expect(textOf({ title: '#就业#服务', text: '第一段。\n\n第二段。' })).toBe(
      `【就业服务】第一段。第二段。 ${shortLink}`.replace('。第二', '。 第二'),
    );
  });

  test('chooses one picture that the platform takes, the cover first', () => {
    const picture = {
      sha256: 'a'.repeat(64),
      mime: 'image/jpeg',
      width: 9,
      height: 9,
      size: 9,
      role: 'body',
      alt: '',
    } as const;
    const media = [
      { ...picture, mime: 'image/webp', role: 'cover' as const },
      { ...picture, size: 6 * 1024 * 1024 },
      { ...picture, alt: 'body' },
      { ...picture, alt: 'cover', role: 'cover' as const },
    ];
    expect(compose(master({ media }), context).media.map(({ alt }) => alt)).toEqual(['cover']);
  });
});

describe('inspection', () => {
  const body = (value: string) => ({ body: { kind: 'text' as const, value } });

  test('passes what was composed', () => {
    expect(blocks({})).toEqual([]);
  });

  test.each([
    ['no short link', body('通知。')],
    ['a longer link that begins alike', body(`通知。${shortLink}x`)],
    ['141 characters', body(`${'字'.repeat(131)}${shortLink}`)],
    ['a topic', body(`#养老# 通知 ${shortLink}`)],
    ['nothing but the link', body(shortLink)],
  ])('blocks %s', (_name, change) => {
    expect(blocks(change)).toEqual(['body']);
  });

  test('allows exactly 140 characters and a lone #', () => {
    expect(blocks(body(`${'字'.repeat(130)}${shortLink}`))).toEqual([]);
    expect(blocks(body(`3# 窗口 ${shortLink}`))).toEqual([]);
  });

  test('blocks two pictures, a large one and another reach', () => {
    const picture = {
      sha256: 'a'.repeat(64),
      mime: 'image/png',
      width: 9,
      height: 9,
      size: 9,
      role: 'body',
      alt: '',
    } as const;
    expect(blocks({ media: [picture, picture] })).toEqual(['media']);
    expect(blocks({ media: [{ ...picture, size: 5 * 1024 * 1024 }] })).toEqual(['media']);
    const variant = compose(master({ text: '好。' }), context);
    expect(inspect(variant, { shortLink, reach: 'mass-send' }).problems.map(({ field }) => field)).toEqual([
      'reach',
    ]);
  });
});

test('a link is found whole only', () => {
  expect(carriesLink(`看${shortLink}，`, shortLink)).toBe(true);
  expect(carriesLink(`${shortLink}2 ${shortLink}`, shortLink)).toBe(true);
  expect(carriesLink(`${shortLink}-2`, shortLink)).toBe(false);
});
