import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOfWeek } from '#server/base/database.ts';
import { listAccounts } from '#shared/accounts.ts';
import { listDueFigures, saveAccountFigures, saveFigures } from '#shared/figures.ts';
import { listTodo } from '#shared/home.ts';
import { registerPosts } from '#shared/registrations.ts';
import type { Client } from '#tests/support/client.ts';
import { buildDesk, type Desk } from '../test-support.ts';

let desk: Desk;
let administrator: Client;
let accountId: string;
let monday: Date;
beforeAll(async () => {
  desk = await buildDesk();
  administrator = await desk.installation.as('guanli');
  const accounts = await desk.editor.call(listAccounts, {});
  accountId = accounts.find(({ platform }) => platform === 'xiaohongshu')!.id;
  monday = await desk.app.database.withWorker(startOfWeek);
});
afterAll(() => desk?.close());

let count = 0;
/** A post that was out so many days before the week began; negative: in this week. */
async function outBefore(days: number): Promise<string> {
  count += 1;
  const pasted = `https://www.xiaohongshu.com/explore/66f1a2b3000000003e${String(count).padStart(6, '0')}`;
  const row = { accountId, pasted, title: `作品${count}`, publishedWall: '2026-03-04 09:30' };
  const { ids } = await desk.editor.call(registerPosts, { body: { rows: [row] } });
  const at = new Date(monday.getTime() - days * 86_400_000).toISOString();
  await desk.set(ids[0]!, `published_at = '${at}'`);
  return ids[0]!;
}
const due = () => desk.editor.call(listDueFigures, {});
const dueIds = async () => (await due()).rows.map(({ deliveryId }) => deliveryId);
const line = async (client = desk.editor) =>
  (await client.call(listTodo, {})).rows.find(({ kind }) => kind === 'figures');
const save = (deliveryId: string, totals: object) =>
  desk.editor.call(saveFigures, {
    body: { capture: 'hand', rows: [{ deliveryId, asOfWall: null, totals }] },
  });

test('the week begins on Monday at midnight in Shanghai', () => {
  const wall = new Date(monday.getTime() + 8 * 3_600_000);
  expect([wall.getUTCDay(), wall.getUTCHours()]).toEqual([1, 0]);
  expect(Date.now() - monday.getTime()).toBeLessThan(7 * 86_400_000);
});

describe('figures that a person must read', () => {
  test('are those of the last four weeks that nobody read since Monday, on accounts without an interface', async () => {
    const lastWeek = await outBefore(2);
    const longAgo = await outBefore(27.9);
    const tooOld = await outBefore(28.1);
    const thisWeek = await outBefore(-0.001);
    const byApi = await desk.approveOn('weibo');
    await desk.set(
      byApi.id,
      `state = 'published', published_at = '${monday.toISOString()}'::timestamptz - interval '1 day'`,
    );
    expect(await dueIds()).toEqual([lastWeek, longAgo]);
    for (const id of [tooOld, thisWeek, byApi.id]) expect(await dueIds()).not.toContain(id);
    // Last week's reading is a week old.
    await save(lastWeek, { likes: 3 });
    await desk.tamper('update figures set as_of = $2 where delivery_id = $1', [
      lastWeek,
      new Date(monday.getTime() - 1),
    ]);
    expect(await dueIds()).toContain(lastWeek);
    await save(lastWeek, { likes: 4 });
    // That the platform shows nothing was read there too.
    await save(longAgo, { reads: null });
    expect(await dueIds()).toEqual([]);
  });

  test('are one line at home for those who post, dated Wednesday, and gone when entered', async () => {
    expect((await due()).accounts).toEqual([]);
    await desk.tamper("update accounts set created_at = now() - interval '8 days'");
    const id = await outBefore(3);
    const before = await line();
    expect(before).toMatchObject({
      to: '/figures',
      dueAt: new Date(monday.getTime() + 2.75 * 86_400_000).toISOString(),
    });
    expect(before?.note.zh).toContain('1 条作品的数据，1 个账号的粉丝数');
    expect(await line(administrator)).toBeUndefined();
    await save(id, { likes: 0 });
    for (const { accountId: each } of (await due()).accounts)
      await desk.editor.call(saveAccountFigures, {
        params: { accountId: each },
        body: { asOfWall: null, totals: { followers: 120 } },
      });
    expect(await line()).toBeUndefined();
  });

  test('are those of an account too that lacks the grant for its platform’s interface', async () => {
    const { id, accountId: weibo } = await desk.approveOn('weibo');
    await desk.set(
      id,
      `state = 'published', published_at = '${monday.toISOString()}'::timestamptz - interval '1 day'`,
    );
    const grants = (grant: string) =>
      desk.tamper(
        'update account_health set grants = jsonb_build_object($2::text, $3::text) where account_id = $1',
        [...[weibo, 'metrics', grant]],
      );
    await grants('granted');
    expect(await dueIds()).not.toContain(id);
    await grants('needs-application');
    expect(await dueIds()).toContain(id);
    await grants('granted');
  });

  test('are nobody’s where the post is withdrawn or the account rests', async () => {
    const id = await outBefore(3);
    expect(await dueIds()).toEqual([id]);
    await desk.tamper("update accounts set state = 'paused' where id = $1", [accountId]);
    expect(await dueIds()).toEqual([]);
    await desk.tamper("update accounts set state = 'active' where id = $1", [accountId]);
    await desk.set(id, "state = 'withdrawn'");
    expect(await dueIds()).toEqual([]);
  });

  test('of a neighbour are no business of ours', async () => {
    const own = await outBefore(1);
    const neighbour = await desk.installation.as('st.bianji');
    const theirs = await neighbour.call(listDueFigures, {});
    expect(theirs.rows.map(({ deliveryId }) => deliveryId)).not.toContain(own);
    expect(theirs.accounts.map((one) => one.accountId)).not.toContain(accountId);
  });
});
