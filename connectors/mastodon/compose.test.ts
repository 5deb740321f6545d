import { describe, expect, test } from 'vitest';
import type { Master } from '../contract.ts';
import { compose, inspect, inspectFor } from './compose.ts';
import { defaultLimits } from './limits.ts';
import { carriesLink, countCharacters, cut, mentionsIn, plainText, withoutMentions } from './text.ts';

const shortLink = 'https://rs.example.gov.cn/s/Abc123DEF';
const context = { shortLink, reach: 'timeline' } as const;
const picture = { mime: 'image/png', width: 9, height: 9, size: 9, role: 'body', alt: '窗口' } as const;
const master: Master = {
  ...{ title: '退休一件事', digest: '', author: '', html: '', text: '当场受理。五个事项一次申请。' },
  media: [],
};
const composed = compose(master, { shortLink, settings: {} });
const withText = (value: string) => ({ ...composed, body: { kind: 'text' as const, value } });
const blocks = (value: string) =>
  inspect(withText(value), context).problems.filter(({ level }) => level === 'block');

describe('counting', () => {
  test.each([
    ['中文abc', 5],
    ['👨‍👩‍👧', 1],
    ['e\u0301', 1],
    [shortLink, 23],
    ['http://a.cn', 23],
    [`看 ${shortLink} 和 http://a.cn/b`, 2 + 23 + 3 + 23],
    ['@wang@example.social 您好', 8],
    ['写信到 zhang@example.gov.cn', 4 + 20],
  ])('%s is %i', (text, characters) => expect(countCharacters(text, 23)).toBe(characters));

  test('a link costs what the instance says', () => expect(countCharacters(shortLink, 256)).toBe(256));

  test('cuts between graphemes', () => {
    expect(cut('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 2)).toBe('👨‍👩‍👧…');
    expect(cut('办事，指南', 4)).toBe('办事…');
    expect(cut('好', 0)).toBe('');
  });
});

describe('adapting', () => {
  test('title, sentences and link stand apart', () => {
    expect(composed.body.value).toBe(`退休一件事\n\n当场受理。五个事项一次申请。\n\n${shortLink}`);
  });

  test('takes whole sentences only, and of a sentence too long its beginning', () => {
    const long = compose({ ...master, text: '一句话说清楚。'.repeat(200) }, { shortLink, settings: {} });
    expect(long.body.value).toMatch(/说清楚。\n\nhttps:/);
    const endless = compose({ ...master, text: '长'.repeat(900) }, { shortLink, settings: {} });
    expect(endless.body.value).toMatch(/长…\n\nhttps:/);
    expect(countCharacters(endless.body.value, 23)).toBeLessThanOrEqual(500);
  });

  test('sends the cover first, at most four pictures, none of a wrong type or too large', () => {
    const media = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...picture, sha256: name.repeat(64) }));
    const variant = compose(
      {
        ...master,
        media: [
          ...media,
          { ...picture, sha256: 'f'.repeat(64), role: 'cover' },
          { ...picture, sha256: '1'.repeat(64), mime: 'image/bmp' },
          { ...picture, sha256: '2'.repeat(64), size: 17 * 1024 * 1024 },
        ],
      },
      { shortLink, settings: {} },
    );
    expect(variant.media.map(({ sha256 }) => sha256[0])).toEqual(['f', 'a', 'b', 'c']);
  });
});

describe('inspecting', () => {
  test('blocks what the instance would refuse, at the very character', () => {
    const fit = `${'字'.repeat(500 - 24)} ${shortLink}`;
    expect(blocks(fit)).toEqual([]);
    expect(blocks(`字${fit}`)).toMatchObject([{ field: 'body' }]);
    expect(inspect(withText(fit), context).counts).toEqual([
      { field: 'body', used: 500, limit: 500, unit: 'characters' },
    ]);
  });

  test('blocks a text without its link, or with one that only begins like it', () => {
    expect(blocks('退休')).toMatchObject([{ field: 'body' }]);
    expect(blocks(`退休 ${shortLink}x`)).toMatchObject([{ field: 'body' }]);
    expect(blocks(shortLink)).toMatchObject([{ field: 'body' }]);
  });

  test('warns of people that would be notified and of pictures without a description', () => {
    const variant = {
      ...withText(`请看 @wang@example.social ${shortLink}`),
      media: [{ ...picture, sha256: 'a'.repeat(64), alt: '' }],
    };
    const { problems } = inspect(variant, context);
    expect(problems.map(({ level, field }) => `${level} ${field}`)).toEqual(['warn body', 'warn media']);
  });

  test('obeys the limits of one instance where they are known', () => {
    const limits = { ...defaultLimits, characters: 10_000, charactersPerLink: 256, pictures: 0 };
    const variant = { ...withText(`${'字'.repeat(9743)} ${shortLink}`), media: [] };
    expect(inspectFor(limits, variant, context).problems).toEqual([]);
    const shown = { ...variant, media: [{ ...picture, sha256: 'a'.repeat(64) }] };
    expect(inspectFor(limits, shown, context).problems).toMatchObject([{ level: 'block', field: 'media' }]);
    expect(
      inspect({ ...composed, body: { kind: 'html', value: composed.body.value } }, context).problems,
    ).toHaveLength(1);
    expect(inspect(composed, { shortLink, reach: 'page' }).problems).toMatchObject([{ field: 'reach' }]);
  });
});

describe('reading', () => {
  test('puts the hidden parts of a link together and keeps paragraphs', () => {
    const html = `<p>一<br />二</p><p><a href="${shortLink}"><span class="invisible">https://</span><span class="ellipsis">rs.example.gov.cn/s/</span><span class="invisible">Abc123DEF</span></a> &lt;b&gt; &amp;#39; &#x4e2d;</p>`;
    expect(plainText(html)).toBe(`一\n二\n\n${shortLink} <b> &#39; 中`);
    expect(carriesLink(plainText(html), shortLink)).toBe(true);
    expect(plainText('&#99999999; &nothing;')).toBe('&#99999999; &nothing;');
  });

  test('takes the names off the beginning of an answer only', () => {
    expect(withoutMentions('@gov @wang@example.social 请问 @gov 几点')).toBe('请问 @gov 几点');
    expect(mentionsIn('a@b.cn @gov https://x.cn/@y')).toEqual(['@gov']);
  });
});
