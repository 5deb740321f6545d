/**
 * Forward-only migrations: numbered SQL files, checksummed, each in one transaction, one program at a time.
 */
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { sha256Hex } from './canonical.ts';
import type { Log } from './log.ts';

export const migrationsDir = new URL('../migrations/', import.meta.url);
/** Oldest server that is accepted (DESIGN: SQL floor). */
const minimumVersion = 150_000;
/** Arbitrary, the same in every version of the program. */
const lockKey = 8_271_653;

export type Migration = { number: number; name: string; sql: string; checksum: string };

export async function readMigrations(dir: URL = migrationsDir): Promise<Migration[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, dir), 'utf8');
      return { number: Number(name.slice(0, 4)), name, sql, checksum: sha256Hex(sql) };
    }),
  );
}

/**
 * Brings the schema up to date and returns how many migrations ran.
 * @throws {Error} when the server is too old, an applied migration was edited, or the schema is newer than the program
 */
export async function migrate(url: string, log: Pick<Log, 'info'>): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string }>(
      "select current_setting('server_version_num') as version",
    );
    if (Number(rows[0]!.version) < minimumVersion) {
      throw new Error('数据库版本过低，需要 PostgreSQL 15 或更高 / PostgreSQL 15 or newer is needed');
    }
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await client.query(
      'create table if not exists schema_migrations (number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())',
    );
    return await applyMissing(client, await readMigrations(), log);
  } finally {
    await client.end();
  }
}

async function applyMissing(
  client: pg.Client,
  migrations: Migration[],
  log: Pick<Log, 'info'>,
): Promise<number> {
  const { rows } = await client.query<{ number: number; name: string; checksum: string }>(
    'select number, name, checksum from schema_migrations order by number',
  );
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const row of rows) {
    const migration = known.get(row.number);
    if (!migration) {
      throw new Error(
        `数据库比程序新（${row.name}），请升级程序 / the database is newer than this program (${row.name}): upgrade it`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new Error(`已执行的迁移被改动：${row.name} / an applied migration was edited: ${row.name}`);
    }
  }
  const applied = new Set(rows.map((row) => row.number));
  const missing = migrations.filter((migration) => !applied.has(migration.number));
  for (const migration of missing) {
    await client.query('begin');
    try {
      await client.query(migration.sql);
      await client.query('insert into schema_migrations (number, name, checksum) values ($1, $2, $3)', [
        migration.number,
        migration.name,
        migration.checksum,
      ]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw new Error(`migration ${migration.name} failed: ${(error as Error).message}`, { cause: error });
    }
    log.info({ migration: migration.name }, 'migration applied');
  }
  return missing.length;
}
