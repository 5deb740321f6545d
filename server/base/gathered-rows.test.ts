import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp, type TestApp } from '#tests/support/build-app.ts';
import type { Tx } from './database.ts';
import { asWorker } from './database.ts';
import { inSavepoint, owe } from './gathered-rows.ts';

let ground: TestApp;
beforeAll(async () => {
  ground = await buildApp();
  await ground.app.database.asOwner(async (db) => {
    await sql`create table owed_words (word text primary key, role text not null default current_role)`.execute(
      db,
    );
    await sql`grant select, insert on owed_words to huisheng_staff, huisheng_worker`.execute(db);
  });
});
afterAll(() => ground?.close());

const statements: number[] = [];
async function insertWords(tx: Tx, words: readonly string[]): Promise<void> {
  statements.push(words.length);
  await sql`insert into owed_words (word) select unnest(${[...words]}::text[])`.execute(tx);
}
const say = (tx: Tx, word: string) => owe(tx, insertWords, word);
const bureau = { bureauId: '00000000-0000-0000-0000-000000000000' };

async function wordsLike(beginning: string): Promise<Record<string, string>> {
  const { rows } = await ground.app.database.asOwner((db) =>
    sql<{ word: string; role: string }>`
      select word, role from owed_words where starts_with(word, ${beginning}) order by word`.execute(db),
  );
  return Object.fromEntries(rows.map(({ word, role }) => [word, role]));
}

describe('what a transaction owes', () => {
  test('is written before it ends, in one statement', async () => {
    statements.length = 0;
    await ground.app.database.withWorker(async (tx) => {
      for (let n = 0; n < 1_200; n += 1) await say(tx, `many ${n}`);
    });
    expect(statements).toEqual([1_000, 200]);
    expect(Object.keys(await wordsLike('many'))).toHaveLength(1_200);
  });

  test('is gone with it', async () => {
    const failing = ground.app.database.withWorker(async (tx) => {
      await say(tx, 'gone 1');
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    expect(await wordsLike('gone')).toEqual({});
  });

  test('makes it fail when it cannot be written', async () => {
    const failing = ground.app.database.withWorker(async (tx) => {
      await sql`insert into owed_words (word) values ('fail 1')`.execute(tx);
      await say(tx, 'fail 2');
      await say(tx, 'fail 2');
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await wordsLike('fail')).toEqual({});
  });

  test('is written in the role in which it was owed', async () => {
    await ground.app.database.withScope(bureau, async (tx) => {
      await say(tx, 'role 1');
      await asWorker(tx, (worker) => say(worker, 'role 2'));
      await say(tx, 'role 3');
    });
    expect(await wordsLike('role')).toEqual({
      'role 1': 'huisheng_staff',
      'role 2': 'huisheng_worker',
      'role 3': 'huisheng_staff',
    });
  });

  test('within a savepoint is undone with it, and nothing else is', async () => {
    await ground.app.database.withWorker(async (tx) => {
      await say(tx, 'part 1');
      const refused = inSavepoint(tx, async () => {
        await say(tx, 'part 2');
        await sql`insert into owed_words (word) values ('part 1')`.execute(tx);
      });
      await expect(refused).rejects.toMatchObject({ code: '23505' });
      await inSavepoint(tx, () => say(tx, 'part 3'));
      // Refused only when it is written, at the savepoint's end.
      await expect(inSavepoint(tx, () => say(tx, 'part 3'))).rejects.toMatchObject({ code: '23505' });
    });
    expect(Object.keys(await wordsLike('part'))).toEqual(['part 1', 'part 3']);
  });
});

describe('a transaction', () => {
  const roleAndBureau = (tx: Parameters<Parameters<TestApp['app']['database']['asOwner']>[0]>[0]) =>
    sql<{ role: string; bureau: string }>`
      select current_role as role, current_setting('huisheng.bureau', true) as bureau`
      .execute(tx)
      .then(({ rows }) => rows[0]);

  test('begins in its own role and bureau, whatever surrounds it', async () => {
    await ground.app.database.withScope(bureau, async (tx) => {
      expect(await roleAndBureau(tx)).toEqual({ role: 'huisheng_staff', bureau: bureau.bureauId });
      const inner = await ground.app.database.withWorker((worker) => roleAndBureau(worker));
      expect(inner).toEqual({ role: 'huisheng_worker', bureau: '' });
      const owner = await ground.app.database.asOwner((db) => db.transaction().execute(roleAndBureau));
      expect(owner?.role).not.toMatch(/^huisheng_(?:staff|worker|public)$/);
      expect(await roleAndBureau(tx)).toEqual({ role: 'huisheng_staff', bureau: bureau.bureauId });
    });
  });

  test('takes no bureau that is not one', async () => {
    const sneaky = { bureauId: "'; drop table owed_words; --" };
    const begin = async () => ground.app.database.withScope(sneaky, async () => undefined);
    await expect(begin()).rejects.toThrow('needs a bureau');
  });
});
