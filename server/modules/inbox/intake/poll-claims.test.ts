import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { claimDuePolls } from './store.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage?.stop());
afterEach(() => stage.query('delete from comment_polls'));

/** Posts of an account that are due for so long, without all that a real post has. */
const put = (accountId: string, posts: number, minutes: number) =>
  stage.app.database.asOwner((db) =>
    db.transaction().execute(async (tx) => {
      await sql`set local session_replication_role = replica`.execute(tx);
      await sql`
        insert into comment_polls (bureau_id, delivery_id, account_id, next_at)
        select ${stage.bureau.id}, gen_random_uuid(), ${accountId}, now() - make_interval(mins => ${minutes})
        from generate_series(1, ${posts})`.execute(tx);
    }),
  );
const claim = (limit = 4) =>
  stage.app.database.withWorker(async (tx) =>
    (await claimDuePolls(tx, limit, 120)).map(({ accountId }) => accountId),
  );

test('an account with many due posts keeps no other waiting', async () => {
  const [busy, quiet] = [newId(), newId()];
  await put(busy, 60, 10);
  await put(quiet, 1, 5);
  expect((await claim()).toSorted()).toEqual([busy, quiet].toSorted());
  expect(await claim()).toEqual([busy]);
});

test('of more accounts than there are places those come first that wait longest', async () => {
  const ids = [newId(), newId(), newId()];
  await put(ids[1]!, 3, 30);
  await put(ids[0]!, 3, 20);
  await put(ids[2]!, 3, 10);
  expect((await claim(2)).toSorted()).toEqual([ids[0]!, ids[1]!].toSorted());
});

test('two processes at once take no post twice', async () => {
  for (const id of Array.from({ length: 6 }, newId)) await put(id, 1, 5);
  const taken = (await Promise.all([claim(6), claim(6), claim(6)])).flat();
  expect(new Set(taken).size).toBe(6);
  expect(taken).toHaveLength(6);
});
