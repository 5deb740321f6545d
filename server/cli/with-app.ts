/**
 * The ground of a command. With the embedded database there are two cases: a program is running and holds the data
 * directory, then the command talks to that program's database; or none is, then the command starts the database itself
 * and stops it at its end, also when it is interrupted.
 */
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { App } from '#server/base/app.ts';
import { monotonicMs } from '#server/base/clock.ts';
import { type Database, openDatabase } from '#server/base/database.ts';
import { readPassword } from '#server/base/embedded/cluster.ts';
import { databaseUrl } from '#server/base/embedded/conversation.ts';
import { lockDataDirectory } from '#server/base/embedded/data-lock.ts';
import { refusal } from '#server/base/embedded/sentence.ts';
import { startEmbeddedDatabase } from '#server/base/embedded/supervisor.ts';
import { log } from '#server/base/log.ts';
import type { Config } from '#server/config.ts';
import { openApp, openStorage } from '#server/start.ts';

export type Access = {
  url: string;
  /** Past any pooler: one session that stays. */
  directUrl: string;
  /** Another program runs on this data directory; its database is being used. */
  shared: boolean;
};

export type AccessOptions = {
  /** False for commands that look at, or replace, the schema themselves. */
  migrate?: boolean;
  /** True where a running program must not be: refuses with the sentence that names it. */
  alone?: boolean;
};

type Opened = Access & { stop(): Promise<void> };

export async function withStorage<T>(
  config: Config,
  work: (access: Access) => Promise<T>,
  options: AccessOptions = {},
): Promise<T> {
  const storage = await open(config, options);
  const calm = stopWhenInterrupted(storage.stop);
  try {
    return await work(storage);
  } finally {
    calm();
    await storage.stop();
  }
}

export function withDatabase<T>(
  config: Config,
  work: (database: Database, access: Access) => Promise<T>,
  options: AccessOptions = {},
): Promise<T> {
  return withStorage(
    config,
    async (access) => {
      const database = openDatabase(access.url, { max: 2, name: 'huisheng command' });
      return work(database, access).finally(() => database.close());
    },
    options,
  );
}

export function withApp<T>(config: Config, work: (app: App) => Promise<T>): Promise<T> {
  return withStorage(config, async (access) => {
    // Without the worker role: a command enqueues, the running program works.
    const { app, close } = await openApp({ ...config, roles: ['web'] }, access);
    return work(app).finally(close);
  });
}

async function open(config: Config, { migrate = true, alone = false }: AccessOptions): Promise<Opened> {
  if (config.databaseUrl) {
    if (migrate) return { ...(await openStorage(config)), shared: false };
    const directUrl = config.directDatabaseUrl ?? config.databaseUrl;
    return { url: config.databaseUrl, directUrl, shared: false, stop: async () => undefined };
  }
  if (!alone && (await isInUse(config.dataDir))) return joinRunning(config.dataDir);
  return migrate ? { ...(await openStorage(config)), shared: false } : startHere(config);
}

/** As `openStorage`, but the schema is left as it is. */
async function startHere(config: Config): Promise<Opened> {
  await mkdir(config.dataDir, { recursive: true });
  // As root the embedded database runs as another user, who must be able to pass through.
  await chmod(config.dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
  const lock = await lockDataDirectory(config.dataDir);
  try {
    const database = await startEmbeddedDatabase({ dataDir: config.dataDir, log, fsync: config.fsync });
    return {
      url: database.url,
      directUrl: database.url,
      shared: false,
      async stop() {
        await database.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Whether another program holds the directory. A start in the next moment is harmless: the lock decides again then. */
async function isInUse(dataDir: string): Promise<boolean> {
  try {
    await (await lockDataDirectory(dataDir)).release();
    return false;
  } catch (error) {
    // Only a folder that cannot be locked at all has a cause below it.
    if (error instanceof Error && error.cause !== undefined) throw error;
    return true;
  }
}

/** A program that is just starting needs this long at most until its database answers. */
const joinMs = 20_000;

async function joinRunning(dataDir: string): Promise<Opened> {
  const end = monotonicMs() + joinMs;
  while (true) {
    const url = readRunningUrl(join(dataDir, 'database'));
    if (url && (await answers(url)))
      return { url, directUrl: url, shared: true, stop: async () => undefined };
    if (monotonicMs() > end) {
      throw refusal(
        `数据目录 ${dataDir} 正被另一个回声程序使用，但它的数据库没有应答。请稍后再试，或先停止该程序。`,
        `Another Huisheng program uses ${dataDir}, but its database does not answer. Try again shortly, or stop that program.`,
      );
    }
    await pause(250);
  }
}

/** Address of the database that runs now, from what its supervisor wrote down; null while it is being made. */
function readRunningUrl(folder: string): string | null {
  const note = join(folder, 'cluster-is-at');
  const cluster = join(existsSync(note) ? readFileSync(note, 'utf8').trim() : folder, 'cluster');
  const launch = join(folder, 'launch.json');
  if (!existsSync(launch) || !existsSync(cluster)) return null;
  const { port } = JSON.parse(readFileSync(launch, 'utf8')) as { port: number };
  return databaseUrl({ port, password: readPassword(cluster) });
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Complete once the starting program has migrated.
    await client.query('select 1 from schema_migrations limit 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** @returns what takes the handlers away again */
function stopWhenInterrupted(stop: () => Promise<void>): () => void {
  const end = (signal: NodeJS.Signals) => {
    console.error('\n已中断 / interrupted');
    // An open transaction rolls back with its connection.
    stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  return () => process.off('SIGINT', end).off('SIGTERM', end);
}
