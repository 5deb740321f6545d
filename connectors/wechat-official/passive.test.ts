import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PushRequest } from '#connectors/contract.ts';
import { pressButton } from '#sandbox/wechat-official/menu.ts';
import { personCalled, receiveMessage } from '#sandbox/wechat-official/messages.ts';
import { readPassiveReply } from '#sandbox/wechat-official/passive-reply.ts';
import type { PushTarget } from '#sandbox/wechat-official/state.ts';
import { stageWechat, WECHAT_AES_KEY, WECHAT_APP_ID, type WechatStage } from '#tests/support/wechat-stage.ts';
import { wechatOfficial } from './connector.ts';
import { decrypt, encrypt, sign } from './crypto.ts';
import { readFields } from './xml.ts';

const { push } = wechatOfficial;
if (!push?.answer) throw new Error('push');
const { answer } = push;

const FIXTURES = new URL('../../tests/fixtures/wechat/', import.meta.url);
const fixture = (name: string): string => readFileSync(new URL(name, FIXTURES), 'utf8');
type Vector = Record<string, string> & { reply?: Record<string, string> };
const vectors = JSON.parse(fixture('crypto-vectors.json')) as Record<string, Vector[]>;

const target: PushTarget = {
  ...{ url: 'http://127.0.0.1:9/hooks', token: 'matrixTestToken', encodingAESKey: WECHAT_AES_KEY },
  ...{ mode: 'safe', format: 'xml' },
};

let stage: WechatStage;
beforeEach(async () => {
  stage = await stageWechat({ push: target });
  stage.sandbox.world.pushes.behave('wechat-official', { tries: 1, timeoutMs: 100 });
});
afterEach(() => stage.stop());

/** What the platform pushes when a person writes. */
function written(change: Partial<PushTarget>, text: string): PushRequest {
  const account = stage.account();
  account.push = { ...target, ...change };
  receiveMessage(stage.sandbox.world, account, personCalled(stage.sandbox.world, account, '老李'), text);
  return lastPush();
}

function lastPush(): PushRequest {
  const { http } = stage.sandbox.world.pushes.list('wechat-official').at(-1)!;
  const query = Object.fromEntries(new URL(http.url).searchParams);
  return { method: 'POST', query, headers: http.headers, body: Buffer.from(http.body) };
}

const credentialsFor = (mode: PushTarget['mode']) =>
  mode === 'plain' ? { ...stage.session.credentials, encodingAESKey: '' } : stage.session.credentials;

describe('a passive answer', () => {
  test.each(
    (['safe', 'compat', 'plain'] as const).flatMap((mode) =>
      (['xml', 'json'] as const).map((format) => ({ mode, format })),
    ),
  )('in $mode mode and $format is what the platform shows to the person', ({ mode, format }) => {
    const request = written({ mode, format }, '几点下班？');
    const credentials = credentialsFor(mode);
    const opened = push.open(credentials, request, stage.session.now());
    if (!opened) throw new Error('not opened');
    const words = '您好 ]]> <b>17:30</b> 下班。';
    const given = answer(credentials, request, opened.clear, words, stage.session.now());
    expect(given?.contentType).toBe(format === 'xml' ? 'text/xml' : 'application/json');
    const { openid } = personCalled(stage.sandbox.world, stage.account(), '老李');
    const account = stage.account();
    expect(
      readPassiveReply(account.push!, WECHAT_APP_ID, given?.body ?? '', openid, account.originalId),
    ).toBe(words);
  });

  test('is not given to what has no words, nor without any', () => {
    const request = written({}, '在吗');
    const opened = push.open(stage.session.credentials, request, stage.session.now())!;
    expect(answer(stage.session.credentials, request, opened.clear, ' ', stage.session.now())).toBeNull();
    const now = stage.session.now();
    for (const name of ['event-subscribe.xml', 'msg-image.xml', 'event-menu-view.xml', 'event-scan.xml']) {
      const clear = Buffer.from(fixture(`webhook/${name}`));
      expect(answer(stage.session.credentials, request, clear, '您好', now), name).toBeNull();
    }
  });

  test('is given to a touch of the menu, which is read as its keyword', () => {
    const { world } = stage.sandbox;
    stage.account().menu = [{ type: 'click', name: '热线', key: 'HOTLINE' }];
    pressButton(world, stage.account(), personCalled(world, stage.account(), '老李'), '热线');
    const request = lastPush();
    const opened = push.open(stage.session.credentials, request, stage.session.now())!;
    expect(push.parse(opened.clear, opened.dedupKey)).toMatchObject({
      ...{ kind: 'message', text: 'HOTLINE', attachment: { type: 'menu' } },
    });
    const given = answer(stage.session.credentials, request, opened.clear, '12333', stage.session.now());
    expect(given).not.toBeNull();
  });
});

describe('sealing', () => {
  test('gives the bytes of the published sample', () => {
    const sample = vectors.published?.find(({ reply }) => reply);
    const {
      plaintext = '',
      random16 = '',
      encrypt: sealed = '',
      timestamp = '',
      nonce = '',
      msgSignature,
    } = sample?.reply ?? {};
    expect(encrypt(sample?.encodingAESKey ?? '', sample?.appId ?? '', plaintext, random16)).toBe(sealed);
    expect(sign(sample?.token ?? '', timestamp, nonce, sealed)).toBe(msgSignature);
  });

  test.each((vectors.generated ?? []).map((vector) => [vector.name ?? '', vector] as const))(
    'gives the bytes of %s',
    (_name, vector) => {
      const { encodingAESKey = '', appId = '', plaintext = '', random16 = '', encrypt: sealed } = vector;
      expect(encrypt(encodingAESKey, appId, plaintext, random16)).toBe(sealed);
    },
  );

  test('of the sample answer opens, and closes to the same bytes again', () => {
    const envelope = readFields(Buffer.from(fixture('reply/encrypted-envelope.xml')));
    const sealed = String(envelope.Encrypt);
    const { TimeStamp, Nonce } = envelope;
    expect(sign('matrixTestToken', String(TimeStamp), String(Nonce), sealed)).toBe(envelope.MsgSignature);
    const clear = decrypt(WECHAT_AES_KEY, WECHAT_APP_ID, sealed)?.toString() ?? '';
    expect(encrypt(WECHAT_AES_KEY, WECHAT_APP_ID, clear, '0123456789abcdef')).toBe(sealed);
  });

  test('of a text writes the fields of the sample', () => {
    const account = stage.account();
    const request = written({ mode: 'plain' }, '在吗');
    const given = answer(credentialsFor('plain'), request, request.body, '您好', stage.session.now());
    const sample = readFields(Buffer.from(fixture('reply/text.xml')));
    const { ToUserName, FromUserName, ...rest } = readFields(Buffer.from(given?.body ?? ''));
    expect(Object.keys({ ToUserName, FromUserName, ...rest })).toEqual(
      Object.keys(sample).filter((name) => name !== '#text'),
    );
    expect({ FromUserName, ...rest }).toMatchObject({
      ...{ FromUserName: account.originalId, MsgType: 'text', Content: '您好' },
    });
  });
});
