/** Posts that really went out on the stand-ins are taken away by the worker's own steps; the ledger says what happened. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listTasks } from '#shared/tasks.ts';
import { listWithdrawals, withdrawDelivery } from '#shared/withdrawals.ts';
import { buildDesk, type Desk } from '../test-support.ts';
import { runWithdrawals } from './run-withdrawals.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await buildDesk();
});
afterAll(() => desk?.close());
beforeEach(async () => {
  desk.installation.sandbox.world.faults.clear();
  await desk.tamper('delete from call_holds');
});

const order = { reason: '政策表述有误', withinHours: 2 };
const deletePath = '/statuses/destroy';
const weibo = { platform: 'weibo', path: deletePath };
const arm = (times: number, fault: object) =>
  desk.installation.sandbox.world.faults.arm({ ...weibo, times, fault: fault as never });
const fired = () => desk.installation.sandbox.world.faults.list().fired.length;

let count = 0;
async function published(platform: string) {
  count += 1;
  const { id } = await desk.approveOn(platform, { title: `办事指南第${count}号` });
  for (let step = 0; step < 6 && (await desk.find(id)).state !== 'published'; step += 1) {
    await desk.step(id);
    // The platform's own look at what was handed in.
    desk.installation.sandbox.world.clock.advance(60_000);
  }
  const delivery = await desk.find(id);
  expect(delivery.state).toBe('published');
  return delivery;
}
const gone = (platform: string, key: string) =>
  desk.installation.sandbox.world.ledger
    .list({ platform, kind: 'post.deleted' })
    .filter((entry) => entry.key === key).length;

const ask = (deliveryId: string) =>
  desk.editor.call(withdrawDelivery, { params: { deliveryId }, body: order });
/** The waits are over. */
async function wake(id: string) {
  await desk.tamper('delete from call_holds');
  await desk.tamper('update withdrawal_targets set wake_at = now() where delivery_id = $1', [id]);
}
const target = async (deliveryId: string) =>
  (await desk.editor.call(listWithdrawals, { query: { deliveryId } })).rows[0]!.targets[0]!;

describe('a withdrawal that the platform carries out', () => {
  test.each([
    ['weibo', 'postId'],
    ['wechat-official', 'articleId'],
  ])('on %s deletes exactly this post, once, and says so', async (platform, idName) => {
    const other = await published(platform);
    const { id, platform_ids } = await published(platform);
    const key = platform_ids[idName]!;
    expect(key).toBeTruthy();
    await ask(id);
    expect((await desk.find(id)).state).toBe('published');
    await runWithdrawals(desk.app);
    expect([(await desk.find(id)).state, (await target(id)).state]).toEqual(['withdrawn', 'gone']);
    expect((await desk.auditOf(id)).at(-1)).toMatchObject({
      action: 'delivery.withdrawn',
      detail: { by: 'platform' },
    });
    expect(gone(platform, key)).toBe(1);
    expect(gone(platform, other.platform_ids[idName]!)).toBe(0);
    // A lease that ran out brings the target back: nothing more is deleted.
    await wake(id);
    await runWithdrawals(desk.app);
    expect([gone(platform, key), (await target(id)).state]).toEqual([1, 'gone']);
  });

  test('whose answer was lost after the deletion is asked again, and found gone', async () => {
    const { id, platform_ids } = await published('weibo');
    await ask(id);
    arm(1, { kind: 'lose-answer', accept: true });
    await runWithdrawals(desk.app);
    expect([fired(), gone('weibo', platform_ids.postId!)]).toEqual([1, 1]);
    expect([(await desk.find(id)).state, await target(id)]).toMatchObject([
      'published',
      { state: 'calling', tries: 1 },
    ]);
    await wake(id);
    await runWithdrawals(desk.app);
    expect([(await desk.find(id)).state, gone('weibo', platform_ids.postId!)]).toEqual(['withdrawn', 1]);
  });

  test('whose call was never carried out is repeated until it is', async () => {
    const { id, platform_ids } = await published('weibo');
    await ask(id);
    arm(2, { kind: 'lose-answer', accept: false });
    for (let round = 0; round < 2; round += 1) {
      await wake(id);
      await runWithdrawals(desk.app);
      expect([(await desk.find(id)).state, gone('weibo', platform_ids.postId!)]).toEqual(['published', 0]);
    }
    await wake(id);
    await runWithdrawals(desk.app);
    expect([(await desk.find(id)).state, gone('weibo', platform_ids.postId!)]).toEqual(['withdrawn', 1]);
  });

  test('is a person’s after five unclear answers', async () => {
    const { id } = await published('weibo');
    await ask(id);
    arm(9, { kind: 'html', accept: false });
    for (let round = 0; round < 5; round += 1) {
      await wake(id);
      await runWithdrawals(desk.app);
    }
    expect([fired(), (await desk.find(id)).state, (await target(id)).state]).toEqual([
      5,
      'published',
      'by-hand',
    ]);
    const { rows } = await desk.editor.call(listTasks, { query: { subjectId: id } });
    expect(rows.filter(({ kind }) => kind === 'withdraw')).toHaveLength(1);
  });
});

describe('a withdrawal that the platform refuses', () => {
  test('becomes one task for a person, with the link of the post and the platform’s code', async () => {
    const { id, url } = await published('weibo');
    await ask(id);
    arm(1, {
      kind: 'status',
      status: 403,
      body: { error: 'insufficient app permissions', error_code: 10014 },
      accept: false,
    });
    await runWithdrawals(desk.app);
    expect(await target(id)).toMatchObject({ state: 'by-hand', code: expect.stringContaining('10014') });
    const { rows } = await desk.editor.call(listTasks, { query: { subjectId: id } });
    expect(rows.filter(({ kind }) => kind === 'withdraw')).toMatchObject([{ state: 'pending' }]);
    const { rows: kept } = await desk.tamper(
      "select copy from assisted_tasks where kind = 'withdraw' and subject_id = $1",
      [id],
    );
    expect(kept[0].copy).toEqual([{ field: 'link', text: url }]);
  });

  test('for being too many holds the calls of the account and waits, within the deadline', async () => {
    const { id, platform_ids } = await published('weibo');
    await ask(id);
    arm(1, { kind: 'status', status: 429, headers: { 'retry-after': '60' }, accept: false });
    await runWithdrawals(desk.app);
    expect((await target(id)).state).toBe('calling');
    // Woken too early, it makes no call.
    await desk.tamper('update withdrawal_targets set wake_at = now() where delivery_id = $1', [id]);
    await runWithdrawals(desk.app);
    expect([(await desk.find(id)).state, gone('weibo', platform_ids.postId!)]).toEqual(['published', 0]);
    await wake(id);
    await runWithdrawals(desk.app);
    expect([(await desk.find(id)).state, gone('weibo', platform_ids.postId!)]).toEqual(['withdrawn', 1]);
  });
});

test('after a restore a halted withdrawal goes on only when it is ordered again', async () => {
  const { id, platform_ids } = await published('weibo');
  await ask(id);
  await desk.tamper(
    "update withdrawal_targets set wake_at = null, code = 'restored' where delivery_id = $1",
    [id],
  );
  await runWithdrawals(desk.app);
  expect(gone('weibo', platform_ids.postId!)).toBe(0);
  const { withdrawalId } = await ask(id);
  const { rows } = await desk.editor.call(listWithdrawals, { query: { deliveryId: id } });
  expect(rows.map((row) => row.id)).toEqual([withdrawalId]);
  await runWithdrawals(desk.app);
  expect([(await desk.find(id)).state, gone('weibo', platform_ids.postId!)]).toEqual(['withdrawn', 1]);
});
