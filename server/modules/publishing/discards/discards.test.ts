import { afterAll, beforeAll, expect, test } from 'vitest';
import { stateOf } from '#sandbox/wechat-official/state.ts';
import { cancelDelivery, getDelivery } from '#shared/publishing.ts';
import { until } from '#tests/support/wait.ts';
import { buildDesk, type Desk } from '../test-support.ts';
import { discardDrafts } from './discard-drafts.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await buildDesk();
});
afterAll(() => desk?.close());

const reason = '内容有误';
const drafts = () =>
  Object.values(stateOf(desk.installation.sandbox.world).accounts).flatMap(({ drafts }) =>
    Object.keys(drafts),
  );
const cancel = (deliveryId: string) =>
  desk.editor.call(cancelDelivery, { params: { deliveryId }, body: { reason } });
const discardsOf = async (deliveryId: string) => {
  const { attemptLog } = await desk.editor.call(getDelivery, { params: { deliveryId } });
  return attemptLog.filter(({ step }) => step === 'discard').map(({ outcome }) => outcome);
};
async function prepared(): Promise<string> {
  const { id } = await desk.approveOn('wechat-official');
  await desk.set(id, `due_at = clock_timestamp() + interval '5 minutes'`);
  expect((await desk.step(id)).state).toBe('prepared');
  return id;
}
async function clearUp(): Promise<void> {
  await desk.tamper('delete from call_holds');
  await desk.tamper('update deliveries set discard_at = clock_timestamp() where discard_at is not null');
  await discardDrafts(desk.app);
}

test('a delivery that is cancelled after it was prepared leaves no draft on the platform', async () => {
  const before = drafts();
  const id = await prepared();
  expect(drafts()).toHaveLength(before.length + 1);
  await cancel(id);
  await clearUp();
  expect(drafts()).toEqual(before);
  expect(await discardsOf(id)).toEqual([{ kind: 'done' }]);
  expect((await desk.find(id)).discard_at).toBeNull();
  expect((await desk.auditOf(id)).at(-1)).toMatchObject({
    action: 'delivery.discarded',
    detail: { outcome: 'done' },
  });
});

test('a failure changes nothing but the attempt log, and it is tried again', async () => {
  const before = drafts();
  const id = await prepared();
  await cancel(id);
  desk.installation.sandbox.world.faults.arm({
    ...{ platform: 'wechat-official', path: '/cgi-bin/draft/delete', times: 1 },
    fault: { kind: 'lose-answer', accept: false },
  });
  await clearUp();
  expect(await discardsOf(id)).toMatchObject([{ kind: 'retry-later' }]);
  const { state, reason: why } = await desk.find(id);
  expect([state, why]).toEqual(['cancelled', reason]);
  await clearUp();
  expect(await discardsOf(id)).toMatchObject([{ kind: 'retry-later' }, { kind: 'done' }]);
  expect(drafts()).toEqual(before);
});

test('one that expires is cleared up too', async () => {
  const before = drafts();
  const id = await prepared();
  await desk.set(id, `due_at = clock_timestamp() - interval '25 hours'`);
  expect((await desk.step(id)).state).toBe('expired');
  await clearUp();
  expect(drafts()).toEqual(before);
});

test('what was sent once, or never prepared, is left alone', async () => {
  const sent = await prepared();
  await desk.set(sent, `state = 'held', submitted_at = clock_timestamp()`);
  await cancel(sent);
  const never = (await desk.approveOn('wechat-official')).id;
  await cancel(never);
  for (const id of [sent, never]) expect((await desk.find(id)).discard_at).toBeNull();
});

test('what is prepared while somebody cancels is cleared up after it', async () => {
  const before = drafts();
  const { id } = await desk.approveOn('wechat-official');
  await desk.set(id, `due_at = clock_timestamp() + interval '5 minutes'`);
  desk.installation.sandbox.world.faults.arm({
    ...{ platform: 'wechat-official', path: '/cgi-bin/draft/add', times: 1 },
    fault: { kind: 'slow', ms: 1_500 },
  });
  const step = desk.step(id).catch((error: { code: string }) => error.code);
  await until(async () => (await desk.find(id)).state === 'preparing', { what: 'the preparation begins' });
  await cancel(id);
  expect(await step).toBe('state-conflict');
  await clearUp();
  expect(drafts()).toEqual(before);
});
