/**
 * One PostgreSQL for the whole run, made before the first test: the embedded one without fsync (in memory where there is
 * a tmpfs), or the server of DATABASE_URL. It holds a template, migrated and seeded, that each test file copies in some
 * 25 ms.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedDatabase } from '#server/base/embedded/supervisor.ts';
import { migrate } from '#server/base/migrate.ts';
import { type Demonstration, planDemonstration, seedDemonstration } from '#server/seed/demonstration.ts';
import { openApp } from '#server/start.ts';
import { quiet, testConfig } from './config.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    adminUrl: string;
    template: string;
    demonstration: Demonstration;
    /** Files of the demonstration, to be laid beside each copy of the template. */
    filesDir: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = await mkdtemp(join(root, 'huisheng-test-'));
  const given = process.env.DATABASE_URL;
  const embedded = given ? null : await startEmbeddedDatabase({ dataDir: folder, log: quiet, fsync: false });
  const adminUrl = given ?? embedded!.url;
  const template = `huisheng_template_${process.pid}`;
  await runAs(adminUrl, `create database ${template}`);
  const url = withDatabase(adminUrl, template);
  await migrate(url, quiet);
  const demonstration = planDemonstration();
  const { app, close } = await openApp(testConfig({ dataDir: folder }), { url, directUrl: url });
  await seedDemonstration(app, demonstration);
  await close();
  project.provide('adminUrl', adminUrl);
  project.provide('template', template);
  project.provide('demonstration', demonstration);
  project.provide('filesDir', join(folder, 'files'));
  return async () => {
    await runAs(adminUrl, `drop database if exists ${template} with (force)`);
    await embedded?.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

export function withDatabase(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function runAs(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
