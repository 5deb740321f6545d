/**
 * The program is killed with SIGKILL at every crash point of publishing (c1–c8 of the fault table); the next start takes
 * up what it finds. The stand-ins' ledger says how many posts there are: one, always.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery } from '#shared/publishing.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { approveThroughChain, buildDraft, listDeliveriesOf } from '#tests/support/build-article.ts';
import type { Client } from '#tests/support/client.ts';
import { agePosts, letTimePass } from '#tests/support/time.ts';
import { until } from '#tests/support/wait.ts';
import { startWorkerProcess } from '#tests/support/worker-process.ts';

let installation: TestInstallation;
let editor: Client;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  editor = await installation.as('bianji');
});
afterAll(() => installation?.close());
// Weibo lists an account's five newest posts only: those of the test before must not fill the window of this one.
beforeEach(() => agePosts(installation.sandbox.world));

const platforms = {
  'wechat-official': { path: '/cgi-bin/freepublish/submit', accepted: 'publish.accepted' },
  weibo: { path: '/2/statuses/share.json', accepted: 'post.published' },
} as const;
type Platform = keyof typeof platforms;

const countAccepted = (platform: Platform) =>
  installation.sandbox.world.ledger.list({ platform, kind: platforms[platform].accepted }).length;

let running = 0;
async function approveOne(platform: Platform): Promise<string> {
  running += 1;
  const draft = await buildDraft(installation, editor, {
    title: `第${running}篇：中断演练`,
    platforms: [platform],
  });
  await approveThroughChain(installation, editor, draft);
  return draft.articleId;
}

async function deliveryOf(articleId: string): Promise<Delivery> {
  return (await listDeliveriesOf(editor, articleId))[0]!;
}

/** A healthy worker takes over; returns the delivery once it is published. */
async function recover(articleId: string): Promise<Delivery> {
  const worker = await startWorkerProcess(installation);
  try {
    return await until(
      async () => {
        const delivery = await deliveryOf(articleId);
        if (delivery.state === 'published') return delivery;
        await letTimePass(installation.app, delivery.id, 5 * 60_000);
        return null;
      },
      {
        what: 'the delivery is published after the crash',
        timeoutMs: 40_000,
        describe: () => deliveryOf(articleId),
      },
    );
  } finally {
    await worker.kill('SIGTERM');
  }
}

const points: [point: string, failpoint: string][] = [
  ['c1, claimed', 'prepare.begun'],
  ['c2, between two preparation steps', 'prepare.step'],
  ['c3, prepared', 'prepare.saved'],
  ['c4, submitting is committed, nothing is sent', 'submit.committed'],
  ['c7, the answer came and is not saved', 'submit.answered'],
  ['c8, saved', 'submit.saved'],
];

describe.each(Object.keys(platforms) as Platform[])('on %s, killed', (platform) => {
  // Weibo has no reversible step of its own, so there is nothing to be killed between.
  const here = points.filter(([, failpoint]) => failpoint !== 'prepare.step' || platform !== 'weibo');

  test.each(here)('at %s: one post in the end', async (_point, failpoint) => {
    const before = countAccepted(platform);
    const articleId = await approveOne(platform);
    const doomed = await startWorkerProcess(installation, `${failpoint}=kill`);
    expect((await doomed.ended).signal).toBe('SIGKILL');
    const published = await recover(articleId);
    expect(published.url).toMatch(/^http/);
    expect(countAccepted(platform) - before).toBe(1);
  });

  test.each([
    ['c5, in the middle of the request', false],
    ['c6, accepted and not yet answered', true],
  ] as const)('at %s: one post in the end', async (_point, accept) => {
    const before = countAccepted(platform);
    installation.sandbox.world.faults.arm({
      platform,
      path: platforms[platform].path,
      fault: { kind: 'stall', at: 'headers', accept, ms: 120_000 },
    });
    const fired = installation.sandbox.world.faults.list().fired.length;
    const articleId = await approveOne(platform);
    const doomed = await startWorkerProcess(installation);
    await until(
      async () =>
        installation.sandbox.world.faults.list().fired.length > fired &&
        countAccepted(platform) - before === (accept ? 1 : 0),
      {
        what: 'the platform holds the call',
        timeoutMs: 30_000,
      },
    );
    expect((await deliveryOf(articleId)).state).toBe('submitting');
    await doomed.kill();
    const published = await recover(articleId);
    expect(published.state).toBe('published');
    expect(countAccepted(platform) - before).toBe(1);
  });
});
