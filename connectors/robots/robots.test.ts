import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { robots } from '#connectors/robots.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { createPlatformHttp } from '#server/base/egress.ts';
import type { Exchange } from '#shared/outbound.ts';

let sandbox: Sandbox;
const exchanges: Exchange[] = [];
const secret = 'SECcanary0123456789';
const keys: Record<string, string> = {
  'wecom-robot': '693a91f6-7a0c-4bb7-8f00-0123456789ab',
  'dingtalk-robot': 'c0ffee00'.repeat(8),
  'feishu-robot': '0f1e2d3c-0000-4000-8000-0123456789ab',
};
const message = {
  title: '【回声】2 条通知',
  entries: [
    { text: '留言即将到期 2026-0012 期限 10月8日 17:30', link: 'https://desk.example/desk/inbox/1' },
    { text: '文稿待审', link: 'https://desk.example/desk/m/reviews/2' },
  ],
};

beforeAll(async () => {
  sandbox = await startSandbox();
  for (const [id, key] of Object.entries(keys)) await setUp(id, key, {});
});
afterAll(() => sandbox?.stop());

const setUp = (id: string, key: string, body: object) =>
  fetch(`${sandbox.url}/sandbox/_control/${id}/robots/${key}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret, ...body }),
  });
const send = (id: string, change: { key?: string; secret?: string; nowMs?: number } = {}) =>
  robots.get(id)!.send(
    createPlatformHttp({
      baseUrl: `${sandbox.url}/sandbox/${id}`,
      allowPrivate: true,
      record: (exchange) => exchanges.push(exchange),
    }),
    { key: change.key ?? keys[id]!, secret: change.secret ?? secret },
    message,
    change.nowMs ?? Date.now(),
  );
const taken = (id: string) => sandbox.world.ledger.list({ platform: id });

describe.each([...robots.values()])('$id', (robot) => {
  test('says the message once, whole, under its signature', async () => {
    const before = taken(robot.id).length;
    expect(await send(robot.id)).toEqual({ kind: 'sent' });
    const told = taken(robot.id).slice(before);
    expect(told).toHaveLength(1);
    for (const part of [message.title, ...message.entries.flatMap(({ text, link }) => [text, link])])
      expect(String(told[0]!.detail.text)).toContain(part);
  });

  test('is refused with an unknown key', async () => {
    expect(await send(robot.id, { key: keys[robot.id]!.replaceAll('0', '9') })).toMatchObject({
      kind: 'refused',
    });
  });

  test('waits when it speaks too often', async () => {
    await setUp(robot.id, keys[robot.id]!, { perMinute: 1 });
    expect(await send(robot.id)).toMatchObject({ kind: 'retry-later' });
    await setUp(robot.id, keys[robot.id]!, { perMinute: 1_000 });
  });

  test.each(['lose-answer', 'html', 'truncate'] as const)(
    '%s is a failure that may be tried again',
    async (kind) => {
      sandbox.world.faults.arm({ platform: robot.id, path: '/', fault: { kind, accept: false } });
      expect(await send(robot.id)).toMatchObject({ kind: 'failed' });
    },
  );

  test('an undocumented code is a failure, not a refusal', async () => {
    sandbox.world.faults.arm({
      platform: robot.id,
      path: '/',
      fault: { kind: 'answer', body: { errcode: 777, code: 777 }, accept: false },
    });
    expect(await send(robot.id)).toEqual({ kind: 'failed', code: '777' });
  });

  test('finds its key in the pasted address and alone, and nowhere else', () => {
    const key = keys[robot.id]!;
    const address: Record<string, string> = {
      'wecom-robot': `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}`,
      'dingtalk-robot': `https://oapi.dingtalk.com/robot/send?access_token=${key}`,
      'feishu-robot': `https://open.feishu.cn/open-apis/bot/v2/hook/${key}`,
    };
    expect(robot.readKey(`  ${address[robot.id]}\n`)).toBe(key);
    expect(robot.readKey(key)).toBe(key);
    for (const wrong of ['', 'https://example.com/', 'key=1']) expect(robot.readKey(wrong)).toBe(null);
  });
});

test.each([...robots.values()].filter(({ signed }) => signed))(
  '$id is refused with another secret, and with an old signature',
  async ({ id }) => {
    expect(await send(id, { secret: 'SECother' })).toMatchObject({ kind: 'refused' });
    expect(await send(id, { nowMs: Date.now() - 2 * 3_600_000 })).toMatchObject({ kind: 'refused' });
  },
);

test('the signatures are those of the platforms’ documents', async () => {
  const sent: { query?: Record<string, string | number> | undefined; json?: unknown }[] = [];
  const http = {
    baseUrl: '',
    request: async (request: { query?: Record<string, string | number>; json?: unknown }) => {
      sent.push(request);
      return {
        status: 200,
        headers: {},
        body: Buffer.alloc(0),
        text: () => '',
        json: () => ({ errcode: 0 }),
      };
    },
  };
  const given = { key: 'k', secret: 'this is secret' };
  await robots.get('dingtalk-robot')!.send(http, given, message, 1_577_262_236_757);
  await robots.get('feishu-robot')!.send(http, given, message, 1_599_360_473_000);
  // HMAC-SHA256 made with another program (openssl) over the documented strings.
  expect(sent[0]!.query).toMatchObject({
    timestamp: 1_577_262_236_757,
    sign: 'hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=',
  });
  expect(sent[1]!.json).toMatchObject({
    timestamp: '1599360473',
    sign: '/eYKrXQBzTjUZJ3s6NX16VxGbTwmK7AEs8/FnvC1CSw=',
  });
});

test('no key, secret or signature is recorded with a call, but for the key in a path', () => {
  const kept = JSON.stringify(exchanges);
  expect(exchanges.length).toBeGreaterThan(10);
  for (const hidden of [secret, keys['wecom-robot']!, keys['dingtalk-robot']!])
    expect(kept).not.toContain(hidden);
});
