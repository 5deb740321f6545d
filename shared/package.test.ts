import { describe, expect, test } from 'vitest';
import { PackagePayload } from './package.ts';

const payload = {
  format: 1,
  platform: 'weibo',
  accountId: '0199a000-0000-7000-8000-000000000001',
  mode: 'api',
  reach: 'timeline',
  shortLink: 'https://rs.example.gov.cn/s/abcdefghijklmnopqrstuv',
  title: null,
  digest: null,
  author: null,
  body: { kind: 'text', value: '你好' },
  media: [
    { sha256: 'ab'.repeat(32), mime: 'image/jpeg', width: 9, height: 9, size: 1, role: 'cover', alt: '' },
  ],
  sourceUrl: null,
  openComments: true,
} as const;

describe('a package', () => {
  test('is what it says, nothing added and nothing lost', () => {
    expect(PackagePayload.parse(payload)).toEqual(payload);
    expect(PackagePayload.parse({ ...payload, cookie: 'x' })).toEqual(payload);
  });

  test.each<[string, Record<string, unknown>]>([
    ['another format', { format: 2 }],
    ['an account that is no id', { accountId: '1' }],
    ['a mode nobody knows', { mode: 'robot' }],
    ['a reach nobody knows', { reach: 'everyone' }],
    ['a short link that is none', { shortLink: 's/abc' }],
    [
      'media by anything but its hash',
      { media: [{ ...payload.media[0], sha256: 'https://evil.example/x' }] },
    ],
    ['media of no size', { media: [{ ...payload.media[0], width: 0 }] }],
    ['a body of another kind', { body: { kind: 'markdown', value: '' } }],
  ])('with %s is none', (_name, change) => {
    expect(PackagePayload.safeParse({ ...payload, ...change }).success).toBe(false);
  });

  test('with any member missing is none', () => {
    for (const name of Object.keys(payload)) {
      const { [name as keyof typeof payload]: _gone, ...rest } = payload;
      expect([name, PackagePayload.safeParse(rest).success]).toEqual([name, false]);
    }
  });
});
