import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '#server/base/actor.ts';
import { openDatabase } from '#server/base/database.ts';
import { type Migration, readMigrations } from '#server/base/migrate.ts';
import { record, sealOnce, verify } from '#server/modules/audit/index.ts';
import { reasons } from '#server/modules/publishing/reasons.ts';
import { openApp } from '#server/start.ts';
import { auditKey } from '#server/worker.ts';
import { buildApp, type TestApp } from '#tests/support/build-app.ts';
import { until } from '#tests/support/wait.ts';
import { makeBackup } from './make-backup.ts';
import { readManifest } from './manifest.ts';
import { restoreBackup } from './restore-backup.ts';
import { notCarried } from './tables.ts';
import {
  dropGrounds,
  emptyGround,
  fingerprintTables,
  listFilesBelow,
  query,
  seedAll,
} from './test-support.ts';

let source: TestApp;
let folder: string;

const backup = (out: string, more: Partial<Parameters<typeof makeBackup>[0]> = {}) =>
  makeBackup({
    url: source.databaseUrl,
    config: source.config,
    out,
    withKey: false,
    program: 'test',
    ...more,
  });

let bureauId: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huisheng-backup-'));
  source = await buildApp();
  ({ bureauId } = await seedAll(source));
});

afterAll(async () => {
  await source.close();
  await dropGrounds();
  await rm(folder, { recursive: true, force: true });
});

describe('a backup', () => {
  let out: string;
  let before: Map<string, string>;

  beforeAll(async () => {
    out = join(folder, 'first');
    before = await fingerprintTables(source.databaseUrl);
    await backup(out);
  });

  test('names every table of the schema, or the reason why it is left out', async () => {
    const manifest = await readManifest(out);
    const tables = await query<{ name: string }>(
      source.databaseUrl,
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
    );
    const carried = manifest.tables.map((table) => table.name);
    expect([...carried, ...Object.keys(notCarried)].sort()).toEqual(tables.map((row) => row.name).sort());
    expect(manifest.schema.map((entry) => entry.name)).toEqual(
      (await readMigrations()).map((one) => one.name),
    );
  });

  test('is readable by its owner alone and holds no master key', async () => {
    expect((await stat(out)).mode & 0o077).toBe(0);
    expect((await stat(join(out, 'manifest.json'))).mode & 0o077).toBe(0);
    expect(await listFilesBelow(out)).not.toContain('master.key');
    const text = await readFile(join(out, 'manifest.json'), 'utf8');
    expect(text).not.toContain(source.config.masterKey!.toString('hex'));
  });

  test('refuses a folder that holds something', async () => {
    await expect(backup(out)).rejects.toThrow('is not empty');
  });

  test('comes back with every row and every file, except what a restore halts on purpose', async () => {
    const ground = await emptyGround(folder);
    const { halted } = await restoreBackup({ ...ground, from: out, force: false, newKey: false });
    expect(halted).toEqual({ held: 4, unknown: 1, replies: 1, withdrawals: 2 });
    const after = await fingerprintTables(ground.url);
    const changed = [...before].filter(([name, print]) => after.get(name) !== print).map(([name]) => name);
    expect(changed.sort()).toEqual(['audit_entries', 'deliveries', 'replies', 'withdrawal_targets']);
    const stored = await readFile(ground.config.dataDir + (await filePathOf(ground.url)));
    expect(stored.toString()).toBe('一张图片');
    const [{ kept } = { kept: 0 }] = await query<{ kept: number }>(
      ground.url,
      `select count(*)::int as kept from audit_entries where action = 'test.happened'`,
    );
    expect(kept).toBe(5);
  });

  test('leaves nothing that goes out by itself, and says so in the audit log', async () => {
    const ground = await emptyGround(folder);
    await restoreBackup({ ...ground, from: out, force: false, newKey: false });
    const rows = await query<{ state: string; reason: string | null; steps: object; count: number }>(
      ground.url,
      `select state, reason, steps, count(*)::int as count from deliveries group by 1, 2, 3 order by 1, 2`,
    );
    const draft = { draft: { id: '1' } };
    expect(rows.filter((row) => row.reason === 'restored')).toEqual([
      { state: 'held', reason: 'restored', steps: {}, count: 4 },
      { state: 'unknown', reason: 'restored', steps: draft, count: 1 },
    ]);
    expect(reasons.restored.zh).toContain('备份');
    const awake = await query(
      ground.url,
      `select state from deliveries where wake_at is not null and state not in ('published', 'held', 'handed-off', 'cancelled')
       union all select state from replies where wake_at is not null and state <> 'sent'
       union all select state from withdrawal_targets where wake_at is not null`,
    );
    expect(awake).toEqual([]);
    const targets = await query(ground.url, 'select state, code from withdrawal_targets order by state');
    expect(targets).toEqual([
      { state: 'by-hand', code: null },
      { state: 'calling', code: 'restored' },
      { state: 'waiting', code: 'restored' },
    ]);
    const audit = await query<{ action: string; count: number }>(
      ground.url,
      `select action, count(*)::int as count from audit_entries
       where detail ->> 'reason' = 'restored' or action = 'database.restored' group by 1 order by 1`,
    );
    expect(audit).toEqual([
      { action: 'database.restored', count: 3 },
      { action: 'delivery.held', count: 4 },
      { action: 'delivery.unknown', count: 1 },
      { action: 'delivery.withdraw-halted', count: 2 },
      { action: 'reply.unknown', count: 1 },
    ]);
  });

  test('keeps row security and append-only tables in force', async () => {
    const ground = await emptyGround(folder);
    await restoreBackup({ ...ground, from: out, force: false, newKey: false });
    const fences = (url: string) =>
      query(
        url,
        `select relname, relrowsecurity, relforcerowsecurity,
           (select array_agg(tgname::text || tgenabled::text order by tgname) from pg_trigger where tgrelid = c.oid and not tgisinternal) as triggers
         from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
      );
    expect(await fences(ground.url)).toEqual(await fences(source.databaseUrl));
    await expect(query(ground.url, 'delete from audit_entries')).rejects.toThrow('never changed');
  });

  test('goes on with an unbroken audit chain: the unsealed rest is sealed, nothing twice', async () => {
    const ground = await emptyGround(folder);
    await restoreBackup({ ...ground, from: out, force: false, newKey: false });
    const { app, close } = await openApp(ground.config, { url: ground.url, directUrl: ground.url });
    try {
      await app.database.withWorker((tx) =>
        record(tx, systemActor(bureauId), 'test.later', { kind: 'test', id: 'later' }),
      );
      const [{ rows } = { rows: 0 }] = await query<{ rows: number }>(
        ground.url,
        'select count(*)::int as rows from audit_entries',
      );
      // Anybody's transaction on this cluster puts sealing off; a bureau that has no seal yet is in no report.
      const reports = await until(
        async () => {
          await sealOnce(app.database, auditKey(app));
          const now = await verify(app.database, auditKey(app));
          return now.reduce((sum, report) => sum + report.checked, 0) === rows && now;
        },
        { what: 'everything is sealed' },
      );
      expect(reports.map((report) => report.firstBad)).toEqual(reports.map(() => null));
      expect(reports.map((report) => report.unsealed)).toEqual(reports.map(() => 0));
    } finally {
      await close();
    }
  });

  test('is not restored over other people’s rows unless by force, and never over another program', async () => {
    const ground = await emptyGround(folder);
    await restoreBackup({ ...ground, from: out, force: false, newKey: false });
    const again = { ...ground, from: out, newKey: false };
    await expect(restoreBackup({ ...again, force: false })).rejects.toThrow('not empty');
    await restoreBackup({ ...again, force: true });
    expect((await fingerprintTables(ground.url)).get('people')).toBe(before.get('people'));

    const foreign = await emptyGround(folder);
    await query(foreign.url, 'create table ledger (id integer)');
    await expect(restoreBackup({ ...foreign, from: out, force: true, newKey: false })).rejects.toThrow(
      'another program',
    );
  });

  test('is not restored under a running program', async () => {
    const ground = await emptyGround(folder);
    const other = openDatabase(ground.url, { max: 1 });
    await other.ping();
    await expect(restoreBackup({ ...ground, from: out, force: true, newKey: false })).rejects.toThrow(
      'Stop every Huisheng program',
    );
    await other.close();
  });

  test('of a newer program is refused with a sentence', async () => {
    const ground = await emptyGround(folder);
    const older = (await readMigrations()).slice(0, -1);
    await expect(
      restoreBackup({ ...ground, from: out, force: false, newKey: false, migrations: older }),
    ).rejects.toThrow(/升级程序[\s\S]*newer program/);
    expect(await query(ground.url, "select 1 from pg_tables where schemaname = 'public'")).toEqual([]);
  });

  test('of an older program is brought forward', async () => {
    const ground = await emptyGround(folder);
    const migrations = await readMigrations();
    const next: Migration = {
      number: migrations.at(-1)!.number + 1,
      name: '9999_next.sql',
      sql: "alter table people add column nickname text not null default '—'",
      checksum: createHash('sha256').update('next').digest('hex'),
    };
    await restoreBackup({
      ...ground,
      from: out,
      force: false,
      newKey: false,
      migrations: [...migrations, next],
    });
    expect(await query(ground.url, 'select distinct nickname from people')).toEqual([{ nickname: '—' }]);
    expect(
      await query(ground.url, 'select name from schema_migrations order by number desc limit 1'),
    ).toEqual([{ name: '9999_next.sql' }]);
  });

  test('that belongs to another key is refused, unless the loss is accepted', async () => {
    const ground = await emptyGround(folder);
    const config = { ...ground.config, masterKey: Buffer.alloc(32, 9) };
    const restore = (newKey: boolean) =>
      restoreBackup({ ...ground, config, from: out, force: false, newKey });
    await expect(restore(false)).rejects.toThrow('master key of this backup');
    await restore(true);
  });

  test('asked for with its key brings the key along, for its owner alone', async () => {
    const with_ = join(folder, 'with-key');
    await backup(with_, { withKey: true });
    const ground = await emptyGround(folder);
    const config = { ...ground.config, masterKey: null };
    await restoreBackup({ ...ground, config, from: with_, force: false, newKey: false });
    const key = join(ground.dataDir, 'master.key');
    expect(await readFile(key, 'utf8')).toBe(`1:${source.config.masterKey!.toString('hex')}\n`);
    expect((await stat(key)).mode & 0o777).toBe(0o600);
  });

  async function filePathOf(url: string): Promise<string> {
    const [row] = await query<{ sha256: string }>(
      url,
      'select sha256 from files order by created_at desc limit 1',
    );
    return `/files/${row!.sha256.slice(0, 2)}/${row!.sha256}`;
  }
});
