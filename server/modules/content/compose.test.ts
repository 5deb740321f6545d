import { describe, expect, test } from 'vitest';
import { withShortLink } from './compose.ts';

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
