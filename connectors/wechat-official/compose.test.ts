import { describe, expect, test } from 'vitest';
import type { Master } from '#connectors/contract.ts';
import type { VariantContent } from '#shared/package.ts';
import { PICTURE } from '#tests/support/wechat-stage.ts';
import { compose, inspect } from './compose.ts';
import { dailyPollCalls, pollEveryMs } from './limits.ts';
import { styleMarkup } from './markup.ts';

const LINK = 'https://rs.example.gov.cn/s/8KfQ2';
const master: Master = {
  title: '退休一件事',
  digest: '一次申请。',
  author: '人社局',
  text: '正文',
  html: `<h2>材料</h2><p>身份证</p><p><img src="media:${PICTURE.sha256}" alt="窗口"></p>`,
  media: [{ ...PICTURE, role: 'body' }],
};
const composed = (change: Partial<Master> = {}): VariantContent =>
  compose({ ...master, ...change }, { shortLink: LINK, settings: {} });
const problemsOf = (change: Partial<VariantContent>, reach: 'publish' | 'mass-send' = 'publish') =>
  inspect({ ...composed(), ...change }, { shortLink: LINK, reach }).problems;
const blocks = (change: Partial<VariantContent>) =>
  problemsOf(change).flatMap(({ level, field }) => (level === 'block' ? [field] : []));

describe('composition', () => {
  test('makes the same bytes from the same master', () => {
    expect(composed()).toEqual(composed());
  });

  test('takes the first picture as the cover and keeps it in the body', () => {
    expect(composed().media).toEqual([{ ...PICTURE, role: 'cover' }]);
    expect(composed().body.value).toContain(`<img src="media:${PICTURE.sha256}" alt="窗口" style="`);
  });

  test('ends with a plain line that shows the short link, and leads "read the original" there', () => {
    expect(composed().body.value).toMatch(new RegExp(`网页版与办理入口：${LINK}</p>$`));
    expect(composed().sourceUrl).toBe(LINK);
  });

  test('cuts title, author and digest by characters, not by halves of them', () => {
    const long = '😀'.repeat(200);
    const { title, author, digest } = composed({ title: long, author: long, digest: long });
    expect([title, author, digest].map((text) => [...(text ?? '')].length)).toEqual([32, 16, 128]);
  });

  test('what it makes has no blocking problem', () => {
    expect(blocks({})).toEqual([]);
  });
});

describe('markup', () => {
  test('carries styles inline and nothing else', () => {
    const html =
      '<p class="x" id="y" onclick="z()" style="position:fixed">字</p><style>p{}</style><script>1</script>';
    expect(styleMarkup(html)).toMatch(/^<p style="margin:[^"]+">字<\/p>$/);
  });

  test('unwraps what is not on the list and keeps its words', () => {
    expect(styleMarkup('<custom-x><font>保留</font></custom-x>')).toBe('保留');
  });

  test('writes out the address of a link, which the platform takes away', () => {
    const html = styleMarkup('<p><a href="https://a.example/?x=1&amp;y=2">办理</a></p>');
    expect(html).toContain('办理<span');
    expect(html).toContain('（https://a.example/?x=1&amp;y=2）');
    expect(html).not.toContain('<a');
  });

  test('does not repeat an address that is the words of its link, nor a script', () => {
    expect(styleMarkup('<a href="https://a.example/">https://a.example/</a>')).toBe('https://a.example/');
    expect(styleMarkup('<a href="javascript:alert(1)">点</a>')).toBe('点');
  });

  test('drops pictures that are not ours', () => {
    expect(styleMarkup('<img src="https://evil.example/x.png"><img src="data:image/png;base64,AA">')).toBe(
      '',
    );
  });

  test('is balanced whatever came in', () => {
    expect(styleMarkup('<ul><li>一<li>二</ul></p><strong>三')).toMatch(
      /^<ul[^>]*><li[^>]*>一<li[^>]*>二<\/li><\/li><\/ul><strong[^>]*>三<\/strong>$/,
    );
  });

  test('keeps cells that span and shifts headings below the title', () => {
    expect(styleMarkup('<table><tr><td colspan="2" rowspan="x">字</td></tr></table>')).toContain(
      '<td colspan="2" style=',
    );
    expect(styleMarkup('<h1>章</h1>')).toMatch(/^<h2 style="[^"]+">章<\/h2>$/);
  });

  test('never lets text become markup', () => {
    expect(styleMarkup('a < b > c <p')).toBe('a &lt; b &gt; c &lt;p');
  });
});

describe('inspection', () => {
  test.each<[string, Partial<VariantContent>, string]>([
    ['no title', { title: ' ' }, 'title'],
    ['a title of 33 characters', { title: '字'.repeat(33) }, 'title'],
    ['an author of 17 characters', { author: '字'.repeat(17) }, 'author'],
    ['a digest of 129 characters', { digest: '字'.repeat(129) }, 'digest'],
    ['no cover', { media: [], body: { kind: 'html', value: `<p>${LINK}</p>` } }, 'media'],
    ['a body picture of 1 MB', { media: [{ ...PICTURE, size: 1_048_576 }] }, 'media'],
    ['a WebP picture', { media: [{ ...PICTURE, mime: 'image/webp' }] }, 'media'],
    ['20,000 characters', { body: { kind: 'html', value: `${LINK}${'字'.repeat(20_000)}` } }, 'body'],
    ['plain text', { body: { kind: 'text', value: LINK } }, 'body'],
    ['an empty body', { body: { kind: 'html', value: '' } }, 'body'],
    ['no short link anywhere', { sourceUrl: null, body: { kind: 'html', value: '<p>字</p>' } }, 'body'],
  ])('blocks %s', (_what, change, field) => {
    expect(blocks(change)).toContain(field);
  });

  test('takes a title of 32 characters and the short link in one place', () => {
    expect(blocks({ title: '字'.repeat(32), sourceUrl: null })).toEqual([]);
    expect(blocks({ body: { kind: 'html', value: '<p>字</p>' } })).toEqual([]);
  });

  test('explains whom each reach tells', () => {
    const zh = (reach: 'publish' | 'mass-send') =>
      problemsOf({}, reach).find(({ field }) => field === 'reach')?.zh;
    expect(zh('publish')).toContain('不通知粉丝');
    expect(zh('mass-send')).toContain('30 分钟内');
  });

  test('counts as the platform counts', () => {
    const { counts } = inspect(composed(), { shortLink: LINK, reach: 'publish' });
    expect(counts.find(({ field }) => field === 'title')).toEqual({
      field: 'title',
      used: 5,
      limit: 32,
      unit: 'characters',
    });
  });
});

describe('polling for comments', () => {
  test('is dense in the first hours and thin afterwards', () => {
    const hour = 3_600_000;
    expect([0, 3 * hour, 48 * hour, 240 * hour, 2400 * hour].map(pollEveryMs)).toEqual([
      ...[5 * 60_000, 15 * 60_000, 2 * hour, 12 * hour, 48 * hour],
    ]);
  });

  test('tells what a day of polling costs', () => {
    expect(dailyPollCalls([3 * 3_600_000, 48 * 3_600_000])).toBe(96 + 12);
  });
});
