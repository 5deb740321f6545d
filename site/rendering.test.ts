import { createHash } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { markTerms, queryTerms } from '#server/modules/publishing/site-terms.ts';
import { renderAccessibility } from './accessibility/accessibility-page.ts';
import { renderArticle } from './article/article-page.ts';
import { scriptHashes } from './client-script.ts';
import { renderRobots, renderSitemap } from './crawlers/crawler-routes.ts';
import { isoTime, timeElement } from './dates.ts';
import { localPath } from './display/display-routes.ts';
import { nobody, notFound, renderTrouble } from './errors/error-page.ts';
import { feeds } from './feeds/feeds.ts';
import { disposition } from './files/file-routes.ts';
import { readCursor, renderHome, writeCursor } from './home/home-page.ts';
import { jsonForScript, shorten } from './html.ts';
import { renderSearch } from './search/search-page.ts';
import { acceptedEncoding, matches } from './send-page.ts';
import { stylesHash } from './styles.ts';
import { buildFrame, buildSitePage } from './test-support.ts';

const hostile = `</script><script>alert(1)</script><img src=x onerror='alert(2)' alt="x">&amp;\u2028末`;
const frame = buildFrame();

/** Every page the site can render, with hostile text wherever text from outside goes. */
const hostilePages: [name: string, body: string][] = [
  [
    'article',
    renderArticle(
      buildFrame({ site: { ...frame.site, name: hostile } }),
      buildSitePage({ title: hostile, digest: hostile, author: hostile }),
    ),
  ],
  [
    'home',
    renderHome(frame, {
      pages: [buildSitePage({ title: hostile, digest: hostile })],
      next: null,
      first: true,
    }),
  ],
  [
    'search',
    renderSearch(frame, hostile, {
      pages: [
        {
          slug: '20261123-7K2M9Q4T',
          title: markTerms(hostile, queryTerms('alert')),
          snippet: [{ text: hostile, hit: true }],
          publishedAt: new Date(0),
          score: 1,
        },
      ],
      answers: [],
      examples: [],
    }),
  ],
  ['search without a find', renderSearch(frame, hostile, { pages: [], answers: [], examples: [hostile] })],
  ['trouble', renderTrouble(frame, { title: hostile, zh: hostile, en: hostile })],
];

describe.each(hostilePages)('a hostile text on the page “%s”', (_name, body) => {
  test('opens no element and closes none', () => {
    expect(body).not.toContain('<img');
    // The enhancement script, and on articles the JSON for search engines.
    const opened = body.match(/<script/g) ?? [];
    expect(opened).toHaveLength(body.includes('application/ld+json') ? 2 : 1);
    expect(body.match(/<\/script>/g)).toHaveLength(opened.length);
  });

  test('stays inside its attribute', () => {
    for (const [, value] of body.matchAll(/ (?:content|value|title)="([^"]*)"/g))
      expect(value).not.toMatch(/[<>']/);
  });
});

test('JSON for search engines is whole JSON again after reading', () => {
  const body = renderArticle(frame, buildSitePage({ title: hostile }));
  const json = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(body)![1]!;
  expect(JSON.parse(json)).toMatchObject({ '@type': 'Article', headline: hostile, inLanguage: 'zh-CN' });
  expect(JSON.parse(jsonForScript({ a: '\u2029<&>' }))).toEqual({ a: '\u2029<&>' });
});

describe('an article', () => {
  const body = renderArticle(
    frame,
    buildSitePage({ html: '<p>请看图</p><img alt="流程" src="/files/abcdefghijklmnopqrstuv">' }),
  );

  test('tells search engines and other sites what it is', () => {
    expect(body).toContain('<html lang="zh-CN"');
    expect(body).toContain('<link rel="canonical" href="https://rsj.example.gov.cn/a/20261123-7K2M9Q4T">');
    expect(body).toContain('<meta property="og:type" content="article">');
    expect(body).toContain(
      '<meta property="og:image" content="https://rsj.example.gov.cn/files/abcdefghijklmnopqrstuv">',
    );
    expect(body).toContain('<time datetime="2026-11-23T09:05:00+08:00">2026年11月23日 09:05</time>');
    expect(body).toContain('<meta name="description" content="一次申请，退休手续联办。">');
  });

  test('asks nothing of any other host', () => {
    for (const [, address] of body.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect(address).toMatch(/^(\/|#|https:\/\/rsj\.example\.gov\.cn)/);
    }
    expect(body).not.toMatch(/url\(|@import/);
  });

  test('stays under 50 KB with 10,000 characters of text', () => {
    const long = buildSitePage({ html: `<p>${'参保人员可以申请。'.repeat(1_111)}</p>` });
    expect(Buffer.byteLength(renderArticle(frame, long))).toBeLessThan(50_000);
    expect(Buffer.byteLength(renderArticle(frame, buildSitePage()))).toBeLessThan(14_000);
  });

  test('says when it was mended, not when it was merely stored a little later', () => {
    const later = new Date('2026-11-25T01:05:00Z');
    expect(renderArticle(frame, buildSitePage({ revision: 2, updatedAt: later }))).toContain('更新于');
    expect(body).not.toContain('更新于');
  });
});

describe('every page', () => {
  const all = [
    ...hostilePages.map(([, body]) => body),
    renderAccessibility(frame),
    renderTrouble(frame, notFound),
    renderHome(frame, { pages: [], next: null, first: true }),
  ];

  test('has its landmarks, one main heading, a way past the head and a search', () => {
    for (const body of all) {
      for (const part of ['<header', '<main id="main"', '<footer', 'href="#main"', 'role="search"'])
        expect(body).toContain(part);
      expect(body.match(/<h1/g)).toHaveLength(1);
    }
  });

  test('runs and wears only what its policy names', () => {
    const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    for (const body of all) {
      expect(hashOf(/<style>(.*?)<\/style>/s.exec(body)![1]!)).toBe(stylesHash);
      expect(hashOf(/<script>(.*?)<\/script>/s.exec(body)![1]!)).toBe(scriptHashes[0]);
      expect(body).not.toMatch(/<[^>]+ (?:style|on\w+)="/);
    }
  });

  test('says so when the bureau is a demonstration, and stays out of search engines then', () => {
    const demo = buildFrame({ site: { ...frame.site, demonstration: true } });
    for (const body of [
      renderArticle(demo, buildSitePage()),
      renderAccessibility(demo),
      renderTrouble(demo, notFound),
    ]) {
      expect(body).toContain('演示站点');
      expect(body).toContain('<meta name="robots" content="noindex">');
    }
    expect(renderArticle(frame, buildSitePage())).not.toContain('演示站点');
  });

  test('offers the other size of type', () => {
    const large = renderAccessibility(buildFrame({ view: { large: true } }));
    expect(large).toContain('<html lang="zh-CN" class="large">');
    expect(large).toContain('value="standard">标准字号');
    expect(renderAccessibility(frame)).toContain('value="large">长者模式');
  });
});

test('pages can be made before any bureau is founded', () => {
  expect(renderTrouble(buildFrame({ site: nobody }), notFound)).toContain('没有找到这个页面');
});

describe('feeds', () => {
  const page = buildSitePage({
    title: `${hostile}\u0001`,
    html: '<p>见<a href="/a/x">指南</a><img src="/files/t"></p><a href="//other.example">外站</a>',
  });
  const feed = (name: string) => feeds.get(name)!.render(frame, [page]);
  const parser = new XMLParser({ ignoreAttributes: false, htmlEntities: true });

  test('Atom is XML and carries the whole text with whole addresses', () => {
    const { entry } = parser.parse(feed('atom.xml')).feed;
    expect(entry.title).toBe(hostile);
    expect(entry.content['#text']).toContain('href="https://rsj.example.gov.cn/a/x"');
    expect(entry.content['#text']).toContain('src="https://rsj.example.gov.cn/files/t"');
    expect(entry.content['#text']).toContain('href="//other.example"');
    expect(entry.updated).toBe('2026-11-23T09:05:00+08:00');
  });

  test('RSS is XML with a permanent address an item', () => {
    const { item } = parser.parse(feed('rss.xml')).rss.channel;
    expect(item.guid['#text']).toBe('https://rsj.example.gov.cn/a/20261123-7K2M9Q4T');
    expect(item.pubDate).toBe('Mon, 23 Nov 2026 01:05:00 GMT');
  });

  test('JSON Feed names its version and items', () => {
    const parsed = JSON.parse(feed('feed.json'));
    expect(parsed.version).toBe('https://jsonfeed.org/version/1.1');
    expect(parsed.items[0]).toMatchObject({
      title: page.title,
      url: 'https://rsj.example.gov.cn/a/20261123-7K2M9Q4T',
    });
  });

  test('an empty feed is still a feed', () => {
    for (const name of ['atom.xml', 'rss.xml']) {
      expect(() => parser.parse(feeds.get(name)!.render(frame, []), true)).not.toThrow();
    }
  });
});

describe('crawlers', () => {
  test('are kept out of demonstrations altogether', () => {
    expect(renderRobots([{ ...frame.site, demonstration: true }], frame.publicUrl)).toBe(
      'User-agent: *\nDisallow: /\n',
    );
    expect(renderRobots([frame.site], frame.publicUrl)).toContain(
      'Sitemap: https://rsj.example.gov.cn/sitemap.xml\n',
    );
  });

  test('get every page with its last change', () => {
    const map = renderSitemap([{ site: frame.site, pages: [buildSitePage()] }], frame.publicUrl);
    const { url } = new XMLParser().parse(map).urlset;
    expect(url).toEqual([
      { loc: 'https://rsj.example.gov.cn/' },
      { loc: 'https://rsj.example.gov.cn/a/20261123-7K2M9Q4T', lastmod: '2026-11-23T09:05:00+08:00' },
    ]);
  });
});

describe('small parts', () => {
  test('times are those of China, whatever the machine’s zone', () => {
    const newYear = new Date('2026-12-31T16:00:00Z');
    expect(isoTime(newYear)).toBe('2027-01-01T00:00:00+08:00');
    expect(timeElement(newYear)).toContain('>2027年1月1日<');
  });

  test('shortening cuts between characters', () => {
    expect(shorten('一二三', 3)).toBe('一二三');
    expect(shorten('𠮷𠮷𠮷𠮷', 3)).toBe('𠮷𠮷…');
    expect(shorten(' 一\n二 ', 10)).toBe('一 二');
  });

  test('a cursor comes back as it went, and rubbish is the beginning', () => {
    const cursor = { publishedAt: new Date('2026-11-23T01:05:00.123Z'), slug: '20261123-7K2M9Q4T' };
    expect(readCursor(writeCursor(cursor))).toEqual(cursor);
    for (const rubbish of [undefined, '', 'x', ['a'], `zzzzzzzzzz~${cursor.slug}`, "1'~--"]) {
      expect(readCursor(rubbish)).toBeUndefined();
    }
  });

  test.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/a\r\nset-cookie: x',
    '',
    undefined,
    '/\t/evil',
  ])('the way back is never “%s”', (back) => expect(localPath(back)).toBe('/'));

  test('the way back may be any page of ours', () => {
    for (const path of [
      '/',
      '/a/20261123-7K2M9Q4T',
      '/b/qinghe/search',
      `/search?q=${encodeURIComponent("it's（甲）*")}`,
    ])
      expect(localPath(path)).toBe(path);
  });

  test('only plain pictures are shown in place; names can’t break out of their header', () => {
    expect(disposition({ mime: 'image/png', name: '图.png' })).toBe("inline; filename*=UTF-8''%E5%9B%BE.png");
    expect(disposition({ mime: 'image/svg+xml', name: 'a.svg' })).toMatch(/^attachment;/);
    expect(disposition({ mime: 'text/html', name: `a"\r\n'(x).html` })).toBe(
      "attachment; filename*=UTF-8''a%22%0D%0A%27%28x%29.html",
    );
  });

  test('the best accepted encoding is used, and none that is refused', () => {
    expect(acceptedEncoding('gzip, deflate, br')).toBe('br');
    expect(acceptedEncoding('gzip;q=0.5, br;q=0')).toBe('gzip');
    expect(acceptedEncoding(undefined)).toBe('identity');
  });

  test('entity tags compare weakly', () => {
    expect(matches('"a", W/"b"', 'W/"a"')).toBe(true);
    expect(matches('"c"', 'W/"a"')).toBe(false);
    expect(matches(undefined, 'W/"a"')).toBe(false);
  });
});
