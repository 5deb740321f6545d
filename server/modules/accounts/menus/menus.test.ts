import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listAccounts } from '#shared/accounts.ts';
import {
  getAccountMenu,
  type MenuButton,
  publishAccountMenu,
  readAccountMenu,
  saveAccountMenu,
} from '#shared/menus.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { type Client, createClient } from '#tests/support/client.ts';
import { carryMenus } from './carry-menus.ts';

let installation: TestInstallation;
let administrator: Client;
let params = { accountId: '' };
let siteId = '';
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  administrator = await installation.as('guanli');
  const accounts = await administrator.call(listAccounts, {});
  params = { accountId: accounts.find(({ platform }) => platform === 'wechat-official')!.id };
  siteId = accounts.find(({ platform }) => platform === 'site')!.id;
});
afterAll(() => installation?.close());
beforeEach(() => installation.sandbox.world.faults.clear());

const leaf = (name: string) => ({
  name,
  target: { kind: 'link' as const, url: 'https://rs.example.gov.cn/' },
});
const buttons: MenuButton[] = [
  { ...leaf('网站'), entries: [] },
  { name: '办事', target: null, entries: [leaf('社保查询'), leaf('退休办理')] },
];
const menu = () => administrator.call(getAccountMenu, { params });
const save = async (next: MenuButton[]) => {
  const { revision } = await menu();
  const body = { baseRevision: revision, buttons: next };
  return (await administrator.call(saveAccountMenu, { params, body })).revision;
};
const publish = async (revision: number) =>
  administrator.try(publishAccountMenu, { params, body: { revision } });
const read = async () => {
  await administrator.call(readAccountMenu, { params });
  await carryMenus(installation.app);
};

describe('who may', () => {
  test('an administrator of this bureau alone, and only where the platform has menus', async () => {
    expect((await createClient(installation.url, '').try(getAccountMenu, { params })).status).toBe(401);
    expect((await (await installation.as('bianji')).try(getAccountMenu, { params })).status).toBe(403);
    expect((await (await installation.as('st.guanli')).try(getAccountMenu, { params })).status).toBe(404);
    expect((await administrator.try(getAccountMenu, { params: { accountId: siteId } })).status).toBe(400);
  });
});

describe('a menu', () => {
  test('is not published before somebody has seen what it replaces', async () => {
    const answer = await publish(await save(buttons));
    expect(answer.status).toBe(400);
    expect(answer.error?.message.zh).toContain('先读取');
  });

  test('is put on the platform whole, and read back', async () => {
    await read();
    expect(await menu()).toMatchObject({ published: [], asked: null, error: null });
    expect((await publish(await save(buttons))).status).toBe(200);
    expect((await menu()).asked).toBe('publish');
    await carryMenus(installation.app);
    const after = await menu();
    expect([after.asked, after.error, after.published]).toEqual([null, null, buttons]);
    expect(after.publishedAt).not.toBe(null);
  });

  test('that nobody could read stays as it was, and says why', async () => {
    const before = await menu();
    installation.sandbox.world.faults.arm({
      ...{ platform: 'wechat-official', path: '/cgi-bin/menu/get', times: 5 },
      fault: { kind: 'status', status: 502, accept: false },
    });
    await read();
    const after = await menu();
    expect([after.asked, after.published]).toEqual([null, before.published]);
    expect(after.error).not.toBe(null);
  });

  test('too long for the platform is saved as a draft and not published', async () => {
    const revision = await save([{ ...leaf('社会保险服务大厅'), entries: [] }]);
    expect((await publish(revision)).status).toBe(400);
    expect((await menu()).asked).toBe(null);
  });

  test('saved by two at the same time keeps the first, and tells the second', async () => {
    const { revision } = await menu();
    const body = { baseRevision: revision, buttons };
    const answers = await Promise.all([1, 2].map(() => administrator.try(saveAccountMenu, { params, body })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  test('published is the draft as it was then, not what was saved after', async () => {
    await publish(await save(buttons));
    await save([]);
    await carryMenus(installation.app);
    expect((await menu()).published).toEqual(buttons);
  });
});
