import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp, type TestApp } from '#tests/support/build-app.ts';
import { writeIn } from './test-support.ts';
import { planInsight, planningTurns } from './worker.ts';

let ground: TestApp;
beforeAll(async () => {
  ground = await buildApp();
});
afterAll(() => ground?.close());

const query = <T>(text: string) =>
  ground.app.database.asOwner(async (db) => (await sql.raw<T>(text).execute(db)).rows);

test('a bureau whose digest cannot be drafted keeps no other from its own', async () => {
  const bureaus = await query<{ bureau_id: string }>(
    'select bureau_id from bureau_settings order by bureau_id',
  );
  const [first, second] = bureaus.map((row) => row.bureau_id);
  await query('delete from digests');
  for (const id of [first!, second!])
    await writeIn(ground.app, id, { text: '社保卡怎么补办呢', at: new Date('2026-11-18T10:00:00+08:00') });
  await query(
    `create function refuse_digest() returns trigger language plpgsql as $$
     begin if new.bureau_id = '${first}' then raise exception 'refused'; end if; return new; end $$`,
  );
  await query(
    'create trigger refuse_digest before insert on digests for each row execute function refuse_digest()',
  );
  const monday = new Date('2026-11-23T06:40:00+08:00');
  const turns = planningTurns();
  const drafted = async () =>
    (await query<{ bureau_id: string }>(`select bureau_id from digests where week = '2026-11-16'`)).map(
      (row) => row.bureau_id,
    );
  await planInsight(ground.app, monday, () => false, turns);
  expect(await drafted()).toContain(second);
  expect(await drafted()).not.toContain(first);
  await query('drop trigger refuse_digest on digests');
  // Left alone for a while by this process, and drafted once that is over.
  await planInsight(ground.app, monday, () => false, turns);
  expect(await drafted()).not.toContain(first);
  await planInsight(ground.app, monday, () => false);
  expect(await drafted()).toContain(first);
});
