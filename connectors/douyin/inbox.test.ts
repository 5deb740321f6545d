import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { receiveMessage } from '#sandbox/douyin/messages.ts';
import { conversationOf, personCalled } from '#sandbox/douyin/state.ts';
import { type DouyinStage, stageDouyin } from '#tests/support/douyin-stage.ts';
import type { PlatformIds } from '../contract.ts';
import { douyin } from './connector.ts';
import { pollEveryMs } from './limits.ts';
import { messageKey, messages } from './messages.ts';

const { comments } = douyin;
if (!comments) throw new Error('capabilities');

let stage: DouyinStage;
beforeEach(async () => {
  stage = await stageDouyin();
});
afterEach(() => stage.stop());

async function publishOne(): Promise<PlatformIds> {
  const outcome = await stage.submit(stage.build());
  if (outcome.kind !== 'pending') throw new Error(outcome.kind);
  return outcome.ids;
}

async function comment(ids: PlatformIds, nickname: string, content: string): Promise<void> {
  const page = `${stage.sandbox.url}/sandbox/douyin/share/video/${ids.videoId}/comments`;
  const body = new URLSearchParams({ nickname, content });
  expect((await fetch(page, { method: 'POST', body, redirect: 'manual' })).status).toBe(303);
}

async function list(ids: PlatformIds) {
  const listed = await comments!.list(stage.session, ids);
  if ('failure' in listed) throw new Error(listed.failure.kind);
  return listed.comments;
}

describe('comments', () => {
  test('arrive, are answered, and the answer is folded into its comment', async () => {
    const ids = await publishOne();
    await comment(ids, '市民甲', '请问几点下班？');
    await comment(ids, '市民乙', '周六上班吗？');
    const [second, first] = await list(ids);
    expect(first).toMatchObject({ text: '请问几点下班？', person: { name: '市民甲' }, reply: null });
    const sent = await comments.reply(stage.session, ids, first!.platformId, '17:00。');
    expect(sent).toMatchObject({ kind: 'sent', ids: { commentId: stage.ledger('reply.sent')[0]?.key } });
    const after = await list(ids);
    expect(after).toHaveLength(2);
    expect(after.find(({ platformId }) => platformId === first!.platformId)?.reply?.text).toBe('17:00。');
    expect(after.find(({ platformId }) => platformId === second!.platformId)?.reply).toBeNull();
  });

  test('come with how many agreed', async () => {
    const ids = await publishOne();
    await comment(ids, '市民甲', '请问几点下班？');
    expect((await list(ids))[0]).toMatchObject({ likes: 0 });
    stage.account().comments[0]!.likes = 12;
    expect((await list(ids))[0]).toMatchObject({ likes: 12 });
  });

  test('a poll costs one call, one more for an answered comment, and pages of a busy work', async () => {
    const ids = await publishOne();
    await comment(ids, '市民甲', '好');
    stage.calls();
    const [one] = await list(ids);
    expect(stage.calls()).toEqual(['/item/comment/list/']);
    await comments.reply(stage.session, ids, one!.platformId, '谢谢');
    stage.calls();
    await list(ids);
    expect(stage.calls()).toEqual(['/item/comment/list/', '/item/comment/reply/list/']);
    for (let count = 0; count < 44; count += 1) await comment(ids, `读者${count}`, `第${count}条`);
    stage.calls();
    expect(await list(ids)).toHaveLength(45);
    expect(stage.calls().filter((path) => path === '/item/comment/list/')).toHaveLength(3);
  });

  test('a lost answer to a reply is looked up', async () => {
    const ids = await publishOne();
    await comment(ids, '市民甲', '请问几点下班？');
    const [one] = await list(ids);
    const lookUp = (id = one!.platformId) => comments.checkReply(stage.session, ids, id, '17:00。');
    expect((await lookUp()).kind).toBe('absent');
    stage.arm('/item/comment/reply/?', { kind: 'lose-answer', accept: true });
    expect((await comments.reply(stage.session, ids, one!.platformId, '17:00。')).kind).toBe('unknown');
    expect((await lookUp()).kind).toBe('sent');
    expect((await lookUp('@404=')).kind).toBe('unknown');
    stage.arm('/item/comment/reply/list/', { kind: 'html', accept: true });
    expect((await lookUp()).kind).toBe('unknown');
    expect(stage.ledger('reply.sent')).toHaveLength(1);
  });

  test('are not called unanswered when the platform hides an answer it counts', async () => {
    const ids = await publishOne();
    await comment(ids, '市民甲', '请问几点下班？');
    const [one] = await list(ids);
    await comments.reply(stage.session, ids, one!.platformId, '17:00。');
    const empty = { error_code: 0, list: [], cursor: 0, has_more: false };
    stage.arm('/item/comment/reply/list/', {
      kind: 'answer',
      body: { data: empty, extra: { error_code: 0 } },
    });
    const looked = await comments.checkReply(stage.session, ids, one!.platformId, '17:00。');
    expect(looked.kind).toBe('unknown');
  });

  test('a reply with an expired token is made with a new one, and once', async () => {
    const ids = await publishOne();
    await comment(ids, '市民甲', '请问几点下班？');
    const [one] = await list(ids);
    for (const token of stage.account().access) token.expiresAt = 0;
    const reply = () => comments.reply(stage.session, ids, one!.platformId, '17:00。');
    expect(await reply()).toMatchObject({ kind: 'retry-later', code: '28001008' });
    expect((await reply()).kind).toBe('sent');
    expect(stage.ledger('reply.sent')).toHaveLength(1);
  });

  test('a reply too long for the platform is not sent; without the scope it is refused', async () => {
    const ids = await publishOne();
    expect(await comments.reply(stage.session, ids, '1', '字'.repeat(101))).toMatchObject({
      kind: 'rejected',
    });
    stage.account().scopes = ['user_info'];
    expect(await comments.list(stage.session, ids)).toMatchObject({
      failure: { kind: 'rejected', code: '28001018' },
    });
  });

  test('are asked for more seldom the older the work', () => {
    const hour = 3_600_000;
    const plan = [0, 3 * hour, 24 * hour, 72 * hour, 240 * hour, 1000 * hour].map(pollEveryMs);
    expect(plan).toEqual(plan.toSorted((a, b) => a - b));
    expect(new Set(plan).size).toBe(plan.length);
  });
});

describe('private messages', () => {
  const receive = (text: string) => {
    const person = personCalled(stage.account(), '市民甲');
    const line = receiveMessage(stage.sandbox.world, stage.account(), person, text);
    return { person, key: messageKey(conversationOf(stage.account(), person.openId), line.msgId) };
  };

  test('are answered by naming the message, within a day and six times', async () => {
    const { person, key } = receive('请问几点下班？');
    for (let count = 0; count < messages.window.messages; count += 1) {
      expect(await messages.send(stage.session, person.openId, `17:00，第${count}次。`, key)).toEqual({
        kind: 'sent',
        ids: {},
      });
    }
    expect(await messages.send(stage.session, person.openId, '还有', key)).toMatchObject({
      ...{ kind: 'retry-later', code: '28003017' },
    });
    const late = receive('再问一句');
    stage.advance(messages.window.ms + 1000);
    expect((await messages.send(stage.session, person.openId, '晚了', late.key)).kind).toBe('rejected');
    expect(stage.ledger('message.sent')).toHaveLength(6);
  });

  test('are not sent without the message they answer, nor too long', async () => {
    const { person, key } = receive('请问几点下班？');
    for (const wrong of [undefined, '', 'im:only', `${key}:x`, 'comment:a:b']) {
      expect((await messages.send(stage.session, person.openId, '好', wrong)).kind).toBe('window-closed');
    }
    expect((await messages.send(stage.session, person.openId, '字'.repeat(301), key)).kind).toBe('rejected');
    expect(stage.calls()).toEqual([]);
  });

  test('a lost answer is unknown', async () => {
    const { person, key } = receive('请问几点下班？');
    stage.arm('/im/send/msg/', { kind: 'lose-answer', accept: true });
    expect((await messages.send(stage.session, person.openId, '17:00。', key)).kind).toBe('unknown');
    expect(stage.ledger('message.sent')).toHaveLength(1);
  });
});
