import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { readSheet, writeSheets } from '#server/base/sheets.ts';
import { listAccounts } from '#shared/accounts.ts';
import { getDelivery, listDeliveries } from '#shared/publishing.ts';
import {
  type CheckedRegistration,
  checkRegistration,
  getRegistrationTemplate,
  registerPosts,
  removeRegistration,
} from '#shared/registrations.ts';
import { createClient } from '#tests/support/client.ts';
import { buildDesk, type Desk } from '../test-support.ts';

let desk: Desk;
let accounts: Map<string, { id: string; name: string }>;
beforeAll(async () => {
  desk = await buildDesk();
  accounts = new Map((await desk.editor.call(listAccounts, {})).map((one) => [one.platform, one]));
});
afterAll(() => desk?.close());

let count = 0;
function noteLink(): string {
  count += 1;
  return `https://www.xiaohongshu.com/explore/66f1a2b3000000001e${String(count).padStart(6, '0')}`;
}
const row = (change: Record<string, unknown> = {}) => ({
  accountId: accounts.get('xiaohongshu')!.id,
  pasted: `退休一件事 ${noteLink()}，复制打开【小红书】`,
  title: '退休一件事怎么办',
  publishedWall: '2026-03-04 09:30',
  ...change,
});
const words = (checked: CheckedRegistration) => checked.problems.map(({ zh }) => zh.slice(0, 8));

async function readFile(bytes: Buffer, cookie = desk.editor.cookie) {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), '登记.xlsx');
  const answer = await fetch(`${desk.installation.url}/api/registrations/sheet`, {
    method: 'POST',
    headers: { cookie, 'idempotency-key': `sheet-${newId()}` },
    body: form,
  });
  return {
    status: answer.status,
    body: (await answer.json()) as { rows: CheckedRegistration[]; code?: string },
  };
}

const sheet = (...rows: string[][]) =>
  writeSheets([{ name: '登记', header: ['账号', '标题', '链接', '发布时间'], rows }]);

describe('a post published elsewhere', () => {
  test('is registered by whoever signed in and may manage posts', async () => {
    const nobody = await createClient(desk.installation.url, '').try(registerPosts, {
      body: { rows: [row()] },
    });
    expect(nobody.status).toBe(401);
    const leader = await desk.installation.as('lingdao');
    expect((await leader.try(registerPosts, { body: { rows: [row()] } })).status).toBe(403);
  });

  test('becomes a delivery that is out, with its own title and its evidence', async () => {
    const wanted = row();
    const { ids } = await desk.editor.call(registerPosts, { body: { rows: [wanted] } });
    const view = await desk.editor.call(getDelivery, { params: { deliveryId: ids[0]! } });
    expect(view).toMatchObject({
      mode: 'registered',
      state: 'published',
      articleId: null,
      articleTitle: '退休一件事怎么办',
      url: /https:\S+?(?=，)/.exec(wanted.pasted)![0],
      publishedAt: '2026-03-04T01:30:00.000Z',
      shortLink: null,
      payload: null,
    });
    const listed = await desk.editor.call(listDeliveries, { query: { state: 'published' } });
    expect(listed.rows.map(({ id }) => id)).toContain(ids[0]);
    expect(await desk.auditOf(ids[0]!)).toMatchObject([
      { action: 'delivery.registered', detail: { url: view.url, title: view.articleTitle } },
    ]);
  });

  test('is known again however its link is shared', async () => {
    const link = noteLink();
    const { ids } = await desk.editor.call(registerPosts, { body: { rows: [row({ pasted: link })] } });
    const again = row({ pasted: `看看 ${link}?xsec_token=AB&xsec_source=pc_share` });
    const checked = await desk.editor.call(checkRegistration, { body: again });
    expect(checked.duplicateOf).toBe(ids[0]);
    const refused = await desk.editor.try(registerPosts, { body: { rows: [row(), again] } });
    expect([refused.status, refused.error?.code]).toEqual([422, 'rows-refused']);
    expect(refused.error?.details).toMatchObject({ count: 1, rows: [{ line: 2 }] });
  });

  test('is known when it went out from here by hand', async () => {
    const { id } = await desk.approveOn('xiaohongshu');
    const link = noteLink();
    await desk.tamper(
      `update deliveries set state = 'published', url = $2, link_key = $3, wake_at = null where id = $1`,
      [id, link, link.replace('https://www.', '')],
    );
    const checked = await desk.editor.call(checkRegistration, { body: row({ pasted: link }) });
    expect(checked.duplicateOf).toBe(id);
  });

  test('is registered once by two people at the same moment', async () => {
    const wanted = { rows: [row()] };
    const answers = await Promise.all([1, 2, 3].map(() => desk.editor.try(registerPosts, { body: wanted })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of answers) expect([200, 409, 422]).toContain(status);
  });

  test.each([
    ['another platform’s link', { pasted: 'https://weibo.com/1900000001/Nabc12345' }, '没有找到这个平台'],
    ['no link', { pasted: '发好了' }, '没有找到这个平台'],
    ['no title', { title: ' ' }, '请填写标题（12'],
    ['a day that does not exist', { publishedWall: '2026-02-30 10:00' }, '请填写发布时间，'],
    ['a time ahead', { publishedWall: '2999-01-01 10:00' }, '发布时间还没到，'],
    [
      'an article that is not here',
      { articleId: '0195f000-0000-7000-8000-000000000000' },
      '没有找到所选的文',
    ],
  ])('with %s says what to do', async (_, change, problem) => {
    expect(words(await desk.editor.call(checkRegistration, { body: row(change) }))).toEqual([problem]);
  });

  test('of our own site needs no registration', async () => {
    const checked = await desk.editor.call(checkRegistration, {
      body: row({ accountId: accounts.get('site')!.id }),
    });
    expect(checked.problems[0]?.zh).toContain('不用登记');
  });

  test('registered by mistake can be taken back, and registered again; what went out from here cannot', async () => {
    const wanted = row();
    const { ids } = await desk.editor.call(registerPosts, { body: { rows: [wanted] } });
    const body = { reason: '登记错了账号' };
    await desk.editor.call(removeRegistration, { params: { deliveryId: ids[0]! }, body });
    expect((await desk.editor.try(getDelivery, { params: { deliveryId: ids[0]! } })).status).toBe(404);
    expect((await desk.auditOf(ids[0]!)).at(-1)).toMatchObject({
      action: 'delivery.registration-removed',
      detail: body,
    });
    await desk.editor.call(registerPosts, { body: { rows: [wanted] } });
    const { id } = await desk.approveOn('weibo');
    const refused = await desk.editor.try(removeRegistration, { params: { deliveryId: id }, body });
    expect(refused.status).toBe(404);
  });
});

describe('a sheet of posts', () => {
  test('is read with every problem beside its row, and saves nothing', async () => {
    const { name } = accounts.get('xiaohongshu')!;
    const link = noteLink();
    const { rows } = (
      await readFile(
        await sheet(
          [name, '甲', link, '2026/3/4 9:30'],
          ['没有这个号', '乙', noteLink(), '2026-03-04'],
          [name, '丙', `${link}#again`, '2026-03-04'],
          [name, '', '没有链接', '昨天'],
        ),
      )
    ).body;
    expect(rows.map(({ line, problems }) => [line, problems.length])).toEqual([
      [2, 0],
      [3, 1],
      [4, 1],
      [5, 3],
    ]);
    expect(rows[0]).toMatchObject({ accountName: name, url: link, publishedWall: '2026-03-04 09:30' });
    const here = await desk.editor.call(checkRegistration, { body: row({ pasted: link }) });
    expect(here.duplicateOf).toBeNull();
  });

  test.each([
    [
      'without its columns',
      () => writeSheets([{ name: '表', header: ['标题'], rows: [['甲']] }]),
      'sheet-columns-missing',
    ],
    ['without rows', () => sheet(), 'sheet-empty'],
    ['that is none', async () => Buffer.from('PK\u0003\u0004x'), 'sheet-unreadable'],
  ])('%s is refused with a sentence', async (_, make, code) => {
    const answer = await readFile(await make());
    expect([answer.status, answer.body.code]).toEqual([422, code]);
  });

  test('has a template whose heading it reads, naming the accounts', async () => {
    const file = await desk.editor.call(getRegistrationTemplate, {});
    const bytes = Buffer.from(file.base64, 'base64');
    expect(await readSheet(bytes)).toEqual([{ line: 1, cells: ['账号', '标题', '链接', '发布时间'] }]);
    expect((await readFile(bytes)).body.code).toBe('sheet-empty');
  });
});
