/**
 * One platform hangs, refuses for too many calls, or fails, for as long as the others publish: the real worker, many
 * accounts. The others go out as if nothing were; the bad one is left alone soon and gets its posts in the end.
 */
import { afterEach, expect, test } from 'vitest';
import type { StagedDelivery } from '#bench/support/publish-fixtures.ts';
import { judgeLedger } from '#bench/support/publish-ledger.ts';
import type { ArmFault } from '#sandbox/core/faults.ts';
import { reportPromise } from '#tests/support/promises.ts';
import { buildPublishingGround, type PublishingGround } from '#tests/support/publishing-ground.ts';
import { until } from '#tests/support/wait.ts';

const bad = 'weibo';
const platforms = 6;
/** More accounts of the bad platform than one worker serves at once. */
const accountsEach = 40;
const postsAnAccount = 2;
const stormTimes = 100_000;

let stage: PublishingGround;
afterEach(() => stage?.close());

const storms: [name: string, fault: ArmFault['fault'], mostCalls: number][] = [
  // Each account waits in one call of its own until the deadline; then the breaker holds the platform.
  ['hangs', { kind: 'stall', at: 'headers', accept: false, ms: 120_000 }, accountsEach],
  [
    'refuses everything for too many calls',
    {
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '60' },
      accept: false,
      body: {
        error: 'user requests out of rate limit',
        error_code: 10023,
        request: '/2/statuses/share.json',
      },
    },
    // Never a second one while the account is told to wait.
    accountsEach,
  ],
  // Accounts that were under way when it began to fail, and tries a few seconds apart.
  ['fails with 503', { kind: 'status', status: 503, accept: false }, accountsEach * postsAnAccount],
];

test.each(storms)(
  'while one platform %s, the others publish',
  async (name, fault, mostCalls) => {
    stage = await buildPublishingGround(platforms * accountsEach * postsAnAccount, postsAnAccount);
    const isBad = ({ account }: StagedDelivery) => account.platform.id === bad;
    const storm = stage.deliveries.filter(isBad);
    const others = stage.deliveries.filter((one) => !isBad(one));
    const { faults, ledger } = stage.sandbox.world;
    faults.arm({ platform: bad, path: '/', times: stormTimes, fault });
    const worker = await stage.startWorker();
    try {
      await stage.makeDue(stage.deliveries);
      await until(
        async () => {
          const { published = 0, pending = 0 } = await stage.countStates(others);
          return published + pending === others.length;
        },
        {
          what: `the others are out while one ${name}`,
          timeoutMs: 60_000,
          describe: () => stage.countStates(others),
        },
      );
      const calls = faults.list().fired.length;
      const judged = judgeLedger(ledger.list(), others);
      await reportPromise({
        id: 'P8',
        what: `posts of others while one platform ${name} (${calls} calls to it)`,
        tried: others.length,
        broken: judged.lost + judged.doubled + Math.max(0, calls - mostCalls),
      });
      expect(judged).toMatchObject({ lost: 0, doubled: 0 });
      expect(calls).toBeLessThanOrEqual(mostCalls);
      expect((await stage.countStates(storm)).published ?? 0).toBe(0);
      // The storm is over: what it held up goes out too, once.
      faults.clear();
      await until(
        async () => {
          await stage.letTimePass();
          return (await stage.countStates(storm)).published === storm.length;
        },
        {
          what: 'the bad platform has its posts',
          timeoutMs: 60_000,
          describe: () => stage.countStates(storm),
        },
      );
      expect(judgeLedger(ledger.list(), storm)).toMatchObject({ lost: 0, doubled: 0 });
    } finally {
      await worker.kill('SIGTERM');
    }
  },
  180_000,
);
