import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stateOf } from '#sandbox/wordpress/state.ts';
import { stageWordpress, type WordpressStage } from '#tests/support/wordpress-stage.ts';
import type { PlatformIds } from '../contract.ts';
import { wordpress } from './connector.ts';
import { limits, pollEveryMs } from './limits.ts';

const { comments } = wordpress;
if (!comments) throw new Error('capabilities');
const capability = comments;

let stage: WordpressStage;
let ids: PlatformIds;
beforeEach(async () => {
  stage = await stageWordpress({ role: 'author' });
  const payload = stage.build();
  ids = await stage.prepare(payload);
  const outcome = await stage.submit(payload, ids);
  if (outcome.kind !== 'published') throw new Error(outcome.kind);
});
afterEach(() => stage.stop());

async function write(nickname: string, content: string): Promise<void> {
  const page = `${stage.sandbox.url}/sandbox/wordpress/comments/${ids.postId}`;
  const body = new URLSearchParams({ nickname, content });
  expect((await fetch(page, { method: 'POST', body, redirect: 'manual' })).status).toBe(303);
}

async function list(known: PlatformIds = ids) {
  const listed = await capability.list(stage.session, known);
  if ('failure' in listed) throw new Error(listed.failure.kind);
  return listed.comments;
}

describe('comments', () => {
  test('arrive, are answered, and the answer is folded into its comment', async () => {
    await write('市民甲', '请问几点下班？ <b>');
    await write('市民甲', '周六上班吗？');
    const [second, first] = await list();
    expect(first).toMatchObject({ text: '请问几点下班？ <b>', person: { name: '市民甲' }, reply: null });
    // Guests of one name are not one person.
    expect(first?.person.key).not.toBe(second?.person.key);
    stage.calls();
    const answer = '周一至周五 "9:00--17:00"。\n1 < 2 & 3';
    expect((await capability.reply(stage.session, ids, first!.platformId, answer)).kind).toBe('sent');
    expect(stage.calls()).toEqual(['POST /wp-json/wp/v2/comments']);
    const after = await list();
    expect(after).toHaveLength(2);
    expect(after[1]?.reply?.text).toContain('1 < 2 & 3');
    expect(after[0]?.reply).toBeNull();
    expect((await capability.checkReply(stage.session, ids, first!.platformId, answer)).kind).toBe('sent');
  });

  test('a poll of an ordinary post costs one call, a busy one is read page by page', async () => {
    await write('市民甲', '好');
    stage.calls();
    await list();
    expect(stage.calls()).toHaveLength(1);
    for (let count = 0; count < 120; count += 1) await write(`读者${count}`, `第${count}条`);
    stage.calls();
    expect(await list()).toHaveLength(121);
    expect(stage.calls()).toHaveLength(2);
  });

  test('of a post that was registered by hand are read too, asking first who we are', async () => {
    await write('市民甲', '好');
    stage.calls();
    expect(await list({ postId: ids.postId! })).toHaveLength(1);
    expect(stage.calls()).toHaveLength(2);
    stage.arm('/users/me', { kind: 'html', accept: true });
    expect(await capability.list(stage.session, { postId: ids.postId! })).toHaveProperty('failure');
  });

  test('a lost answer is looked up, and said again it is refused as a duplicate, not doubled', async () => {
    await write('市民甲', '请问几点下班？');
    const [one] = await list();
    const lookUp = () => capability.checkReply(stage.session, ids, one!.platformId, '17:00。');
    const reply = () => capability.reply(stage.session, ids, one!.platformId, '17:00。');
    expect((await lookUp()).kind).toBe('absent');
    stage.arm('POST /wp/v2/comments', { kind: 'lose-answer', accept: true });
    expect((await reply()).kind).toBe('unknown');
    expect((await lookUp()).kind).toBe('sent');
    expect((await reply()).kind).toBe('unknown');
    expect(stage.ledger('reply.sent')).toHaveLength(1);
  });

  test('that cannot be listed prove nothing', async () => {
    await write('市民甲', '请问几点下班？');
    const [one] = await list();
    expect((await capability.checkReply(stage.session, ids, '404', '好')).kind).toBe('unknown');
    for (const kind of ['html', 'truncate', 'lose-answer'] as const) {
      stage.arm('GET /wp/v2/comments', { kind, accept: true });
      expect((await capability.checkReply(stage.session, ids, one!.platformId, '好')).kind).toBe('unknown');
      stage.arm('GET /wp/v2/comments', { kind, accept: true });
      expect(await capability.list(stage.session, ids)).toMatchObject({ failure: { kind: 'retry-later' } });
    }
  });

  test('closed, missing, too long or held back, an answer says why it is not there', async () => {
    await write('市民甲', '请问几点下班？');
    const [one] = await list();
    const reply = (text: string, to = one!.platformId) => capability.reply(stage.session, ids, to, text);
    expect(await reply('字'.repeat(limits.commentCharacters + 1))).toMatchObject({ code: 'too-long' });
    expect(await reply('好', '404')).toMatchObject({ kind: 'rejected', code: 'rest_comment_invalid_id' });
    stateOf(stage.sandbox.world).posts[0]!.commentsOpen = false;
    expect(await reply('好')).toEqual({ kind: 'window-closed', code: 'rest_comment_closed' });
    expect(stage.ledger('reply.sent')).toHaveLength(0);
    Object.assign(stateOf(stage.sandbox.world).posts[0]!, { commentsOpen: true, author: 99 });
    stateOf(stage.sandbox.world).moderation = true;
    expect(await reply('好')).toMatchObject({ kind: 'rejected', code: 'comment-hold' });
  });

  test('are asked about often while a post is young', () => {
    expect(pollEveryMs(0)).toBeLessThan(pollEveryMs(3 * 86_400_000));
    expect(pollEveryMs(400 * 86_400_000)).toBe(86_400_000);
  });
});
