/** The scanner against the stand-ins: what the platform said, when, and what it did not say. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { getFigures } from '#shared/figures.ts';
import { buildDesk, type Desk } from '../test-support.ts';
import { planFigurePolls, pollFigures } from './poll-figures.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await buildDesk();
});
afterAll(() => desk?.close());
beforeEach(async () => {
  desk.installation.sandbox.world.faults.clear();
  await desk.tamper('delete from call_holds');
  await desk.tamper('update figure_polls set next_at = null');
});

let count = 0;
async function published(): Promise<string> {
  count += 1;
  const { id } = await desk.approveOn('weibo', { title: `有数字的第${count}篇` });
  for (let step = 0; step < 6 && (await desk.find(id)).state !== 'published'; step += 1) await desk.step(id);
  expect((await desk.find(id)).state).toBe('published');
  return id;
}
const due = (id: string) =>
  desk.tamper('update figure_polls set next_at = now() where delivery_id = $1', [id]);
const poll = async (id: string) => {
  await planFigurePolls(desk.app);
  await due(id);
  return pollFigures(desk.app);
};
const read = (deliveryId: string) => desk.editor.call(getFigures, { params: { deliveryId } });
const arm = (times: number, fault: object) =>
  desk.installation.sandbox.world.faults.arm({
    ...{ platform: 'weibo', path: '/statuses/count', times },
    fault: fault as never,
  });
const fired = () => desk.installation.sandbox.world.faults.list().fired.length;
const nextIn = async (id: string) => {
  const { rows } = await desk.tamper(
    'select extract(epoch from next_at - now())::float as s from figure_polls where delivery_id = $1',
    [id],
  );
  return rows[0].s as number;
};

test('are kept with the interface as their source and the moment of the answer', async () => {
  const id = await published();
  const before = await desk.app.database.now();
  expect(await poll(id)).toBe(1);
  const { row } = await read(id);
  expect(row.failure).toBeNull();
  // Readers are not told to this kind of account: they are missing, while nobody's liking it is zero.
  expect(row.figures.map(({ metric }) => metric).toSorted()).toEqual(['comments', 'likes', 'shares']);
  for (const one of row.figures) {
    expect(one).toMatchObject({ value: 0, capture: 'api' });
    expect(Date.parse(one.asOf)).toBeGreaterThanOrEqual(before.getTime() - 1_000);
  }
  expect(await nextIn(id)).toBeGreaterThan(3_000);
});

test('that the answer leaves out are missing, not zero', async () => {
  const id = await published();
  const { platform_ids } = await desk.find(id);
  arm(1, { kind: 'answer', body: [{ id: platform_ids.postId, attitudes: 7 }], accept: true });
  await poll(id);
  const { row } = await read(id);
  expect([fired(), row.failure]).toEqual([1, null]);
  expect(row.figures).toMatchObject([{ metric: 'likes', value: 7, capture: 'api' }]);
});

test('of a post the platform no longer shows are missing, and the post says why', async () => {
  const id = await published();
  await poll(id);
  const old = (await read(id)).points.length;
  arm(1, { kind: 'answer', body: [], accept: true });
  await poll(id);
  const { row, points } = await read(id);
  expect([row.failure, points.length]).toEqual(['not-in-answer', old]);
});

test.each([
  ['a web page instead of an answer', { kind: 'html', accept: false }],
  ['a lost answer', { kind: 'lose-answer', accept: true }],
  ['an error of the platform', { kind: 'status', status: 500, body: {}, accept: false }],
])('%s leaves the old figures, says so, and is asked again later', async (_name, fault) => {
  const id = await published();
  await poll(id);
  const old = (await read(id)).row.figures;
  arm(9, fault);
  await poll(id);
  const { row } = await read(id);
  expect(fired()).toBe(1);
  expect(row.figures).toEqual(old);
  expect(row.failure).toBeTruthy();
  expect(await nextIn(id)).toBeGreaterThan(30);
  desk.installation.sandbox.world.faults.clear();
  await desk.tamper('delete from call_holds');
  await poll(id);
  expect((await read(id)).row.failure).toBeNull();
});

test('a limit stops all questions of the account until it ends', async () => {
  const id = await published();
  arm(9, { kind: 'status', status: 429, headers: { 'retry-after': '300' }, accept: false });
  await poll(id);
  expect(fired()).toBe(1);
  await poll(id);
  expect(fired()).toBe(1);
  expect((await read(id)).row.failure).toBeTruthy();
  expect(await nextIn(id)).toBeGreaterThan(60);
});

test('a post that was taken away is not planned anew', async () => {
  const id = await published();
  await desk.set(id, "state = 'withdrawn'");
  await planFigurePolls(desk.app);
  const { rows } = await desk.tamper('select 1 from figure_polls where delivery_id = $1', [id]);
  expect(rows).toEqual([]);
});
