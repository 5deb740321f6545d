/**
 * The worker is killed with SIGKILL at random moments, again and again, while it publishes on every platform; the next
 * one is starting meanwhile, as a second machine would be. In the end each post is there once, by the stand-ins' ledger,
 * or the desk shows that it does not know. The seed is printed; tests/support/random-run.ts says how to repeat a run and
 * how to make it long.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeLedger } from '#bench/support/publish-ledger.ts';
import { listBenchPlatforms } from '#bench/support/publish-platforms.ts';
import { reportPromise } from '#tests/support/promises.ts';
import { buildPublishingGround, type PublishingGround } from '#tests/support/publishing-ground.ts';
import { readRandomRun } from '#tests/support/random-run.ts';
import { until } from '#tests/support/wait.ts';

const run = readRandomRun();
/** Posts that fall due before each kill. */
const postsAKill = 9;
const postsAnAccount = 4;
/** Every answer takes a while, so that kills meet calls under way. */
const slowMs = 30;
const longestLifeMs = 700;

let stage: PublishingGround;
beforeAll(
  async () => {
    stage = await buildPublishingGround(run.kills * postsAKill, postsAnAccount);
    for (const { id } of listBenchPlatforms().platforms)
      stage.sandbox.world.faults.arm({
        platform: id,
        path: '/',
        times: 100_000,
        fault: { kind: 'slow', ms: slowMs },
      });
  },
  60_000 + run.kills * 200,
);
afterAll(() => stage?.close());

/** Irreversible calls whose process was gone before it could save what came of them. */
async function countCutShort(): Promise<number> {
  const rows = await stage.query(sql<{ count: number }>`
    select count(*) as count from delivery_attempts where step = 'submit' and finished_at is null`);
  return rows[0]!.count;
}

test(
  `after ${run.kills} kills at random moments every post is there once (seed ${run.seed})`,
  async () => {
    let starting = stage.startWorker();
    for (let kill = 0; kill < run.kills; kill += 1) {
      await stage.makeDue(stage.deliveries.slice(kill * postsAKill, (kill + 1) * postsAKill));
      const worker = await starting;
      starting = stage.startWorker();
      await pause(run.next() * longestLifeMs);
      await worker.kill('SIGKILL');
      await stage.letTimePass();
    }
    await (await starting).kill('SIGKILL');
    const states = await recover();
    const { lost, doubled } = judgeLedger(stage.sandbox.world.ledger.list(), stage.deliveries);
    await reportPromise({
      id: 'P1',
      what: `posts under ${run.kills} random kills (seed ${run.seed})`,
      tried: stage.deliveries.length,
      broken: lost + doubled,
    });
    expect({ doubled, states }).toEqual({ doubled: 0, states: { published: stage.deliveries.length } });
    expect(lost).toBe(0);
    expect(await countCutShort(), 'kills in the middle of an irreversible call').toBeGreaterThan(0);
  },
  120_000 + run.kills * 8_000,
);

/** A worker that lives takes over; @returns how many are in which state when nothing moves any more. */
async function recover(): Promise<Record<string, number>> {
  const worker = await stage.startWorker();
  try {
    await until(
      async () => {
        await stage.letTimePass();
        return (await stage.countStates()).published === stage.deliveries.length;
      },
      {
        what: `every post is published (seed ${run.seed})`,
        timeoutMs: 60_000 + run.kills * 500,
        describe: () => stage.countStates(),
      },
    );
    return await stage.countStates();
  } finally {
    await worker.kill('SIGTERM');
  }
}
