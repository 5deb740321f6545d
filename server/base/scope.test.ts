/** The second fence: whatever a query forgets, a signed-in person's transaction sees and writes one bureau only. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildActor, buildApp, type TestApp } from '#tests/support/build-app.ts';
import type { Actor } from './actor.ts';
import { afterCommit, asWorker } from './database.ts';

let ground: TestApp;
let owner: pg.Client;
let ours: Actor;
let theirs: Actor;
let secured: string[] = [];
beforeAll(async () => {
  ground = await buildApp();
  owner = new pg.Client({ connectionString: ground.databaseUrl });
  await owner.connect();
  ours = await buildActor(ground.app, 'bianji');
  theirs = await buildActor(ground.app, 'st.bianji');
  secured = (
    await owner.query<{ name: string }>(
      "select relname as name from pg_class where relrowsecurity and relkind = 'r' and relnamespace = 'public'::regnamespace order by 1",
    )
  ).rows.map((row) => row.name);
});
afterAll(async () => {
  await owner?.end();
  await ground?.close();
});

type Column = { name: string; type: string; udt: string };

/** Values for the columns whose check constraints a made-up word would break. */
const words: Record<string, string> = { kind: 'bureau', level: 'none' };

/** A row of the bureau with made-up values in every column that needs one. */
async function makeRow(table: string, bureauId: string): Promise<{ columns: string[]; values: unknown[] }> {
  const { rows } = await owner.query<Column & { checks: string | null }>(
    `select c.column_name as name, c.data_type as type, c.udt_name as udt,
       (select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint k
        where k.conrelid = c.table_name::regclass and k.contype = 'c') as checks
     from information_schema.columns c
     where table_schema = 'public' and table_name = $1 and is_nullable = 'NO' and column_default is null
       and is_generated = 'NEVER'`,
    [table],
  );
  const made = (column: (typeof rows)[number]): unknown => {
    if (column.name === 'bureau_id') return bureauId;
    // The first value that the table's own check allows: `kind = ANY (ARRAY['bureau'::text, …`.
    const allowed = new RegExp(`\\(\\(?${column.name} = ANY \\(ARRAY\\['([^']+)'`).exec(
      column.checks ?? '',
    )?.[1];
    if (allowed) return table === 'units' ? words[column.name] : allowed;
    if (column.name === 'sha256') return randomUUID().replaceAll('-', '').repeat(2);
    switch (column.type) {
      case 'uuid':
        return table === 'units' && column.name === 'id' ? bureauId : randomUUID();
      case 'bytea':
        return Buffer.from(randomUUID());
      case 'jsonb':
        return '{}';
      case 'ARRAY':
        return '{}';
      case 'date':
        return '2099-01-01';
      case 'boolean':
        return true;
      case 'integer':
      case 'bigint':
        return Math.floor(Math.random() * 1e9);
      case 'text':
        return randomUUID();
      default:
        return column.type.startsWith('timestamp') ? new Date() : '1';
    }
  };
  return { columns: rows.map((column) => column.name), values: rows.map(made) };
}

async function insert(client: pg.Client, table: string, bureauId: string): Promise<void> {
  const { columns, values } = await makeRow(table, bureauId);
  await client.query(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map((_, at) => `$${at + 1}`).join(', ')})
     on conflict do nothing`,
    values,
  );
}

/** Rows of these tables need sense between their columns; made-up ones have none. */
async function dropChecks(): Promise<void> {
  const { rows } = await owner.query<{ statement: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
     from pg_constraint where contype = 'c' and conrelid <> 0 and connamespace = 'public'::regnamespace`,
  );
  for (const { statement } of rows) await owner.query(statement);
}

describe('the fence of the tables', () => {
  test('stands around every table that has a bureau, for the owner too', async () => {
    const { rows } = await owner.query<{ name: string; forced: boolean }>(
      `select c.relname as name, c.relforcerowsecurity as forced from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'bureau_id' and not a.attisdropped
       where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname <> 'sessions'`,
    );
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => !row.forced).map((row) => row.name)).toEqual([]);
    expect(rows.map((row) => row.name).toSorted()).toEqual(secured.toSorted());
  });

  test('sessions, where a person’s bureau is only remembered, are out of reach for staff', async () => {
    const read = ground.app.database.withScope(ours, (tx) => tx.selectFrom('sessions').selectAll().execute());
    await expect(read).rejects.toThrow('permission denied');
  });

  test('hides every other bureau’s rows, table by table, and shows the own ones', async () => {
    // Foreign keys of made-up rows lead nowhere; what is tested is who sees them.
    await owner.query("set session_replication_role = 'replica'");
    await dropChecks();
    for (const table of secured) {
      await insert(owner, table, ours.bureauId);
      await insert(owner, table, theirs.bureauId);
    }
    await owner.query("set session_replication_role = 'origin'");
    const seen = await ground.app.database.withScope(ours, async (tx) => {
      const list: string[] = [];
      for (const table of secured) {
        const { rows } = await sql<{ own: boolean; count: number }>`
          select bureau_id = ${ours.bureauId} as own, count(*) as count from ${sql.table(table)} group by 1`.execute(
          tx,
        );
        list.push(...rows.map((row) => `${table} ${row.own && row.count > 0 ? 'own' : 'FOREIGN'}`));
      }
      return list;
    });
    expect(seen).toEqual(secured.map((table) => `${table} own`));
    // They are there: the worker sees both.
    const all = await ground.app.database.withWorker(async (tx) => {
      const counts: number[] = [];
      for (const table of secured) {
        const { rows } = await sql<{ bureaus: number }>`
          select count(distinct bureau_id) as bureaus from ${sql.table(table)}`.execute(tx);
        counts.push(rows[0]!.bureaus);
      }
      return counts;
    });
    expect(all.every((bureaus) => bureaus >= 2)).toBe(true);
  });

  test('takes no row for another bureau, and changes or removes none', async () => {
    const staff = new pg.Client({ connectionString: ground.databaseUrl });
    await staff.connect();
    try {
      await staff.query("set session_replication_role = 'replica'");
      await staff.query("select set_config('huisheng.bureau', $1, false)", [ours.bureauId]);
      await staff.query('set role huisheng_staff');
      for (const table of secured) {
        await expect(insert(staff, table, theirs.bureauId), table).rejects.toMatchObject({ code: '42501' });
        for (const statement of [
          `update ${table} set bureau_id = bureau_id where bureau_id = $1`,
          `delete from ${table} where bureau_id = $1`,
        ]) {
          const touched = await staff.query(statement, [theirs.bureauId]).then(
            (result) => result.rowCount,
            (error: { code: string }) => (error.code === '42501' ? 0 : error.code),
          );
          expect([statement, touched]).toEqual([statement, 0]);
        }
      }
    } finally {
      await staff.end();
    }
  });

  test('shows nothing at all when no bureau was set', async () => {
    const staff = new pg.Client({ connectionString: ground.databaseUrl });
    await staff.connect();
    try {
      await staff.query('set role huisheng_staff');
      for (const table of secured)
        expect([table, (await staff.query(`select * from ${table} limit 1`)).rowCount]).toEqual([table, 0]);
    } finally {
      await staff.end();
    }
  });

  test('lets the public role read only what is meant for the public', async () => {
    const readable: string[] = [];
    for (const table of secured) {
      const read = ground.app.database.withPublic((tx) =>
        sql`select bureau_id from ${sql.table(table)} limit 1`.execute(tx),
      );
      if (
        await read.then(
          () => true,
          () => false,
        )
      )
        readable.push(table);
    }
    expect(readable.toSorted()).toEqual(['bureau_settings', 'short_links', 'units']);
  });
});

describe('a transaction in a scope', () => {
  const roleOf = (tx: Parameters<typeof asWorker>[0]) =>
    sql<{ role: string }>`select current_user as role`.execute(tx).then(({ rows }) => rows[0]!.role);

  test('runs in the staff role, becomes the worker for a part, and is staff again afterwards', async () => {
    const roles = await ground.app.database.withScope(ours, async (tx) => [
      await roleOf(tx),
      await asWorker(tx, roleOf),
      await roleOf(tx),
    ]);
    expect(roles).toEqual(['huisheng_staff', 'huisheng_worker', 'huisheng_staff']);
  });

  test('leaves neither role nor bureau behind on its connection', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        ground.app.database.withScope(at % 2 ? ours : theirs, async (tx) => {
          const { rows } = await sql<{
            bureau_id: string;
          }>`select distinct bureau_id from memberships`.execute(tx);
          expect(rows).toEqual([{ bureau_id: (at % 2 ? ours : theirs).bureauId }]);
        }),
      ),
    );
    const { rows } = await ground.app.database.asOwner((db) =>
      sql<{ role: string; bureau: string }>`
        select current_user as role, coalesce(current_setting('huisheng.bureau', true), '') as bureau`.execute(
        db,
      ),
    );
    expect(rows[0]).toEqual({ role: new URL(ground.databaseUrl).username, bureau: '' });
  });

  test('refuses to begin without a bureau', () => {
    expect(() => ground.app.database.withScope({ bureauId: '' }, async () => 1)).toThrow('needs a bureau');
    expect(() => ground.app.database.withScope({ bureauId: "x' or 1=1" }, async () => 1)).toThrow();
  });

  test('does what waits for the commit after it, and never when it rolls back', async () => {
    const done: string[] = [];
    await ground.app.database.withScope(ours, async (tx) => {
      afterCommit(tx, () => done.push('committed'));
      expect(done).toEqual([]);
    });
    const failing = ground.app.database.withScope(ours, async (tx) => {
      afterCommit(tx, () => done.push('rolled back'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(done).toEqual(['committed']);
  });
});
