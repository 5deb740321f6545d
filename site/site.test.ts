import { brotliDecompressSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sha256Hex } from '#server/base/canonical.ts';
import { newId, newToken } from '#server/base/ids.ts';
import { putSitePage, withdrawSitePage } from '#server/modules/publishing/site-pages.ts';
import { addShortLink, buildBureau, buildPage, put } from '#server/modules/publishing/site-test-support.ts';
import { publicUrl, startTestSite, type TestSite } from './test-support.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 120_000 });

let site: TestSite;
let first: string;
let second: string;
let third: string;
beforeAll(async () => {
  site = await startTestSite();
  first = await buildBureau(site.database, { slug: 'qinghe', name: '清河县人力资源和社会保障局' });
  second = await buildBureau(site.database, { slug: 'linqing', name: '临清演示县人社局', policy: 'relaxed' });
  third = await buildBureau(site.database, { slug: 'many', name: '多文县人社局' });
});
afterAll(() => site?.stop());

const get = (url: string, headers: Record<string, string> = {}) => site.server.inject({ url, headers });

/** Waits for the site to show something else; fails when it does not within the promised second and some grace. */
async function until(condition: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  while (!(await condition())) {
    if (performance.now() - start > 3_000) throw new Error('the site never changed');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return performance.now() - start;
}

describe('an article', () => {
  test('is a whole page with its policy, and the second time only its tag', async () => {
    const { url } = await put(site.database, buildPage(first));
    const answer = await get(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('<h1 data-read>退休一件事怎么办</h1>');
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'strict-transport-security': 'max-age=31536000',
    });
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);

    const again = await get(url, { 'if-none-match': String(answer.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    // People type addresses as they like.
    expect((await get(url.toLowerCase())).statusCode).toBe(200);
  });

  test('is compressed for those who can read it so', async () => {
    const { url } = await put(site.database, buildPage(first));
    const plain = await get(url);
    const packed = await get(url, { 'accept-encoding': 'gzip, br' });
    expect(packed.headers['content-encoding']).toBe('br');
    expect(packed.headers.etag).toBe(plain.headers.etag);
    expect(brotliDecompressSync(packed.rawPayload).toString()).toBe(plain.body);
    expect(packed.rawPayload.length).toBeLessThan(6_000);
  });

  test('that was mended or withdrawn in another process shows so within a second', async () => {
    const page = buildPage(first, { title: '初稿标题' });
    const { url } = await put(site.database, page);
    expect((await get(url)).body).toContain('初稿标题');

    await site.database.withWorker(async (tx) => {
      await putSitePage(tx, { ...page, deliveryId: newId(), title: '更正标题' });
      site.liveElsewhere.changed(tx, first, 'deliveries');
    });
    expect(await until(async () => (await get(url)).body.includes('更正标题'))).toBeLessThan(1_000);

    await site.database.withWorker(async (tx) => {
      await withdrawSitePage(tx, first, page.articleId);
      site.liveElsewhere.changed(tx, first, 'deliveries');
    });
    expect(await until(async () => (await get(url)).statusCode === 404)).toBeLessThan(1_000);
  });

  test.each(['/a/20261123-AAAAAAAA', '/a/x', '/a/%00', "/a/'or'1"])('“%s” is a friendly 4xx', async (url) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  });
});

describe('home', () => {
  test('of the first bureau is at the root, of the others under their name; demonstrations say so', async () => {
    await put(site.database, buildPage(second, { title: '临清的文章' }));
    expect((await get('/')).body).toContain('<h1 class="name">清河县人力资源和社会保障局</h1>');
    const other = await get('/b/linqing');
    expect(other.body).toContain('临清的文章');
    expect(other.body).toContain('演示站点');
    expect(other.body).toContain('action="/b/linqing/search"');
    expect((await get('/b/qinghe')).headers.location).toBe('/');
    expect((await get('/b/nowhere')).statusCode).toBe(404);
  });

  test('leads on to what is older, to the end', async () => {
    for (let index = 0; index < 45; index += 1) {
      await put(
        site.database,
        buildPage(third, { title: `第${index}篇`, publishedAt: new Date(1_790_000_000_000 + index) }),
      );
    }
    const titles: string[] = [];
    let url: string | undefined = '/b/many';
    while (url) {
      const { body } = await get(url);
      titles.push(...[...body.matchAll(/第(\d+)篇/g)].map(([, number]) => number!));
      url = /<a href="([^"]+)" rel="next">/.exec(body)?.[1]?.replaceAll('&#61;', '=');
    }
    expect(titles).toEqual(Array.from({ length: 45 }, (_, index) => `${44 - index}`));
  });
});

describe('search', () => {
  test('finds, marks and keeps the question in the box', async () => {
    await put(
      site.database,
      buildPage(first, { title: '工伤认定申请材料', plain: '职工受伤后申请工伤认定所需的材料。' }),
    );
    const { body, statusCode } = await get(`/search?q=${encodeURIComponent('工伤认定')}`);
    expect(statusCode).toBe(200);
    expect(body).toContain('<mark>工伤认定</mark>申请材料');
    expect(body).toContain('value="工伤认定"');
  });

  test.each(['', '?q=', '?q=%00', '?q=a&q=b', '?q=%ED%A0%80', `?q=${'退'.repeat(500)}`])(
    '“%s” is answered, not failed',
    async (query) => {
      expect((await get(`/search${query}`)).statusCode).toBe(200);
    },
  );

  test('of one bureau doesn’t find another’s pages', async () => {
    const { body } = await get(`/b/linqing/search?q=${encodeURIComponent('工伤认定')}`);
    expect(body).toContain('没有找到相关内容');
  });
});

describe('a short link', () => {
  test('leads to the article with a short mark of its source, else to the bureau, else to a friendly page', async () => {
    const page = buildPage(first);
    const { url } = await put(site.database, page);
    const [known, homeless] = await site.database.withWorker(async (tx) => [
      await addShortLink(tx, first, page.articleId),
      await addShortLink(tx, second, newId()),
    ]);
    const answer = await get(`/s/${known}`);
    expect([answer.statusCode, answer.headers.location]).toEqual([302, `${url}?from=${known!.slice(0, 8)}`]);
    expect((await get(answer.headers.location!)).statusCode).toBe(200);
    expect((await get(`/s/${homeless}`)).headers.location).toBe(`/b/linqing?from=${homeless!.slice(0, 8)}`);
    const unknown = await get(`/s/${newToken()}`);
    expect(unknown.statusCode).toBe(404);
    expect(unknown.body).toContain('这个短链接已失效');
  });
});

describe('files', () => {
  async function store(mime: string, name: string): Promise<string> {
    const bytes = Buffer.from(`bytes of ${name}`);
    await site.app.files.put(bytes);
    const token = newToken();
    await site.database.withWorker((tx) =>
      sql`insert into files (bureau_id, id, sha256, mime, size, name, token)
          values (${first}, ${newId()}, ${sha256Hex(bytes)}, ${mime}, ${bytes.length}, ${name}, ${token})`.execute(
        tx,
      ),
    );
    return token;
  }

  test('pictures are shown in place and kept for a year', async () => {
    const token = await store('image/png', '流程图.png');
    const answer = await get(`/files/${token}`);
    expect(answer.body).toBe('bytes of 流程图.png');
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(answer.headers['content-disposition']).toMatch(/^inline;/);
    expect((await get(`/files/${token}`, { 'if-none-match': String(answer.headers.etag) })).statusCode).toBe(
      304,
    );
  });

  test('anything that could run is only saved, in a sandbox', async () => {
    const answer = await get(`/files/${await store('image/svg+xml', 'a.svg')}`);
    expect(answer.headers['content-disposition']).toMatch(/^attachment;/);
    expect(answer.headers['content-security-policy']).toContain('sandbox');
  });

  test('no token, no file', async () => {
    for (const token of [newToken(), '..%2F..%2Fkeys', 'x'])
      expect((await get(`/files/${token}`)).statusCode).toBe(404);
  });
});

describe('长者模式', () => {
  const post = (payload: string, headers: Record<string, string> = {}) =>
    site.server.inject({
      method: 'POST',
      url: '/display',
      payload,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });

  test('is switched by a form, remembered by a cookie, and never shown to those who didn’t ask', async () => {
    const { url } = await put(site.database, buildPage(first));
    const answer = await post(`size=large&back=${encodeURIComponent(url)}`);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, url]);
    expect(answer.headers['set-cookie']).toBe(
      'hs_size=large; Path=/; Max-Age=31536000; SameSite=Lax; Secure',
    );
    const large = await get(url, { cookie: 'a=b; hs_size=large' });
    expect(large.body).toContain('class="large"');
    expect(large.headers.vary).toContain('Cookie');
    expect((await get(url)).body).not.toContain('class="large"');
    expect((await post('size=standard&back=/')).headers['set-cookie']).toContain('Max-Age=0');
  });

  test('leads nowhere else and takes no order from other sites', async () => {
    expect((await post('size=large&back=//evil.example')).headers.location).toBe('/');
    expect((await post('size=large', { origin: 'https://evil.example' })).statusCode).toBe(403);
    expect((await post('size=large', { origin: publicUrl })).statusCode).toBe(303);
  });
});

test('what leads nowhere is a page for people and JSON for programs', async () => {
  const page = await get('/nowhere/at/all');
  expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  const program = await get('/api/nowhere');
  expect([program.statusCode, program.json().code]).toEqual([404, 'not-found']);
  expect((await get('/api/ping')).body).toBe('pong');
});

test('feeds, sitemap, robots and icon answer with their types', async () => {
  for (const [url, type] of [
    ['/feeds/atom.xml', 'application/atom+xml; charset=utf-8'],
    ['/feeds/rss.xml', 'application/rss+xml; charset=utf-8'],
    ['/feeds/feed.json', 'application/feed+json; charset=utf-8'],
    ['/b/linqing/feeds/atom.xml', 'application/atom+xml; charset=utf-8'],
    ['/sitemap.xml', 'application/xml; charset=utf-8'],
    ['/robots.txt', 'text/plain; charset=utf-8'],
    ['/favicon.svg', 'image/svg+xml'],
    ['/accessibility', 'text/html; charset=utf-8'],
  ] as const) {
    const answer = await get(url);
    expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([url, 200, type]);
  }
  expect((await get('/sitemap.xml')).body).not.toContain('/b/linqing');
  expect((await get('/feeds/other.xml')).statusCode).toBe(404);
});

test('a failure inside is told with a number and nothing more', async () => {
  const { url } = await put(site.database, buildPage(first));
  await site.database.asOwner((db) =>
    sql`alter view published_pages rename column html to html_`.execute(db),
  );
  try {
    const answer = await get(url);
    expect(answer.statusCode).toBe(500);
    expect(answer.body).toMatch(/编号 [0-9A-Z]{8}/);
    expect(answer.body).not.toContain('html_');
    expect(answer.body).not.toContain('does not exist');
  } finally {
    await site.database.asOwner((db) =>
      sql`alter view published_pages rename column html_ to html`.execute(db),
    );
  }
});
