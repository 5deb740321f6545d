import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PackagePayload } from '#shared/package.ts';
import { knownIds, stageWechat, WECHAT_APP_ID, type WechatStage } from '#tests/support/wechat-stage.ts';
import { quota } from './probe.ts';
import { check, clientMsgIdOf } from './publish.ts';

const SEND_ALL = '/cgi-bin/message/mass/sendall';
const MINUTE = 60_000;

let stage: WechatStage;
beforeEach(async () => {
  stage = await stageWechat();
});
afterEach(() => stage.stop());

describe('mass sends', () => {
  const mass = (): PackagePayload => stage.build({ reach: 'mass-send' });

  test('is pending, then published, and takes the draft out of the box', async () => {
    const payload = mass();
    const ids = await stage.prepare(payload);
    const known = knownIds(ids, await stage.submit(payload, ids));
    expect(known.msgId).toMatch(/^\d+$/);
    stage.advance(MINUTE);
    const found = await check(stage.session, payload, known, stage.session.now());
    expect(found).toMatchObject({ kind: 'published', ids: { msgId: known.msgId } });
    expect(stage.ledger('post.published').map(({ detail }) => detail.reach)).toEqual(['mass-send']);
  });

  test('tells that the quota is used up and what to do instead', async () => {
    const first = mass();
    await stage.submit(first, await stage.prepare(first));
    const second = mass();
    const outcome = await stage.submit(second, await stage.prepare(second));
    expect(outcome).toMatchObject({ kind: 'rejected', code: '45028' });
    expect((outcome as { reason: string }).reason).toContain('可改为“发布”');
  });

  test('are known to be limited by the kind of the account, as the stand-in limits them', async () => {
    const known = (kind: string) => quota.known?.({ kind });
    expect(known('subscription')).toEqual([{ reach: 'mass-send', most: 1, per: 'day' }]);
    expect(known('service')).toEqual([{ reach: 'mass-send', most: 4, per: 'month' }]);
    expect(known('')).toEqual([]);
    stage.account().kind = 'service';
    for (let n = 0; n < 4; n += 1) {
      const payload = mass();
      expect((await stage.submit(payload, await stage.prepare(payload))).kind).toBe('pending');
    }
    const fifth = mass();
    expect(await stage.submit(fifth, await stage.prepare(fifth))).toMatchObject({ code: '45028' });
  });

  test('waits for the administrator and goes out when confirmed', async () => {
    const account = stage.account();
    account.massProtection = true;
    const payload = mass();
    const once = stage.once();
    const ids = await stage.prepare(payload, once);
    const sentAt = stage.session.now();
    const submitted = await stage.submit(payload, ids);
    expect(submitted).toMatchObject({ kind: 'pending', waitingFor: 'administrator' });
    const known = knownIds(ids, submitted);
    expect(await check(stage.session, payload, known, sentAt)).toMatchObject({ waitingFor: 'administrator' });
    await decide('confirm');
    stage.advance(MINUTE);
    // The platform gave no id: the same bytes are submitted again, with the draft that is gone, to be told it.
    expect(await check(stage.session, payload, known, sentAt)).toMatchObject({ kind: 'repeatable' });
    const again = await stage.prepare(payload, once);
    expect(again.draftGone).toBe('yes');
    const named = knownIds(again, await stage.submit(payload, again));
    expect(await check(stage.session, payload, named, sentAt)).toMatchObject({ kind: 'published' });
    expect(stage.ledger('post.published')).toHaveLength(1);
  });

  test.each([
    ['refused', () => decide('refuse')],
    ['not confirmed in time', async () => {}],
  ])('is rejected after half an hour when %s', async (_how, act) => {
    stage.account().massProtection = true;
    const payload = mass();
    const ids = await stage.prepare(payload);
    const sentAt = stage.session.now();
    const known = knownIds(ids, await stage.submit(payload, ids));
    await act();
    stage.advance(32 * MINUTE);
    expect(await check(stage.session, payload, known, sentAt)).toMatchObject({ kind: 'rejected' });
    expect(stage.ledger('post.published')).toHaveLength(0);
  });

  test.each([
    ['before', 0],
    ['after', MINUTE],
  ])('a lost answer is resolved by the same clientmsgid, asked %s it is out', async (_when, wait) => {
    const payload = mass();
    const once = stage.once();
    const ids = await stage.prepare(payload, once);
    stage.arm(SEND_ALL, { kind: 'lose-answer', accept: true });
    const sentAt = stage.session.now();
    expect(await stage.submit(payload, ids)).toMatchObject({ kind: 'unknown' });
    stage.advance(wait);
    expect(await check(stage.session, payload, ids, sentAt)).toMatchObject({ kind: 'repeatable' });
    stage.advance(61_000);
    const again = await stage.prepare(payload, once);
    const named = knownIds(again, await stage.submit(payload, again));
    stage.advance(MINUTE);
    expect(await check(stage.session, payload, named, sentAt)).toMatchObject({ kind: 'published' });
    expect(stage.ledger('mass.accepted')).toHaveLength(1);
    expect(stage.ledger('post.published')).toHaveLength(1);
  });

  test('asks once only where the draft is gone and the platform knows of no send', async () => {
    const payload = mass();
    const once = stage.once();
    const ids = await stage.prepare(payload, once);
    stage.arm(SEND_ALL, { kind: 'lose-answer', accept: false });
    const sentAt = stage.session.now();
    await stage.submit(payload, ids);
    delete stage.account().drafts[ids.draftId ?? ''];
    expect(await check(stage.session, payload, ids, sentAt)).toMatchObject({ kind: 'repeatable' });
    const again = await stage.prepare(payload, once);
    expect(await stage.submit(payload, again)).toMatchObject({ kind: 'unknown' });
    expect(await check(stage.session, payload, again, sentAt)).toMatchObject({ kind: 'unknown' });
    expect(stage.ledger('draft.created')).toHaveLength(1);
  });

  test('a person decides once the platform has forgotten the id', async () => {
    const payload = mass();
    const ids = await stage.prepare(payload);
    stage.arm(SEND_ALL, { kind: 'lose-answer', accept: true });
    const sentAt = stage.session.now();
    await stage.submit(payload, ids);
    stage.advance(24 * 60 * MINUTE);
    expect(await check(stage.session, payload, ids, sentAt)).toMatchObject({ kind: 'unknown' });
  });

  test('derives an id of at most 32 bytes from the short link', () => {
    expect(clientMsgIdOf({ shortLink: 'https://rs.example.gov.cn/s/8KfQ2' })).toBe('hs-8KfQ2');
    const long = clientMsgIdOf({ shortLink: `https://rs.example.gov.cn/s/${'x'.repeat(60)}` });
    expect(long).toMatch(/^hs-[0-9a-f]{29}$/);
  });

  async function decide(decision: 'confirm' | 'refuse'): Promise<void> {
    const [send] = stage.account().massSends;
    const page = `${stage.sandbox.url}/sandbox/wechat-official/a/${WECHAT_APP_ID}/mass/${send?.msgId}`;
    const body = new URLSearchParams({ decision });
    expect((await fetch(page, { method: 'POST', body, redirect: 'manual' })).status).toBe(303);
  }
});
