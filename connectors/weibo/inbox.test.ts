import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { receiveFile, receiveMessage } from '#sandbox/weibo/messages.ts';
import { personCalled } from '#sandbox/weibo/state.ts';
import { stageWeibo, WEIBO_SECRET, WEIBO_UID, type WeiboStage } from '#tests/support/weibo-stage.ts';
import type { PlatformIds, PushRequest } from '../contract.ts';
import { weibo } from './connector.ts';
import { limits, pollEveryMs } from './limits.ts';

const { comments, messages, push, signIn, probe } = weibo;
if (!comments || !messages || !push || !signIn || !probe) throw new Error('capabilities');

const fixture = (name: string): Record<string, Record<string, unknown>> =>
  JSON.parse(readFileSync(new URL(`../../tests/fixtures/weibo/${name}`, import.meta.url), 'utf8'));

let stage: WeiboStage;
beforeEach(async () => {
  stage = await stageWeibo();
});
afterEach(() => stage.stop());

async function publishOne(): Promise<PlatformIds> {
  const outcome = await stage.submit(stage.build());
  if (outcome.kind !== 'published') throw new Error(outcome.kind);
  return outcome.ids;
}

async function comment(ids: PlatformIds, nickname: string, content: string): Promise<void> {
  const page = `${stage.sandbox.url}/sandbox/weibo/${WEIBO_UID}/${ids.postId}/comments`;
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
    expect(sent.kind).toBe('sent');
    const after = await list(ids);
    expect(after).toHaveLength(2);
    expect(after.find(({ platformId }) => platformId === first!.platformId)?.reply?.text).toBe('17:00。');
    expect(after.find(({ platformId }) => platformId === second!.platformId)?.reply).toBeNull();
  });

  test('a poll of an ordinary post costs one call, a busy one is read page by page', async () => {
    const ids = await publishOne();
    await comment(ids, '市民甲', '好');
    stage.calls();
    await list(ids);
    expect(stage.calls()).toHaveLength(1);
    for (let count = 0; count < 210; count += 1) await comment(ids, `读者${count}`, `第${count}条`);
    stage.calls();
    expect(await list(ids)).toHaveLength(211);
    expect(stage.calls()).toHaveLength(2);
  });

  test('a lost answer to a reply is looked up', async () => {
    const ids = await publishOne();
    await comment(ids, '市民甲', '请问几点下班？');
    const [one] = await list(ids);
    const lookUp = () => comments.checkReply(stage.session, ids, one!.platformId, '17:00。');
    expect((await lookUp()).kind).toBe('absent');
    stage.arm('/2/comments/reply.json', { kind: 'lose-answer', accept: true });
    expect((await comments.reply(stage.session, ids, one!.platformId, '17:00。')).kind).toBe('unknown');
    expect((await lookUp()).kind).toBe('sent');
    expect((await comments.checkReply(stage.session, ids, '404', '17:00。')).kind).toBe('unknown');
    stage.arm('/2/comments/show.json', { kind: 'html', accept: true });
    expect((await lookUp()).kind).toBe('unknown');
    expect(stage.ledger('reply.sent')).toHaveLength(1);
  });

  test('a reply too long for the platform is not sent', async () => {
    const ids = await publishOne();
    const outcome = await comments.reply(stage.session, ids, '1', '字'.repeat(141));
    expect(outcome).toMatchObject({ kind: 'rejected', code: '20012' });
    expect(stage.ledger('reply.sent')).toHaveLength(0);
  });

  test('people who never granted the application access stay unseen, as on the platform', async () => {
    stage.account().commentScope = 'authorised';
    const ids = await publishOne();
    await comment(ids, '市民甲', '看不见');
    expect(await list(ids)).toEqual([]);
  });

  test('polling two posts a day leaves 30 of the 100 calls', () => {
    const day = 24 * 3_600_000;
    let calls = 0;
    for (let age = 0; age < 30 * day; age += pollEveryMs(age)) calls += 1;
    // In the steady state every post costs its whole life's calls, spread over the days.
    expect(calls * 2).toBeLessThanOrEqual(limits.callsPerUserAndDay - 30);
    expect(pollEveryMs(365 * day)).toBeGreaterThan(7 * day);
  });
});

describe('private messages', () => {
  test('are answered within the window and not after it', async () => {
    const person = personCalled(stage.account(), '市民甲');
    receiveMessage(stage.sandbox.world, stage.account(), person, '请问几点下班？');
    expect((await messages.send(stage.session, person.uid, '17:00。')).kind).toBe('sent');
    expect(stage.ledger('message.sent')).toMatchObject([{ detail: { text: '17:00。' } }]);
    stage.advance(49 * 3_600_000);
    expect(await messages.send(stage.session, person.uid, '还有')).toEqual({
      kind: 'window-closed',
      code: '26403',
    });
    expect((await messages.send(stage.session, person.uid, '字'.repeat(300))).kind).toBe('rejected');
  });

  test('lie on another host of the real platform', async () => {
    const paths: string[] = [];
    const http = {
      ...stage.session.http,
      baseUrl: 'https://api.weibo.com',
      request: (call: { path: string }) => {
        paths.push(call.path);
        return Promise.reject(new Error('not called in earnest'));
      },
    };
    await expect(messages.send({ ...stage.session, http }, '1', '好')).rejects.toThrow();
    expect(paths).toEqual(['https://m.api.weibo.com/2/messages/reply.json']);
  });
});

describe('what people send', () => {
  const bytes = Buffer.from('\xff\xd8\xff a picture', 'latin1');
  const load = (mediaId: string | null) =>
    messages.files!.load(stage.session, { type: 'image', mediaId, url: null });

  test('is had by the id that the push tells', async () => {
    const pushed: string[] = [];
    const { world } = stage.sandbox;
    receiveFile(world, stage.account(), personCalled(stage.account(), '市民甲'), 'image', bytes);
    pushed.push(...Object.keys(stage.account().sent ?? {}));
    expect(await load(pushed[0]!)).toEqual({ bytes });
  });

  test('is not had by another id, and asked for again when nothing came', async () => {
    expect(await load('800000002')).toMatchObject({ failure: { kind: 'rejected', code: '10008' } });
    expect(await load(null)).toMatchObject({ failure: { kind: 'rejected' } });
    stage.arm('/2/mss/msget', { kind: 'lose-answer', accept: true });
    expect(await load('800000002')).toMatchObject({ failure: { kind: 'retry-later' } });
  });
});

describe('pushes', () => {
  const NOW = new Date('2026-11-20T02:05:00Z');
  const credentials = { appSecret: WEIBO_SECRET };
  const query = (at = NOW.getTime(), secret = WEIBO_SECRET) => {
    const [timestamp, nonce] = [String(at), '57155157'];
    const signature = createHash('sha1').update([secret, timestamp, nonce].toSorted().join('')).digest('hex');
    return { signature, timestamp, nonce };
  };
  const request = (body: unknown, change: Partial<PushRequest> = {}): PushRequest => ({
    method: 'POST',
    query: query(),
    headers: {},
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    ...change,
  });
  const parse = (body: unknown) => {
    const opened = push.open(credentials, request(body), NOW);
    if (!opened) throw new Error('not opened');
    return push.parse(opened.clear, opened.dedupKey);
  };
  const samples = fixture('weibo-push-samples.json');

  test('the platform’s own example of a signature holds', () => {
    const { appSecret, timestamp, nonce, signature } = fixture('signature.json') as unknown as Record<
      string,
      string
    >;
    const asked = request('', {
      method: 'GET',
      query: { timestamp: timestamp!, nonce: nonce!, signature: signature!, echostr: 'ok' },
    });
    expect(push.verifyAddress({ appSecret: appSecret! }, asked)).toBe('ok');
    expect(push.verifyAddress({ appSecret: `${appSecret}x` }, asked)).toBeNull();
    expect(push.verifyAddress({}, asked)).toBeNull();
  });

  test.each([
    [
      'text',
      {
        kind: 'message',
        text: '请问几点下班？',
        attachment: null,
        person: { key: '1900000002', name: null },
      },
    ],
    ['image', { kind: 'message', attachment: { type: 'image', mediaId: '800000002', url: null } }],
    ['voice', { kind: 'message', attachment: { type: 'voice', mediaId: '800000002', url: null } }],
    [
      'position',
      { kind: 'message', attachment: { type: 'position', mediaId: null, url: 'geo:30.274150,120.155150' } },
    ],
    ['event-follow', { kind: 'follow' }],
    ['event-scan-follow', { kind: 'follow' }],
    ['event-unfollow', { kind: 'unfollow' }],
    ['event-menu-click', { kind: 'message', text: 'MENU_HOTLINE', attachment: { type: 'menu' } }],
    ['event-menu-view', { kind: 'ignored', type: 'event.view' }],
    ['event-scan', { kind: 'ignored', type: 'event.scan' }],
    ['mention-status', { kind: 'mention', platformId: '5200000000000002', text: '@测试市发布 路灯坏了' }],
    ['mention-comment', { kind: 'mention', platformId: expect.stringMatching(/^\d+$/) }],
  ])('%s is read', (name, expected) => {
    expect(parse(samples[name])).toMatchObject(expected);
  });

  test('an unknown type is ignored, ids beyond 2^53 keep their digits', () => {
    expect(parse({ ...samples.text, type: 'shake' })).toMatchObject({ kind: 'ignored', type: 'shake' });
    const long = JSON.stringify(samples.image).replace('800000002', '90071992547409931');
    expect(parse(long)).toMatchObject({ attachment: { mediaId: '90071992547409931' } });
  });

  test('two messages of one person within a second have two keys', () => {
    const key = (text: string) => push.open(credentials, request({ ...samples.text, text }), NOW)?.dedupKey;
    expect(key('一')).not.toBe(key('二'));
    expect(key('一')).toBe(key('一'));
  });

  test.each([
    ['another secret', { query: query(NOW.getTime(), 'OTHER') }],
    ['no signature', { query: { timestamp: String(NOW.getTime()), nonce: '1' } }],
    ['a cut signature', { query: { ...query(), signature: query().signature.slice(0, 38) } }],
    ['a time eleven minutes ago', { query: query(NOW.getTime() - 11 * 60_000) }],
    ['a time eleven minutes ahead', { query: query(NOW.getTime() + 11 * 60_000) }],
    ['a time that is none', { query: { ...query(Number.NaN) } }],
    ['a body that is not JSON', { body: Buffer.from('<xml/>') }],
    ['a body without a sender', { body: Buffer.from('{"type":"text"}') }],
    ['a body of megabytes', { body: Buffer.alloc(1024 * 1024, ' ') }],
  ])('%s is refused', (_name, change) => {
    expect(push.open(credentials, request(samples.text, change), NOW)).toBeNull();
  });

  test('times in seconds are understood too', () => {
    expect(
      push.open(credentials, request(samples.text, { query: query(NOW.getTime() / 1000) }), NOW),
    ).not.toBeNull();
  });
});

describe('signing in', () => {
  const redirectUri = 'https://rs.example.gov.cn/back';

  async function consent(): Promise<string> {
    const asked = new URL(signIn!.authorizeUrl(stage.session, redirectUri, 'STATE1'));
    const page = await (await fetch(asked)).text();
    expect(page).toContain('青川人社');
    const form = new URLSearchParams({
      ...Object.fromEntries(asked.searchParams),
      uid: WEIBO_UID,
      decision: 'allow',
    });
    const answer = await fetch(asked.href.split('?')[0]!, { method: 'POST', body: form, redirect: 'manual' });
    const back = new URL(answer.headers.get('location') ?? '');
    expect(back.searchParams.get('state')).toBe('STATE1');
    return back.searchParams.get('code') ?? '';
  }

  test('by the consent page gives a token that works, once', async () => {
    const code = await consent();
    const given = await signIn.exchange(stage.session, redirectUri, code);
    if ('failure' in given) throw new Error(given.failure.kind);
    expect(given.platformUserId).toBe(WEIBO_UID);
    expect(given.expiresAt!.getTime() - stage.session.now().getTime()).toBeGreaterThan(29 * 24 * 3_600_000);
    const session = { ...stage.session, credentials: { ...stage.session.credentials, ...given.credentials } };
    expect((await probe.probe(session)).kind).toBe('ok');
    const again = await signIn.exchange(stage.session, redirectUri, code);
    expect(again).toMatchObject({ failure: { kind: 'sign-in-again', code: '21325' } });
    const kept = JSON.stringify(stage.exchanges);
    for (const secret of [code, WEIBO_SECRET, given.credentials.accessToken!])
      expect(kept).not.toContain(secret);
  });

  test('with another return address is refused', async () => {
    const given = await signIn.exchange(stage.session, 'https://evil.example/', await consent());
    expect(given).toMatchObject({ failure: { kind: 'rejected', code: '21322' } });
  });

  test('the probe tells when the site lies outside the bound domain', async () => {
    const probed = await probe.probe({ ...stage.session, publicUrl: 'http://127.0.0.1:3000' });
    expect(probed).toMatchObject({
      kind: 'ok',
      notes: [
        expect.stringContaining('到期'),
        expect.stringContaining('商业接口'),
        expect.stringContaining('安全域名'),
      ],
    });
    for (const token of stage.account().tokens) token.revoked = true;
    expect(await probe.probe(stage.session)).toMatchObject({
      kind: 'failed',
      outcome: { kind: 'sign-in-again' },
    });
  });
});
