/** Private messages of the platforms beside WeChat, from the person's word to the answer that the platform took. */
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { receiveMessage as sayOnDouyin } from '#sandbox/douyin/messages.ts';
import { setUpAccount as setUpDouyin } from '#sandbox/douyin/set-up.ts';
import { stateOf as douyinState, personCalled as onDouyin } from '#sandbox/douyin/state.ts';
import { receiveMessage as sayOnWeibo, receiveFile as sendOnWeibo } from '#sandbox/weibo/messages.ts';
import { setUpAccount as setUpWeibo } from '#sandbox/weibo/set-up.ts';
import { personCalled as onWeibo, stateOf as weiboState } from '#sandbox/weibo/state.ts';
import { systemActor } from '#server/base/actor.ts';
import { createAccountIn } from '#server/modules/accounts/index.ts';
import type { CaseView } from '#shared/inbox.ts';
import { until } from '#tests/support/wait.ts';
import { fetchFiles } from '../intake/fetch-files.ts';
import { processPushes } from '../intake/process-pushes.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { sendReply } from './send-reply.ts';
import { me } from './test-desk.ts';

const uid = '1900000031';
const openId = 'ba253642-0590-40bc-9bdf-000000000031';
const scopes = 'user_info,renew_refresh_token,item.comment,im';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

/** An account of the bureau, and the address that its platform pushes to. */
async function open(platform: string, settings: object, secrets: object): Promise<string> {
  const input = { unitId: stage.bureau.id, platform, name: platform, settings, secrets } as Parameters<
    typeof createAccountIn
  >[3];
  const { id } = await stage.app.database.withWorker((tx) =>
    createAccountIn(stage.app, tx, systemActor(stage.bureau.id), input),
  );
  return `${new URL(stage.hook).origin}/hooks/${platform}/${id}`;
}

async function caseOf(text: string): Promise<CaseView> {
  const caseId = await until(
    async () => {
      while ((await processPushes(stage.app)).count > 0);
      const [row] = await stage.query<{ case_id: string }>(
        `select l.case_id from messages m join case_conversations l using (bureau_id, conversation_id)
         where m.text = '${text}'`,
      );
      return row?.case_id;
    },
    { what: `the case of ${text}` },
  );
  return look(caseId);
}

const look = async (caseId: string) =>
  (await stage.call(stage.bureau.agent, 'GET', `/api/cases/${caseId}`)).body as CaseView;

async function answer(view: CaseView, text: string): Promise<CaseView> {
  const conversationId = view.conversations[0]!.id;
  const given = await stage.call(stage.bureau.agent, 'POST', `/api/cases/${view.id}/answers`, {
    conversationId,
    text,
  });
  expect(given.status).toBe(200);
  await sendReply(stage.app, me, {
    bureauId: stage.bureau.id,
    id: (given.body as { replyId: string }).replyId,
  });
  return look(view.id);
}

test('Weibo: asked with a picture and answered', async () => {
  const { world } = stage.sandbox;
  const hook = await open(
    'weibo',
    { appKey: 'APPKEY31', uid, boundDomain: 'example.gov.cn', operatorIp: '203.0.113.7' },
    { appSecret: 'TEST_SECRET', accessToken: 'TEST_TOKEN31' },
  );
  const account = { appKey: 'APPKEY31', appSecret: 'TEST_SECRET', name: '青川人社', token: 'TEST_TOKEN31' };
  setUpWeibo(world, uid, { ...account, boundDomain: 'example.gov.cn', push: { url: hook } });
  const onPlatform = weiboState(world).accounts[uid]!;
  const person = onWeibo(onPlatform, '市民丁');
  sayOnWeibo(world, onPlatform, person, '这张工资条上的个人账户怎么算');
  const picture = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#864' } })
    .jpeg()
    .toBuffer();
  const view = await caseOf('这张工资条上的个人账户怎么算');
  sendOnWeibo(world, onPlatform, person, 'image', picture);
  await until(
    async () => {
      while ((await processPushes(stage.app)).count > 0);
      await fetchFiles(stage.app);
      return (await look(view.id)).conversations[0]!.messages.some(({ files }) => files.length > 0);
    },
    { what: 'the picture stands in the thread' },
  );
  const answered = await answer(view, '您好，看“个人缴费”一栏，是工资的百分之八。');
  expect(answered.conversations[0]!.replies).toMatchObject([{ state: 'sent' }]);
  expect(answered.state).toBe('answered');
  expect(onPlatform.chat.filter(({ from }) => from === 'account').map(({ text }) => text)).toEqual([
    expect.stringContaining('百分之八'),
  ]);
});

test('Douyin: answered where the account was granted it, by the message that was asked', async () => {
  const { world } = stage.sandbox;
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const hook = await open(
    'douyin',
    { clientKey: 'awtestclientkey31', scopes, privateMessages: 'on' },
    {
      ...{ clientSecret: 'test_client_secret_0031', openId, refreshToken: 'rft.TEST31', renewals: '0' },
      ...{ refreshExpiresAt: inDays(30), grantedScopes: scopes },
    },
  );
  setUpDouyin(world, openId, {
    ...{ clientKey: 'awtestclientkey31', clientSecret: 'test_client_secret_0031', name: '青川人社' },
    ...{ refreshToken: 'rft.TEST31', push: { url: hook } },
  });
  const onPlatform = douyinState(world).accounts[openId]!;
  const person = onDouyin(onPlatform, '小周');
  sayOnDouyin(world, onPlatform, person, '失业金领完了还能再申请吗');
  const view = await caseOf('失业金领完了还能再申请吗');
  expect(view.conversations[0]).toMatchObject({
    kind: 'message',
    personName: '小周',
    window: { open: true },
  });
  const answered = await answer(view, '您好，重新就业缴费满一年后可以再申领。');
  expect(answered.conversations[0]!.replies).toMatchObject([{ state: 'sent' }]);
  expect(onPlatform.chat.filter(({ from }) => from === 'account')).toMatchObject([
    { openId: person.openId, text: expect.stringContaining('满一年') },
  ]);
});
