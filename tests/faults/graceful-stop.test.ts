/** The worker is asked to end (SIGTERM) at random moments under load: what is under way is finished, nothing is unknown. */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeLedger } from '#bench/support/publish-ledger.ts';
import { listBenchPlatforms } from '#bench/support/publish-platforms.ts';
import { reportPromise } from '#tests/support/promises.ts';
import { buildPublishingGround, type PublishingGround } from '#tests/support/publishing-ground.ts';
import { readRandomRun } from '#tests/support/random-run.ts';

const { stops, seed, next } = readRandomRun();
const postsAStop = 24;
const slowMs = 40;
const longestLifeMs = 600;
const stopLimitMs = 30_000;

let stage: PublishingGround;
beforeAll(
  async () => {
    stage = await buildPublishingGround(stops * postsAStop, 4);
    for (const { id } of listBenchPlatforms().platforms)
      stage.sandbox.world.faults.arm({
        platform: id,
        path: '/',
        times: 100_000,
        fault: { kind: 'slow', ms: slowMs },
      });
  },
  60_000 + stops * 500,
);
afterAll(() => stage?.close());

test(
  `${stops} orderly stops under load leave nothing unknown (seed ${seed})`,
  async () => {
    const broken: object[] = [];
    let underWay = 0;
    for (let stop = 0; stop < stops; stop += 1) {
      const worker = await stage.startWorker();
      await stage.makeDue(stage.deliveries.slice(stop * postsAStop, (stop + 1) * postsAStop));
      await pause(next() * longestLifeMs);
      const { submitting = 0 } = await stage.countStates();
      underWay += submitting;
      const asked = performance.now();
      await worker.kill('SIGTERM');
      const { code, signal } = await worker.ended;
      const after = await stage.countStates();
      const ms = Math.round(performance.now() - asked);
      if (code !== 0 || signal !== null || after.submitting || after.unknown || ms >= stopLimitMs)
        broken.push({ stop, code, signal, ms, after, said: worker.said() });
    }
    await reportPromise({
      id: 'P15',
      what: `orderly stops under load (seed ${seed})`,
      ...{ tried: stops, broken: broken.length },
    });
    expect(broken).toEqual([]);
    expect(underWay, 'stops in the middle of an irreversible call').toBeGreaterThan(0);
    const unknown = await stage.query(sql`select 1 from audit_entries where action = 'delivery.unknown'`);
    expect(unknown).toEqual([]);
    expect(judgeLedger(stage.sandbox.world.ledger.list(), stage.deliveries).doubled).toBe(0);
  },
  60_000 + stops * 15_000,
);
