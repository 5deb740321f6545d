import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { runAs, withDatabase } from '#tests/support/cluster.ts';
import { quiet } from '#tests/support/config.ts';
import { migrate, readMigrations } from './migrate.ts';

let name = '';
let url = '';
beforeEach(async () => {
  name = `test_${randomBytes(8).toString('hex')}`;
  await runAs(inject('adminUrl'), `create database ${name}`);
  url = withDatabase(inject('adminUrl'), name);
});
afterEach(() => runAs(inject('adminUrl'), `drop database ${name} with (force)`));

async function ask<T extends pg.QueryResultRow>(statement: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(statement)).rows;
  } finally {
    await client.end();
  }
}

describe('migrations', () => {
  test('bring an empty database up to date, and a second time do nothing', async () => {
    const all = await readMigrations();
    expect(await migrate(url, quiet)).toBe(all.length);
    expect(await migrate(url, quiet)).toBe(0);
    expect(await ask('select number, name, checksum from schema_migrations order by number')).toEqual(
      all.map(({ number, name: file, checksum }) => ({ number, name: file, checksum })),
    );
  });

  test('run once when several programs start at the same moment', async () => {
    const counts = await Promise.all(Array.from({ length: 4 }, () => migrate(url, quiet)));
    const all = (await readMigrations()).length;
    expect(counts.toSorted((a, b) => a - b)).toEqual([0, 0, 0, all]);
  });

  test('are numbered without a gap', async () => {
    const numbers = (await readMigrations()).map((migration) => migration.number);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  });

  test('refuse a database on which an edited one was applied, naming it', async () => {
    await migrate(url, quiet);
    await ask("update schema_migrations set checksum = 'other' where number = 2");
    await expect(migrate(url, quiet)).rejects.toThrow(
      /已执行的迁移被改动：0002.*an applied migration was edited: 0002/,
    );
  });

  test('refuse a database that is newer than the program', async () => {
    await migrate(url, quiet);
    await ask("insert into schema_migrations (number, name, checksum) values (9001, '9001_future.sql', 'x')");
    await expect(migrate(url, quiet)).rejects.toThrow(/数据库比程序新.*upgrade/);
  });

  test('refuse a server that is too old, before touching anything', async () => {
    // The real server, made to call itself PostgreSQL 14: a function of that name found before the built-in one.
    await ask(`create schema old`);
    await ask(`create function old.current_setting(text) returns text language sql as $$ select '140013' $$`);
    const aged = new URL(url);
    aged.searchParams.set('options', '-c search_path=old,pg_catalog,public');
    await expect(migrate(aged.href, quiet)).rejects.toThrow(
      /需要 PostgreSQL 15.*PostgreSQL 15 or newer is needed/,
    );
    expect(await ask("select to_regclass('public.schema_migrations') as found")).toEqual([{ found: null }]);
  });
});
