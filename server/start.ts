/** Puts an installation together from its configuration and takes it apart again, database last. */
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { App } from '#server/base/app.ts';
import { openDatabase } from '#server/base/database.ts';
import { closeEgress } from '#server/base/egress.ts';
import { lockDataDirectory } from '#server/base/embedded/data-lock.ts';
import { startEmbeddedDatabase } from '#server/base/embedded/supervisor.ts';
import { readFailpoints } from '#server/base/failpoints.ts';
import { openFileStore } from '#server/base/files.ts';
import { newId } from '#server/base/ids.ts';
import { startJobs } from '#server/base/jobs.ts';
import { loadKeyring } from '#server/base/keys.ts';
import { startLive } from '#server/base/live.ts';
import { log } from '#server/base/log.ts';
import { migrate } from '#server/base/migrate.ts';
import { createSealer } from '#server/base/seal.ts';
import { createPushIntake } from '#server/modules/inbox/index.ts';
import type { Config } from './config.ts';
import { buildWeb } from './web.ts';
import { startWorker, type Worker } from './worker.ts';

export type Installation = {
  app: App;
  web: FastifyInstance | null;
  worker: Worker | null;
  /** Where the web side listens; null without the web role. */
  address: string | null;
  stop(): Promise<void>;
};

export type Storage = { url: string; directUrl: string; embedded: boolean; stop(): Promise<void> };

/** Data directory locked, database up and migrated; what every command needs. */
export async function openStorage(config: Config): Promise<Storage> {
  await mkdir(config.dataDir, { recursive: true });
  // As root the embedded database runs as another user, who must be able to pass through; secrets inside are 0600.
  await chmod(config.dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
  if (config.databaseUrl) {
    await migrate(config.directDatabaseUrl ?? config.databaseUrl, log);
    return {
      url: config.databaseUrl,
      directUrl: config.directDatabaseUrl ?? config.databaseUrl,
      embedded: false,
      stop: async () => undefined,
    };
  }
  const lock = await lockDataDirectory(config.dataDir);
  try {
    const database = await startEmbeddedDatabase({ dataDir: config.dataDir, log, fsync: config.fsync });
    await migrate(database.url, log);
    return {
      url: database.url,
      directUrl: database.url,
      embedded: true,
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

export async function openApp(
  config: Config,
  storage: Pick<Storage, 'url' | 'directUrl'>,
): Promise<{ app: App; close(): Promise<void> }> {
  const keyring = await loadKeyring(config);
  const database = openDatabase(storage.url);
  const live = await startLive(storage.directUrl);
  const jobs = await startJobs(storage.directUrl, config.roles.includes('worker'));
  const app: App = {
    config,
    database,
    jobs,
    live,
    files: openFileStore(join(config.dataDir, 'files')),
    sealer: createSealer(keyring),
    failpoints: readFailpoints(config.failpoints),
  };
  return {
    app,
    async close() {
      await jobs.stop();
      await live.close();
      await closeEgress();
      await database.close();
    },
  };
}

export async function startInstallation(
  config: Config,
  storage: Storage,
  options: { sandboxUrl: string | null },
): Promise<Installation> {
  const { app, close } = await openApp(config, storage);
  const processId = newId();
  const worker = config.roles.includes('worker')
    ? await startWorker(app, { processId, roles: config.roles, directUrl: storage.directUrl })
    : null;
  let web: FastifyInstance | null = null;
  let address: string | null = null;
  const intake = createPushIntake(app.database, () => worker?.kickInbox());
  if (config.roles.includes('web')) {
    web = await buildWeb(app, { intake, sandboxUrl: options.sandboxUrl });
    address = await web.listen({ host: config.host, port: config.port });
  }
  return {
    app,
    web,
    worker,
    address,
    async stop() {
      // No new requests, then no new work, then what both stood on.
      await web?.close();
      await intake.close();
      await worker?.stop();
      await close();
    },
  };
}
