/** The schema of a restore: everything of ours removed, then built again to the state of the backup. */
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { monotonicMs } from '#server/base/clock.ts';
import { refusal } from '#server/base/embedded/sentence.ts';
import type { Migration } from '#server/base/migrate.ts';
import type { Manifest } from './manifest.ts';

/** @throws {Error} when the backup needs a newer program, or was made by one whose migrations differ */
export function matchSchema(
  manifest: Pick<Manifest, 'schema'>,
  migrations: readonly Migration[],
): { until: Migration[]; after: Migration[] } {
  const ours = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const { number, name, checksum } of manifest.schema) {
    const mine = ours.get(number);
    if (!mine) {
      throw refusal(
        `备份来自更新版本的程序（${name}），本程序不能恢复它。请先升级程序，再恢复。`,
        `The backup was made by a newer program (${name}). Upgrade this program first, then restore.`,
      );
    }
    if (mine.checksum !== checksum) {
      throw refusal(
        `备份所用的迁移与本程序的不同：${name}。请用生成该备份的程序版本恢复。`,
        `The backup's migration differs from this program's: ${name}. Restore with the version that made it.`,
      );
    }
  }
  const last = Math.max(...manifest.schema.map((entry) => entry.number));
  return {
    until: migrations.filter((migration) => migration.number <= last),
    after: migrations.filter((migration) => migration.number > last),
  };
}

export type Ground = 'empty' | 'inhabited';

/** @throws {Error} when the database belongs to something else; that is never touched, not even by force */
export async function surveyGround(client: pg.ClientBase): Promise<Ground> {
  const { rows } = await client.query<{ ours: boolean; tables: number; units: boolean }>(
    `select to_regclass('public.schema_migrations') is not null as ours,
       to_regclass('public.units') is not null as units,
       (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
          and not exists (select from pg_depend d where d.objid = pg_class.oid and d.deptype = 'e')) as tables`,
  );
  const found = rows[0]!;
  if (!found.ours && found.tables > 0) {
    throw refusal(
      '这个数据库里有别的程序的表，回声不会动它。请给回声一个单独的数据库。',
      'This database holds tables of another program and is left alone. Give Huisheng a database of its own.',
    );
  }
  if (!found.units) return 'empty';
  await client.query('begin read only');
  try {
    // The owner sees no row of a table under forced row security.
    await client.query('set local role huisheng_worker');
    const { rows: people } = await client.query<{ some: boolean }>(
      'select exists (select from units) or exists (select from people) or exists (select from audit_entries) as some',
    );
    return people[0]!.some ? 'inhabited' : 'empty';
  } finally {
    await client.query('rollback');
  }
}

/** A connection that was just closed is still listed for a moment. */
const goodbyeMs = 3_000;

/** @throws {Error} when a program works on the database: it would write into what is being replaced */
export async function refuseOthers(client: pg.ClientBase): Promise<void> {
  const end = monotonicMs() + goodbyeMs;
  while (await hasOthers(client)) {
    if (monotonicMs() < end) {
      await pause(100);
      continue;
    }
    throw refusal(
      '回声正在使用这个数据库。请先停止所有回声程序，再恢复。',
      'Huisheng is using this database. Stop every Huisheng program first, then restore.',
    );
  }
}

async function hasOthers(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ some: boolean }>(
    `select exists (
       select from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and application_name like 'huisheng%') as some`,
  );
  return rows[0]!.some;
}

/**
 * Object by object: the schema itself may belong to the server's administrator. The statements are all written before the
 * first runs, because a cascade takes away what later names would be read from.
 */
export async function dropEverything(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(`
    select format('drop %s if exists %s cascade',
      case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end,
      c.oid::regclass) as statement
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S') and not c.relispartition
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('e', 'i', 'a'))
    union all
    select format('drop routine if exists %s cascade', p.oid::regprocedure) from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`);
  await client.query('drop schema if exists facts cascade');
  await client.query('drop schema if exists pgboss cascade');
  for (const { statement } of rows) await client.query(statement);
}

/** As `migrate` does, within the restore's own transaction. */
export async function applyMigrations(
  client: pg.ClientBase,
  migrations: readonly Migration[],
): Promise<void> {
  await client.query(
    'create table if not exists schema_migrations (number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())',
  );
  for (const { number, name, sql, checksum } of migrations) {
    await client.query(sql);
    await client.query('insert into schema_migrations (number, name, checksum) values ($1, $2, $3)', [
      number,
      name,
      checksum,
    ]);
  }
}
