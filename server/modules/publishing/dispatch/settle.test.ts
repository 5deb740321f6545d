import { rename } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckResult, Outcome } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import { getDelivery } from '#shared/publishing.ts';
import { buildDesk, countAccepted, type Desk } from '../test-support.ts';
import { applyPushedOutcome } from './pushed-outcome.ts';
import { runDelivery } from './run-delivery.ts';
import { settleCheck } from './settle.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await buildDesk();
});
afterAll(() => desk?.close());

/** A delivery whose call was made a while ago; what came of it the test says. */
async function sentOn(platform: string, state: string, ago = '1 minute', ids: Record<string, string> = {}) {
  const { id } = await desk.approveOn(platform);
  await desk.set(
    id,
    `state = '${state}', submitted_at = clock_timestamp() - interval '${ago}', platform_ids = '${JSON.stringify(ids)}'`,
  );
  return desk.find(id);
}

async function check(deliveryId: string, result: CheckResult) {
  const claimed = await desk.claim(deliveryId);
  await desk.app.database.withWorker((tx) => settleCheck(desk.app, tx, claimed, result));
  return desk.find(deliveryId);
}

const published: Outcome = {
  kind: 'published',
  ids: { postId: 'P1' },
  url: 'https://mp.weixin.qq.com/s/abc',
  at: new Date('2026-09-10T01:00:00Z'),
};

describe('a pushed outcome', () => {
  const push = (
    of: { bureau_id: string; account_id: string },
    ids: Record<string, string>,
    outcome: Outcome = published,
  ) =>
    desk.app.database.withWorker((tx) =>
      applyPushedOutcome(desk.app, tx, { bureauId: of.bureau_id, accountId: of.account_id, ids, outcome }),
    );

  test('that comes before our own answer is saved is not taken, and matches when it comes again', async () => {
    const delivery = await sentOn('wechat-official', 'submitting');
    expect(await push(delivery, { publishId: '900001' })).toBe(false);
    expect((await desk.find(delivery.id)).state).toBe('submitting');
    // The answer of the call is saved.
    await desk.set(delivery.id, `state = 'pending', platform_ids = '{"publishId":"900001"}'`);
    expect(await push(delivery, { publishId: '900001' })).toBe(true);
    expect(await desk.find(delivery.id)).toMatchObject({ state: 'published', url: published.url });
  });

  test('that comes when it is due again after two absences keeps it from going out a second time', async () => {
    const delivery = await sentOn('wechat-official', 'due', '10 minutes', { publishId: '900009' });
    await desk.set(delivery.id, "reason = 'absent-twice', wake_at = clock_timestamp()");
    const refused: Outcome = { kind: 'rejected', code: '1', reason: '未通过' };
    expect(await push(delivery, { publishId: '900009' }, refused)).toBe(false);
    const claimed = await desk.claim(delivery.id);
    expect(await push(delivery, { publishId: '900009' })).toBe(true);
    expect(await desk.find(delivery.id)).toMatchObject({ state: 'published', wake_at: null, reason: null });
    // The worker that had taken it meanwhile comes too late to send anything.
    const before = countAccepted(desk, 'wechat-official');
    const late = runDelivery(desk.app, claimed, { paused: false, now: await desk.app.database.now() });
    await expect(late).rejects.toMatchObject({ code: 'state-conflict' });
    expect((await desk.find(delivery.id)).state).toBe('published');
    expect(countAccepted(desk, 'wechat-official')).toBe(before);
  });

  test('for ids nobody knows changes nothing', async () => {
    const delivery = await sentOn('wechat-official', 'pending', '1 minute', { publishId: '900002' });
    expect(await push(delivery, { publishId: 'other' })).toBe(false);
    expect((await desk.find(delivery.id)).state).toBe('pending');
  });

  test('never matches a delivery of another account', async () => {
    const delivery = await sentOn('wechat-official', 'pending', '1 minute', { publishId: '900003' });
    const elsewhere = { ...delivery, account_id: (await desk.approveOn('weibo')).accountId };
    expect(await push(elsewhere, { publishId: '900003' })).toBe(false);
    expect((await desk.find(delivery.id)).state).toBe('pending');
  });

  test('told twice is one publication', async () => {
    const delivery = await sentOn('wechat-official', 'pending', '1 minute', { publishId: '900004' });
    expect([
      await push(delivery, { publishId: '900004' }),
      await push(delivery, { publishId: '900004' }),
    ]).toEqual([true, true]);
    const audit = await desk.auditOf(delivery.id);
    expect(audit.filter((entry) => entry.action === 'delivery.published')).toHaveLength(1);
  });

  test('of refusal after publication does not unpublish', async () => {
    const delivery = await sentOn('wechat-official', 'pending', '1 minute', { publishId: '900005' });
    await push(delivery, { publishId: '900005' });
    await push(delivery, { publishId: '900005' }, { kind: 'rejected', code: '4', reason: '审核不通过' });
    expect((await desk.find(delivery.id)).state).toBe('published');
  });

  test('of refusal is shown with the platform’s words', async () => {
    const delivery = await sentOn('wechat-official', 'pending', '1 minute', { publishId: '900006' });
    await push(delivery, { publishId: '900006' }, { kind: 'rejected', code: '3', reason: '常规失败' });
    const view = await desk.editor.call(getDelivery, { params: { deliveryId: delivery.id } });
    expect([view.state, view.reason?.zh]).toEqual(['rejected', '常规失败']);
  });
});

describe('"not listed" on read-back', () => {
  const settleMs = () => Math.max(getConnector('weibo').publish.settleMs, 5_000);
  const seconds = (ms: number) => `${Math.ceil(ms / 1000)} seconds`;

  test('within the settling time counts for nothing', async () => {
    const { id } = await sentOn('weibo', 'unknown', '1 second');
    const seen = await check(id, { kind: 'absent' });
    expect([seen.state, seen.absences]).toEqual(['unknown', 0]);
    expect(seen.wake_at!.getTime() - Date.now()).toBeLessThanOrEqual(settleMs());
  });

  test('is believed at the second time, a settling time after the first', async () => {
    const { id } = await sentOn('weibo', 'unknown', seconds(settleMs() + 1_000));
    const once = await check(id, { kind: 'absent' });
    expect([once.state, once.absences]).toEqual(['unknown', 1]);
    const impatient = await check(id, { kind: 'absent' });
    expect([impatient.state, impatient.absences]).toEqual(['unknown', 1]);
    await desk.set(id, `absent_at = absent_at - interval '${seconds(settleMs() + 1_000)}'`);
    const twice = await check(id, { kind: 'absent' });
    expect([twice.state, twice.reason, twice.absences]).toEqual(['due', 'absent-twice', 0]);
    expect((await desk.auditOf(id)).at(-1)?.action).toBe('delivery.found-absent');
  });

  test('on a pending post makes it unknown first: it is not sent again from there', async () => {
    const { id } = await sentOn('weibo', 'pending', seconds(settleMs() + 1_000));
    expect((await check(id, { kind: 'absent' })).state).toBe('unknown');
  });

  test('before the platform said "pending" is forgotten afterwards', async () => {
    const { id } = await sentOn('weibo', 'unknown', seconds(settleMs() + 1_000));
    expect((await check(id, { kind: 'absent' })).absences).toBe(1);
    const pending = await check(id, {
      kind: 'pending',
      ids: { publishId: '7' },
      checkAfterMs: 1_000,
      waitingFor: 'platform',
    });
    expect([pending.state, pending.absences, pending.absent_at]).toEqual(['pending', 0, null]);
    await desk.set(id, `submitted_at = submitted_at - interval '1 hour'`);
    const absent = await check(id, { kind: 'absent' });
    expect([absent.state, absent.absences]).toEqual(['unknown', 1]);
  });

  test('and found in the end is published with the platform’s own time', async () => {
    const { id } = await sentOn('weibo', 'unknown');
    const found = await check(id, published);
    expect(found).toMatchObject({ state: 'published', published_at: published.at, wake_at: null });
  });
});

describe('read-back that gets no clear answer', () => {
  test('asks again ever more seldom, and stops by itself after a day', async () => {
    const { id } = await sentOn('weibo', 'unknown');
    const asked = await check(id, { kind: 'unknown', reason: 'timeout' });
    expect(asked.state).toBe('unknown');
    expect(asked.wake_at).not.toBeNull();
    await desk.set(id, "submitted_at = clock_timestamp() - interval '25 hours'");
    const over = await check(id, { kind: 'unknown', reason: 'timeout' });
    expect([over.state, over.wake_at]).toEqual(['unknown', null]);
  });

  test('because the grant ended stays unknown and pauses the account', async () => {
    const { id, account_id } = await sentOn('weibo', 'unknown');
    const waiting = await check(id, { kind: 'sign-in-again', code: '21327' });
    expect([waiting.state, waiting.reason]).toEqual(['unknown', 'account-not-active']);
    const { rows } = await desk.tamper('select state, state_reason from accounts where id = $1', [
      account_id,
    ]);
    expect(rows[0]).toEqual({ state: 'sign-in-again', state_reason: '21327' });
    await desk.tamper("update accounts set state = 'active' where id = $1", [account_id]);
  });
});

describe('read-back that can only ask by the delivery’s own key', () => {
  test.each(['pending', 'unknown'])('asks once more from %s and waits for nobody', async (state) => {
    const { id } = await sentOn('wechat-official', state);
    await desk.set(id, `waiting_for = 'administrator'`);
    const again = await check(id, { kind: 'repeatable', afterMs: 61_000 });
    expect(again).toMatchObject({ state: 'due', reason: 'own-key', waiting_for: null });
    expect(again.wake_at!.getTime()).toBeGreaterThan(Date.now() + 50_000);
    expect((await desk.auditOf(id)).at(-1)?.action).toBe('delivery.repeated');
  });
});

describe('preparation that fails', () => {
  test('eight times gives up, says so, and never made the irreversible call', async () => {
    const { id } = await desk.approveOn('weibo');
    const files = `${desk.installation.config.dataDir}/files`;
    await rename(files, `${files}.gone`);
    const before = countAccepted(desk, 'weibo');
    const states: string[] = [];
    for (let count = 0; count < 8; count += 1) states.push((await desk.step(id)).state);
    expect(states).toEqual([...Array<string>(7).fill('due'), 'failed']);
    expect(await desk.find(id)).toMatchObject({ reason: 'gave-up', wake_at: null });
    expect(countAccepted(desk, 'weibo')).toBe(before);
    await rename(`${files}.gone`, files);
  });
});
