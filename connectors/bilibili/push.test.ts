import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PushRequest } from '../contract.ts';
import { push } from './push.ts';
import { signCall } from './signature.ts';

const samples = JSON.parse(
  readFileSync(new URL('../../tests/fixtures/bilibili/webhook.json', import.meta.url), 'utf8'),
) as Record<string, { body?: string; headers?: Record<string, string>; authorization?: string }>;
const { signed_case: vector } = samples;
const credentials = { appKey: '34c0f583f0414123', appSecret: 'abc7736bb78947d5a4a90690c861c456' };
const now = new Date(1770000000 * 1000);
const request: PushRequest = {
  method: 'POST',
  query: {},
  headers: { ...vector?.headers, authorization: vector?.authorization ?? '' },
  body: Buffer.from(vector?.body ?? ''),
};

const sealed = (body: Buffer, nonce: string): PushRequest => ({
  ...request,
  body,
  headers: signCall({
    accessKey: credentials.appKey,
    secret: credentials.appSecret,
    accessToken: '',
    body: body.toString(),
    nonce,
    now,
  }),
});

describe('webhooks', () => {
  test('the vector opens, and is read', () => {
    const opened = push.open(credentials, request, now)!;
    expect(push.parse(opened.clear, opened.dedupKey)).toMatchObject({
      // Told only that there is something to look at: the read-back says what.
      ...{ kind: 'delivery', ids: { resourceId: 'BV17B4y1s7R1' }, outcome: { kind: 'pending' } },
    });
  });

  test('forged, late, cut, huge and unconfigured ones do not', () => {
    expect(push.open({ ...credentials, appSecret: 'other' }, request, now)).toBeNull();
    expect(push.open({}, request, now)).toBeNull();
    expect(push.open(credentials, request, new Date(now.getTime() + 86_400_000))).toBeNull();
    expect(push.open(credentials, { ...request, body: Buffer.from('{') }, now)).toBeNull();
    expect(push.open(credentials, sealed(Buffer.from('[]'), '1'), now)).toBeNull();
    expect(push.open(credentials, sealed(Buffer.alloc(1024 * 1024, ' '), '1'), now)).toBeNull();
  });

  test('a retry that is signed anew has the same key, another event another one', () => {
    const key = (body: unknown, nonce: string) =>
      push.open(credentials, sealed(Buffer.from(JSON.stringify(body)), nonce), now)?.dedupKey;
    expect(key(samples.video_fail, '1')).toBe(key(samples.video_fail, '2'));
    expect(key(samples.deauthorize, '1')).not.toBe(key(samples.video_fail, '1'));
  });

  test('a grant that was taken away is told, at its time', () => {
    const opened = push.open(
      credentials,
      sealed(Buffer.from(JSON.stringify(samples.deauthorize)), '1'),
      now,
    )!;
    expect(push.parse(opened.clear, opened.dedupKey)).toMatchObject({
      ...{ kind: 'revoked', at: new Date('2021-01-01T12:01:01+08:00') },
    });
  });

  test('one for another account of the application is kept as nothing', () => {
    const opened = push.open({ ...credentials, openid: 'somebody' }, request, now)!;
    expect(push.parse(opened.clear, opened.dedupKey)).toMatchObject({ kind: 'ignored' });
  });

  test('the other signature that is seen on them is taken too, while it is fresh', () => {
    const at = new Date('2021-01-01T12:01:01+08:00');
    const body = Buffer.from(JSON.stringify(samples.video_fail));
    const signature = createHash('sha1').update(credentials.appSecret).update(body).digest('hex');
    const simple = { ...request, body, headers: { 'x-bilibili-signature': signature } };
    expect(push.open(credentials, simple, at)).not.toBeNull();
    expect(push.open(credentials, simple, new Date(at.getTime() + 2 * 3_600_000))).toBeNull();
    expect(push.open({ ...credentials, appSecret: 'other' }, simple, at)).toBeNull();
    expect(push.open(credentials, { ...simple, body: Buffer.from(`${body} `) }, at)).toBeNull();
  });

  test('the address check is answered with its own number, and nothing else is', () => {
    const check = (body: Buffer) => push.answerCheck?.(credentials, { ...request, body });
    const answer = check(Buffer.from(JSON.stringify(samples.verify_request)));
    expect(JSON.parse(answer ?? '')).toEqual(samples.verify_reply);
    expect(check(request.body)).toBeNull();
    expect(check(Buffer.from('{"event":"verify_webhooks","content":{"data":"<b>"}}'))).toBeNull();
    expect(push.verifyAddress(credentials, { ...request, method: 'GET' })).toBeNull();
  });

  test('a shape that nobody documented is an error of the parser', () => {
    expect(() => push.parse(Buffer.from('[]'), 'key')).toThrow(SyntaxError);
  });
});
