/** The live schema, as the migrations leave it: what protects one bureau from another is read from the catalogue. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDatabase } from '#tests/support/build-app.ts';
import { clean, judge } from './support/exceptions.ts';
import { tableOwners } from './support/table-owners.ts';

let database: Awaited<ReturnType<typeof buildDatabase>>;
let client: pg.Client;

beforeAll(async () => {
  database = await buildDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function ask<Row extends pg.QueryResultRow>(query: string): Promise<Row[]> {
  return (await client.query<Row>(query)).rows;
}

const breach = (key: string, why: string) => ({ key, line: `${key}: ${why}` });

/** Tables that hold nothing of one bureau, or must be reached before the bureau is known. */
const bureauless = {
  people: 'a person may work for several bureaus; what they see is limited by their memberships',
  second_factors: 'a person’s, whatever bureaus they work for; only the worker’s role may',
  recovery_codes: 'a person’s, like the second factor they stand in for; only the worker’s role may',
  sessions: 'looked up by the hash of the cookie, before the bureau is known; only the worker’s role may',
  sign_in_failures: 'counts by login and by address, before anybody is known',
  public_rates: 'counts by keyed hashes of addresses, before any bureau is asked',
  spent_proofs: 'proofs of work of any form, used up',
  audit_sealer: 'one row: how far the sealer of all bureaus has come',
  heartbeats: 'one row a process of this installation',
  call_holds: 'limits of an app or of a whole platform hold for every bureau',
  call_uses: 'limits of an app hold for every bureau; the account’s id is unique over all bureaus',
  call_budgets: 'calls of an account a day; the account’s id is unique over all bureaus',
  schema_migrations: 'which migrations ran',
};

const otherKeys = {
  short_links: 'looked up by the token alone, from outside',
  raw_pushes:
    'the unique constraint that drops a repeated push: the account is known from the address, and is unique',
};

describe('every growing table', () => {
  test('carries bureau_id first in its primary key', async () => {
    const rows = await ask<{ table: string; key: string[] }>(`
      select c.relname as table,
             array(select a.attname::text from unnest(i.indkey) with ordinality k (number, place)
                   join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number order by k.place) as key
      from pg_class c
      left join pg_index i on i.indrelid = c.oid and i.indisprimary
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`);
    expect(rows.length).toBeGreaterThan(30);
    const breaches = rows
      .filter(({ key }) => key[0] !== 'bureau_id')
      .map(({ table, key }) => breach(table, `primary key (${key.join(', ')})`));
    expect(judge(breaches, { ...bureauless, ...otherKeys })).toEqual(clean);
  });

  test('has row security on, also for its owner', async () => {
    const rows = await ask<{ table: string; on: boolean; forced: boolean }>(`
      select relname as table, relrowsecurity as on, relforcerowsecurity as forced
      from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`);
    const breaches = rows
      .filter(({ on, forced }) => !on || !forced)
      .map(({ table, on }) => breach(table, on ? 'not forced' : 'off'));
    expect(judge(breaches, bureauless)).toEqual(clean);
  });

  test('lets staff read and write their own bureau alone', async () => {
    const rows = await ask<{ table: string; reads: string | null; writes: string | null }>(`
      select c.relname as table, p.qual as reads, p.with_check as writes
      from pg_class c
      left join pg_policies p on p.schemaname = 'public' and p.tablename = c.relname
                             and 'huisheng_staff' = any (p.roles)
      where c.relnamespace = 'public'::regnamespace and c.relrowsecurity`);
    const own = '(bureau_id = current_bureau())';
    expect(rows.filter(({ reads, writes }) => reads !== own || writes !== own)).toEqual([]);
  });

  test('refers to others within its bureau', async () => {
    const rows = await ask<{ name: string; columns: string[]; target: string }>(`
      select f.conname as name, f.confrelid::regclass::text as target,
             array(select attname::text from unnest(f.conkey) with ordinality k (number, place)
                   join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.number order by k.place) as columns
      from pg_constraint f
      where f.contype = 'f' and f.connamespace = 'public'::regnamespace`);
    expect(rows.length).toBeGreaterThan(15);
    const breaches = rows
      .filter(({ columns, target }) => columns[0] !== 'bureau_id' && !(target in bureauless))
      .map(({ name, columns, target }) => breach(name, `(${columns.join(', ')}) → ${target}`));
    expect(judge(breaches, {})).toEqual(clean);
  });

  test('has an owner in the map of tables', async () => {
    const rows = await ask<{ table: string }>(`
      select relname as table from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'schema_migrations'`);
    expect(rows.map((row) => row.table).filter((table) => !(table in tableOwners))).toEqual([]);
  });
});

describe('rights', () => {
  const rightsOf = (role: string) =>
    ask<{ table: string; right: string }>(`
      select table_name::text as table, privilege_type::text as right
      from information_schema.role_table_grants
      where grantee = '${role}' and table_schema in ('public', 'facts')`);

  test('the public site may read six things and change nothing', async () => {
    const rows = await rightsOf('huisheng_public');
    expect(rows.map(({ table, right }) => `${right} ${table}`).toSorted()).toEqual([
      'SELECT public_answers',
      'SELECT public_services',
      'SELECT public_sites',
      'SELECT published_corrections',
      'SELECT published_pages',
      'SELECT short_links',
    ]);
    const columns = await ask<{ table: string; column: string }>(`
      select table_name::text as table, column_name::text as column from information_schema.column_privileges
      where grantee = 'huisheng_public' and privilege_type <> 'SELECT'`);
    expect(columns).toEqual([]);
  });

  test('staff may delete in few tables, and truncate none', async () => {
    const rows = await rightsOf('huisheng_staff');
    expect(rows.filter(({ right }) => right === 'TRUNCATE')).toEqual([]);
    expect(
      rows
        .filter(({ right }) => right === 'DELETE')
        .map(({ table }) => table)
        .toSorted(),
    ).toEqual(['account_secrets', 'file_uses', 'uploads', 'working_days']);
  });

  test('none of the three roles may pass row security by, log in or own a table', async () => {
    const rows = await ask<{ role: string }>(`
      select rolname as role from pg_roles
      where rolname like 'huisheng\\_%' and (rolbypassrls or rolsuper or rolcanlogin)
      union all
      select distinct tableowner from pg_tables where schemaname = 'public' and tableowner like 'huisheng\\_%'`);
    expect(rows).toEqual([]);
  });
});

describe('history', () => {
  test.each([
    ...['audit_entries', 'audit_seals', 'packages', 'article_versions', 'review_decisions', 'messages'],
  ])('%s is never changed or removed, not even by the owner', async (table) => {
    await expect(client.query(`delete from ${table}`)).rejects.toThrow(/never changed or removed/);
    await expect(client.query(`update ${table} set bureau_id = bureau_id`)).rejects.toThrow(
      /never changed or removed/,
    );
  });

  test('the views of facts keep row security in force for whoever asks', async () => {
    const rows = await ask<{ view: string; options: string[] | null }>(`
      select relname as view, reloptions as options from pg_class
      where relnamespace = 'facts'::regnamespace and relkind = 'v'`);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ options }) => !options?.includes('security_invoker=true'))).toEqual([]);
  });
});
