import { describe, expect, test } from 'vitest';
import type { PackageMedia } from '#shared/package.ts';
import type { Master } from '../contract.ts';
import { carriesLink, compose, inspect } from './compose.ts';
import { bodyPictures, plainMarkup, withPictures, wordsOf } from './markup.ts';

const shortLink = 'https://rs.example.gov.cn/s/Abc123DEF';
const sha = 'a'.repeat(64);
const picture: PackageMedia = {
  ...{ sha256: sha, mime: 'image/jpeg', width: 900, height: 600, size: 90_000, role: 'body', alt: '窗口' },
};
const master = (change: Partial<Master> = {}): Master => ({
  title: '退休一件事，一次办好',
  digest: '摘要。',
  author: '',
  html: `<p>${'参加企业职工养老保险的人员。'.repeat(20)}</p>`,
  text: '参加企业职工养老保险的人员。'.repeat(20),
  media: [],
  ...change,
});
const make = (change: Partial<Master> = {}) => compose(master(change), { shortLink, settings: {} });
const problems = (change: Partial<ReturnType<typeof compose>>, reach: 'timeline' | 'page' = 'timeline') =>
  inspect({ ...make(), ...change }, { shortLink, reach }).problems.map(
    ({ level, field }) => `${level} ${field}`,
  );

describe('plain markup', () => {
  test.each([
    ['<h1>甲</h1><h4>乙</h4>', '<h2>甲</h2><h3>乙</h3>'],
    ['<p onclick="x()" style="color:red">甲</p>', '<p>甲</p>'],
    ['<script>alert(1)</script><p>甲</p><!-- 乙 -->', '<p>甲</p>'],
    ['<div><span>甲</span></div>', '甲'],
    ['<p>甲<b>乙</p>', '<p>甲<strong>乙</strong></p>'],
    ['<p>到<a href="https://a.gov.cn/x">窗口</a>办</p>', '<p>到窗口（https://a.gov.cn/x）办</p>'],
    ['<a href="https://a.gov.cn">https://a.gov.cn</a>', 'https://a.gov.cn'],
    ['<a href="javascript:x()">甲</a>', '甲'],
    ['<table><tr><th>事项</th><td>时限</td></tr></table>', '<p>事项　时限</p>'],
    [`<img src="media:${sha}" alt="a"><img src="https://x/y.png">`, `<img src="media:${sha}" alt="a">`],
    ['1 < 2', '1 &lt; 2'],
  ])('%s', (html, expected) => {
    expect(plainMarkup(html)).toBe(expected);
  });

  test('pictures are found once each and get their addresses', () => {
    const html = `<img src="media:${sha}"><img src="media:${sha}">`;
    expect(bodyPictures(html)).toEqual([sha]);
    expect(withPictures(html, () => 'https://i/x')).toBe('<img src="https://i/x"><img src="https://i/x">');
  });

  test('words survive tags and entities, so that a link cut by a tag is whole', () => {
    expect(wordsOf('<p>https://a/<b>s</b>/1&amp;2</p>')).toBe('https://a/s/1&2');
  });
});

describe('composing', () => {
  test('ends with the short link in words, and passes its own inspection', () => {
    const variant = make();
    expect(variant.body.value).toMatch(
      /<p>网页版与办理入口：https:\/\/rs\.example\.gov\.cn\/s\/Abc123DEF<\/p>$/,
    );
    expect(problems({})).toEqual([]);
  });

  test('takes the summary from the text when there is none, cut to 200', () => {
    const { digest } = make({ digest: '' });
    expect([...(digest ?? '')]).toHaveLength(200);
  });

  test('cuts a title at 40 characters, emoji counted once', () => {
    expect([...(make({ title: '👍'.repeat(60) }).title ?? '')]).toHaveLength(40);
  });

  test('takes the cover and the pictures of the text, and no other', () => {
    const cover = { ...picture, sha256: 'c'.repeat(64), role: 'cover' as const };
    const media = [picture, cover, { ...picture, sha256: 'd'.repeat(64) }];
    const variant = make({ media, html: `<img src="media:${sha}">` });
    expect(variant.media.map(({ sha256, role }) => [sha256[0], role])).toEqual([
      ['a', 'body'],
      ['c', 'cover'],
    ]);
  });
});

describe('inspection', () => {
  const body = (value: string) => ({ body: { kind: 'html' as const, value } });
  const long = '字'.repeat(250);

  test.each([
    ['no title', { title: ' ' }, ['block title']],
    ['a title of 41', { title: '字'.repeat(41) }, ['block title']],
    ['no summary', { digest: null }, ['block digest']],
    ['no short link', body(`<p>${long}</p>`), ['block body']],
    ['a longer link that begins alike', body(`<p>${long}${shortLink}x</p>`), ['block body']],
    ['plain text', { body: { kind: 'text' as const, value: `${long}${shortLink}` } }, ['block body']],
    ['a short text', body(`<p>短。${shortLink}</p>`), ['warn body']],
    ['40,001 characters', body(`<p>${'字'.repeat(40_001)}${shortLink}</p>`), ['block body']],
    ['a picture without a file', body(`<img src="media:${sha}">${long}${shortLink}`), ['block media']],
    ['a GIF as cover', { media: [{ ...picture, mime: 'image/gif' }] }, ['block media']],
    ['6 MB', { media: [{ ...picture, size: 6 * 1024 * 1024 }] }, ['block media']],
  ])('%s', (_name, change, expected) => {
    expect(problems(change)).toEqual(expected);
  });

  test('three pictures make up for a short text', () => {
    const media = ['1', '2', '3'].map((digit) => ({ ...picture, sha256: digit.repeat(64) }));
    const html = media.map(({ sha256 }) => `<img src="media:${sha256}">`).join('');
    expect(problems({ ...body(`${html}${shortLink}`), media })).toEqual([]);
  });

  test('another reach is blocked', () => {
    expect(problems({}, 'page')).toEqual(['block reach']);
  });
});

test('a link is found whole only', () => {
  expect(carriesLink(`看${shortLink}，`, shortLink)).toBe(true);
  expect(carriesLink(`${shortLink}2 ${shortLink}`, shortLink)).toBe(true);
  expect(carriesLink(`${shortLink}-2`, shortLink)).toBe(false);
});
