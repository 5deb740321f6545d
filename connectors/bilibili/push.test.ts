import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PushRequest } from '../contract.ts';
import { answerToCheck, push } from './push.ts';
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
    expect(push.parse(opened.clear, opened.dedupKey)).toMatchObject({ kind: 'ignored', type: 'video_open' });
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

  test('the address check is answered with its own number, and nothing else is', () => {
    const answer = answerToCheck(Buffer.from(JSON.stringify(samples.verify_request)));
    expect(JSON.parse(answer ?? '')).toEqual(samples.verify_reply);
    expect(answerToCheck(request.body)).toBeNull();
    expect(push.verifyAddress(credentials, { ...request, method: 'GET' })).toBeNull();
  });

  test('a shape that nobody documented is an error of the parser', () => {
    expect(() => push.parse(Buffer.from('[]'), 'key')).toThrow(SyntaxError);
  });
});
