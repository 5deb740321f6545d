import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newId } from '#server/base/ids.ts';
import {
  findPageBySlug,
  findShortLink,
  findSiteBase,
  listPublicSites,
  listRecentPages,
  putSitePage,
  recentPagesQuery,
  withdrawSitePage,
} from './site-pages.ts';
import { candidates, forgetFrequencies, searchPages } from './site-search.ts';
import {
  addShortLink,
  buildBureau,
  buildPage,
  put,
  type SiteDatabase,
  startSiteDatabase,
} from './site-test-support.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let site: SiteDatabase;
let bureauId: string;
beforeAll(async () => {
  site = await startSiteDatabase();
  bureauId = await buildBureau(site.database, { slug: 'qinghe', name: '清河县人力资源和社会保障局' });
});
afterAll(() => site?.stop());

describe('putting a page', () => {
  test('gives it a short dated address and swaps its pictures in', async () => {
    const sha256 = 'a'.repeat(64);
    const page = buildPage(bureauId, {
      html: `<p style="text-align: center"><img src="media:${sha256}" alt="流程图"></p><p>media:abc</p>`,
      pictures: new Map([[sha256, '/files/token-of-picture']]),
    });
    const { url, slug } = await put(site.database, page);
    expect(slug).toMatch(/^20261123-[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(url).toBe(`/a/${slug}`);
    const found = await site.database.withPublic((tx) => findPageBySlug(tx, slug));
    expect(found?.html).toBe(
      '<p class="align-center"><img src="/files/token-of-picture" alt="流程图"></p><p>media:abc</p>',
    );
  });

  test('refuses a text whose picture has no address', async () => {
    const page = buildPage(bureauId, { html: `<img src="media:${'b'.repeat(64)}">` });
    await expect(put(site.database, page)).rejects.toThrow('has no address');
  });

  test('the same delivery again changes nothing; another delivery of the article replaces the text at its address', async () => {
    const page = buildPage(bureauId, { title: '第一稿' });
    const first = await put(site.database, page);
    expect(await put(site.database, page)).toEqual(first);
    const before = await site.database.withPublic((tx) => findPageBySlug(tx, first.slug));
    expect(before?.revision).toBe(1);

    const later = {
      ...page,
      deliveryId: newId(),
      title: '更正稿',
      publishedAt: new Date('2026-12-01T01:00:00Z'),
    };
    expect(await put(site.database, later)).toEqual(first);
    const after = await site.database.withPublic((tx) => findPageBySlug(tx, first.slug));
    expect(after).toMatchObject({ title: '更正稿', revision: 2, publishedAt: page.publishedAt });
  });

  test('is undone with the transaction it belongs to', async () => {
    const page = buildPage(bureauId);
    const failed = site.database.withWorker(async (tx) => {
      await putSitePage(tx, page);
      throw new Error('the delivery was not marked');
    });
    await expect(failed).rejects.toThrow('not marked');
    const { rows } = await site.database.withWorker((tx) =>
      sql`select 1 from site_pages where article_id = ${page.articleId}`.execute(tx),
    );
    expect(rows).toEqual([]);
  });
});

describe('withdrawing a page', () => {
  test('hides it from every reader at once, and only the first time counts', async () => {
    const page = buildPage(bureauId, { title: '撤下的独角兽政策' });
    const { slug } = await put(site.database, page);
    const withdraw = () => site.database.withWorker((tx) => withdrawSitePage(tx, bureauId, page.articleId));
    expect(await withdraw()).toBe(true);
    expect(await withdraw()).toBe(false);
    await site.database.withPublic(async (tx) => {
      expect(await findPageBySlug(tx, slug)).toBeUndefined();
      const lines = await listRecentPages(tx, bureauId, { limit: 100 });
      expect(lines.map((line) => line.slug)).not.toContain(slug);
      expect(await searchPages(tx, bureauId, '独角兽', 10)).toEqual([]);
    });
  });

  test('another bureau can not do it', async () => {
    const page = buildPage(bureauId);
    const { slug } = await put(site.database, page);
    const stranger = newId();
    const done = await site.database.withScope({ bureauId: stranger }, (tx) =>
      withdrawSitePage(tx, bureauId, page.articleId),
    );
    expect(done).toBe(false);
    expect(await site.database.withPublic((tx) => findPageBySlug(tx, slug))).toBeDefined();
  });

  test('the public role has no way to the table itself', async () => {
    const peek = site.database.withPublic((tx) => sql`select 1 from site_pages`.execute(tx));
    await expect(peek).rejects.toThrow('permission denied');
  });
});

test('recent pages come newest first, a stretch at a time, none twice and none lost', async () => {
  const other = await buildBureau(site.database, { slug: 'paging', name: '分页县人社局' });
  const at = new Date('2026-10-01T00:00:00Z');
  // All in the same instant: only the slug parts them.
  for (let index = 0; index < 7; index += 1) await put(site.database, buildPage(other, { publishedAt: at }));
  const newest = await put(
    site.database,
    buildPage(other, { publishedAt: new Date('2026-10-02T00:00:00Z') }),
  );

  const seen: string[] = [];
  let before: { publishedAt: Date; slug: string } | undefined;
  do {
    const lines = await site.database.withPublic((tx) => listRecentPages(tx, other, { limit: 3, before }));
    seen.push(...lines.map((line) => line.slug));
    before = lines.at(-1);
  } while (before);
  expect(seen).toHaveLength(8);
  expect(new Set(seen).size).toBe(8);
  expect(seen[0]).toBe(newest.slug);
});

test('a short link leads to the page of its article, else to the bureau', async () => {
  const page = buildPage(bureauId);
  const { slug } = await put(site.database, page);
  const [published, unpublished] = await site.database.withWorker(async (tx) => [
    await addShortLink(tx, bureauId, page.articleId),
    await addShortLink(tx, bureauId, newId()),
  ]);
  await site.database.withPublic(async (tx) => {
    expect(await findShortLink(tx, published!)).toEqual({ bureauId, pageSlug: slug });
    expect(await findShortLink(tx, unpublished!)).toEqual({ bureauId, pageSlug: null });
    expect(await findShortLink(tx, 'no-such-token')).toBeUndefined();
  });
});

test('sites are listed in the order they were founded, with the demonstration marked', async () => {
  const demo = await buildBureau(site.database, { slug: 'demo', name: '演示县人社局', policy: 'relaxed' });
  const sites = await site.database.withPublic(listPublicSites);
  expect(sites[0]).toMatchObject({ bureauId, slug: 'qinghe', demonstration: false });
  expect(sites.find((line) => line.bureauId === demo)).toMatchObject({
    name: '演示县人社局',
    demonstration: true,
  });
  // Whoever writes a link for one bureau alone says the same.
  for (const line of sites) {
    const found = await site.database.withWorker((tx) => findSiteBase(tx, line.bureauId));
    expect(found).toEqual({ base: line === sites[0] ? '' : `/b/${line.slug}` });
    expect(line.base).toBe(found.base);
  }
});

describe('search', () => {
  let library: string;
  const titles = async (query: string) => {
    const found = await site.database.withPublic((tx) => searchPages(tx, library, query, 10));
    return found.map((page) => page.title.map((part) => part.text).join(''));
  };
  beforeAll(async () => {
    library = await buildBureau(site.database, { slug: 'library', name: '文库县人社局' });
    const pages: [title: string, plain: string][] = [
      ['社保卡补办指南', '社会保障卡遗失后，可在线上或银行网点补办。办理时带身份证。'],
      ['灵活就业人员怎样参加养老保险', '灵活就业人员可在户籍地或居住地参加企业职工基本养老保险，按月缴费。'],
      ['失业保险金申领', '失业人员凭社保卡或身份证申领失业保险金，咨询电话１２３３３。'],
      ['欠薪怎么投诉', '被拖欠工资的劳动者可以向劳动保障监察机构投诉，或拨打12333。'],
      ['招聘会预告', '周六在人民广场举办招聘会，五十家企业参加，请带社保卡签到。'],
      ['Java 工程师职业技能培训', '培训班免费，学员可领取补贴，结业颁发证书。'],
    ];
    for (const [title, plain] of pages)
      await put(site.database, buildPage(library, { title, plain, digest: '' }));
    forgetFrequencies();
  });

  test.each([
    ['社保卡补办', '社保卡补办指南'],
    ['社保卡丢了怎么补', '社保卡补办指南'],
    ['灵活就业养老保险', '灵活就业人员怎样参加养老保险'],
    ['失业金怎么领', '失业保险金申领'],
    ['拖欠工资', '欠薪怎么投诉'],
    ['JAVA培训', 'Java 工程师职业技能培训'],
  ])('“%s” finds “%s” first', async (query, title) => {
    expect((await titles(query))[0]).toBe(title);
  });

  test('full-width digits in a text are found by the usual ones', async () => {
    expect((await titles('12333')).sort()).toEqual(['失业保险金申领', '欠薪怎么投诉'].sort());
  });

  test('a single character is found at the end of a word too', async () => {
    expect(await titles('薪')).toEqual(['欠薪怎么投诉']);
  });

  test('what stands nowhere is not found', async () => {
    expect(await titles('航天')).toEqual([]);
    expect(await titles('？！')).toEqual([]);
  });

  test('another bureau’s pages are not found', async () => {
    expect(await titles('退休一件事')).toEqual([]);
  });

  test('quotes, backslashes and operators are only text', async () => {
    expect(await titles(`社保卡' | \\ ':* & !补办`)).toContain('社保卡补办指南');
  });
});

describe('on 5,000 pages', () => {
  let large: string;
  beforeAll(async () => {
    large = await buildBureau(site.database, { slug: 'large', name: '大县人社局' });
    await fillPages(site, large, 5_000);
    forgetFrequencies();
  });

  const plan = (query: Parameters<typeof explain>[1]) => explain(site, query);

  test('the list walks its index', async () => {
    const cursor = { publishedAt: new Date('2026-06-01T00:00:00Z'), slug: '20260601-AAAAAAAA' };
    for (const before of [undefined, cursor]) {
      const text = await plan(recentPagesQuery(large, { limit: 21, before }));
      expect(text).toContain('site_pages_recent');
      expect(text).not.toMatch(/Seq Scan|"Sort"/);
    }
  });

  test('search takes its candidates through GIN and never walks the table', async () => {
    const term = (text: string) => ({ text, prefix: false });
    const rare = await plan(candidates(large, { rare: [term('甲四'), term('乙三')], common: [] }));
    expect(rare).toContain('site_pages_bigrams');
    expect(rare).not.toContain('Seq Scan');
    const both = await plan(
      candidates(large, { rare: [term('甲四')], common: [term('社保'), term('保卡')] }),
    );
    expect(both).not.toContain('Seq Scan');
  });

  test('a common word and a rare one find the page that has both, whatever the crowd', async () => {
    const page = buildPage(large, {
      title: '麒麟社区社保卡服务点',
      plain: '麒麟社区新设社保卡服务点。',
      publishedAt: new Date('2020-01-01T00:00:00Z'),
    });
    const { slug } = await put(site.database, page);
    const found = await site.database.withPublic((tx) => searchPages(tx, large, '麒麟社保卡', 10));
    expect(found[0]?.slug).toBe(slug);
    const common = await site.database.withPublic((tx) => searchPages(tx, large, '社保卡', 20));
    expect(common).toHaveLength(20);
  });
});

type Explained = ReturnType<typeof recentPagesQuery> | ReturnType<typeof candidates>;

async function explain({ database }: SiteDatabase, query: Explained): Promise<string> {
  const { rows } = await database.withPublic((tx) => sql`explain (format json) ${query}`.execute(tx));
  return JSON.stringify(rows);
}

/** Pages in one statement; each says 社保卡, and a pair of characters that few others have. */
async function fillPages({ database }: SiteDatabase, bureau: string, count: number): Promise<void> {
  await database.withWorker((tx) =>
    sql`
      insert into site_pages (bureau_id, id, delivery_id, article_id, slug, title, digest, html, plain, bigrams, published_at)
      select ${bureau}, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
             '20250101-' || upper(lpad(to_hex(n), 8, '0')), '社保卡通知 ' || n, '', '<p>社保卡</p>', '社保卡通知' || pair,
             array_to_tsvector(array['社保', '保卡', '卡', '通知', '知', pair, n::text]),
             timestamptz '2025-01-01' + n * interval '3 hours'
      from (select n, substr('甲乙丙丁戊己庚辛壬癸', 1 + n % 10, 1) || substr('一二三四五六七八九十', 1 + n / 10 % 10, 1) as pair
            from generate_series(1, ${sql.lit(count)}) n) rows`.execute(tx),
  );
  await database.asOwner((db) => sql`analyze site_pages`.execute(db));
}
