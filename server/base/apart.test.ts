import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp, type TestApp } from '#tests/support/build-app.ts';
import { createTurns, tryRow } from './apart.ts';
import { AppError } from './app-error.ts';
import type { Tx } from './database.ts';

let ground: TestApp;
beforeAll(async () => {
  ground = await buildApp();
});
afterAll(() => ground?.close());

const note = (tx: Tx, subject: string) =>
  sql`insert into public_rates (subject, window_start, used) values (${subject}, now(), 1)`.execute(tx);
const noted = async () =>
  (
    await ground.app.database.asOwner((db) =>
      sql<{
        subject: string;
      }>`select subject from public_rates where subject like 'apart:%' order by 1`.execute(db),
    )
  ).rows.map(({ subject }) => subject);

test('a row that fails is undone, and what stands beside it is kept', async () => {
  await ground.app.database.withWorker(async (tx) => {
    await note(tx, 'apart:before');
    const tried = await tryRow(tx, async () => {
      await note(tx, 'apart:failed');
      await sql`select 1 / 0`.execute(tx);
    });
    expect(tried).toMatchObject({ error: { code: '22012' } });
    expect(await tryRow(tx, async () => 'done')).toEqual({ done: 'done' });
    await note(tx, 'apart:after');
  });
  expect(await noted()).toEqual(['apart:after', 'apart:before']);
});

test('a database that is away fails the batch', async () => {
  const away = ground.app.database.withWorker((tx) =>
    tryRow(tx, () => Promise.reject(Object.assign(new Error('cut'), { code: '57P01' }))),
  );
  await expect(away).rejects.toMatchObject({ code: 'database-unavailable' });
});

test('a bureau that fails misses its turns for a while, and the others none', async () => {
  const turns = createTurns('test', 60_000);
  const done: string[] = [];
  const work = async (id: string) => {
    done.push(id);
    if (id === 'bad') throw new Error('settings that no longer hold');
  };
  await turns(['a', 'bad', 'b'], work);
  await turns(['a', 'bad', 'b'], work);
  expect(done).toEqual(['a', 'bad', 'b', 'a', 'b']);
  const soon = createTurns('test', 0);
  await soon(['bad'], work);
  await soon(['bad'], work);
  expect(done.slice(5)).toEqual(['bad', 'bad']);
});

test('no bureau is blamed for a database that is away, or for a stop', async () => {
  const turns = createTurns('test', 60_000);
  const away = () => Promise.reject(new AppError('database-unavailable'));
  await expect(turns(['a'], away)).rejects.toThrow(AppError);
  let stopped = false;
  const broken = async () => {
    stopped = true;
    throw new Error('broken off');
  };
  await expect(turns(['a', 'b'], broken, () => stopped)).rejects.toThrow('broken off');
  const done: string[] = [];
  await turns(['a', 'b'], async (id) => done.push(id));
  expect(done).toEqual(['a', 'b']);
});
