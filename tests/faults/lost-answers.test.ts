/**
 * What the platform does to our call, and what must become of the delivery. The stand-ins' ledger is the judge: whatever
 * happened, one post is there, and the desk says so.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ArmFault } from '#sandbox/core/faults.ts';
import { type Delivery, getDelivery } from '#shared/publishing.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import {
  approveThroughChain,
  buildDraft,
  listDeliveriesOf,
  untilDelivery,
} from '#tests/support/build-article.ts';
import type { Client } from '#tests/support/client.ts';
import { agePosts, letTimePass } from '#tests/support/time.ts';
import { until } from '#tests/support/wait.ts';

let installation: TestInstallation;
let editor: Client;
beforeAll(async () => {
  installation = await buildInstallation();
  editor = await installation.as('bianji');
});
afterAll(() => installation?.close());
// Weibo lists an account's five newest posts only: those of the test before must not fill the window of this one.
beforeEach(() => agePosts(installation.sandbox.world));

const submitPath = {
  'wechat-official': '/cgi-bin/freepublish/submit',
  weibo: '/2/statuses/share.json',
} as const;
type Platform = keyof typeof submitPath;
/** What the ledger of a platform calls an accepted submission. */
const acceptedKind = { 'wechat-official': 'publish.accepted', weibo: 'post.published' } as const;

let running = 0;

/** Publishes one article on one platform whose irreversible call meets the fault. */
async function publishInto(
  platform: Platform,
  fault: ArmFault['fault'] | null,
): Promise<{ articleId: string; accepted(): number; first(): Promise<Delivery> }> {
  running += 1;
  const title = `第${running}篇：${platform} 故障演练`;
  const before = installation.sandbox.world.ledger.list({ platform, kind: acceptedKind[platform] }).length;
  if (fault) installation.sandbox.world.faults.arm({ platform, path: submitPath[platform], fault });
  const draft = await buildDraft(installation, editor, { title, platforms: [platform] });
  await approveThroughChain(installation, editor, draft);
  return {
    articleId: draft.articleId,
    accepted: () =>
      installation.sandbox.world.ledger.list({ platform, kind: acceptedKind[platform] }).length - before,
    first: () =>
      untilDelivery(
        editor,
        draft.articleId,
        platform,
        ['published', 'unknown', 'rejected', 'failed', 'due', 'pending'],
        60_000,
      ),
  };
}

/** The platform has ended what it accepted: minutes that pass at the desk must not pass in the middle of its second. */
async function untilPlatformEnded(platform: Platform): Promise<void> {
  const count = (kind: 'publish.accepted' | 'post.published') =>
    installation.sandbox.world.ledger.list({ platform, kind }).length;
  await until(async () => count('post.published') >= count(acceptedKind[platform]), {
    what: 'the platform has ended what it accepted',
    timeoutMs: 30_000,
  });
}

/** Time goes by until read-back has settled the matter. */
async function settle(articleId: string, platform: Platform): Promise<Delivery> {
  await untilPlatformEnded(platform);
  return until(
    async () => {
      const [delivery] = (await listDeliveriesOf(editor, articleId)).filter(
        (row) => row.platform === platform,
      );
      if (delivery?.state === 'published') return delivery;
      await letTimePass(installation.app, delivery!.id, 5 * 60_000);
      return null;
    },
    {
      what: 'the unknown outcome is resolved',
      timeoutMs: 30_000,
      describe: async () => {
        const [row] = await listDeliveriesOf(editor, articleId);
        const view = await editor.call(getDelivery, { params: { deliveryId: row!.id } });
        return [row!.state, row!.reason, view.attemptLog.map((one) => [one.step, one.outcome])];
      },
    },
  );
}

const losses: [name: string, fault: ArmFault['fault']][] = [
  ['the answer is lost after acceptance', { kind: 'lose-answer', accept: true }],
  ['the call is lost before acceptance', { kind: 'lose-answer', accept: false }],
  ['a 502 comes after acceptance', { kind: 'status', status: 502, accept: true }],
  ['a 503 comes without acceptance', { kind: 'status', status: 503, accept: false }],
  ['a web page comes in a 200 after acceptance', { kind: 'html', accept: true }],
  ['the JSON is cut off after acceptance', { kind: 'truncate', accept: true }],
];

describe.each(['wechat-official', 'weibo'] as const)('on %s', (platform) => {
  test.each(losses)('when %s, the post is there once in the end', async (_name, fault) => {
    const run = await publishInto(platform, fault);
    const first = await run.first();
    expect(['unknown', 'published', 'pending', 'due']).toContain(first.state);
    const settled = await settle(run.articleId, platform);
    expect(settled.url).toMatch(/^http/);
    expect(run.accepted()).toBe(1);
  });

  test('nothing is shown as published while nobody knows', async () => {
    const run = await publishInto(platform, { kind: 'lose-answer', accept: false });
    const unknown = await untilDelivery(editor, run.articleId, platform, ['unknown']);
    expect(unknown.publishedAt).toBeNull();
    expect(unknown.url).toBeNull();
    expect(run.accepted()).toBe(0);
    await settle(run.articleId, platform);
    expect(run.accepted()).toBe(1);
  });

  test('a stalled answer becomes unknown, then is found', async () => {
    const run = await publishInto(platform, {
      kind: 'stall',
      at: 'headers',
      accept: true,
      // The picture gives Weibo's call a deadline of a minute; there the platform hangs up first.
      ms: platform === 'weibo' ? 4_000 : 60_000,
    });
    await untilDelivery(editor, run.articleId, platform, ['unknown'], 45_000);
    await settle(run.articleId, platform);
    expect(run.accepted()).toBe(1);
  }, 90_000);
});

describe('limits and tokens', () => {
  test('a 429 with a waiting time is waited for and is no failed attempt', async () => {
    const run = await publishInto('weibo', {
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '1' },
      accept: false,
      body: {
        error: 'user requests out of rate limit',
        error_code: 10023,
        request: '/2/statuses/share.json',
      },
    });
    const delayed = await untilDelivery(editor, run.articleId, 'weibo', ['due', 'planned', 'published']);
    if (delayed.state !== 'published') await letTimePass(installation.app, delayed.id, 0);
    await settle(run.articleId, 'weibo');
    expect(run.accepted()).toBe(1);
  });

  test('a WeChat token that expired before sending is renewed, and the post goes out once', async () => {
    const world = installation.sandbox.world;
    const run = await publishInto('wechat-official', {
      kind: 'answer',
      body: { errcode: 42001, errmsg: 'access_token expired rid: 0-0-0' },
      accept: false,
    });
    await untilDelivery(editor, run.articleId, 'wechat-official', [
      'due',
      'published',
      'pending',
      'prepared',
    ]);
    await settle(run.articleId, 'wechat-official');
    expect(run.accepted()).toBe(1);
    expect(world.faults.list().fired.length).toBeGreaterThan(0);
  });

  test('a revoked Weibo token pauses the account and asks for signing in, and loses nothing', async () => {
    const run = await publishInto('weibo', {
      kind: 'status',
      status: 403,
      accept: false,
      body: { error: 'expired_token', error_code: 21327, request: '/2/statuses/share.json' },
    });
    const accounts = async () =>
      installation.app.database.withWorker((tx) =>
        tx.selectFrom('accounts').select(['state']).where('platform', '=', 'weibo').execute(),
      );
    await until(async () => (await accounts()).some((row) => row.state === 'sign-in-again'), {
      what: 'the account waits for signing in',
    });
    expect(run.accepted()).toBe(0);
    const [row] = await listDeliveriesOf(editor, run.articleId);
    expect(row?.state).toBe('due');
  });
});
