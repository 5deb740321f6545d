import { afterAll, beforeAll, expect, test } from 'vitest';
import { listQuotas } from '#shared/quotas.ts';
import { buildDesk, type Desk } from '../test-support.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await buildDesk();
});
afterAll(() => desk?.close());

const quotaOf = async (accountId: string) =>
  (await desk.editor.call(listQuotas, {})).rows.find((row) => row.accountId === accountId);

test('mass sends are counted by the calendar of Shanghai: what went out, and what is planned', async () => {
  const target = { reach: 'mass-send' as const };
  const posts = [];
  for (const title of ['一', '二', '三', '四'])
    posts.push(await desk.approveOn('wechat-official', { title: `退休一件事之${title}`, target }));
  const [first, second, third, fourth] = posts;
  const { accountId } = first!;
  const { rows } = await desk.tamper("select settings ->> 'kind' as kind from accounts where id = $1", [
    accountId,
  ]);
  const isService = rows[0].kind === 'service';
  const known = isService ? { most: 4, per: 'month' } : { most: 1, per: 'day' };
  const planned = { reach: 'mass-send', ...known, used: 0, planned: 4 };
  expect((await quotaOf(accountId))?.reaches).toEqual([planned]);
  const out = "state = 'published', wake_at = null, published_at = now(), submitted_at = ";
  await desk.set(first!.id, `${out} now()`);
  // The period before this one, and one that the platform refused.
  await desk.set(second!.id, `${out} now() - interval '32 days', due_at = now() - interval '32 days'`);
  await desk.set(third!.id, "state = 'rejected', wake_at = null, submitted_at = now()");
  await desk.set(fourth!.id, "state = 'unknown', wake_at = null, submitted_at = now()");
  expect((await quotaOf(accountId))?.reaches).toEqual([{ ...planned, used: 2, planned: 0 }]);
});

test('limits of posts and calls go down as the worker takes of them; a platform that names none is absent', async () => {
  const weibo = await desk.approveOn('weibo');
  const posts = async () => (await quotaOf(weibo.accountId))?.limits.find(({ counts }) => counts === 'posts');
  const before = await posts();
  expect(before).toMatchObject({ left: before?.most, freeAt: null });
  await desk.step(weibo.id);
  await desk.step(weibo.id);
  expect(await posts()).toMatchObject({ left: before!.most - 1 });
  const site = await desk.approveOn('site');
  expect(await quotaOf(site.accountId)).toBeUndefined();
});

test('a neighbour sees its own accounts alone', async () => {
  const neighbour = await desk.installation.as('st.bianji');
  const { rows } = await neighbour.call(listQuotas, {});
  const { rows: own } = await desk.editor.call(listQuotas, {});
  expect(rows.filter((row) => own.some(({ accountId }) => accountId === row.accountId))).toEqual([]);
});
