import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InboundAttachment, PlatformIds } from '#connectors/contract.ts';
import { personCalled, receiveFile, receiveMessage } from '#sandbox/wechat-official/messages.ts';
import type { SentKind } from '#sandbox/wechat-official/state.ts';
import { knownIds, stageWechat, WECHAT_APP_ID, type WechatStage } from '#tests/support/wechat-stage.ts';
import { wechatOfficial } from './connector.ts';

const { comments, messages, probe, quota } = wechatOfficial;
if (!comments || !messages || !probe || !quota) throw new Error('capabilities');

let stage: WechatStage;
beforeEach(async () => {
  stage = await stageWechat();
});
afterEach(() => stage.stop());

async function publishOne(): Promise<PlatformIds> {
  const payload = stage.build();
  const ids = await stage.prepare(payload);
  const known = knownIds(ids, await stage.submit(payload, ids));
  stage.advance(60_000);
  return known;
}

async function writeComment(ids: PlatformIds, nickname: string, content: string): Promise<void> {
  const page = `${stage.sandbox.url}/sandbox/wechat-official/a/${WECHAT_APP_ID}/posts/${ids.msgDataId}-0/comments`;
  const body = new URLSearchParams({ nickname, content });
  const answer = await fetch(page, { method: 'POST', body, redirect: 'manual' });
  expect(answer.status).toBe(303);
}

async function listed(ids: PlatformIds) {
  const result = await comments?.list(stage.session, ids);
  if (!result || !('comments' in result)) throw new Error(JSON.stringify(result));
  return result.comments;
}

describe('comments', () => {
  test('arrive with a key, the same person under one key, and their reply', async () => {
    const ids = await publishOne();
    await writeComment(ids, '老李', '材料要原件吗？');
    await writeComment(ids, '老李', '还有，几点下班？');
    const before = await listed(ids);
    expect(before.map(({ text }) => text).toSorted()).toEqual(
      ['材料要原件吗？', '还有，几点下班？'].toSorted(),
    );
    expect(new Set(before.map(({ person }) => person.key)).size).toBe(1);
    expect(new Set(before.map(({ platformId }) => platformId)).size).toBe(2);
    const [first] = before;
    const reply = await comments.reply(stage.session, ids, first?.platformId ?? '', '要原件。');
    expect(reply.kind).toBe('sent');
    const after = (await listed(ids)).find(({ platformId }) => platformId === first?.platformId);
    expect(after?.reply?.text).toBe('要原件。');
    expect(stage.ledger('reply.sent')).toHaveLength(1);
  });

  test('are read page by page until a page is short', async () => {
    const ids = await publishOne();
    for (let count = 0; count < 60; count += 1) await writeComment(ids, `读者${count}`, `第${count}条`);
    stage.calls();
    expect(await listed(ids)).toHaveLength(60);
    expect(stage.calls()).toHaveLength(2);
  });

  test('are found by the article when msg_data_id is not known', async () => {
    const ids = await publishOne();
    await writeComment(ids, '老李', '在吗');
    const articleId = stage.account().publications[0]?.articleId ?? '';
    expect(await listed({ articleId })).toHaveLength(1);
  });

  test('without a WeChat identity stay apart, and a reply may come as a list', async () => {
    const comment = { create_time: 1_795_000_000, content: '匿名' };
    const reply = [{ content: '已转办', create_time: 1_795_000_060 }];
    const body = {
      errcode: 0,
      comment: [
        { ...comment, user_comment_id: 1, reply },
        { ...comment, user_comment_id: 2 },
      ],
    };
    stage.arm('/cgi-bin/comment/list', { kind: 'answer', body });
    const found = await listed({ msgDataId: '2247483650' });
    expect(new Set(found.map(({ person }) => person.key)).size).toBe(2);
    expect(found.map(({ reply: given }) => given?.text ?? null)).toEqual(['已转办', null]);
  });

  test.each([
    { name: 'a count without comments', body: { errcode: 0, comment_cnt: 3 }, count: 0 },
    { name: 'an empty list', body: { errcode: 0, total: 0, comment: [] }, count: 0 },
  ])('$name is no comment', async ({ body, count }) => {
    stage.arm('/cgi-bin/comment/list', { kind: 'answer', body });
    expect(await listed({ msgDataId: '1' })).toHaveLength(count);
  });

  test('a reply whose answer was lost is unknown, and looking tells the truth', async () => {
    const ids = await publishOne();
    await writeComment(ids, '老李', '在吗');
    const key = (await listed(ids))[0]?.platformId ?? '';
    stage.arm('/cgi-bin/comment/reply/add', { kind: 'lose-answer', accept: false });
    expect(await comments.reply(stage.session, ids, key, '在。')).toMatchObject({ kind: 'unknown' });
    expect(await comments.checkReply(stage.session, ids, key, '在。')).toEqual({ kind: 'absent' });
    stage.arm('/cgi-bin/comment/reply/add', { kind: 'lose-answer', accept: true });
    expect(await comments.reply(stage.session, ids, key, '在。')).toMatchObject({ kind: 'unknown' });
    expect(await comments.checkReply(stage.session, ids, key, '在。')).toEqual({ kind: 'sent' });
    expect(await comments.checkReply(stage.session, ids, key, '另一句')).toMatchObject({ kind: 'unknown' });
    expect(await comments.reply(stage.session, ids, key, '在。')).toMatchObject({
      kind: 'rejected',
      code: '88005',
    });
    expect(stage.ledger('reply.sent')).toHaveLength(1);
  });

  test('a reply renews an expired token and is accepted once', async () => {
    const ids = await publishOne();
    await writeComment(ids, '老李', '在吗');
    const key = (await listed(ids))[0]?.platformId ?? '';
    for (const token of stage.account().tokens) token.expiresAt = 0;
    expect(await comments.reply(stage.session, ids, key, '在。')).toMatchObject({ kind: 'sent' });
    expect(stage.ledger('reply.sent')).toHaveLength(1);
  });

  test('a reply that never left because no token could be had may be sent later', async () => {
    stage.arm('/cgi-bin/stable_token', { kind: 'lose-answer', accept: true });
    const outcome = await comments.reply(stage.session, {}, '1_0_1', '在。');
    expect(outcome).toMatchObject({ kind: 'retry-later', code: 'token-lost' });
  });

  test('a comment key of another post is refused', async () => {
    const outcome = await comments.reply(stage.session, { msgDataId: '2' }, '1_0_1', '在。');
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'comment-id' });
  });
});

describe('private messages', () => {
  const person = () => personCalled(stage.sandbox.world, stage.account(), '王大姐');
  const write = () => receiveMessage(stage.sandbox.world, stage.account(), person(), '社保卡丢了怎么办？');

  test('are answered five times, then the window is closed until the person writes again', async () => {
    write();
    const kinds: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      kinds.push((await messages.send(stage.session, person().openid, `答复${count}`)).kind);
    }
    expect(kinds).toEqual(['sent', 'sent', 'sent', 'sent', 'sent', 'window-closed']);
    write();
    expect((await messages.send(stage.session, person().openid, '答复')).kind).toBe('sent');
  });

  test('are not answered after 48 hours nor after the person left', async () => {
    write();
    stage.sandbox.world.clock.advance(48 * 3_600_000 + 1000);
    const late = await messages.send(stage.session, person().openid, '答复');
    expect(late).toEqual({ kind: 'window-closed', code: '45015' });
    write();
    person().subscribed = false;
    expect((await messages.send(stage.session, person().openid, '答复')).kind).toBe('window-closed');
  });

  test('an answer that says nothing is not taken for “sent”', async () => {
    write();
    stage.arm('/cgi-bin/message/custom/send', { kind: 'answer', body: {} });
    expect(await messages.send(stage.session, person().openid, '答复')).toMatchObject({ kind: 'unknown' });
    stage.arm('/cgi-bin/comment/reply/add', { kind: 'answer', body: {} });
    expect(await comments.reply(stage.session, {}, '1_0_1', '答复')).toMatchObject({ kind: 'unknown' });
  });

  test('an answer that is lost stays unknown and is not sent again', async () => {
    write();
    stage.arm('/cgi-bin/message/custom/send', { kind: 'stall', at: 'headers', accept: true });
    expect(await messages.send(stage.session, person().openid, '答复')).toMatchObject({ kind: 'unknown' });
    expect(stage.ledger('message.sent')).toHaveLength(1);
  });
});

describe('what people send', () => {
  const bytes = Buffer.from('\xff\xd8\xff a picture', 'latin1');
  const send = (kind: SentKind) => {
    const person = personCalled(stage.sandbox.world, stage.account(), '王大姐');
    const { mediaId } = receiveFile(stage.sandbox.world, stage.account(), person, kind, bytes);
    return { type: kind, mediaId, url: null };
  };
  const load = (sent: InboundAttachment) => messages.files!.load(stage.session, sent);

  test('is had as it was sent; a film from where the answer says it lies', async () => {
    expect(await load(send('image'))).toEqual({ bytes });
    expect(await load(send('voice'))).toEqual({ bytes });
    stage.calls();
    expect(await load(send('video'))).toEqual({ bytes });
    expect(stage.calls()).toEqual(['/cgi-bin/media/get', expect.stringMatching(/^\/films\//)]);
  });

  test('is gone after three days, and what was never sent is not there', async () => {
    const sent = send('image');
    stage.sandbox.world.clock.advance(3 * 24 * 3_600_000 + 1_000);
    expect(await load(sent)).toMatchObject({ failure: { kind: 'rejected', code: '40007' } });
    const nothing = { type: 'image', mediaId: null, url: null };
    expect(await load(nothing)).toMatchObject({ failure: { kind: 'rejected' } });
  });

  test('is had with a new token when the old one is refused, and no film from elsewhere', async () => {
    const sent = send('image');
    stage.arm('/cgi-bin/media/get', {
      kind: 'answer',
      body: { errcode: 40001, errmsg: 'invalid credential' },
    });
    expect(await load(sent)).toEqual({ bytes });
    const elsewhere = { video_url: 'http://films.example.com/1.mp4' };
    stage.arm('/cgi-bin/media/get', { kind: 'answer', body: elsewhere });
    expect(await load(send('video'))).toMatchObject({
      failure: { kind: 'rejected', code: 'no-file' },
    });
  });

  test('is asked for again after an answer that was lost, cut off or a page', async () => {
    for (const fault of [
      { kind: 'lose-answer', accept: true },
      { kind: 'stall', at: 'body', accept: true },
      { kind: 'status', status: 502 },
      { kind: 'status', status: 429 },
    ] as const) {
      stage.arm('/cgi-bin/media/get', fault);
      expect(await load(send('image'))).toMatchObject({ failure: { kind: 'retry-later' } });
    }
  });
});

describe('probe and quota', () => {
  test('a good account is told what it was granted, and nothing that nobody saw', async () => {
    expect(await probe.probe(stage.session)).toEqual({
      kind: 'ok',
      notes: ['草稿箱里有 0 篇。'],
      grants: { publish: 'granted', metrics: 'granted', menu: 'granted' },
    });
    await publishOne();
    const changes = (['publish.accepted', 'mass.accepted', 'message.sent', 'menu.changed'] as const).map(
      (kind) => stage.ledger(kind).length,
    );
    expect(await probe.probe(stage.session)).toMatchObject({
      grants: { publish: 'granted', comments: 'granted', metrics: 'granted', menu: 'granted' },
    });
    expect(changes).toEqual([1, 0, 0, 0]);
    expect(stage.ledger('publish.accepted')).toHaveLength(1);
  });

  test('the grant of figures is seen at any hour, before the platform has counted yesterday too', async () => {
    for (let hour = 0; hour < 24; hour += 1) {
      expect(await probe.probe(stage.session)).toMatchObject({ grants: { metrics: 'granted' } });
      stage.advance(3_600_000);
    }
  });

  test('an unverified account is told what it must apply for', async () => {
    stage.account().verified = false;
    const result = await probe.probe(stage.session);
    // The stand-in lists publications for everybody: only what the platform refuses is known to be missing.
    expect(result).toMatchObject({ grants: { metrics: 'needs-application', menu: 'needs-application' } });
    stage.arm('/cgi-bin/freepublish/batchget', { kind: 'answer', body: { errcode: 48001 } });
    const refused = await probe.probe(stage.session);
    expect(refused.kind === 'ok' && refused.notes[1]).toMatch(/手工发布/);
    expect(refused).toMatchObject({
      grants: {
        publish: 'needs-application',
        'mass-send': 'needs-application',
        withdraw: 'needs-application',
      },
    });
  });

  test('comments without the privilege are told apart from comments nobody could ask for', async () => {
    await publishOne();
    stage.arm('/cgi-bin/comment/list', { kind: 'answer', body: { errcode: 88000, errmsg: 'no privilege' } });
    expect(await probe.probe(stage.session)).toMatchObject({
      grants: {
        ...{ comments: 'needs-application', moderation: 'needs-application' },
        'comment-switch': 'needs-application',
      },
    });
    stage.arm('/cgi-bin/comment/list', { kind: 'answer', body: { errcode: 45009, errmsg: 'quota' } });
    const unsure = await probe.probe(stage.session);
    expect(unsure.kind === 'ok' && 'comments' in unsure.grants).toBe(false);
  });

  test('a wrong secret fails the probe with what to do', async () => {
    stage.account().secret = 'another';
    expect(await probe.probe(stage.session)).toMatchObject({ outcome: { kind: 'sign-in-again' } });
  });

  test('tells the calls left for publishing, and nothing about mass sends', async () => {
    expect(await quota.remaining(stage.session, 'publish')).toBe(5000);
    expect(await quota.remaining(stage.session, 'mass-send')).toBeNull();
  });
});

test('no secret and no token is ever recorded', async () => {
  await publishOne();
  const recorded = JSON.stringify(stage.exchanges);
  expect(recorded).not.toContain('TEST_SECRET');
  for (const token of stage.account().tokens) expect(recorded).not.toContain(token.value);
});
