/**
 * Deliveries a second when 10,000 fall due at once on 500 accounts: the real worker as a process, the embedded database
 * with fsync on, the stand-ins in a process of their own, all on one machine. Beside it, in the same run and before and
 * after it, the floor: plain `pg` and `fetch` doing transaction, the platform's calls, transaction. Drained means that
 * every post is with its platform and our books say so; how long a platform then reviews is its own affair. What was
 * lost, doubled or out of order is read from the stand-ins' ledger. `--count`, `--accounts`, `--workers` change the size.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { type BenchOptions, type BenchResult, round } from './support/bench.ts';
import { startChild } from './support/child.ts';
import { readNumber } from './support/publish-arguments.ts';
import { type StagedDelivery, stageDeliveries } from './support/publish-fixtures.ts';
import type { FloorRun } from './support/publish-floor.ts';
import { judgeLedger } from './support/publish-ledger.ts';
import { openPublishStage, type PublishStage } from './support/publish-stage.ts';

/** As many as one worker process serves at a time. */
const floorConcurrency = 32;
const drainLimitMs = 150_000;

export async function run({ arguments: given, say }: BenchOptions): Promise<BenchResult> {
  const count = readNumber(given, 'count', 10_000);
  const workers = readNumber(given, 'workers', 1);
  const stage = await openPublishStage(readNumber(given, 'accounts', 500), say);
  try {
    say(`准备 ${count} 条…… preparing ${count} posts on ${stage.accounts.length} accounts`);
    const floorCount = Math.max(100, Math.ceil(count / 5));
    const deliveries = await stageDeliveries(stage, count, 1);
    const spare = await stageDeliveries(stage, floorCount * 2, count + 1);
    const before = await runFloor(stage, spare.slice(0, floorCount), workers);
    say(`底线（前） / floor, before: ${round(before, 0)}/s`);
    const drainMs = await drain(stage, deliveries, workers, say);
    const overLimit = await countOverLimit(stage);
    const judged = judgeLedger(await stage.readLedger(), deliveries);
    const after = await runFloor(stage, spare.slice(floorCount), workers);
    say(`底线（后） / floor, after: ${round(after, 0)}/s`);
    const limit = (before + after) / 2;
    const perSecond = (count / drainMs) * 1000;
    return {
      name: 'publish',
      ratio: round(perSecond / limit, 3),
      figures: {
        deliveries_per_s: round(perSecond),
        limit_per_s: round(limit),
        drain_s: round(drainMs / 1000),
        lost: judged.lost,
        doubled: judged.doubled,
        over_limit: overLimit,
        out_of_order: judged.outOfOrder,
      },
      limits: {
        ratio: { atLeast: 0.5 },
        drain_s: { atMost: 60 },
        lost: { atMost: 0 },
        doubled: { atMost: 0 },
        over_limit: { atMost: 0 },
        out_of_order: { atMost: 0 },
      },
    };
  } finally {
    await stage.stop();
  }
}

/** @returns posts a second */
async function runFloor(
  stage: PublishStage,
  posts: readonly StagedDelivery[],
  workers: number,
): Promise<number> {
  const floor = startChild(new URL('./support/publish-floor.ts', import.meta.url));
  try {
    const ms = await floor.ask<number>('run', {
      databaseUrl: stage.databaseUrl,
      bases: new Map(stage.platforms.map(({ id }) => [id, stage.platformUrl(id)])),
      posts: posts.map(({ id, account, payload }) => ({
        ...{ id, payload, platform: account.platform.id, account: account.account },
      })),
      picture: stage.picture,
      concurrency: floorConcurrency * workers,
    } satisfies FloorRun);
    return (posts.length / ms) * 1000;
  } finally {
    await floor.stop();
  }
}

/** Makes all of them due at once; @returns milliseconds until the last one is with its platform, by our own books */
async function drain(
  stage: PublishStage,
  deliveries: readonly StagedDelivery[],
  workers: number,
  say: (line: string) => void,
): Promise<number> {
  await stage.startWorkers(workers);
  const began = performance.now();
  await stage.app.database.withWorker((tx) =>
    // A millisecond between the posts of the same account says which comes first.
    sql`
      update deliveries d set due_at = at, wake_at = at, planned_wall = to_char(at, 'YYYY-MM-DD HH24:MI')
      from (
        select id, clock_timestamp() - make_interval(secs => 1 - row_number() over (partition by account_id order by id) / 1000.0) as at
        from deliveries where id = any(${deliveries.map(({ id }) => id)}::uuid[])
      ) as plan
      where d.id = plan.id`.execute(tx),
  );
  for (let told = 0; ; ) {
    const states = await countStates(stage);
    const out = (states.get('published') ?? 0) + (states.get('pending') ?? 0);
    const ms = performance.now() - began;
    if (out === deliveries.length) {
      await stage.stopWorkers();
      return ms;
    }
    if (ms > drainLimitMs) throw new Error(`not drained: ${JSON.stringify([...states])}`);
    if (ms > told + 5_000) {
      told = ms;
      say(`${round(ms / 1000, 0)} s: ${out} / ${deliveries.length}`);
    }
    await pause(250);
  }
}

async function countStates(stage: PublishStage): Promise<Map<string, number>> {
  const { rows } = await stage.app.database.asOwner((db) =>
    sql<{ state: string; count: number }>`
      select state, count(*) as count from deliveries where wake_at is not null or state = 'published' group by state`.execute(
      db,
    ),
  );
  return new Map(rows.map(({ state, count }) => [state, count]));
}

/** Calls that a platform refused because there were too many of them. */
async function countOverLimit(stage: PublishStage): Promise<number> {
  const { rows } = await stage.app.database.asOwner((db) =>
    sql<{ count: number }>`
      select count(*) as count from delivery_attempts where outcome ->> 'kind' = 'retry-later'`.execute(db),
  );
  return rows[0]!.count;
}
