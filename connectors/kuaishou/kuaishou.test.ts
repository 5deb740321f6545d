import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PackageMedia } from '#shared/package.ts';
import type { Master, PushRequest } from '../contract.ts';
import { kuaishou } from './connector.ts';

const { publish, push } = kuaishou;
if (publish.kind !== 'hand-off' || !push) throw new Error('Kuaishou is posted to by hand');

const picture: PackageMedia = {
  ...{
    sha256: 'a'.repeat(64),
    mime: 'image/jpeg',
    width: 900,
    height: 1200,
    size: 9,
    role: 'body',
    alt: '窗口',
  },
};
const master = (change: Partial<Master> = {}): Master => ({
  ...{
    title: '退休一件事，一次办好',
    digest: '',
    author: '',
    html: '',
    text: '年满六十。可申请。',
    media: [picture],
  },
  ...change,
});
const make = (change: Partial<Master> = {}) =>
  publish.compose(master(change), { shortLink: 'https://rs.example.gov.cn/s/A', settings: {} });
const problems = (change: Partial<ReturnType<typeof make>>, reach: 'timeline' | 'page' = 'timeline') =>
  publish
    .inspect({ ...make(), ...change }, { shortLink: 'https://rs.example.gov.cn/s/A', reach })
    .problems.map(({ level, field }) => `${level} ${field}`);

describe('the caption', () => {
  test('begins with the title and takes whole sentences only', () => {
    expect(make().body.value).toBe('退休一件事，一次办好\n年满六十。可申请。');
    const { value } = make({ text: '参加企业职工养老保险的人员可以一次申请。'.repeat(60) }).body;
    expect([...value].length).toBeLessThanOrEqual(500);
    expect(value).toMatch(/一次申请。$/);
  });

  test('cuts a sentence that alone is too long between characters', () => {
    const { value } = make({ title: '', text: '👨‍👩‍👧'.repeat(600) }).body;
    expect(value).toMatch(/^(👨‍👩‍👧)+…$/u);
  });

  test.each([
    ['no picture', { media: [] }, ['block media']],
    ['32 pictures', { media: Array.from({ length: 32 }, () => picture) }, ['block media']],
    ['a wide cover', { media: [{ ...picture, width: 1600, height: 900 }] }, ['warn media']],
    ['an address', { body: { kind: 'text' as const, value: '见 https://a.gov.cn' } }, ['warn body']],
    ['501 characters', { body: { kind: 'text' as const, value: '字'.repeat(501) } }, ['block body']],
    ['markup', { body: { kind: 'html' as const, value: '<p>甲</p>' } }, ['block body']],
  ])('is judged: %s', (_name, change, expected) => {
    expect(problems(change)).toEqual(expected);
  });

  test('goes to the time line only', () => {
    expect(problems({}, 'page')).toEqual(['block reach']);
  });
});

describe('finding the link in what was pasted', () => {
  test.each([
    [
      '“退休一件事” https://v.kuaishou.com/AbCd12 复制此消息，打开【快手】直接观看！',
      'https://v.kuaishou.com/AbCd12',
    ],
    [
      '看https://www.kuaishou.com/short-video/3xabc123?fid=1。',
      'https://www.kuaishou.com/short-video/3xabc123?fid=1',
    ],
    ['https://www.kuaishou.com/f/X-3abcDEF.', 'https://www.kuaishou.com/f/X-3abcDEF'],
    ['https://live.kuaishou.com/u/qcrs/3xabc123', 'https://live.kuaishou.com/u/qcrs/3xabc123'],
    [
      'https://v.m.chenzhongtech.com/fw/photo/3xabc123?cc=share',
      'https://v.m.chenzhongtech.com/fw/photo/3xabc123?cc=share',
    ],
  ])('%s', (pasted, expected) => {
    expect(publish.findLink(pasted)).toBe(expected);
  });

  test.each([
    '',
    '没有链接',
    'https://v.kuaishou.com/',
    'https://evil.example/v.kuaishou.com/AbCd12',
    'https://www.kuaishou.com/profile/3xabc',
  ])('finds none in “%s”', (pasted) => {
    expect(publish.findLink(pasted)).toBeNull();
  });
});

describe('webhooks', () => {
  type Case = {
    name: string;
    appSecret: string;
    rawBody: string;
    expected: string;
    reply: { result: number };
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
    expect(push.parse(opened.clear, opened.dedupKey)).toEqual({
      kind: 'ignored',
      dedupKey: message_id,
      type: event,
    });
    expect(JSON.parse(push.acknowledgement)).toEqual({ result: one.reply.result });
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
