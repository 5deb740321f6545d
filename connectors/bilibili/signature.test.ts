import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isSigned, md5, signatureOf, signCall } from './signature.ts';

type Case = {
  name: string;
  accessKey: string;
  secret: string;
  body: string;
  headers: Parameters<typeof signatureOf>[1];
  authorization: string;
};

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../tests/fixtures/bilibili/${name}`, import.meta.url), 'utf8'));
const { cases } = read('request.signature.json') as { cases: Case[] };
const pushed = (read('webhook.json') as { signed_case: Omit<Case, 'name'> }).signed_case;

describe('the vectors', () => {
  test.each([...cases, { ...pushed, name: 'a push' }])('$name', (one) => {
    expect(md5(one.body)).toBe(one.headers['x-bili-content-md5']);
    expect(signatureOf(one.secret, one.headers)).toBe(one.authorization);
    const { authorization, ...headers } = signCall({
      accessKey: one.accessKey,
      secret: one.secret,
      accessToken: 'TOKEN',
      body: one.body,
      nonce: one.headers['x-bili-signature-nonce'],
      now: new Date(Number(one.headers['x-bili-timestamp']) * 1000),
    });
    expect(authorization).toBe(one.authorization);
    expect(headers).toMatchObject({ ...one.headers, 'access-token': 'TOKEN' });
  });
});

describe('proving a signature', () => {
  const now = new Date(1770000000 * 1000);
  const keys = { accessKey: pushed.accessKey, secret: pushed.secret };
  const headers = { ...pushed.headers, authorization: pushed.authorization };
  const body = Buffer.from(pushed.body);

  test('accepts the vector within ten minutes', () => {
    expect(isSigned(keys, headers, body, now)).toBe(true);
    expect(isSigned(keys, headers, body, new Date(now.getTime() + 600_000))).toBe(true);
  });

  test.each([
    ['another secret', { keys: { ...keys, secret: 'other' } }],
    ['no secret', { keys: { ...keys, secret: '' } }],
    ['another application', { keys: { ...keys, accessKey: 'other' } }],
    ['another body', { body: Buffer.from(`${pushed.body} `) }],
    ['a cut signature', { headers: { ...headers, authorization: pushed.authorization.slice(2) } }],
    ['another nonce', { headers: { ...headers, 'x-bili-signature-nonce': 'nonce-2' } }],
    ['no headers', { headers: {} }],
    ['no time', { headers: { ...headers, 'x-bili-timestamp': '' } }],
    ['eleven minutes later', { now: new Date(now.getTime() + 660_000) }],
    ['eleven minutes before', { now: new Date(now.getTime() - 660_000) }],
  ])('refuses %s', (_name, change) => {
    const given = { keys, headers: headers as Record<string, string>, body, now, ...change };
    expect(isSigned(given.keys, given.headers, given.body, given.now)).toBe(false);
  });
});
