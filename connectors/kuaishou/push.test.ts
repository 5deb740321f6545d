import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PushRequest } from '../contract.ts';
import { push } from './push.ts';

describe('webhooks', () => {
  type Case = {
    name: string;
    appSecret: string;
    rawBody: string;
    expected: string;
    reply: { result: number; message_id: string };
  };
  const { cases } = JSON.parse(
    readFileSync(new URL('../../tests/fixtures/kuaishou/webhook.signature.json', import.meta.url), 'utf8'),
  ) as { cases: Case[] };
  const at = new Date(1622518497536);
  const [authorize] = cases;
  const requestOf = (rawBody: string, kwaisign: string): PushRequest => ({
    ...{ method: 'POST', query: {}, headers: { kwaisign }, body: Buffer.from(rawBody) },
  });
  const genuine = requestOf(authorize!.rawBody, authorize!.expected);
  const credentials = { appSecret: authorize!.appSecret, appId: 'KS123123' };
  const signed = (rawBody: string) =>
    requestOf(rawBody, createHash('md5').update(`${rawBody}${authorize!.appSecret}`).digest('hex'));

  test.each(cases)('the vector “$name” opens, and is told apart by its message id', (one) => {
    const opened = push.open({ appSecret: one.appSecret }, requestOf(one.rawBody, one.expected), at)!;
    const { message_id, event } = JSON.parse(one.rawBody) as { message_id: string; event: string };
    expect(opened.dedupKey).toBe(message_id);
    expect(push.parse(opened.clear, opened.dedupKey)).toMatchObject(
      event === 'AUTHORIZE'
        ? { kind: 'ignored', dedupKey: message_id, type: event }
        : { kind: 'revoked', dedupKey: message_id, at },
    );
    expect(JSON.parse(push.acknowledge!(opened.clear))).toEqual(one.reply);
    const another = push.open(
      { appSecret: one.appSecret, openId: 'somebody' },
      requestOf(one.rawBody, one.expected),
      at,
    )!;
    expect(push.parse(another.clear, message_id)).toMatchObject({ kind: 'ignored' });
    expect(JSON.parse(push.acknowledge!(another.clear))).toEqual(one.reply);
  });

  test.each([
    ['another secret', { ...credentials, appSecret: 'other' }, genuine, at],
    ['no secret', {}, genuine, at],
    ['another application', { ...credentials, appId: 'KS999' }, genuine, at],
    ['no signature', credentials, { ...genuine, headers: {} }, at],
    ['a cut signature', credentials, requestOf(authorize!.rawBody, authorize!.expected.slice(2)), at],
    ['another body', credentials, requestOf(`${authorize!.rawBody} `, authorize!.expected), at],
    ['a day later', credentials, genuine, new Date(at.getTime() + 86_400_000)],
    ['a day before', credentials, genuine, new Date(at.getTime() - 86_400_000)],
    ['a body that is not JSON', credentials, signed('<xml/>'), at],
    ['a body without an id', credentials, signed('{"event":"test","timestamp":1622518497536}'), at],
    ['a body of megabytes', credentials, signed(' '.repeat(1024 * 1024)), at],
  ])('is refused: %s', (_name, keys, request, now) => {
    expect(push.open(keys, request, now)).toBeNull();
  });

  test('no address check is documented, and a strange shape is an error', () => {
    expect(push.verifyAddress(credentials, { ...genuine, method: 'GET' })).toBeNull();
    expect(() => push.parse(Buffer.from('{}'), 'key')).toThrow(SyntaxError);
  });
});
