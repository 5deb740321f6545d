/**
 * The worker is killed with SIGKILL at random moments, again and again, while it publishes on every platform. In the
 * end each post is there once, by the stand-ins' ledger, or the desk shows that it does not know. The seed is printed;
 * tests/support/random-run.ts says how to repeat a run and how to make it long.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StagedAccount, stageAccounts } from '#bench/support/publish-accounts.ts';
import { type StagedDelivery, stageDeliveries } from '#bench/support/publish-fixtures.ts';
import { judgeLedger } from '#bench/support/publish-ledger.ts';
import { listBenchPlatforms } from '#bench/support/publish-platforms.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import type { Config } from '#server/config.ts';
import type { PackageMedia } from '#shared/package.ts';
import { buildApp, type TestApp } from '#tests/support/build-app.ts';
import { readRandomRun } from '#tests/support/random-run.ts';
import { until } from '#tests/support/wait.ts';
import { startWorkerProcess } from '#tests/support/worker-process.ts';

const run = readRandomRun();
/** Posts that fall due before each kill; an account gets few enough for its platform to list them all afterwards. */
const postsAKill = 9;
const postsAnAccount = 4;
/** Every answer takes a while, so that kills meet calls under way. */
const slowMs = 30;
const longestLifeMs = 700;
const settleMinutes = 12;

let ground: TestApp;
let sandbox: Sandbox;
let config: Config;
let deliveries: StagedDelivery[];
beforeAll(async () => {
  ground = await buildApp({ roles: ['web'] });
  sandbox = await startSandbox();
  const { platforms } = listBenchPlatforms();
  const platformUrl = (platform: string) => `${sandbox.url}/sandbox/${platform}`;
  config = { ...ground.config, platformUrls: new Map(platforms.map(({ id }) => [id, platformUrl(id)])) };
  const count = run.kills * postsAKill;
  const bureaus = Math.ceil(count / postsAnAccount / platforms.length);
  const accounts: StagedAccount[] = await stageAccounts(ground.app, platforms, bureaus * platforms.length, {
    ...{ platformUrl, publicUrl: config.publicUrl },
    // Read-back after a kill costs calls; the platforms' limits have tests of their own.
    more: {
      weibo: { limits: { callsPerDay: 100_000, postsPerHour: 10_000 } },
      mastodon: { callsPerWindow: 100_000 },
    },
  });
  const picture = await sharp({ create: { width: 900, height: 383, channels: 3, background: '#2878c8' } })
    .jpeg()
    .toBuffer();
  const media: PackageMedia = {
    sha256: await ground.app.files.put(picture),
    ...{ mime: 'image/jpeg', width: 900, height: 383, size: picture.length, role: 'cover', alt: '办事大厅' },
  };
  deliveries = await stageDeliveries({ app: ground.app, config, accounts, media }, count, 1);
  for (const { id } of platforms)
    sandbox.world.faults.arm({
      platform: id,
      path: '/',
      times: 100_000,
      fault: { kind: 'slow', ms: slowMs },
    });
});
afterAll(async () => {
  await sandbox?.stop();
  await ground?.close();
});

const asOwner = <T>(
  work: (db: Parameters<Parameters<TestApp['app']['database']['asOwner']>[0]>[0]) => Promise<T>,
) => ground.app.database.asOwner(work);

async function makeDue(list: readonly StagedDelivery[]): Promise<void> {
  await asOwner((db) =>
    sql`
      update deliveries set due_at = clock_timestamp(), wake_at = clock_timestamp()
      where id = any(${list.map(({ id }) => id)}::uuid[])`.execute(db),
  );
}

/** Settling times and the waits of breakers go by; what is under way is left alone. */
async function letTimePass(): Promise<void> {
  await asOwner(async (db) => {
    await sql`update call_holds set until = clock_timestamp() where until > clock_timestamp()`.execute(db);
    await sql`delete from call_uses`.execute(db);
    await sql`
      update deliveries set
        submitted_at = submitted_at - make_interval(mins => ${settleMinutes}),
        absent_at    = absent_at - make_interval(mins => ${settleMinutes}),
        wake_at      = clock_timestamp()
      where state in ('unknown', 'pending') and claimed_by is null and wake_at > clock_timestamp()`.execute(
      db,
    );
    await sql`
      update deliveries set wake_at = clock_timestamp()
      where state in ('planned', 'due', 'preparing', 'prepared') and claimed_by is null and wake_at > clock_timestamp()`.execute(
      db,
    );
  });
}

async function countStates(): Promise<Record<string, number>> {
  const { rows } = await asOwner((db) =>
    sql<{ state: string; count: number }>`
      select state, count(*) as count from deliveries where id = any(${deliveries.map(({ id }) => id)}::uuid[])
      group by state`.execute(db),
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** Irreversible calls whose process was gone before it could save what came of them. */
async function countCutShort(): Promise<number> {
  const { rows } = await asOwner((db) =>
    sql<{ count: number }>`
      select count(*) as count from delivery_attempts where step = 'submit' and finished_at is null`.execute(
      db,
    ),
  );
  return rows[0]!.count;
}

test(
  `after ${run.kills} kills at random moments every post is there once (seed ${run.seed})`,
  async () => {
    for (let kill = 0; kill < run.kills; kill += 1) {
      await makeDue(deliveries.slice(kill * postsAKill, (kill + 1) * postsAKill));
      const worker = await startWorkerProcess({ config, databaseUrl: ground.databaseUrl });
      await pause(run.next() * longestLifeMs);
      await worker.kill('SIGKILL');
      await letTimePass();
    }
    const states = await recover();
    const { lost, doubled } = judgeLedger(sandbox.world.ledger.list(), deliveries);
    expect({ doubled, states }).toEqual({ doubled: 0, states: { published: deliveries.length } });
    expect(lost).toBe(0);
    expect(await countCutShort(), 'kills in the middle of an irreversible call').toBeGreaterThan(0);
  },
  60_000 + run.kills * 4_000,
);

/** A worker that lives takes over; @returns how many are in which state when nothing moves any more. */
async function recover(): Promise<Record<string, number>> {
  const worker = await startWorkerProcess({ config, databaseUrl: ground.databaseUrl });
  try {
    await until(
      async () => {
        await letTimePass();
        return (await countStates()).published === deliveries.length;
      },
      { what: `every post is published (seed ${run.seed})`, timeoutMs: 45_000, describe: countStates },
    );
    return await countStates();
  } finally {
    await worker.kill('SIGTERM');
  }
}
