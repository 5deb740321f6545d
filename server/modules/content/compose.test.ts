import { describe, expect, test } from 'vitest';
import { getConnector } from '#connectors/registry.ts';
import type { VariantOverride } from '#shared/content.ts';
import type { PackageMedia } from '#shared/package.ts';
import { topicsOf } from '#shared/topics.ts';
import { composeVariant, withShortLink } from './compose.ts';

const link = 'https://hs.example/s/AAAAAAAAAAAAAAAAAAAAAA';
const video: PackageMedia = {
  ...{ sha256: 'b'.repeat(64), mime: 'video/mp4', width: 1080, height: 1920, size: 900_000 },
  ...{ role: 'video', alt: '', durationMs: 30_000 },
};
const composed = `【标题】一句话。 ${link}`;

describe('own wording for one account', () => {
  test('gets the short link of this delivery at its end', () => {
    expect(withShortLink('手机上就能办。', composed, link)).toBe(`手机上就能办。 ${link}`);
  });

  test('that kept the link of a preview or of an earlier round carries the new one in its place', () => {
    const earlier = 'https://hs.example/s/xxxxxxxxxxxxxxxxxxxxxx';
    expect(withShortLink(`看 ${earlier}，很快。`, composed, link)).toBe(`看 ${link}，很快。`);
    expect(withShortLink(`${earlier} 和 ${earlier}`, composed, link)).toBe(`${link} 和 `);
  });

  test('stays as it is where the account’s text has no link, and when it is empty', () => {
    expect(withShortLink('不带链接。', '正文。', link)).toBe('不带链接。');
    expect(withShortLink(' ', composed, link)).toBe(' ');
  });
});

test('topics end the text as the platform writes them, each once, and stay away where there are none', () => {
  const master = {
    ...{ title: '退休一件事', digest: '一次办好。', author: '', html: '<p>文</p>', text: '文' },
    ...{ media: [], covers: new Map() },
  };
  const override = { topics: ['退休', '社保'], text: '带齐三样。#退休' };
  const bodyOn = (platform: string) =>
    composeVariant(master, { platform, settings: {} }, { reach: 'timeline', override }, link).content.body
      .value;
  expect(bodyOn('mastodon')).toBe(`带齐三样。#退休 ${link}\n#社保`);
  expect(bodyOn('weibo')).toBe(`带齐三样。#退休 ${link}`);
});

describe.each([
  'mastodon',
  'douyin',
  'douyin-scan',
  'kuaishou',
  'bilibili',
  'xiaohongshu',
  'channels',
  'kuaishou-hand',
])('topics on %s', (platform) => {
  const { most } = getConnector(platform).publish.topics!;
  const make = (override: VariantOverride, text = '带齐三样。') =>
    composeVariant(
      {
        ...{ title: '退休一件事', digest: '', author: '', html: `<p>${text}</p>`, text },
        ...{ covers: new Map(), media: [video] },
      },
      { platform, settings: { topics: '人社，便民', category: '15', tid: '21' } },
      { reach: 'timeline', override },
      link,
    );
  const named = (made: ReturnType<typeof make>) => topicsOf(made.content.body.value);

  test('are the account’s, until others are chosen for the post', () => {
    expect(make({})).toMatchObject({ topics: ['人社', '便民'] });
    expect(named(make({}))).toEqual(['人社', '便民']);
    expect(named(make({ topics: ['退休'] }))).toEqual(['退休']);
  });

  test('stand there once, in the article’s words or in one’s own', () => {
    expect(named(make({ topics: ['退休', '社保'] }, '带齐三样，#社保 一起办。'))).toEqual(['社保', '退休']);
    const own = make({ topics: ['社保'], text: '先看 #社保局 的通知。' });
    expect(named(own)).toEqual(['社保局', '社保']);
  });

  test('are as many as the platform takes', () => {
    const many = Array.from({ length: 10 }, (_, index) => `话题${index}`);
    const made = make({ topics: many });
    expect(made.topics).toEqual(many.slice(0, most));
    expect(named(made)).toEqual(many.slice(0, most));
    expect(
      make({ text: [...many, ...many.map((one) => `又${one}`)].map((one) => `#${one}`).join(' ') }).problems,
    ).toContainEqual(expect.objectContaining({ zh: expect.stringContaining('话题有 20 个') }));
  });
});
