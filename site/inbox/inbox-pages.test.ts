/** The public side of the inbox over HTTP, as a browser without a script uses it. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newCode, newId } from '#server/base/ids.ts';
import { indexTerms } from '#server/modules/publishing/index.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { fieldOf, unescapeHtml, visitor } from './test-visitor.ts';

let stage: TestInstallation;
let bureauId: string;
beforeAll(async () => {
  stage = await buildInstallation();
  visiting = visitor(stage.url);
  const { rows } = await stage.app.database.asOwner((db) =>
    sql<{ bureau_id: string }>`select bureau_id from bureau_settings order by bureau_id limit 1`.execute(db),
  );
  bureauId = rows[0]!.bureau_id;
});
afterAll(() => stage?.close());

let visiting: ReturnType<typeof visitor>;
const open: typeof visiting.open = (...given) => visiting.open(...given);
const post: typeof visiting.post = (...given) => visiting.post(...given);
const send: typeof visiting.send = (fields) => visiting.send(fields);
const ask: typeof visiting.ask = (text) => visiting.ask(text);

async function publish(question: string, answer: string, ofBureau = bureauId): Promise<string> {
  const slug = `20261127-${newCode(8)}`;
  await stage.app.database.asOwner(async (db) => {
    const { rows } = await sql<{ id: string }>`
      insert into cases (bureau_id, id, number, kind, field, title, received_at)
      values (${ofBureau}, ${newId()}, ${slug}, 'consult', '社会保险', ${question}, now()) returning id`.execute(
      db,
    );
    await sql`
      insert into published_answers (bureau_id, id, case_id, slug, question, answer, field, kind, state, bigrams, created_by, published_at)
      values (${ofBureau}, ${newId()}, ${rows[0]!.id}, ${slug}, ${question}, ${answer}, '社会保险', 'consult', 'published',
        array_to_tsvector(${indexTerms(`${question}\n${answer}`)}::text[]), ${newId()}, now())`.execute(db);
  });
  return slug;
}

describe('asking', () => {
  test('takes three pages without a script and ends with a receipt that opens', async () => {
    const first = await open('/ask');
    expect(first.html).toContain('<h1>留言咨询</h1>');
    expect(first.html.length).toBeLessThan(50_000);
    const key = await ask('失业金申领需要哪些材料？');
    const shown = await post('/receipt', key);
    expect(shown.html).toContain('失业金申领需要哪些材料？');
    expect(shown.html).toContain('办理中');
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect(shown.html).toContain('<meta name="robots" content="noindex">');
  });

  test('offers what is answered already before anything is sent', async () => {
    const slug = await publish(
      '外省户籍可以在本县参加居民养老保险吗？',
      '持居住证可以参保，在居住地乡镇办理。',
    );
    const checked = await post('/ask/check', { text: '我是外省户籍，能不能在这里参加居民养老保险' });
    expect(checked.html).toContain(`/answers/${slug}`);
    expect(checked.html).toContain('持居住证可以参保');
    const other = await post('/ask/check', { text: '单位拖欠工资三个月了' });
    expect(other.html).not.toContain(`/answers/${slug}`);
  });

  test('shows what people type as text and never as markup', async () => {
    const words = '<script>alert(1)</script>"><img src=x onerror=alert(1)>';
    const checked = await post('/ask/check', { text: words });
    expect(checked.html).not.toContain('<script>alert');
    expect(checked.html).not.toContain('<img src=x');
    const shown = await post('/receipt', await ask(words));
    expect(shown.html).not.toContain('<script>alert');
    expect(unescapeHtml(shown.html)).toContain(words);
  });

  test('offers what can be done at once, as the directory says it', async () => {
    const service = {
      name: '劳动能力鉴定申请',
      forWhom: '工伤职工',
      phone: '0599-12333',
      place: '',
      materials: '',
      url: '',
    };
    await stage.app.database.asOwner((db) =>
      sql`insert into services (bureau_id, id, name, content, created_by)
          values (${bureauId}, ${newId()}, ${service.name}, ${JSON.stringify(service)}, ${newId()})`.execute(
        db,
      ),
    );
    const checked = await post('/ask/check', { text: '我受工伤了，劳动能力鉴定怎么申请' });
    expect(checked.html).toContain('可以直接办的事');
    expect(checked.html).toContain('劳动能力鉴定申请');
    expect(checked.html).toContain('咨询电话：0599-12333');
    const other = await post('/ask/check', { text: '单位拖欠工资三个月了' });
    expect(other.html).not.toContain('可以直接办的事');
  });

  const typed = { text: '图片见附件，请核实。', place: '云溪镇中心街', name: '王小云', phone: '13800001234' };
  const picture = (size: number) => new Blob([new Uint8Array(size)]);
  test.each([
    ['four pictures', [10, 10, 10, 10], 422, '选了 4 张图片，最多 3 张'],
    ['one of 11 MB', [10, 11_000_000], 413, '图片“2.jpg”超过 10 MB'],
    ['what is no picture', [10], 415, '文件“1.jpg”不是能用的图片'],
  ])('with %s keeps all that was typed and names what is wrong', async (_, sizes, status, words) => {
    const body = new FormData();
    body.set('text', typed.text);
    for (const [at, size] of sizes.entries()) body.append('pictures', picture(size), `${at + 1}.jpg`);
    for (const name of ['place', 'name', 'phone'] as const) body.set(name, typed[name]);
    const refused = await open('/ask/send', { method: 'POST', body });
    expect(refused.status).toBe(status);
    for (const value of [typed.place, typed.name, typed.phone])
      expect(refused.html).toContain(`value="${value}"`);
    expect(refused.html).toContain(typed.text);
    expect(unescapeHtml(refused.html)).toContain(words);
    const english = /<p lang="en">([^<]*)/.exec(refused.html)![1]!;
    expect(unescapeHtml(english)).not.toMatch(/\p{Script=Han}/u);
  });

  test('with too many words says by how many, and cuts none', async () => {
    const text = '长'.repeat(2_345);
    const checked = await post('/ask/check', { text });
    expect(checked.status).toBe(422);
    expect(checked.html).toContain('内容共 2345 字，最多 2000 字，请删去 345 字');
    expect(checked.html).toContain(text);
    const sent = await send({ text, key: newId(), proof: '', page: '' });
    expect(sent.status).toBe(422);
    expect(sent.html).toContain(text);
  });

  test('keeps what was typed when something is wrong', async () => {
    const body = new FormData();
    body.set('text', '图片见附件，请核实。');
    body.set('place', '云溪镇中心街');
    body.set('pictures', new Blob(['%PDF-1.7 not a picture']), '证明.jpg');
    const refused = await open('/ask/send', { method: 'POST', body });
    expect(refused.status).toBe(415);
    expect(refused.html).toContain('图片见附件，请核实。');
    expect(refused.html).toContain('value="云溪镇中心街"');
    expect(refused.html).toContain('role="alert"');
  });

  test('sent again by a reload gives the same receipt', async () => {
    const checked = await post('/ask/check', { text: '社保卡丢了怎么补？' });
    const fields = { text: '社保卡丢了怎么补？', key: fieldOf(checked.html, 'key'), proof: '', page: '' };
    const [first, second] = [await send(fields), await send(fields)];
    expect(fieldOf(second.html, 'receipt')).toBe(fieldOf(first.html, 'receipt'));
  });

  test.each([
    ['another site', { origin: 'https://elsewhere.example' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses a form that comes from %s', async (_, headers) => {
    expect((await post('/ask/check', { text: '你好，请问' }, headers)).status).toBe(403);
  });

  test('about a page names only a page of this site', async () => {
    expect((await open('/ask?page=/a/20261123-7K2M9Q4T')).html).toContain('<h1>网页找错</h1>');
    expect((await open('/ask?page=//elsewhere.example/')).html).toContain('<h1>留言咨询</h1>');
    // Every page leads to it, the form itself does not.
    expect((await open('/answers')).html).toContain('页面找错</a>');
    expect((await open('/ask')).html).not.toContain('页面找错</a>');
  });

  test('takes no form larger than a question can be', async () => {
    expect((await post('/ask/check', { text: '长'.repeat(60_000) })).status).toBe(413);
  });
});

describe('a receipt', () => {
  test('with a wrong code says so and shows nothing', async () => {
    const { receipt } = await ask('工伤认定要多久？');
    const refused = await post('/receipt', { receipt, code: 'AAAAAAAA' });
    expect(refused.status).toBe(404);
    expect(refused.html).toContain('回执号或查询码不对');
    expect(refused.html).not.toContain('工伤认定');
  });

  test('takes more words, and can be withdrawn', async () => {
    const key = await ask('技能培训什么时候报名？');
    const added = await post('/receipt/add', { ...key, key: newId(), text: '我想学电工。' });
    expect(added.html).toContain('我想学电工。');
    const withdrawn = await post('/receipt/withdraw', key);
    expect(withdrawn.html).toContain('<strong>已撤回</strong>');
    expect(withdrawn.html).not.toContain('您满意吗');
    expect(withdrawn.html).not.toContain('要补充的内容');
    expect(withdrawn.html).toContain('重新留言</a>');
    const again = await post('/receipt/withdraw', key);
    expect(again.status).toBe(409);
    expect(again.html).toContain('role="alert"');
  });
});

describe('published answers', () => {
  test('are listed by field, found by words, and read on a page of their own', async () => {
    const slug = await publish('工伤认定申请期限是多久？', '单位应在 30 日内申请，本人可在 1 年内申请。');
    expect((await open('/answers')).html).toContain(`/answers/${slug}`);
    expect((await open(`/answers?field=${encodeURIComponent('社会保险')}`)).html).toContain(
      `/answers/${slug}`,
    );
    expect((await open(`/answers?field=${encodeURIComponent('考试')}`)).html).not.toContain(
      `/answers/${slug}`,
    );
    expect((await open(`/answers?q=${encodeURIComponent('工伤认定期限')}`)).html).toContain(
      `/answers/${slug}`,
    );
    const page = await open(`/answers/${slug}`);
    expect(page.status).toBe(200);
    expect(page.html).toContain('本人可在 1 年内申请');
    expect(page.html).toContain('"@type":"QAPage"');
  });

  test('are found by any of their words, in the box of the list and in the head of each page', async () => {
    const slug = await publish('电子社保卡怎么补办？', '到银行网点挂失后补办。做零工的也一样。');
    for (const word of ['社保卡', '补办', '挂失', '网点', '零工', '补办 挂失']) {
      const found = await open(`/answers?q=${encodeURIComponent(word)}`);
      expect(found.html).toContain(`/answers/${slug}`);
      const everywhere = await open(`/search?q=${encodeURIComponent(word)}`);
      expect(everywhere.html).toContain(`/answers/${slug}`);
    }
    const other = await open(`/answers?q=${encodeURIComponent('挂失 公积金')}`);
    expect(other.html).not.toContain(`/answers/${slug}`);
  });

  test('are turned page by page in a search', async () => {
    const slugs: string[] = [];
    for (let at = 0; at < 21; at += 1)
      slugs.push(await publish(`残疾人就业保障金第${at}问`, '按年申报缴纳。'));
    const query = encodeURIComponent('保障金');
    const first = await open(`/answers?q=${query}`);
    expect(unescapeHtml(first.html)).toContain('page=2');
    const second = await open(`/answers?q=${query}&page=2`);
    const shown = (html: string) => slugs.filter((slug) => html.includes(slug));
    expect([shown(first.html).length, shown(second.html).length]).toEqual([20, 1]);
    expect(second.html).toContain('上一页');
  });

  test('give the words that the search names, which all find something', async () => {
    await publish('失业金怎么领？', '在网上申领。');
    const { html } = await open(`/search?q=${encodeURIComponent('齉龘')}`);
    const named = [...html.matchAll(/“([^”]+)”/g)].map(([, word]) => word!).filter((word) => word !== '齉龘');
    expect(named).toContain('失业金');
    for (const word of named) {
      const found = await open(`/search?q=${encodeURIComponent(word)}`);
      expect(found.html).not.toContain('没有找到相关内容');
    }
  });

  test('disappear with their withdrawal', async () => {
    const slug = await publish('临时问题？', '临时答复。');
    await stage.app.database.asOwner((db) =>
      sql`update published_answers set state = 'withdrawn' where slug = ${slug}`.execute(db),
    );
    expect((await open(`/answers/${slug}`)).status).toBe(404);
  });

  test('stand on the site of their own bureau alone, in whatever order they are asked for', async () => {
    const { rows } = await stage.app.database.asOwner((db) =>
      sql<{ bureau_id: string; slug: string }>`
        select bureau_id, slug from bureau_settings order by bureau_id`.execute(db),
    );
    const [, second, third] = rows;
    const slug = await publish('灵活就业怎么参保？', '到窗口办理。', second!.bureau_id);
    const statuses = async (paths: string[]) => {
      const seen: number[] = [];
      for (const path of paths) seen.push((await open(path)).status);
      return seen;
    };
    const own = `/b/${second!.slug}/answers/${slug}`;
    const others = [`/answers/${slug}`, `/b/${third!.slug}/answers/${slug}`];
    expect(await statuses([own, ...others, own])).toEqual([200, 404, 404, 200]);
    const fresh = await publish('灵活就业怎么退保？', '到窗口办理。', second!.bureau_id);
    const together = [own, ...others].map((path) => open(path.replace(slug, fresh)));
    expect((await Promise.all(together)).map(({ status }) => status)).toEqual([200, 404, 404]);
    await post(`/answers/${slug}/vote`, { helpful: 'yes' });
    await post(`/b/${second!.slug}/answers/${fresh}/vote`, { helpful: 'yes' });
    const voted = await stage.app.database.asOwner((db) =>
      sql<{ slug: string; helpful: number }>`
        select slug, helpful from published_answers where slug in (${slug}, ${fresh})`.execute(db),
    );
    expect(new Map(voted.rows.map((row) => [row.slug, row.helpful]))).toEqual(
      new Map([
        [slug, 0],
        [fresh, 1],
      ]),
    );
  });

  test('count one voice a day of each household', async () => {
    const slug = await publish('补贴几号到账？', '每月 20 日前后。');
    expect((await post(`/answers/${slug}/vote`, { helpful: 'yes' })).status).toBe(303);
    await post(`/answers/${slug}/vote`, { helpful: 'yes' });
    const { rows } = await stage.app.database.asOwner((db) =>
      sql<{ helpful: number }>`select helpful from published_answers where slug = ${slug}`.execute(db),
    );
    expect(rows[0]!.helpful).toBe(1);
  });

  test('show the public role nothing that is not published', async () => {
    await expect(
      stage.app.database.withPublic((tx) => sql`select 1 from published_answers`.execute(tx)),
    ).rejects.toThrow(/permission denied/);
  });
});
