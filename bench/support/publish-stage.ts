/**
 * The stage of the publishing benches: the embedded database with fsync on, the stand-ins in a process of their own,
 * accounts known to both sides, and the real program with the worker role as processes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { App } from '#server/base/app.ts';
import { type Config, readConfig } from '#server/config.ts';
import { openApp, openStorage } from '#server/start.ts';
import type { PackageMedia } from '#shared/package.ts';
import { startWorkerProcess, type WorkerProcess } from '#tests/support/worker-process.ts';
import { type StagedAccount, stageAccounts } from './publish-accounts.ts';
import { clip, describeClip } from './publish-clip.ts';
import { type BenchPlatform, listBenchPlatforms } from './publish-platforms.ts';

export type LedgerLine = {
  seq: number;
  at: string;
  platform: string;
  account: string;
  kind: string;
  detail: unknown;
};

export type PublishStage = {
  app: App;
  config: Config;
  databaseUrl: string;
  platforms: readonly BenchPlatform[];
  accounts: readonly StagedAccount[];
  picture: Buffer;
  media: PackageMedia;
  video: PackageMedia;
  /** Where the API of a platform's stand-in begins. */
  platformUrl(platform: string): string;
  startWorkers(count: number): Promise<void>;
  /** Orderly, so that nothing is left half-way. */
  stopWorkers(): Promise<void>;
  readLedger(): Promise<LedgerLine[]>;
  stop(): Promise<void>;
};

const publicUrl = 'http://rs.bench.example';

/** @param accountCount accounts, spread evenly over the platforms; every bureau has one of each */
export async function openPublishStage(
  accountCount: number,
  say: (line: string) => void,
): Promise<PublishStage> {
  const { platforms, missing } = listBenchPlatforms();
  if (missing.length > 0) say(`不参加的平台 / platforms that do not take part: ${missing.join(', ')}`);
  const dataDir = await mkdtemp(join(tmpdir(), 'huisheng-bench-publish-'));
  const sandbox = await startStandIns();
  const platformUrl = (platform: string) => `${sandbox.url}/sandbox/${platform}`;
  const config: Config = {
    ...readConfig({
      HUISHENG_DATA_DIR: dataDir,
      HUISHENG_ROLES: 'web',
      HUISHENG_PUBLIC_URL: publicUrl,
      HUISHENG_MASTER_KEY: randomBytes(32).toString('hex'),
    }),
    platformUrls: new Map(platforms.map(({ id }) => [id, platformUrl(id)])),
  };
  const storage = await openStorage(config);
  const { app, close } = await openApp(config, storage);
  const picture = await sharp({
    create: { width: 900, height: 383, channels: 3, background: { r: 40, g: 120, b: 200 } },
  })
    .jpeg()
    .toBuffer();
  const media: PackageMedia = {
    sha256: await app.files.put(picture),
    ...{ mime: 'image/jpeg', width: 900, height: 383, size: picture.length, role: 'cover', alt: '办事大厅' },
  };
  const video = describeClip(await app.files.put(clip));
  const accounts = await stageAccounts(app, platforms, accountCount, { platformUrl, publicUrl });
  let workers: WorkerProcess[] = [];
  const stopWorkers = async () => {
    const running = workers;
    workers = [];
    await Promise.all(running.map((worker) => worker.kill('SIGTERM')));
  };
  return {
    ...{ app, config, databaseUrl: storage.url, platforms, accounts, picture, media, video, platformUrl },
    async startWorkers(count) {
      const target = { config, databaseUrl: storage.url };
      for (let at = 0; at < count; at += 1) workers.push(await startWorkerProcess(target));
    },
    stopWorkers,
    readLedger: async () =>
      (await (await fetch(`${sandbox.url}/sandbox/_control/ledger`)).json()) as LedgerLine[],
    async stop() {
      await stopWorkers();
      await close();
      await storage.stop();
      await sandbox.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Without a state file: writing it would be the stand-ins' cost, not the platforms'. */
async function startStandIns(): Promise<{ url: string; stop(): Promise<void> }> {
  const child: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../sandbox/main.ts', import.meta.url))],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { SANDBOX_PORT: '0' } },
  );
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  const { port } = JSON.parse(line) as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
