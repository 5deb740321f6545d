import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { query } from '#server/backup/test-support.ts';
import { findFreePort } from '#server/base/embedded/launch.ts';
import type { Config } from '#server/config.ts';
import { buildDatabase } from '#tests/support/build-app.ts';
import { testConfig } from '#tests/support/config.ts';
import { run } from './doctor.ts';
import type { Finding } from './finding.ts';
import { runHere } from './test-support.ts';

let database: Awaited<ReturnType<typeof buildDatabase>>;
let config: Config;

beforeAll(async () => {
  database = await buildDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'huisheng-doctor-'));
  const publicUrl = `http://127.0.0.1:${await findFreePort()}`;
  config = testConfig({ dataDir, databaseUrl: database.url, directDatabaseUrl: database.url, publicUrl });
  return () => rm(dataDir, { recursive: true, force: true });
});

async function examine(
  change: Partial<Config> = {},
): Promise<{ code: number | null; found: Map<string, Finding> }> {
  const { code, printed } = await runHere(run, { ...config, ...change }, '--json');
  const { findings } = JSON.parse(printed) as { findings: Finding[] };
  return { code, found: new Map(findings.map((one) => [one.id, one])) };
}

describe('doctor', () => {
  test('has a word on every part, in both languages, and ends well when nothing fails', async () => {
    const { code, found } = await examine();
    expect(code).toBe(0);
    expect([...found.keys()]).toEqual(
      expect.arrayContaining([
        'settings',
        'node',
        'data-directory',
        'disk',
        'key',
        'public-url',
        'database',
        'clock',
        'schema',
        'worker',
        'deliveries',
      ]),
    );
    for (const { text, todo, level } of found.values()) {
      expect(text.zh && text.en).toBeTruthy();
      if (level !== 'ok') expect(todo?.zh && todo.en).toBeTruthy();
    }
    expect(found.get('public-url')).toMatchObject({
      level: 'warn',
      text: { zh: expect.stringContaining('ECONNREFUSED') },
    });
    expect(found.get('worker')?.level).toBe('warn');
  });

  test('prints a line each with what to do below', async () => {
    const { printed } = await runHere(run, config);
    expect(printed).toMatch(/^✓ Node\.js 24/m);
    expect(printed).toMatch(/^! .*no worker is running.*\n {4}→ .*\n {4}→ start the program/m);
  });

  test('fails on a data directory and a key that others may read', async () => {
    await chmod(config.dataDir, 0o755);
    await writeFile(join(config.dataDir, 'master.key'), 'x', { mode: 0o644 });
    await chmod(join(config.dataDir, 'master.key'), 0o644);
    const { code, found } = await examine({ masterKey: null });
    expect(code).toBe(1);
    expect(found.get('data-directory')?.level).toBe('fail');
    expect(found.get('key')).toMatchObject({
      level: 'fail',
      todo: { en: expect.stringContaining('chmod 600') },
    });
  });

  test('fails on an unreachable database and does not show its password', async () => {
    const databaseUrl = 'postgres://somebody:geheim@127.0.0.1:9/huisheng';
    const { code, found } = await examine({ databaseUrl, directDatabaseUrl: databaseUrl });
    expect(code).toBe(1);
    expect(found.get('database')?.level).toBe('fail');
    expect(JSON.stringify([...found.values()])).not.toContain('geheim');
  });

  test('warns of settings that are dangerous in earnest', async () => {
    const { code, found } = await examine({ mode: 'production', fsync: false, failpoints: 'x=kill' });
    expect(code).toBe(1);
    expect(found.get('failpoints')?.level).toBe('fail');
    expect(found.get('fsync')?.level).toBe('fail');
    expect(found.get('https')?.level).toBe('warn');
  });

  test('does not make a database where there is none', async () => {
    const { code, found } = await examine({ databaseUrl: null, directDatabaseUrl: null });
    expect(code).toBe(0);
    expect(found.get('database')).toMatchObject({
      level: 'warn',
      text: { en: expect.stringContaining('not made yet') },
    });
  });

  test('notices a schema that is behind, or edited', async () => {
    const other = await buildDatabase();
    const address = { databaseUrl: other.url, directDatabaseUrl: other.url };
    try {
      await query(other.url, "update schema_migrations set checksum = 'other' where number = 1");
      expect((await examine(address)).found.get('schema')?.level).toBe('fail');
      await query(other.url, 'delete from schema_migrations');
      expect((await examine(address)).found.get('schema')?.level).toBe('warn');
    } finally {
      await other.drop();
    }
  });
});
