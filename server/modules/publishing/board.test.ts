import { afterAll, beforeAll, expect, test } from 'vitest';
import { listDeliveries } from '#shared/publishing.ts';
import { getHealth } from '#shared/system.ts';
import { withdrawDelivery } from '#shared/withdrawals.ts';
import { buildDesk, type Desk } from './test-support.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await buildDesk();
});
afterAll(() => desk?.close());

test('the board is filtered by account, platform, state and the day of Shanghai', async () => {
  const weibo = await desk.approveOn('weibo');
  const site = await desk.approveOn('site');
  // 23:30 and 00:30 of the next day in Shanghai; one day in UTC.
  await desk.set(weibo.id, "due_at = '2026-03-04T15:30:00Z'");
  await desk.set(site.id, "due_at = '2026-03-04T16:30:00Z'");
  const found = async (query: object) =>
    (await desk.editor.call(listDeliveries, { query })).rows.map(({ id }) => id);
  expect(await found({ day: '2026-03-04' })).toEqual([weibo.id]);
  expect(await found({ day: '2026-03-05' })).toEqual([site.id]);
  expect(await found({ day: '2026-03-05', platform: 'weibo' })).toEqual([]);
  expect(await found({ day: '2026-03-05', platform: 'site' })).toEqual([site.id]);
  expect(await found({ day: '2026-03-04', accountId: weibo.accountId })).toEqual([weibo.id]);
  expect(await found({ day: '2026-03-04', accountId: site.accountId })).toEqual([]);
  expect(await found({ day: '2026-03-04', state: 'published' })).toEqual([]);
});

test('the health line names what waits: withdrawals, tasks, and accounts held with until when and why', async () => {
  const read = () => desk.editor.call(getHealth, {});
  const before = await read();
  const { id, accountId } = await desk.approveOn('xiaohongshu');
  await desk.set(id, "state = 'published', published_at = now(), wake_at = null");
  const order = { reason: '时间写错', withinHours: 2 };
  await desk.editor.call(withdrawDelivery, { params: { deliveryId: id }, body: order });
  await desk.tamper(
    "insert into call_holds (subject, until, reason) values ($1, '2999-01-01T00:00:00Z', 'HTTP 429')",
    [accountId],
  );
  const after = await read();
  expect(after.withdrawalsOpen).toBe(before.withdrawalsOpen + 1);
  expect(after.tasksOpen).toBe(before.tasksOpen + 1);
  expect(before.holds).toEqual([]);
  expect(after.holds).toMatchObject([{ accountId, until: '2999-01-01T00:00:00.000Z', reason: 'HTTP 429' }]);
  const neighbour = await desk.installation.as('st.bianji');
  expect((await neighbour.call(getHealth, {})).holds).toEqual([]);
});
