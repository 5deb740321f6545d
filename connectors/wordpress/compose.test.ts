import { describe, expect, test } from 'vitest';
import type { Master } from '../contract.ts';
import { compose, inspect } from './compose.ts';
import {
  asMarkup,
  bodyPictures,
  carriesLink,
  plainText,
  sameWords,
  slugFor,
  withAddresses,
} from './markup.ts';

const shortLink = 'https://rs.example.gov.cn/s/Abc123DEF';
const context = { shortLink, reach: 'page' } as const;
const [shown, cover] = ['a'.repeat(64), 'b'.repeat(64)];
const picture = { mime: 'image/png', width: 9, height: 9, size: 9, alt: '窗口' } as const;
const master: Master = {
  title: '退休一件事',
  digest: '一次办好',
  author: '人社局',
  html: `<h2>条件</h2><p>当场受理。</p><img src="media:${shown}" alt="窗口">`,
  text: '条件\n当场受理。',
  media: [
    { ...picture, sha256: shown, role: 'body' },
    { ...picture, sha256: cover, role: 'cover' },
  ],
};
const composed = compose(master, { shortLink, settings: {} });
const problemsOf = (change: Partial<typeof composed>) =>
  inspect({ ...composed, ...change }, context).problems.map(({ level, field }) => `${level} ${field}`);
const html = (value: string) => ({ body: { kind: 'html' as const, value } });

describe('adapting', () => {
  test('keeps the editor’s markup and adds the short link as a link', () => {
    expect(composed.body.value).toContain('<h2>条件</h2>');
    expect(composed.body.value).toContain(`<a href="${shortLink}">${shortLink}</a>`);
    expect(problemsOf({})).toEqual([]);
  });

  test('cuts what is longer than a page can show', () => {
    const long = compose(
      { ...master, title: '长'.repeat(300), digest: '长'.repeat(900) },
      { shortLink, settings: {} },
    );
    expect([...long.title!].length).toBe(200);
    expect([...long.digest!].length).toBe(500);
  });
});

describe('inspecting', () => {
  test.each([
    ['no title', { title: ' ' }, 'block title'],
    ['a long title', { title: '长'.repeat(201) }, 'block title'],
    ['a long digest', { digest: '长'.repeat(501) }, 'block digest'],
    [
      'nothing but the link',
      html(`<p>本文短链接：<a href="${shortLink}">${shortLink}</a></p>`),
      'block body',
    ],
    ['no link', html('<p>当场受理。</p>'), 'block body'],
    ['a link that only begins like it', html(`<p>好 ${shortLink}-2</p>`), 'block body'],
    ['plain text', { body: { kind: 'text' as const, value: `好 ${shortLink}` } }, 'block body'],
    ['a picture without a file', { media: [] }, 'block media'],
    [
      'a picture of another type',
      { media: master.media.map((one) => ({ ...one, mime: 'image/bmp' })) },
      'block media',
    ],
    ['a picture without words', { media: master.media.map((one) => ({ ...one, alt: '' })) }, 'warn media'],
  ])('says what is wrong with %s', (_name, change, problem) => expect(problemsOf(change)).toEqual([problem]));

  test('pages only', () => {
    expect(inspect(composed, { shortLink, reach: 'timeline' }).problems).toMatchObject([{ field: 'reach' }]);
  });
});

describe('markup', () => {
  test('puts the site’s addresses in, safely, and leaves what has none', () => {
    const addresses = new Map([[shown, 'https://a.cn/x?a=1&b="']]);
    expect(withAddresses(`<img src="media:${shown}"><img src="media:${cover}">`, addresses)).toBe(
      `<img src="https://a.cn/x?a=1&amp;b=%22"><img src="media:${cover}">`,
    );
    expect(bodyPictures(`media:${shown} media:${shown} media:x`)).toEqual([shown]);
  });

  test('makes a slug as the site keeps it', () => {
    expect(slugFor(shortLink)).toBe('hs-abc123def');
    expect(slugFor('https://rs.example.gov.cn/s/a_B-c')).toBe('hs-a-b-c');
  });

  test('knows words again that the site has made prettier', () => {
    const theirs = '<p>周一至周五 &#8220;9:00&#8221; &#8211; 17:00&hellip;</p>\n';
    expect(sameWords(plainText('<p>周一 &#8220;9&#8221; &#8211;<br />\n17</p>\n'), '周一 "9" --\n17')).toBe(
      true,
    );
    expect(sameWords(plainText(theirs), '周末休息')).toBe(false);
    expect(plainText(asMarkup(' 1 < 2 & <b>3</b> '))).toBe('1 < 2 & <b>3</b>');
    expect(plainText('&#99999999; &nothing;')).toBe('&#99999999; &nothing;');
  });

  test('tells a link from one that begins alike', () => {
    expect(carriesLink(`${shortLink}x ${shortLink}。`, shortLink)).toBe(true);
    expect(carriesLink(`${shortLink}x`, shortLink)).toBe(false);
  });
});
