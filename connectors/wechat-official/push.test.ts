import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Credentials, PushRequest } from '#connectors/contract.ts';
import { Digits, sealPush } from '#sandbox/wechat-official/seal.ts';
import type { PushTarget } from '#sandbox/wechat-official/state.ts';
import { wechatOfficial } from './connector.ts';
import { decrypt, sign } from './crypto.ts';

const { push, fields } = wechatOfficial;
if (!push) throw new Error('push');

const FIXTURES = new URL('../../tests/fixtures/wechat/', import.meta.url);
type Vector = Record<string, string> & { name: string; reply?: Record<string, string> };
type Vectors = Record<'published' | 'generated' | 'negative' | 'signatures3', Vector[]>;
const vectors = JSON.parse(readFileSync(new URL('crypto-vectors.json', FIXTURES), 'utf8')) as Vectors;
const read = (name: string): Buffer => readFileSync(new URL(`webhook/${name}`, FIXTURES));
const negative = (name: string): Vector => {
  const found = vectors.negative.find((vector) => vector.name === name);
  if (!found) throw new Error(name);
  return found;
};

const KEY = 'llmChHXtUG9eOuSL+aPl5OM8gK5GxKmFlq8DpxB3/jo';
const credentials: Credentials = {
  appId: 'wx00000000000test0',
  token: 'matrixTestToken',
  encodingAESKey: KEY,
};
const target: PushTarget = {
  url: 'http://127.0.0.1/hooks',
  token: 'matrixTestToken',
  encodingAESKey: KEY,
  mode: 'safe',
  format: 'xml',
};
const NOW = new Date(1_795_000_000_000);
const message = {
  ...{
    ToUserName: 'gh_matrix000001',
    FromUserName: 'oMATRIXtest0000000000000001',
    CreateTime: 1_795_000_000,
  },
  MsgType: 'text',
  Content: ' 请问 ]]> <b>社保卡</b>\n',
  MsgId: new Digits('24930000000000001'),
};

function pushed(change: Partial<PushTarget> = {}, forged = false): PushRequest {
  const http = sealPush(
    { ...target, ...change },
    credentials.appId ?? '',
    'oX',
    message,
    NOW.getTime(),
    forged,
  );
  const query = Object.fromEntries(new URL(http.url).searchParams);
  return { method: 'POST', query, headers: http.headers, body: Buffer.from(http.body) };
}

describe('crypto', () => {
  test.each([...vectors.published, ...vectors.generated])('decrypts and signs $name', (vector) => {
    const { token = '', timestamp = '', nonce = '', encrypt = '', encodingAESKey = '', appId = '' } = vector;
    expect(sign(token, timestamp, nonce, encrypt)).toBe(
      vector.msgSignature ?? vector.msgSignatureComputedHere,
    );
    expect(decrypt(encodingAESKey, appId, encrypt)?.toString()).toBe(vector.plaintext);
    const { reply } = vector;
    if (!reply) return;
    expect(sign(token, reply.timestamp ?? '', reply.nonce ?? '', reply.encrypt ?? '')).toBe(
      reply.msgSignature,
    );
    expect(decrypt(encodingAESKey, appId, reply.encrypt ?? '')?.toString()).toBe(reply.plaintext);
  });

  test.each(vectors.signatures3)('signs $name', ({ token = '', timestamp = '', nonce = '', signature }) => {
    expect(sign(token, timestamp, nonce)).toBe(signature);
  });

  test('refuses a message for another AppID', () => {
    const [vector] = vectors.generated;
    expect(decrypt(vector?.encodingAESKey ?? '', 'wx00000000000other', vector?.encrypt ?? '')).toBeNull();
  });

  test('refuses what is not whole blocks, not base64, or not padded', () => {
    const { encodingAESKey = '', encrypt = '' } = negative('not-a-block-multiple');
    expect(decrypt(encodingAESKey, 'wx', encrypt)).toBeNull();
    expect(decrypt(encodingAESKey, 'wx', '***')).toBeNull();
    expect(decrypt(encodingAESKey, 'wx', Buffer.alloc(64).toString('base64'))).toBeNull();
  });

  test('refuses a key of 42 characters in the form and in use', () => {
    const { encodingAESKey = '' } = negative('aeskey-42-chars');
    const pattern = fields.find(({ key }) => key === 'encodingAESKey')?.pattern;
    expect(pattern?.test(encodingAESKey)).toBe(false);
    expect(pattern?.test(KEY)).toBe(true);
    expect(decrypt(encodingAESKey, 'wx', Buffer.alloc(64).toString('base64'))).toBeNull();
  });
});

describe('the address check', () => {
  const [{ token = '', timestamp = '', nonce = '', echostr = '', signature = '' } = {} as Vector] =
    vectors.signatures3;
  const request = (change: Record<string, string>): PushRequest => ({
    method: 'GET',
    headers: {},
    body: Buffer.alloc(0),
    query: { signature, timestamp, nonce, echostr, ...change },
  });

  test('answers with the bare echostr', () => {
    expect(push.verifyAddress({ token }, request({}))).toBe(echostr);
  });

  test.each<Record<string, string>>([{ signature: '0'.repeat(40) }, { signature: '' }, { nonce: '1' }])(
    'refuses %o',
    (change) => {
      expect(push.verifyAddress({ token }, request(change))).toBeNull();
    },
  );
});

describe('opening a push', () => {
  test.each(['xml', 'json'] as const)('reads safe mode in %s with the id in full', (format) => {
    const opened = push.open(credentials, pushed({ format }), NOW);
    expect(opened?.dedupKey).toBe('msg:24930000000000001');
    expect(push.parse(opened?.clear ?? Buffer.alloc(0), 'k')).toEqual({
      kind: 'message',
      dedupKey: 'k',
      at: NOW,
      attachment: null,
      text: ' 请问 ]]> <b>社保卡</b>\n',
      person: { key: 'oMATRIXtest0000000000000001', name: null },
    });
  });

  test('believes only what was encrypted in compatible mode', () => {
    const request = pushed({ mode: 'compat' });
    const body = Buffer.from(request.body.toString().replace('oMATRIXtest0000000000000001', 'oATTACKER'));
    const opened = push.open(credentials, { ...request, body }, NOW);
    expect(opened?.clear.toString()).toContain('oMATRIXtest0000000000000001');
    expect(opened?.clear.toString()).not.toContain('oATTACKER');
  });

  test('opens the published compatible-mode example at its own time', () => {
    const vector = vectors.published.find(({ outerXml }) => outerXml);
    const {
      token = '',
      encodingAESKey = '',
      appId = '',
      timestamp = '',
      nonce = '',
    } = vector ?? ({} as Vector);
    const query = { encrypt_type: 'aes', msg_signature: vector?.msgSignature ?? '', timestamp, nonce };
    const request = {
      method: 'POST',
      query,
      headers: {},
      body: Buffer.from(vector?.outerXml ?? ''),
    } as const;
    const opened = push.open({ token, encodingAESKey, appId }, request, new Date(Number(timestamp) * 1000));
    expect(opened?.dedupKey).toBe('msg:6054768590064713728');
  });

  test('takes plain mode only from an account without a key', () => {
    const request = pushed({ mode: 'plain' });
    expect(push.open(credentials, request, NOW)).toBeNull();
    const open = push.open({ ...credentials, encodingAESKey: '' }, request, NOW);
    expect(open?.dedupKey).toBe('msg:24930000000000001');
  });

  test.each(['safe', 'plain', 'compat'] as const)('refuses a forged signature in %s mode', (mode) => {
    const known = mode === 'plain' ? { ...credentials, encodingAESKey: '' } : credentials;
    expect(push.open(known, pushed({ mode }, true), NOW)).toBeNull();
  });

  test('refuses the vector with a wrong signature before decrypting', () => {
    const { timestamp = '', nonce = '', msgSignature = '', encrypt } = negative('bad-msg-signature');
    const query = { encrypt_type: 'aes', msg_signature: msgSignature, timestamp, nonce };
    const body = Buffer.from(`<xml><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`);
    expect(push.open(credentials, { method: 'POST', query, headers: {}, body }, NOW)).toBeNull();
  });

  test.each([
    [15, true],
    [599, true],
    [601, false],
    [-601, false],
  ])('%i s after it was sealed: taken %s', (seconds, taken) => {
    const opened = push.open(credentials, pushed(), new Date(NOW.getTime() + seconds * 1000));
    expect(opened !== null).toBe(taken);
  });

  test('gives a retry the same key', () => {
    const first = push.open(credentials, pushed(), NOW);
    const again = push.open(credentials, pushed(), new Date(NOW.getTime() + 10_000));
    expect(again?.dedupKey).toBe(first?.dedupKey);
  });

  test('refuses a push for another original id', () => {
    expect(push.open({ ...credentials, originalId: 'gh_other' }, pushed(), NOW)).toBeNull();
    expect(push.open({ ...credentials, originalId: 'gh_matrix000001' }, pushed(), NOW)).not.toBeNull();
  });

  test.each([
    ['a DTD', negative('doctype-xxe').bodyXml ?? ''],
    ['no element', 'hello'],
    ['broken XML', '<xml><Encrypt>'],
    ['a JSON list', '[1]'],
    ['nothing', ''],
    ['too much', `<xml><Encrypt>${'A'.repeat(300_000)}</Encrypt></xml>`],
    ['deep nesting', `<xml>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</xml>`],
    ['deep JSON', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
    ['a prototype', '{"__proto__":{"Encrypt":"x"}}'],
  ])('refuses %s', (_what, body) => {
    expect(push.open(credentials, { ...pushed(), body: Buffer.from(body) }, NOW)).toBeNull();
    const plain = { ...pushed({ mode: 'plain' }), body: Buffer.from(body) };
    expect(push.open({ ...credentials, encodingAESKey: '' }, plain, NOW)).toBeNull();
  });

  test('refuses a DTD before a message that would be taken without it', () => {
    const plain = { ...credentials, encodingAESKey: '' };
    const request = pushed({ mode: 'plain' });
    expect(push.open(plain, request, NOW)).not.toBeNull();
    const body = Buffer.from(`<!DOCTYPE xml [<!ENTITY e "x">]>${request.body}`);
    expect(push.open(plain, { ...request, body }, NOW)).toBeNull();
  });

  test('keeps the spaces and signs of words outside CDATA as they came', () => {
    const text =
      '<xml><FromUserName>o</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content> 007 &lt; </Content><MsgId>1</MsgId></xml>';
    expect(push.parse(Buffer.from(text), 'k')).toMatchObject({ text: ' 007 &lt; ' });
  });

  test('lets people write about DTDs', () => {
    const text =
      '<xml><FromUserName>o</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content><![CDATA[<!DOCTYPE html>]]></Content><MsgId>1</MsgId></xml>';
    expect(push.parse(Buffer.from(text), 'k')).toMatchObject({ text: '<!DOCTYPE html>' });
  });
});

describe('understanding a push', () => {
  const parse = (name: string) => push.parse(read(name), 'k');

  test('understands every sample, and each has a key of its own', () => {
    const names = readdirSync(new URL('webhook/', FIXTURES)).filter((name) => !name.startsWith('encrypted'));
    expect(names.length).toBeGreaterThan(30);
    const plain = { ...credentials, encodingAESKey: '' };
    for (const name of names) {
      const request = { ...pushed({ mode: 'plain' }), body: read(name) };
      expect(push.open(plain, request, NOW)?.dedupKey, name).toMatch(/^(msg|event):/);
      expect(() => parse(name), name).not.toThrow();
    }
  });

  test('publication out', () => {
    expect(parse('event-publishjobfinish-success.xml')).toMatchObject({
      kind: 'delivery',
      ids: { publishId: '2247480001', articleId: 'ARTICLE_ID_TEST' },
      outcome: { kind: 'published', url: 'http://mp.weixin.qq.com/s/test-1' },
    });
  });

  test.each([
    ['event-publishjobfinish-audit-fail.xml', 'publish-status-4'],
    ['event-publishjobfinish-general-fail.xml', 'publish-status-3'],
    ['event-publishjobfinish-original-fail.xml', 'publish-status-2'],
  ])('%s is a rejection', (name, code) => {
    const event = parse(name);
    expect(event).toMatchObject({ ids: { publishId: '2247480001' }, outcome: { kind: 'rejected', code } });
  });

  test('trims the stray newline of an article id', () => {
    const text = read('event-publishjobfinish-success.xml')
      .toString()
      .replace('ARTICLE_ID_TEST', 'ARTICLE_ID_TEST\n');
    expect(push.parse(Buffer.from(text), 'k')).toMatchObject({ ids: { articleId: 'ARTICLE_ID_TEST' } });
  });

  test.each(['FREEPUBLISHJOBFINISH', 'MASSSENDJOBFINISH'])('reads a publication reported as %s', (event) => {
    const text = read('event-publishjobfinish-success.xml').toString().replace('PUBLISHJOBFINISH', event);
    expect(push.parse(Buffer.from(text), 'k')).toMatchObject({ ids: { publishId: '2247480001' } });
  });

  test('mass sends: out, or held back by the reprint check', () => {
    expect(parse('event-masssendjobfinish-success.xml')).toMatchObject({
      ids: { msgId: '1000000101' },
      outcome: { kind: 'published', url: 'http://mp.weixin.qq.com/s/test-1' },
    });
    const blocked = parse('event-masssendjobfinish-reprint-blocked.xml');
    expect(blocked).toMatchObject({ outcome: { kind: 'rejected', code: 'err-30003' } });
  });

  test('messages with attachments, subscriptions, and what is ignored', () => {
    expect(parse('msg-image.xml')).toMatchObject({
      attachment: { type: 'image', mediaId: 'MEDIA_ID_TEST', url: 'http://mmbiz.qpic.cn/test/0' },
    });
    expect(parse('msg-location.xml')).toMatchObject({ text: '测试市行政服务中心 30.274150,120.155150' });
    expect(parse('msg-link.xml')).toMatchObject({ text: '办事指南\n链接说明' });
    expect(parse('msg-text.json')).toMatchObject({ kind: 'message', text: '请问社保卡怎么补办？' });
    expect(parse('event-subscribe.xml')).toMatchObject({ kind: 'follow' });
    expect(parse('event-unsubscribe.xml')).toMatchObject({ kind: 'unfollow' });
    expect(parse('event-menu-click.xml')).toMatchObject({ kind: 'message', attachment: { type: 'menu' } });
    expect(parse('event-menu-view.xml')).toMatchObject({ kind: 'ignored', type: 'event:VIEW' });
    expect(parse('event-scan.xml')).toMatchObject({ kind: 'ignored', type: 'event:SCAN' });
    expect(parse('event-subscribe-qrscene.xml')).toMatchObject({ kind: 'follow' });
  });
});
