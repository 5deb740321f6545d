/**
 * How late, and never how early, the first byte of a post leaves: 500 due at one moment (burst), then 1,000 over a
 * minute (spread), all prepared beforehand as they are in earnest. What counts is when the call reached the stand-in, by
 * its ledger, against the planned time; both clocks are this machine's. `--burst`, `--spread`, `--accounts`, `--workers`
 * change the size.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { type BenchOptions, type BenchResult, quantile, round } from './support/bench.ts';
import { readNumber } from './support/publish-arguments.ts';
import { type StagedDelivery, stageDeliveries } from './support/publish-fixtures.ts';
import { listAccepted } from './support/publish-ledger.ts';
import { openPublishStage, type PublishStage } from './support/publish-stage.ts';

const spreadMs = 60_000;
/** Between the last preparation and the first moment: the program is at rest, as before any planned time. */
const restMs = 3_000;
const prepareLimitMs = 120_000;
const sendLimitMs = 90_000;

export async function run({ arguments: given, say }: BenchOptions): Promise<BenchResult> {
  const counts = { burst: readNumber(given, 'burst', 500), spread: readNumber(given, 'spread', 1_000) };
  const stage = await openPublishStage(readNumber(given, 'accounts', 500), say);
  try {
    const burst = await stageDeliveries(stage, counts.burst, 1);
    const spread = await stageDeliveries(stage, counts.spread, counts.burst + 1);
    await stage.startWorkers(readNumber(given, 'workers', 1));
    say(`预先准备 ${burst.length + spread.length} 条…… preparing beforehand`);
    // Far enough away that nothing falls due while others are still being prepared.
    await plan(stage, [...burst, ...spread], prepareLimitMs, () => 0);
    await untilState(stage, 'prepared', burst.length + spread.length, prepareLimitMs);
    const burstLate = await measure(stage, burst, () => 0);
    say(`突发 / burst: p50 ${round(quantile(burstLate, 0.5), 0)} ms`);
    const spreadLate = await measure(stage, spread, (at) => (at * spreadMs) / spread.length);
    const all = [...burstLate, ...spreadLate];
    return {
      name: 'schedule',
      ratio: null,
      figures: {
        burst_p99_ms: round(quantile(burstLate, 0.99)),
        burst_max_ms: round(Math.max(...burstLate)),
        spread_p50_ms: round(quantile(spreadLate, 0.5)),
        spread_p99_ms: round(quantile(spreadLate, 0.99)),
        early: all.filter((ms) => ms < 0).length,
      },
      tried: all.length,
      limits: {
        burst_p99_ms: { atMost: 2_000 },
        burst_max_ms: { atMost: 5_000 },
        spread_p99_ms: { atMost: 1_000 },
        early: { atMost: 0 },
      },
    };
  } finally {
    await stage.stop();
  }
}

/**
 * Plans them anew, sends them, reads back when each arrived.
 * @param offset milliseconds after the first moment, by position
 * @returns milliseconds after the planned time, one a post
 */
async function measure(
  stage: PublishStage,
  deliveries: readonly StagedDelivery[],
  offset: (at: number) => number,
): Promise<number[]> {
  const due = await plan(stage, deliveries, restMs, offset);
  await pause(restMs + offset(deliveries.length - 1));
  const arrived = await untilAccepted(stage, deliveries);
  return deliveries.map(({ number }) => arrived.get(number)! - due.get(number)!);
}

/** @returns the planned moment by number, epoch milliseconds */
async function plan(
  stage: PublishStage,
  deliveries: readonly StagedDelivery[],
  inMs: number,
  offset: (at: number) => number,
): Promise<Map<number, number>> {
  const first = (await stage.app.database.now()).getTime() + inMs;
  const times = deliveries.map((_, at) => new Date(first + Math.round(offset(at))));
  await stage.app.database.withWorker((tx) =>
    sql`
      update deliveries d
      set due_at = p.at, wake_at = case when d.state = 'prepared' then p.at else clock_timestamp() end
      from unnest(${deliveries.map(({ id }) => id)}::uuid[], ${times}::timestamptz[]) as p (id, at)
      where d.id = p.id`.execute(tx),
  );
  return new Map(deliveries.map(({ number }, at) => [number, times[at]!.getTime()]));
}

async function untilAccepted(
  stage: PublishStage,
  deliveries: readonly StagedDelivery[],
): Promise<Map<number, number>> {
  const wanted = new Set(deliveries.map(({ number }) => number));
  for (const end = performance.now() + sendLimitMs; performance.now() < end; await pause(500)) {
    const lines = listAccepted(await stage.readLedger()).filter(({ number }) => wanted.has(number));
    if (lines.length >= wanted.size)
      return new Map(lines.map(({ number, entry }) => [number, Date.parse(entry.at)]));
  }
  throw new Error('the posts did not all go out / 没有全部发出');
}

async function untilState(stage: PublishStage, state: string, count: number, limitMs: number): Promise<void> {
  for (const end = performance.now() + limitMs; performance.now() < end; await pause(500)) {
    const { rows } = await stage.app.database.asOwner((db) =>
      sql<{ count: number }>`select count(*) as count from deliveries where state = ${state}`.execute(db),
    );
    if (rows[0]!.count === count) return;
  }
  throw new Error(`not all became ${state} in time / 没有按时就绪`);
}
