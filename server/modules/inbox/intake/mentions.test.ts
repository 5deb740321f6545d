/** What other platforms push besides messages, processed from the stored push on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeMention } from '#sandbox/weibo/mentions.ts';
import { setUpAccount } from '#sandbox/weibo/set-up.ts';
import { systemActor } from '#server/base/actor.ts';
import { newId } from '#server/base/ids.ts';
import { createAccountIn } from '#server/modules/accounts/index.ts';
import type { CaseView } from '#shared/inbox.ts';
import { defaultInboxSettings } from '#shared/inbox-settings.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { planMentionPolls, pollMentions } from './poll-mentions.ts';
import { processPushes } from './process-pushes.ts';
import { createPushIntake } from './push-intake.ts';
import { pushPlace } from './store.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

async function account(platform: string, values: { settings: object; secrets: object }): Promise<string> {
  const { id: bureauId } = stage.bureau;
  const [unit] = await stage.query<{ unit_id: string }>(
    `select unit_id from accounts where bureau_id = '${bureauId}' limit 1`,
  );
  const input = { unitId: unit!.unit_id, platform, name: platform, ...values } as Parameters<
    typeof createAccountIn
  >[3];
  return stage.app.database.withWorker(
    async (tx) => (await createAccountIn(stage.app, tx, systemActor(bureauId), input)).id,
  );
}

async function push(accountId: string, dedupKey: string, body: object): Promise<void> {
  const intake = createPushIntake(stage.app.database);
  const ids = { bureauId: stage.bureau.id, accountId, dedupKey };
  const sealed = stage.app.sealer.seal(pushPlace(ids), Buffer.from(JSON.stringify(body)));
  await intake.accept({ ...ids, sealed });
  await intake.close();
  while ((await processPushes(stage.app)).count > 0);
}

test('a mention becomes a case once, however often and in whatever way it is told', async () => {
  const accountId = await account('weibo', {
    settings: {
      appKey: 'APPKEY',
      uid: '1900000001',
      boundDomain: 'example.gov.cn',
      operatorIp: '203.0.113.7',
    },
    secrets: { appSecret: 'TEST_SECRET' },
  });
  const mention = {
    ...{ type: 'mention', receiver_id: 1900000001, sender_id: 1900000002, text: '@测试市发布 路灯坏了' },
    ...{ created_at: 'Fri Nov 20 10:05:00 +0800 2026', data: { subtype: 'status', key: '5200000000000002' } },
  };
  await push(accountId, 'first', mention);
  await push(accountId, 'told again', mention);
  const messages = await stage.query<{ platform_id: string; text: string }>(
    `select platform_id, text from messages where account_id = '${accountId}'`,
  );
  expect(messages).toEqual([{ platform_id: 'mention:5200000000000002', text: '@测试市发布 路灯坏了' }]);
  const threads = await stage.query<{ kind: string }>(
    `select kind from conversations where account_id = '${accountId}'`,
  );
  expect(threads).toEqual([{ kind: 'mention' }]);
});

test('a mention is answered by hand: no interface reaches whoever wrote it', async () => {
  const { agent } = stage.bureau;
  const [row] = await stage.query<{ case_id: string; id: string }>(
    `select l.case_id, v.id from conversations v join case_conversations l on l.conversation_id = v.id
     where v.kind = 'mention' limit 1`,
  );
  const view = (await stage.call(agent, 'GET', `/api/cases/${row!.case_id}`)).body as CaseView;
  expect(view.conversations[0]).toMatchObject({ replyLimit: 0, window: { open: false } });
  const body = { conversationId: row!.id, text: '请到一楼。' };
  const answered = await stage.call(agent, 'POST', `/api/cases/${row!.case_id}/answers`, body);
  expect(answered).toMatchObject({ status: 409, body: { code: 'reply-window-closed' } });
});

test('a key of the menu that is a word of a rule is a message where nothing is said at once', async () => {
  const accountId = await account('weibo', {
    settings: { appKey: 'MENU', uid: '1900000041', boundDomain: 'example.gov.cn', operatorIp: '203.0.113.7' },
    secrets: { appSecret: 'TEST_SECRET' },
  });
  const rule = {
    id: newId(),
    name: '社保',
    on: true,
    outsideOnly: false,
    words: ['社保'],
    text: '社保请看这里',
  };
  const { automatic } = defaultInboxSettings;
  const settings = { ...defaultInboxSettings, automatic: { ...automatic, on: true, rules: [rule] } };
  await stage.query(
    `insert into inbox_settings (bureau_id, settings) values ('${stage.bureau.id}', '${JSON.stringify(settings)}')`,
  );
  await push(accountId, 'menu', {
    ...{ type: 'event', receiver_id: 1900000041, sender_id: 1900000042, text: '' },
    ...{ created_at: 'Fri Nov 20 10:05:00 +0800 2026', data: { subtype: 'click', key: '社保' } },
  });
  const messages = await stage.query(`select text from messages where account_id = '${accountId}'`);
  expect(messages).toEqual([{ text: '社保' }]);
});

test('mentions that have to be asked for become cases once, and the next question goes on from them', async () => {
  const uid = '1900000009';
  // Nobody else is asked for.
  await stage.query(`update accounts set state = 'closed'`);
  const { world } = stage.sandbox;
  const person = {
    appKey: 'ASKKEY',
    appSecret: 'TEST_SECRET',
    name: '青川人社',
    boundDomain: 'example.gov.cn',
  };
  const onPlatform = setUpAccount(world, uid, { ...person, token: 'TEST_TOKEN' });
  const accountId = await account('weibo', {
    settings: { appKey: 'ASKKEY', uid, boundDomain: 'example.gov.cn', operatorIp: '203.0.113.7' },
    secrets: { appSecret: 'TEST_SECRET', accessToken: 'TEST_TOKEN' },
  });
  const say = (content: string) =>
    writeMention(world, onPlatform, { nickname: '老李', content, under: 'post' });
  const ask = async () => {
    await stage.query('delete from call_holds');
    await planMentionPolls(stage.app);
    await stage.query('update mention_polls set next_at = now()');
    while ((await pollMentions(stage.app)) > 0);
    return stage.query<{ text: string }>(
      `select text from messages where account_id = '${accountId}' order by at`,
    );
  };
  const first = say('路灯坏了');
  expect(await ask()).toMatchObject([{ text: first.text }]);
  const second = say('又坏了');
  const fault = { kind: 'lose-answer', accept: false } as const;
  world.faults.arm({ platform: 'weibo', path: '/2/statuses/mentions.json', times: 1, fault });
  expect(await ask()).toHaveLength(1);
  expect(await ask()).toMatchObject([{ text: first.text }, { text: second.text }]);
  expect(await ask()).toHaveLength(2);
  const [poll] = await stage.query<{ newest: string; last_outcome: object }>(
    `select newest, last_outcome from mention_polls where account_id = '${accountId}'`,
  );
  expect(poll).toEqual({ newest: second.id, last_outcome: { seen: 0, fresh: 0 } });
  const cases = await stage.query(
    `select 1 from cases where account_id = '${accountId}' and channel = 'mention'`,
  );
  expect(cases).toHaveLength(2);
});

test('asking stops with the daily calls, and goes on the next day', async () => {
  await stage.query(
    `update accounts set settings = settings || '{"commentCallsPerDay":"0"}' where platform = 'weibo'`,
  );
  await stage.query('delete from call_holds');
  await stage.query('update mention_polls set next_at = now()');
  while ((await pollMentions(stage.app)) > 0);
  const polls = await stage.query<{ waits: string; later: boolean }>(
    `select last_outcome ->> 'waits' as waits, next_at > now() as later from mention_polls`,
  );
  expect(new Set(polls.map(({ waits }) => waits))).toEqual(new Set(['budget-used']));
  expect(polls.every(({ later }) => later)).toBe(true);
});

test('a grant that its owner took away stops the account until a person signs in again', async () => {
  const accountId = await account('bilibili', {
    settings: { appKey: 'CLIENT', openid: 'OPENID', category: '4' },
    secrets: { appSecret: 'SECRET' },
  });
  await push(accountId, 'gone', { event: 'deauthorize', content: { openid: 'OPENID' } });
  const rows = await stage.query<{ state: string; state_reason: string }>(
    `select state, state_reason from accounts where id = '${accountId}'`,
  );
  expect(rows).toEqual([{ state: 'sign-in-again', state_reason: 'revoked' }]);
});
