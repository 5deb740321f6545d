/** A whole installation on a database of its own: the real program, the real stand-ins, nothing replaced. */
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Config } from '#server/config.ts';
import { registerStandIns, standInUrls } from '#server/seed/stand-ins.ts';
import { type Installation, openApp, startInstallation } from '#server/start.ts';
import type { Role } from '#shared/people.ts';
import { type Client, signInClient } from './client.ts';
import { runAs, withDatabase } from './cluster.ts';
import { testConfig } from './config.ts';

/** A copy of the template. Dropped by `drop`; what a failed run leaves goes with the cluster. */
export async function buildDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const adminUrl = inject('adminUrl');
  await runAs(adminUrl, `create database ${name} template ${inject('template')} strategy file_copy`);
  return {
    url: withDatabase(adminUrl, name),
    drop: () => runAs(adminUrl, `drop database if exists ${name} with (force)`),
  };
}

/** An empty data directory with the demonstration's files. */
async function buildDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'huisheng-app-'));
  await cp(inject('filesDir'), join(dataDir, 'files'), { recursive: true });
  return dataDir;
}

export type TestApp = { app: App; config: Config; databaseUrl: string; close(): Promise<void> };

/** The ground without web and worker: for tests of modules. */
export async function buildApp(change: Partial<Config> = {}): Promise<TestApp> {
  const database = await buildDatabase();
  const dataDir = await buildDataDir();
  const config = testConfig({ dataDir, ...change });
  const { app, close } = await openApp(config, { url: database.url, directUrl: database.url });
  return {
    app,
    config,
    databaseUrl: database.url,
    async close() {
      await close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type TestInstallation = TestApp & {
  url: string;
  sandbox: Sandbox;
  installation: Installation;
  /** Signs in a person of the demonstration by login (`bianji`, `chushen` …). */
  as(login: string): Promise<Client>;
};

export async function buildInstallation(change: Partial<Config> = {}): Promise<TestInstallation> {
  const database = await buildDatabase();
  const dataDir = await buildDataDir();
  const sandbox = await startSandbox();
  const config = testConfig({
    dataDir,
    platformUrls: standInUrls(sandbox.url),
    ...change,
  });
  const storage = {
    url: database.url,
    directUrl: database.url,
    embedded: false,
    stop: async () => undefined,
  };
  const installation = await startInstallation(config, storage, { sandboxUrl: sandbox.url });
  const url = installation.address ?? '';
  const demonstration = inject('demonstration');
  await registerStandIns(
    sandbox.url,
    demonstration.standIns,
    await findAccountIds(installation.app),
    url,
    config.publicUrl,
    // Many tests share one account; the platform's limits have tests of their own.
    { weibo: { limits: { callsPerDay: 100_000, postsPerHour: 10_000 } } },
  );
  return {
    app: installation.app,
    config,
    databaseUrl: database.url,
    url,
    sandbox,
    installation,
    as: (login) => signInClient(url, login, passwordOf(login)),
    async close() {
      await installation.stop();
      await sandbox.stop();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function passwordOf(login: string): string {
  const found = inject('demonstration').signIns.find((one) => one.login === login);
  if (!found) throw new Error(`no demonstration sign-in ${login}`);
  return found.password;
}

/** Our account ids of the stand-ins' accounts, by platform. */
export async function findAccountIds(app: App): Promise<Map<string, string>> {
  const names = new Set(inject('demonstration').standIns.map((one) => one.name));
  const rows = await app.database.withWorker((tx) =>
    tx.selectFrom('accounts').select(['id', 'platform', 'name']).execute(),
  );
  return new Map(rows.filter((row) => names.has(row.name)).map((row) => [row.platform, row.id]));
}

/** A person of the demonstration as the routes would know them. */
export async function buildActor(app: App, login: string): Promise<Actor> {
  return app.database.withWorker(async (tx) => {
    const row = await tx
      .selectFrom('people')
      .innerJoin('memberships', 'memberships.person_id', 'people.id')
      .innerJoin('units', 'units.id', 'memberships.unit_id')
      .select([
        'people.id',
        'people.name',
        'memberships.bureau_id',
        'memberships.unit_id',
        'memberships.role',
        'units.path',
      ])
      .where('login', '=', login)
      .executeTakeFirstOrThrow();
    return {
      personId: row.id,
      name: row.name,
      bureauId: row.bureau_id,
      unitId: row.unit_id,
      unitPath: row.path,
      roles: [row.role as Role],
    };
  });
}
