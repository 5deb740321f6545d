/**
 * Approved posts on every platform that publishes by API, the stand-ins in this process and the worker as processes
 * that can be killed. Kept up for many faults: what one costs is a start of the worker.
 */
import { sql } from 'kysely';
import sharp from 'sharp';
import { type StagedAccount, stageAccounts } from '#bench/support/publish-accounts.ts';
import { clip, describeClip } from '#bench/support/publish-clip.ts';
import { type StagedDelivery, stageDeliveries } from '#bench/support/publish-fixtures.ts';
import { listBenchPlatforms } from '#bench/support/publish-platforms.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import type { PackageMedia } from '#shared/package.ts';
import { buildApp, type TestApp } from './build-app.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

export type PublishingGround = {
  ground: TestApp;
  sandbox: Sandbox;
  /** Number `n` (from 1) stands on the platform `(n − 1) mod platforms`, roughly: look at `account.platform`. */
  deliveries: readonly StagedDelivery[];
  startWorker(failpoints?: string): Promise<WorkerProcess>;
  makeDue(list: readonly StagedDelivery[]): Promise<void>;
  /** Settling times, limits and the waits of breakers go by; what is under way is left alone. */
  letTimePass(): Promise<void>;
  countStates(list?: readonly StagedDelivery[]): Promise<Record<string, number>>;
  query<T>(statement: ReturnType<typeof sql<T>>): Promise<T[]>;
  close(): Promise<void>;
};

const settleMinutes = 12;

/** @param postsAnAccount few enough for its platform to list them all afterwards */
export async function buildPublishingGround(
  count: number,
  postsAnAccount: number,
): Promise<PublishingGround> {
  const ground = await buildApp({ roles: ['web'] });
  const sandbox = await startSandbox();
  const { platforms } = listBenchPlatforms();
  const platformUrl = (platform: string) => `${sandbox.url}/sandbox/${platform}`;
  const config = {
    ...ground.config,
    platformUrls: new Map(platforms.map(({ id }) => [id, platformUrl(id)])),
  };
  const bureaus = Math.ceil(count / postsAnAccount / platforms.length);
  const accounts: StagedAccount[] = await stageAccounts(ground.app, platforms, bureaus * platforms.length, {
    ...{ platformUrl, publicUrl: config.publicUrl },
    // Read-back after a fault costs calls; the platforms' limits have tests of their own.
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
  const video = describeClip(await ground.app.files.put(clip));
  const deliveries = await stageDeliveries({ app: ground.app, config, accounts, media, video }, count, 1);
  const idsOf = (list: readonly StagedDelivery[]) => list.map(({ id }) => id);

  async function query<T>(statement: ReturnType<typeof sql<T>>): Promise<T[]> {
    return ground.app.database.asOwner(async (db) => (await statement.execute(db)).rows);
  }

  return {
    ...{ ground, sandbox, deliveries, query },
    startWorker: (failpoints) => startWorkerProcess({ config, databaseUrl: ground.databaseUrl }, failpoints),
    async makeDue(list) {
      await query(sql`
        update deliveries set due_at = clock_timestamp(), wake_at = clock_timestamp()
        where id = any(${idsOf(list)}::uuid[])`);
    },
    async letTimePass() {
      // A row the workers hold is changing anyway; waiting for it could deadlock with their batches.
      await query(sql`
        update call_holds set until = clock_timestamp()
        where subject in (select subject from call_holds where until > clock_timestamp() for update skip locked)`);
      await query(sql`
        delete from call_uses where (subject, name) in (
          select subject, name from call_uses for update skip locked)`);
      await query(sql`
        with resting as (
          select bureau_id, id from deliveries
          where state in ('unknown', 'pending') and claimed_by is null and wake_at > clock_timestamp()
          for update skip locked)
        update deliveries d set
          submitted_at = d.submitted_at - make_interval(mins => ${settleMinutes}),
          absent_at    = d.absent_at - make_interval(mins => ${settleMinutes}),
          wake_at      = clock_timestamp()
        from resting where d.bureau_id = resting.bureau_id and d.id = resting.id`);
      await query(sql`
        with resting as (
          select bureau_id, id from deliveries
          where state in ('planned', 'due', 'preparing', 'prepared') and claimed_by is null
            and wake_at > clock_timestamp()
          for update skip locked)
        update deliveries d set wake_at = clock_timestamp()
        from resting where d.bureau_id = resting.bureau_id and d.id = resting.id`);
    },
    async countStates(list = deliveries) {
      const rows = await query(sql<{ state: string; count: number }>`
        select state, count(*) as count from deliveries where id = any(${idsOf(list)}::uuid[]) group by state`);
      return Object.fromEntries(rows.map(({ state, count: found }) => [state, found]));
    },
    async close() {
      await sandbox.stop();
      await ground.close();
    },
  };
}
