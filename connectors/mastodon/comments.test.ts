import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MASTODON_USER, type MastodonStage, stageMastodon } from '#tests/support/mastodon-stage.ts';
import type { PlatformIds } from '../contract.ts';
import { mastodon } from './connector.ts';
import { pollEveryMs } from './limits.ts';

const { comments } = mastodon;
if (!comments) throw new Error('capabilities');
const capability = comments;

let stage: MastodonStage;
let ids: PlatformIds;
beforeEach(async () => {
  stage = await stageMastodon();
  const payload = stage.build();
  const outcome = await stage.submit(payload, await stage.prepare(payload));
  if (outcome.kind !== 'published') throw new Error(outcome.kind);
  ids = outcome.ids;
});
afterEach(() => stage.stop());

async function write(nickname: string, content: string, hidden = false): Promise<void> {
  const page = `${stage.sandbox.url}/sandbox/mastodon/@${MASTODON_USER}/${ids.postId}/replies`;
  const body = new URLSearchParams({ nickname, content, ...(hidden ? { private: '1' } : {}) });
  expect((await fetch(page, { method: 'POST', body, redirect: 'manual' })).status).toBe(303);
}

async function list() {
  const listed = await capability.list(stage.session, ids);
  if ('failure' in listed) throw new Error(listed.failure.kind);
  return listed.comments;
}

describe('replies', () => {
  test('arrive, are answered, and the answer is folded into its reply', async () => {
    await write('市民甲', '请问几点下班？ <b>');
    await write('市民乙', '周六上班吗？');
    const [first, second] = await list();
    expect(first).toMatchObject({ text: '请问几点下班？ <b>', person: { name: '市民甲' }, reply: null });
    expect(first?.person.key).toMatch(/^https:\/\/example\.social\/@/);
    stage.calls();
    expect((await capability.reply(stage.session, ids, first!.platformId, '17:00。\n周末休息。')).kind).toBe(
      'sent',
    );
    expect(stage.calls()).toEqual([`GET /api/v1/statuses/${first!.platformId}`, 'POST /api/v1/statuses']);
    const after = await list();
    expect(after).toHaveLength(2);
    expect(after[0]?.reply?.text).toBe('17:00。\n周末休息。');
    expect(after[1]).toMatchObject({ platformId: second?.platformId, reply: null });
  });

  test('are answered by name, and a private one privately', async () => {
    await write('市民甲', '我的身份证号是……', true);
    const [hidden] = await list();
    await capability.reply(stage.session, ids, hidden!.platformId, '已私下联系您。');
    expect(stage.ledger('reply.sent')[0]?.detail).toMatchObject({
      text: expect.stringMatching(/^@u\w+@example\.social 已私下联系您。$/),
      visibility: 'direct',
    });
  });

  test('a lost answer is looked up, and sending it again makes no second one', async () => {
    await write('市民甲', '请问几点下班？');
    const [one] = await list();
    const lookUp = () => capability.checkReply(stage.session, ids, one!.platformId, '17:00。');
    expect((await lookUp()).kind).toBe('absent');
    stage.arm('/api/v1/statuses POST', { kind: 'lose-answer', accept: true });
    const reply = () => capability.reply(stage.session, ids, one!.platformId, '17:00。');
    expect((await reply()).kind).toBe('unknown');
    expect((await lookUp()).kind).toBe('sent');
    expect((await reply()).kind).toBe('sent');
    expect(stage.ledger('reply.sent')).toHaveLength(1);
  });

  test('that cannot be listed prove nothing', async () => {
    await write('市民甲', '请问几点下班？');
    const [one] = await list();
    expect((await capability.checkReply(stage.session, ids, '404', '17:00。')).kind).toBe('unknown');
    stage.arm('/context', { kind: 'html', accept: true });
    expect((await capability.checkReply(stage.session, ids, one!.platformId, '17:00。')).kind).toBe(
      'unknown',
    );
    stage.arm('/context', { kind: 'truncate', accept: true });
    expect(await capability.list(stage.session, ids)).toMatchObject({ failure: { kind: 'retry-later' } });
  });

  test('too long an answer, or one to a reply that is gone, is rejected and not sent', async () => {
    await write('市民甲', '请问几点下班？');
    const [one] = await list();
    expect(await capability.reply(stage.session, ids, one!.platformId, '字'.repeat(500))).toMatchObject({
      kind: 'rejected',
      code: 'too-long',
    });
    expect(await capability.reply(stage.session, ids, '404', '好')).toMatchObject({ code: 'not-found' });
    expect(stage.ledger('reply.sent')).toHaveLength(0);
  });

  test('are asked about often while a post is young', () => {
    expect(pollEveryMs(0)).toBeLessThan(pollEveryMs(3 * 3_600_000));
    expect(pollEveryMs(400 * 86_400_000)).toBe(86_400_000);
  });
});
