import { describe, expect, test } from 'vitest';
import { composeVariant, withShortLink } from './compose.ts';

const link = 'https://hs.example/s/AAAAAAAAAAAAAAAAAAAAAA';
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
