/** Rows that an earlier version left and this one cannot read: they hold up nobody else. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { defaultInboxSettings } from '#shared/inbox-settings.ts';
import { until } from '#tests/support/wait.ts';
import { openDesk } from './answers/test-desk.ts';
import { planPolls } from './intake/poll-comments.ts';
import { processPushes } from './intake/process-pushes.ts';
import { recordInbound } from './intake/record-inbound.ts';
import { tellStale } from './knowledge/watch.ts';
import { remindDue } from './reminders/remind.ts';
import { trainWhereNeeded } from './sorting/train.ts';
import { type Bureau, buildBureau, type InboxStage, stageInbox } from './test-support.ts';

let stage: InboxStage;
let other: Bureau;
beforeAll(async () => {
  stage = await stageInbox();
  other = await buildBureau(stage.app, 'B');
}, 60_000);
afterAll(() => stage?.stop());

const longAgo = new Date(Date.now() - 40 * 86_400_000);
async function receive({ id: bureauId, accountId }: Bureau, text: string, at = new Date()): Promise<string> {
  const key = newId();
  const recorded = await stage.app.database.withWorker((tx) =>
    recordInbound(tx, {
      ...{ bureauId, accountId, kind: 'message', threadKey: key, deliveryId: null, platformId: newId() },
      ...{ person: { key, name: null }, text, attachment: null, at, window: null },
    }),
  );
  return recorded!.caseId;
}

test('reminders go on where one bureau’s settings do not hold, and its own are looked at later', async () => {
  const theirs = await receive(other, '养老金怎么领', longAgo);
  const mine = await receive(stage.bureau, '养老金怎么领', longAgo);
  const odd = JSON.stringify({ ...defaultInboxSettings, warnAt: 10 });
  await stage.query(
    `insert into inbox_settings (bureau_id, revision, settings, updated_by) values ('${other.id}', 1, '${odd}', '${newId()}')`,
  );
  await remindDue(stage.app);
  expect(await stage.query(`select 1 from notices where subject_id = '${mine}'`)).not.toEqual([]);
  const [row] = await stage.query<{ later: boolean }>(
    `select remind_at > now() + interval '30 minutes' as later from cases where id = '${theirs}'`,
  );
  expect(row!.later).toBe(true);
  await stage.query(`delete from inbox_settings where bureau_id = '${other.id}'`);
  await stage.query(`update cases set remind_at = now() where id = '${theirs}'`);
  await remindDue(stage.app);
  expect(await stage.query(`select 1 from notices where subject_id = '${theirs}'`)).not.toEqual([]);
});

test('pushes go on where an account’s connector is no longer there, and its own wait for it', async () => {
  const move = (platform: string) =>
    stage.app.database.asOwner((db) =>
      sql`update accounts set platform = ${platform} where id = ${other.accountId}`.execute(db),
    );
  await move('gone');
  await stage.query(
    `insert into raw_pushes (bureau_id, account_id, dedup_key, sealed) values ('${other.id}', '${other.accountId}', 'left', '\\x00')`,
  );
  stage.write('孙阿姨', '我的社保卡丢了怎么补');
  const arrived = async () => {
    await processPushes(stage.app);
    const rows = await stage.query(`select 1 from messages where text = '我的社保卡丢了怎么补'`);
    return rows.length > 0;
  };
  await until(arrived, { what: 'the other account’s push becomes a message' });
  const left = () =>
    stage.query<{ processed_at: Date | null; failure: string; later: boolean }>(
      `select processed_at, failure, try_at > now() as later from raw_pushes where dedup_key = 'left'`,
    );
  expect(await left()).toEqual([
    { processed_at: null, failure: expect.stringMatching(/^fault: /), later: true },
  ]);
  await move('wechat-official');
});

test('comments are planned where a published post’s connector is no longer there', async () => {
  await openDesk(stage);
  await stage.app.database.asOwner((db) =>
    sql`update deliveries set platform = 'gone' where account_id = ${stage.bureau.accountId}`.execute(db),
  );
  await expect(planPolls(stage.app)).resolves.toBeUndefined();
  await stage.app.database.asOwner((db) =>
    sql`update deliveries set platform = 'wechat-official' where account_id = ${stage.bureau.accountId}`.execute(
      db,
    ),
  );
  await planPolls(stage.app);
  expect(await stage.query('select 1 from comment_polls')).not.toEqual([]);
});

test('an entry of an older shape passes its day like the others, and both sections are told', async () => {
  const content = { question: '社保卡丢了怎么补', answer: '到网点补办即可', validTo: '2020-01-01' };
  for (const [bureau, given] of [
    [other, { question: '旧' }],
    [stage.bureau, content],
  ] as const)
    await stage.query(
      `insert into knowledge_entries (bureau_id, id, state, content, valid_to, created_by, bigrams)
       values ('${bureau.id}', '${newId()}', 'in-use', '${JSON.stringify(given)}', '2020-01-01', '${bureau.agent.personId}', '')`,
    );
  expect(await tellStale(stage.app)).toBe(2);
  expect(
    await stage.query(
      `select 1 from notices where dedup_key like 'knowledge-stale%' and words_zh like '%有效期%'`,
    ),
  ).toHaveLength(2);
});

test('sorting is learnt for the others where it fails for the first', async () => {
  await stage.query('delete from sorting_models');
  // A sequence counts on through what is undone.
  await stage.query('create sequence tries');
  await stage.query('grant usage on sequence tries to public');
  await stage.query(
    `create function refuse_first() returns trigger language plpgsql as $$
     begin if nextval('tries') = 1 then raise exception 'refused'; end if; return new; end $$`,
  );
  await stage.query(
    'create trigger refuse_first before insert on sorting_models for each row execute function refuse_first()',
  );
  expect(await trainWhereNeeded(stage.app)).toBe(2);
  expect(await stage.query('select 1 from sorting_models')).toHaveLength(1);
}, 120_000);
