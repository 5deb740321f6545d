import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { receiveMessage, setFollowing } from '#sandbox/douyin/messages.ts';
import { personCalled } from '#sandbox/douyin/state.ts';
import { DOUYIN_OPEN_ID, DOUYIN_SECRET, type DouyinStage, stageDouyin } from '#tests/support/douyin-stage.ts';
import type { PushRequest } from '../contract.ts';
import { douyin } from './connector.ts';
import { isGenuine } from './push.ts';

const { push } = douyin;
if (!push) throw new Error('capabilities');

type Case = { name: string; clientSecret: string; rawBody: string; expected: string };
const vector = JSON.parse(
  readFileSync(new URL('../../tests/fixtures/douyin/webhook-signature.json', import.meta.url), 'utf8'),
) as { reply_verify: object; cases: Case[] };
const caseOf = (name: string): Case => vector.cases.find((one) => one.name === name)!;

const credentials = { clientSecret: DOUYIN_SECRET, openId: 'open-b' };
const NOW = new Date(1_681_303_290_000);
const sign = (body: string, secret = DOUYIN_SECRET) =>
  createHash('sha1')
    .update(secret + body)
    .digest('hex');
const request = (body: string, signature = sign(body), more: Record<string, string> = {}): PushRequest => ({
  method: 'POST',
  query: {},
  headers: { 'x-douyin-signature': signature, 'msg-id': 'M1', ...more },
  body: Buffer.from(body),
});
const open = (body: string, now = NOW) => push.open(credentials, request(body), now);
const parse = (body: string, now = NOW) => {
  const opened = open(body, now);
  if (!opened) throw new Error('not opened');
  return push.parse(opened.clear, opened.dedupKey);
};

describe('the platform’s signature vectors', () => {
  test.each(vector.cases)(
    '$name holds, over the bytes as they came',
    ({ clientSecret, rawBody, expected }) => {
      expect(isGenuine({ clientSecret }, request(rawBody, expected))).toBe(true);
      expect(isGenuine({ clientSecret }, request(`${rawBody} `, expected))).toBe(false);
      expect(isGenuine({ clientSecret: `${clientSecret}x` }, request(rawBody, expected))).toBe(false);
      expect(isGenuine({ clientSecret }, request(rawBody, expected.slice(0, 38)))).toBe(false);
      expect(isGenuine({}, request(rawBody, expected))).toBe(false);
      expect(isGenuine({ clientSecret }, { ...request(rawBody), headers: {} })).toBe(false);
    },
  );

  test('the address check answers its challenge as JSON, and only when it is signed', () => {
    const { rawBody, expected } = caseOf('verify');
    const answer = push.answerCheck!(credentials, request(rawBody, expected));
    expect(JSON.parse(answer!)).toEqual(vector.reply_verify);
    expect(push.answerCheck!(credentials, request(rawBody, sign(rawBody, 'OTHER')))).toBeNull();
    expect(push.answerCheck!(credentials, request(caseOf('create_video').rawBody))).toBeNull();
    expect(push.verifyAddress(credentials, { ...request(''), method: 'GET' })).toBeNull();
  });
});

describe('what is pushed', () => {
  test('a message whose content is a text of JSON is read', () => {
    expect(parse(caseOf('spaces_and_unicode').rawBody)).toEqual({
      kind: 'message',
      dedupKey: 'im:@c==:@m==',
      person: { key: 'open-c', name: null },
      text: '请问办理时间',
      at: new Date(1_681_303_285_997),
      attachment: null,
    });
  });

  test('a picture is kept as what it is, with the name of its sender', () => {
    const content = {
      ...{ conversation_short_id: '@c', server_message_id: '@m2', create_time: NOW.getTime() },
      ...{ message_type: 'image', resource_url: 'https://p3.example.com/1.jpg' },
      user_infos: [{ open_id: 'open-c', nick_name: '市民甲', avatar: '' }],
    };
    const body = JSON.stringify({
      ...{ event: 'im_receive_msg', from_user_id: 'open-c', to_user_id: 'open-b', content },
    });
    expect(parse(body)).toMatchObject({
      person: { name: '市民甲' },
      text: '',
      attachment: { type: 'image', mediaId: null, url: 'https://p3.example.com/1.jpg' },
    });
  });

  test('a work made by a share is a delivery under both its ids', () => {
    const ids = { itemId: '@it==', shareId: '1759435947641859' };
    expect(parse(caseOf('create_video').rawBody)).toMatchObject({
      ...{ kind: 'delivery', ids, outcome: { kind: 'pending', ids } },
    });
  });

  test('comments are set aside, since they are read; a withdrawn grant is told with the time of its arrival', () => {
    expect(parse(caseOf('comment_reply').rawBody, new Date(1_700_000_060_000))).toMatchObject({
      ...{ kind: 'ignored', type: 'item_comment_reply' },
    });
    expect(parse(caseOf('unauthorize').rawBody)).toMatchObject({ kind: 'revoked', at: NOW });
  });

  test('what is for another account of the same application is not shown under this one', () => {
    const body = caseOf('spaces_and_unicode').rawBody;
    const opened = push.open({ ...credentials, openId: 'open-z' }, request(body), NOW)!;
    expect(opened.clear.toString()).not.toContain('办理');
    expect(push.parse(opened.clear, opened.dedupKey)).toMatchObject({ kind: 'ignored' });
  });
});

describe('replays and rubbish', () => {
  test('the same bytes have the same key, whatever unsigned Msg-Id they come with', () => {
    for (const { rawBody } of vector.cases.filter(({ name }) => name !== 'comment_reply')) {
      const first = push.open(credentials, request(rawBody), NOW)!;
      const again = push.open(credentials, request(rawBody, sign(rawBody), { 'msg-id': 'M2' }), NOW)!;
      expect(again.dedupKey).toBe(first.dedupKey);
    }
    const keys = vector.cases.map(({ rawBody }) => open(rawBody)?.dedupKey).filter(Boolean);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('a message that is hours old, or from tomorrow, does not open', () => {
    const { rawBody } = caseOf('spaces_and_unicode');
    for (const hours of [-24, -2, 2]) {
      expect(open(rawBody, new Date(NOW.getTime() + hours * 3_600_000))).toBeNull();
    }
  });

  test.each([
    ['no JSON', '<xml/>'],
    ['no event', '{"content":{}}'],
    ['a content that is no object', '{"event":"im_receive_msg","content":"[1"}'],
    ['a list', '[]'],
    ['megabytes', `{"event":"x","content":"${' '.repeat(300_000)}"}`],
  ])('%s does not open', (_name, body) => {
    expect(open(body)).toBeNull();
  });

  test('a message without a time cannot be read', () => {
    const body =
      '{"event":"im_receive_msg","from_user_id":"open-c","to_user_id":"open-b","content":{"text":"好"}}';
    expect(() => parse(body)).toThrow(SyntaxError);
  });
});

describe('pushes of the stand-in', () => {
  let stage: DouyinStage;
  afterEach(() => stage.stop());

  test('a genuine one opens, a forged one and one that is a day old do not; two messages have two keys', async () => {
    stage = await stageDouyin({ push: { url: 'http://127.0.0.1:9/hooks' } });
    const { world } = stage.sandbox;
    world.pushes.behave('douyin', { forge: true, tries: 1, timeoutMs: 100 });
    const person = personCalled(stage.account(), '市民甲');
    receiveMessage(world, stage.account(), person, '一');
    receiveMessage(world, stage.account(), person, '二');
    setFollowing(world, stage.account(), person, true);
    setFollowing(world, stage.account(), person, false);
    const all = world.pushes
      .list('douyin')
      .map(({ http }): PushRequest => ({ ...request(http.body), headers: http.headers }));
    const now = stage.session.now();
    const keys = all.map((one) => push.open(stage.session.credentials, one, now)?.dedupKey ?? null);
    expect(keys.map((key) => key !== null)).toEqual([false, true, false, true, false, true, false, true]);
    expect(new Set(keys).size).toBe(5);
    const later = new Date(now.getTime() + 24 * 3_600_000);
    expect(push.open(stage.session.credentials, all[1]!, later)).toBeNull();
    expect(push.open({ ...stage.session.credentials, clientSecret: '' }, all[1]!, now)).toBeNull();
    expect(push.open(stage.session.credentials, { ...all[1]!, body: Buffer.from('{') }, now)).toBeNull();
    const events = [1, 5, 7].map((at) => {
      const opened = push.open(stage.session.credentials, all[at]!, now)!;
      return push.parse(opened.clear, opened.dedupKey);
    });
    expect(events.map(({ kind }) => kind)).toEqual(['message', 'follow', 'unfollow']);
    expect(events[0]).toMatchObject({ person: { key: person.openId, name: '市民甲' }, text: '一' });
    expect(DOUYIN_OPEN_ID).toBe(stage.session.credentials.openId);
  });
});
