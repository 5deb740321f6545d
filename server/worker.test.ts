/** The working side as a process of its own: it is stopped in mid-run, and nothing is left in doubt. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { approveThroughChain, buildDraft } from '#tests/support/build-article.ts';
import { until } from '#tests/support/wait.ts';
import { startWorkerProcess } from '#tests/support/worker-process.ts';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
});
afterAll(() => installation?.close());

const deliveries = () =>
  installation.app.database.withWorker((tx) =>
    tx.selectFrom('deliveries').select(['id', 'state', 'platform']).execute(),
  );
const countIn = async (...states: string[]) =>
  (await deliveries()).filter((row) => states.includes(row.state)).length;
const accepted = () =>
  installation.sandbox.world.ledger
    .list()
    .filter((entry) => entry.kind === 'post.published' && entry.platform === 'weibo').length +
  installation.sandbox.world.ledger.list({ kind: 'publish.accepted' }).length;

describe('SIGTERM under load', () => {
  test('ends in order within seconds, makes no unknown, and the next start sends the rest once', {
    timeout: 120_000,
  }, async () => {
    const editor = await installation.as('bianji');
    const articles = 6;
    for (let count = 1; count <= articles; count += 1) {
      const draft = await buildDraft(installation, editor, {
        title: `停机演练第${count}篇`,
        platforms: ['weibo', 'wechat-official'],
      });
      await approveThroughChain(installation, editor, draft);
    }
    // Slow enough that the signal comes in the middle of a call.
    for (const [platform, path] of [
      ['weibo', '/2/statuses/share.json'],
      ['wechat-official', '/cgi-bin/freepublish/submit'],
    ] as const)
      installation.sandbox.world.faults.arm({
        platform,
        path,
        times: 1_000,
        fault: { kind: 'slow', ms: 300 },
      });

    for (let round = 0; round < 2; round += 1) {
      const before = accepted();
      const worker = await startWorkerProcess(installation);
      await until(async () => accepted() >= before + 2 && (await countIn('submitting')) > 0, {
        what: 'posts are on their way',
        timeoutMs: 30_000,
        describe: deliveries,
      });
      const started = performance.now();
      await worker.kill('SIGTERM');
      expect(await worker.ended).toEqual({ code: 0, signal: null });
      expect(performance.now() - started).toBeLessThan(30_000);
      expect(await countIn('unknown', 'submitting')).toBe(0);
    }
    expect(await countIn('published')).toBeLessThan(articles * 2);

    const last = await startWorkerProcess(installation);
    await until(async () => (await countIn('published')) === articles * 2, {
      what: 'everything is published',
      timeoutMs: 60_000,
      describe: deliveries,
    });
    await last.kill('SIGTERM');
    expect(accepted()).toBe(articles * 2);
    const attempts = await installation.app.database.withWorker((tx) =>
      tx.selectFrom('delivery_attempts').select('delivery_id').where('step', '=', 'submit').execute(),
    );
    expect(attempts).toHaveLength(articles * 2);
  });
});
