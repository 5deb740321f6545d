import fc from 'fast-check';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import type { Tx } from '#server/base/database.ts';
import { listAudit } from '#shared/system.ts';
import { buildActor, buildApp, buildInstallation, type TestApp } from '#tests/support/build-app.ts';
import { createClient } from '#tests/support/client.ts';
import { until } from '#tests/support/wait.ts';
import { record } from './record.ts';
import { firstSeal, type SealedEntry, sealEntry } from './seal.ts';
import { sealOnce } from './sealer.ts';
import { verify } from './verify.ts';

const key = Buffer.alloc(32, 3);
let ground: TestApp;
let owner: pg.Client;
let actor: Actor;
beforeAll(async () => {
  ground = await buildApp();
  owner = new pg.Client({ connectionString: ground.databaseUrl });
  await owner.connect();
  actor = await buildActor(ground.app, 'bianji');
});
afterAll(async () => {
  await owner?.end();
  await ground?.close();
});
beforeEach(async () => {
  // Every test has a chain of its own.
  await owner.query("set session_replication_role = 'replica'");
  await owner.query('delete from audit_seals');
  await owner.query('delete from audit_entries');
  await owner.query("set session_replication_role = 'origin'");
});

const write = (tx: Tx, subject: string) => record(tx, actor, 'trial.made', { kind: 'trial', id: subject });

async function writeMany(count: number): Promise<void> {
  for (let at = 1; at <= count; at += 1)
    await ground.app.database.withScope(actor, (tx) => write(tx, String(at)));
}

const unsealed = async () =>
  (
    await owner.query<{ count: number }>(
      'select count(*)::int as count from audit_entries e where not exists (select from audit_seals s where s.entry_id = e.id)',
    )
  ).rows[0]!.count;

/** Seals until nothing is left; other databases of the test cluster may hold the horizon back for a moment. */
const sealAll = (left = 0) =>
  until(
    async () => {
      await sealOnce(ground.app.database, key);
      return (await unsealed()) === left;
    },
    { what: 'the entries are sealed' },
  );

const sealedSubjects = async () =>
  (
    await owner.query<{ subject_id: string }>(
      'select subject_id from audit_seals join audit_entries on entry_id = id order by seq',
    )
  ).rows.map((row) => row.subject_id);

const report = async (anchors?: Parameters<typeof verify>[2]) =>
  (await verify(ground.app.database, key, anchors)).find((one) => one.bureauId === actor.bureauId)!;

/** What only a superuser who means harm can do. */
async function tamper(statement: string, values: unknown[] = []): Promise<void> {
  await owner.query("set session_replication_role = 'replica'");
  const { rowCount } = await owner.query(statement, values);
  await owner.query("set session_replication_role = 'origin'");
  expect(rowCount).toBeGreaterThan(0);
}

describe('the log', () => {
  test('takes new rows only: nobody changes, removes or empties it, not even its owner', async () => {
    await writeMany(1);
    await sealAll();
    for (const table of ['audit_entries', 'audit_seals']) {
      for (const statement of [
        `delete from ${table}`,
        `truncate ${table}`,
        `update ${table} set bureau_id = bureau_id`,
      ])
        await expect(owner.query(statement), statement).rejects.toThrow('never changed or removed');
    }
  });

  test('has no row of a change that rolled back', async () => {
    const failing = ground.app.database.withScope(actor, async (tx) => {
      await write(tx, 'gone');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await owner.query('select 1 from audit_entries')).rowCount).toBe(0);
  });
});

describe('the sealer', () => {
  test('chains what was committed, in order, without a gap', async () => {
    await writeMany(20);
    await sealAll();
    expect(await sealedSubjects()).toEqual(Array.from({ length: 20 }, (_, at) => String(at + 1)));
    expect(await report()).toMatchObject({ checked: 20, unsealed: 0, firstBad: null, head: { seq: 20 } });
  });

  test('never skips a transaction that began early and commits late: it is sealed afterwards', async () => {
    const late = new pg.Client({ connectionString: ground.databaseUrl });
    await late.connect();
    try {
      await late.query('begin');
      await late.query(
        "insert into audit_entries (bureau_id, id, actor_name, action, subject_kind, subject_id) values ($1, gen_random_uuid(), '慢', 'trial.made', 'trial', 'late')",
        [actor.bureauId],
      );
      await writeMany(3);
      // The early transaction still runs, so nothing behind it may be sealed yet.
      await sealOnce(ground.app.database, key);
      expect(await sealedSubjects()).toEqual([]);
      await late.query('commit');
    } finally {
      await late.end();
    }
    await sealAll();
    expect((await sealedSubjects()).toSorted()).toEqual(['1', '2', '3', 'late']);
    expect(await report()).toMatchObject({ checked: 4, unsealed: 0, firstBad: null });
  });

  test('never goes back, where a restore left it ahead of a transaction that still runs', async () => {
    await writeMany(3);
    await sealAll();
    const { rows } = await owner.query<{ ahead: string }>(
      `update audit_sealer set sealed_below = ((pg_current_xact_id()::text)::numeric + 1)::text::xid8
       returning sealed_below::text as ahead`,
    );
    const older = new pg.Client({ connectionString: ground.databaseUrl });
    await older.connect();
    try {
      await older.query('begin');
      await older.query('select pg_current_xact_id()');
      // Set ahead of the transaction that is the horizon now.
      await owner.query(
        'update audit_sealer set sealed_below = ((sealed_below::text)::numeric + 1000)::text::xid8',
      );
      expect(await sealOnce(ground.app.database, key)).toBe(0);
      const { rows: after } = await owner.query<{ below: string }>(
        'select sealed_below::text as below from audit_sealer',
      );
      expect(BigInt(after[0]!.below)).toBe(BigInt(rows[0]!.ahead) + 1000n);
    } finally {
      await older.end();
      await owner.query('update audit_sealer set sealed_below = pg_snapshot_xmin(pg_current_snapshot())');
    }
    expect(await report()).toMatchObject({ checked: 3, unsealed: 0, firstBad: null });
  });

  test('run by two processes at once seals each entry once', async () => {
    await writeMany(30);
    await until(
      async () => {
        await Promise.all(Array.from({ length: 4 }, () => sealOnce(ground.app.database, key)));
        return (await unsealed()) === 0;
      },
      { what: 'the entries are sealed' },
    );
    expect(await sealedSubjects()).toHaveLength(30);
    expect((await report()).firstBad).toBeNull();
  });

  test('under writers that never stop loses nothing and keeps one chain', async () => {
    const writing = Promise.all(
      Array.from({ length: 6 }, async (_, writer) => {
        for (let at = 0; at < 15; at += 1) {
          await ground.app.database.withScope(actor, async (tx) => {
            await write(tx, `${writer}.${at}`);
            // Some transactions take longer than others.
            if (at % 3 === 0) await sql`select pg_sleep(0.005)`.execute(tx);
          });
        }
      }),
    );
    let done = false;
    void writing.then(() => {
      done = true;
    });
    await until(
      async () => {
        await sealOnce(ground.app.database, key);
        return done;
      },
      { what: 'the writers are done' },
    );
    await writing;
    await sealAll();
    expect(new Set(await sealedSubjects()).size).toBe(90);
    expect(await report()).toMatchObject({ checked: 90, firstBad: null });
  });
});

describe('verification', () => {
  test.each([
    ['an actor', "actor_name = '别人'"],
    ['a detail', `detail = '{"reason":"别的"}'`],
    ['a time by a microsecond', "at = at + interval '1 microsecond'"],
    ['a subject', "subject_id = 'x'"],
    ['an action', "action = 'trial.unmade'"],
    ['a removed actor', 'actor_id = null'],
  ])('names the row when %s was changed', async (_name, change) => {
    await writeMany(8);
    await sealAll();
    await tamper(`update audit_entries set ${change} where subject_id = '5'`);
    expect((await report()).firstBad).toMatchObject({ seq: 5, problem: 'changed' });
  });

  test('names the place when an entry was removed', async () => {
    await writeMany(8);
    await sealAll();
    await tamper("delete from audit_entries where subject_id = '4'");
    expect((await report()).firstBad).toMatchObject({ seq: 4, problem: 'entry-missing' });
  });

  test('names the place when a seal was removed from the middle', async () => {
    await writeMany(8);
    await sealAll();
    await tamper('delete from audit_seals where seq = 3');
    const seen = await report();
    expect(seen.firstBad).toMatchObject({ seq: 3, problem: 'seal-missing' });
    expect(seen.unsealed).toBe(1);
  });

  test('sees two seals whose entries changed places', async () => {
    await writeMany(8);
    await sealAll();
    const { rows } = await owner.query<{ entry_id: string }>(
      'select entry_id from audit_seals where seq in (2, 6) order by seq',
    );
    await tamper('update audit_seals set entry_id = gen_random_uuid() where seq = 2');
    await tamper('update audit_seals set entry_id = $1 where seq = 6', [rows[0]!.entry_id]);
    await tamper('update audit_seals set entry_id = $1 where seq = 2', [rows[1]!.entry_id]);
    expect((await report()).firstBad).toMatchObject({ seq: 2, problem: 'changed' });
  });

  test('sees two entries whose contents changed places', async () => {
    await writeMany(8);
    await sealAll();
    await tamper(
      "update audit_entries set subject_id = case subject_id when '2' then '6' else '2' end where subject_id in ('2', '6')",
    );
    expect((await report()).firstBad).toMatchObject({ seq: 2, problem: 'changed' });
  });

  test('sees a cut tail by the head that was exported before, and would not without it', async () => {
    await writeMany(8);
    await sealAll();
    const { head } = await report();
    const anchors = new Map([[actor.bureauId, head]]);
    expect((await report(anchors)).firstBad).toBeNull();
    await tamper('delete from audit_seals where seq > 5');
    await tamper("delete from audit_entries where subject_id in ('6', '7', '8')");
    expect((await report()).firstBad).toBeNull();
    expect((await report(anchors)).firstBad).toMatchObject({ seq: 6, problem: 'seal-missing' });
  });

  test('sees a chain that was removed altogether', async () => {
    await writeMany(3);
    await sealAll();
    const anchors = new Map([[actor.bureauId, (await report()).head]]);
    await tamper('delete from audit_seals');
    await tamper('delete from audit_entries');
    expect((await report(anchors)).firstBad).toMatchObject({ seq: 1, problem: 'seal-missing' });
  });

  test('sees a chain rebuilt without the key', async () => {
    await writeMany(5);
    await sealAll();
    await tamper("update audit_entries set actor_name = '别人' where subject_id = '3'");
    await tamper('delete from audit_seals');
    await tamper("update audit_sealer set sealed_below = '0'");
    await until(
      async () => {
        await sealOnce(ground.app.database, Buffer.alloc(32, 9));
        return (await unsealed()) === 0;
      },
      { what: 'the forger has sealed again' },
    );
    expect((await report()).firstBad).toMatchObject({ seq: 1, problem: 'changed' });
  });
});

describe('a seal', () => {
  const entry: SealedEntry = {
    bureau_id: 'b',
    id: 'i',
    at: '2026-09-10T01:00:00.000001Z',
    actor_id: 'a',
    actor_name: '林晓',
    action: 'article.saved',
    subject_kind: 'article',
    subject_id: 's',
    detail: { revision: 1 },
  };

  test('differs when words move from one field to the next', () => {
    const moved = { ...entry, actor_name: '林晓article', action: '.saved' };
    expect(sealEntry(key, firstSeal, 1, entry).equals(sealEntry(key, firstSeal, 1, moved))).toBe(false);
  });

  test('covers every field, the place and what came before', () => {
    const seal = sealEntry(key, firstSeal, 1, entry);
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(entry) as (keyof SealedEntry)[])),
        fc.string({ minLength: 1 }),
        (field, words) => {
          fc.pre(entry[field] !== words);
          expect(sealEntry(key, firstSeal, 1, { ...entry, [field]: words }).equals(seal)).toBe(false);
        },
      ),
    );
    expect(sealEntry(key, firstSeal, 2, entry).equals(seal)).toBe(false);
    expect(sealEntry(key, seal, 1, entry).equals(seal)).toBe(false);
    expect(sealEntry(Buffer.alloc(32), firstSeal, 1, entry).equals(seal)).toBe(false);
  });
});

describe('the route', () => {
  test('is for those who may read it, shows the own bureau, newest first, page by page', async () => {
    const installation = await buildInstallation({ roles: ['web'] });
    try {
      const nobody = createClient(installation.url, '');
      expect((await nobody.try(listAudit, { query: {} })).status).toBe(401);
      expect((await (await installation.as('bianji')).try(listAudit, { query: {} })).status).toBe(403);
      const neighbour = await installation.as('st.guanli');
      const theirs = await neighbour.call(listAudit, { query: {} });
      const ours = await buildActor(installation.app, 'bianji');
      await installation.app.database.withScope(ours, async (tx) => {
        for (let at = 0; at < 120; at += 1)
          await record(tx, ours, 'trial.made', { kind: 'trial', id: String(at) });
      });
      expect(await neighbour.call(listAudit, { query: {} })).toEqual(theirs);
      const leader = await installation.as('lingdao');
      const query = { subjectKind: 'trial' };
      const first = await leader.call(listAudit, { query });
      const second = await leader.call(listAudit, { query: { ...query, cursor: first.next! } });
      const ids = [...first.rows, ...second.rows].map((row) => Number(row.subjectId));
      expect(ids).toEqual(Array.from({ length: 120 }, (_, at) => 119 - at));
      expect(second.next).toBeNull();
    } finally {
      await installation.close();
    }
  });
});
