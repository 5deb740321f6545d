/** Which tables a backup carries, who may read all of their rows, and in which order they can be filled. */
import type pg from 'pg';
import { refusal } from '#server/base/embedded/sentence.ts';

/** Rows that mean nothing at another time or in another cluster. Every other table of schema public is carried. */
export const notCarried: Readonly<Record<string, string>> = {
  schema_migrations: 'stands in the manifest, with checksums',
  audit_sealer: 'transaction numbers of this cluster; restore sets it anew',
  heartbeats: 'processes of this moment',
  sessions: 'a restore must not bring back a session that was ended since',
};

export type CarriedTable = { name: string; columns: string[]; secured: boolean };

/**
 * Schema public as it is now. Columns of type xid8 stay behind (they number the transactions of one cluster), generated
 * ones are computed again. `pgboss` is left out: jobs only wake somebody, the tables are the truth.
 */
export async function listCarriedTables(client: pg.ClientBase): Promise<CarriedTable[]> {
  const { rows } = await client.query<CarriedTable>(`
    select c.relname as name, c.relrowsecurity as secured,
      array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attgenerated = '' and a.atttypid <> 'xid8'::regtype
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    group by c.oid order by c.relname`);
  return rows.filter((row) => !(row.name in notCarried));
}

/** How rows are read: as ourselves, or a secured table in the worker's role, whose policies are "true". */
export type Reader = { asWorker(table: CarriedTable): boolean };

/**
 * Finds a way to read every row of every table. The owner of a table under FORCE ROW LEVEL SECURITY may see nothing of it
 * without an error, so a plain COPY would make an empty backup in silence: only a superuser (the embedded database), or
 * the worker's role where the catalogue proves that its policies hide nothing, is believed.
 * @throws {Error} naming the tables that nobody here can read whole
 */
export async function findReader(client: pg.ClientBase, tables: readonly CarriedTable[]): Promise<Reader> {
  const { rows } = await client.query<{ sees_all: boolean }>(
    'select rolsuper or rolbypassrls as sees_all from pg_roles where rolname = current_user',
  );
  const seesAll = rows[0]?.sees_all ?? false;
  const hidden: string[] = [];
  for (const table of tables) {
    const whole =
      table.secured && !seesAll ? await workerSeesAll(client, table) : await mayRead(client, table);
    if (!whole) hidden.push(table.name);
  }
  if (hidden.length > 0) {
    throw refusal(
      `当前数据库用户不能完整读取这些表：${hidden.join('、')}。请用建表的用户（或超级用户）连接后再备份。`,
      `This database user cannot read these tables whole: ${hidden.join(', ')}. Connect as the owner of the tables or a superuser.`,
    );
  }
  return { asWorker: (table) => table.secured && !seesAll };
}

async function mayRead(client: pg.ClientBase, { name }: CarriedTable): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    `select has_table_privilege(('public.' || quote_ident($1))::regclass, 'select') as may`,
    [name],
  );
  return rows[0]!.may;
}

async function workerSeesAll(client: pg.ClientBase, { name }: CarriedTable): Promise<boolean> {
  const { rows } = await client.query<{ whole: boolean }>(
    `with t as (select ('public.' || quote_ident($1))::regclass as id),
       mine as (
         select p.* from pg_policy p, t
         where p.polrelid = t.id and p.polcmd in ('*', 'r')
           and (0 = any (p.polroles) or 'huisheng_worker'::regrole = any (p.polroles)))
     select pg_has_role(current_user, 'huisheng_worker', 'member')
        and has_table_privilege('huisheng_worker', t.id, 'select')
        and exists (select from mine where polpermissive and pg_get_expr(polqual, polrelid) = 'true')
        and not exists (select from mine where not polpermissive) as whole
     from t`,
    [name],
  );
  return rows[0]!.whole;
}

/**
 * Tables in an order in which each comes after those it points to, so that foreign keys hold at every step.
 * A table that points to itself needs none: such keys are checked at the end of the COPY.
 */
export async function inOrderOfReferences(
  client: pg.ClientBase,
  names: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ table: string; target: string }>(`
    select distinct a.relname as table, b.relname as target
    from pg_constraint k join pg_class a on a.oid = k.conrelid join pg_class b on b.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace and a.oid <> b.oid`);
  const waiting = new Set(names);
  const ordered: string[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter((name) =>
      rows.every((row) => row.table !== name || !waiting.has(row.target)),
    );
    if (ready.length === 0)
      throw new Error(`tables refer to each other in a circle: ${[...waiting].join(', ')}`);
    for (const name of ready) waiting.delete(name);
    ordered.push(...ready);
  }
  return ordered;
}

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
