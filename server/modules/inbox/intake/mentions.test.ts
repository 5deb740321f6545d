/** What other platforms push besides messages, processed from the stored push on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor } from '#server/base/actor.ts';
import { createAccountIn } from '#server/modules/accounts/index.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
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
