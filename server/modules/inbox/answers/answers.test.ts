import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '#server/base/app.ts';
import { findAccount, updateAccountIn } from '#server/modules/accounts/index.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { sendReply } from './send-reply.ts';
import { sweepAbandoned } from './sweep.ts';
import { type Desk, me, openDesk } from './test-desk.ts';

let stage: InboxStage;
let desk: Desk;
beforeAll(async () => {
  stage = await stageInbox();
  desk = await openDesk(stage);
}, 60_000);
afterAll(() => stage.stop());
beforeEach(() => stage.sandbox.world.faults.clear());
afterEach(() => stage.query('delete from call_holds'));

describe('an answer to a private message', () => {
  test('is sent once and answers the case', async () => {
    const open = await desk.receiveMessage();
    const ref = await desk.answer(open, '凭社保卡到银行网点领取');
    expect((await desk.replyOf(open)).state).toBe('due');
    await desk.send(ref);
    await desk.send(ref);
    const view = await desk.look(open);
    expect(view).toMatchObject({ state: 'answered', answeredAt: expect.any(String) });
    expect(view.conversations[0]).toMatchObject({
      messages: [{ direction: 'in' }, { direction: 'out', text: '凭社保卡到银行网点领取' }],
      replies: [{ state: 'sent', reason: null, createdByName: 'A-agent', sentAt: expect.any(String) }],
      window: { left: 4, open: true },
    });
    expect(view.events.map(({ event }) => event)).toEqual([
      'received',
      'classified',
      'assigned',
      'answer-queued',
      'answered',
    ]);
    expect(desk.taken('message.sent', '凭社保卡到银行网点领取')).toBe(1);
  });

  test('is sent once when two processes take it at the same moment', async () => {
    const open = await desk.receiveMessage();
    const ref = await desk.answer(open, '两个进程只发一次');
    await Promise.all([sendReply(stage.app, 'p1', ref), sendReply(stage.app, 'p2', ref), desk.send(ref)]);
    expect(desk.taken('message.sent', '两个进程只发一次')).toBe(1);
    expect((await desk.replyOf(open)).state).toBe('sent');
  });

  test('leaves one in flight an account: the other waits its turn', async () => {
    const first = await desk.receiveMessage();
    const second = await desk.receiveMessage();
    const one = await desk.answer(first, '先发这一条');
    const two = await desk.answer(second, '再发这一条');
    await Promise.all([desk.send(one), desk.send(two)]);
    for (const ref of [one, two]) await desk.send(ref);
    expect([(await desk.replyOf(first)).state, (await desk.replyOf(second)).state]).toEqual(['sent', 'sent']);
    expect([desk.taken('message.sent', '先发这一条'), desk.taken('message.sent', '再发这一条')]).toEqual([
      1, 1,
    ]);
  });

  test('whose answer was lost is unknown: a person decides that it went out', async () => {
    const open = await desk.receiveMessage();
    const ref = await desk.answer(open, '回应丢失的答复');
    stage.arm('/cgi-bin/message/custom/send', { kind: 'lose-answer', accept: true });
    await desk.send(ref);
    expect(await desk.replyOf(open)).toMatchObject({
      state: 'unknown',
      reason: { zh: expect.stringMatching(/^没有收到平台的回应/) },
    });
    await desk.wake(ref);
    await desk.send(ref);
    const again = await stage.call(stage.bureau.agent, 'POST', `/api/cases/${open.caseId}/answers`, {
      conversationId: open.conversationId,
      text: '再发一次',
    });
    expect(again.status).toBe(409);
    await stage.query(`update replies set wake_at = null where id = '${ref.id}'`);
    const decide = (verdict: string) => desk.decide(ref, verdict);
    expect((await decide('went-out')).status).toBe(200);
    expect((await decide('did-not-resend')).status).toBe(409);
    const view = await desk.look(open);
    expect(view.state).toBe('answered');
    expect(view.conversations[0]!.messages.at(-1)).toMatchObject({
      direction: 'out',
      text: '回应丢失的答复',
    });
    expect(desk.taken('message.sent', '回应丢失的答复')).toBe(1);
  });

  test('that a person found missing is sent again, once', async () => {
    const open = await desk.receiveMessage();
    const ref = await desk.answer(open, '没有送到的答复');
    stage.arm('/cgi-bin/message/custom/send', { kind: 'lose-answer', accept: false });
    await desk.send(ref);
    await desk.decide(ref, 'did-not-resend');
    await desk.send(ref);
    expect((await desk.replyOf(open)).state).toBe('sent');
    expect(desk.taken('message.sent', '没有送到的答复')).toBe(1);
    const audit = await stage.query<{ detail: object }>(
      `select detail from audit_entries where action = 'reply.decided' and detail ->> 'replyId' = '${ref.id}'`,
    );
    expect(audit[0]!.detail).toEqual({ replyId: ref.id, verdict: 'did-not-resend' });
  });

  test.each([
    ['an undocumented 502', 'unknown', 1, { kind: 'status', status: 502, accept: true }],
    ['a page instead of JSON', 'unknown', 1, { kind: 'html', accept: true }],
    ['an answer cut off', 'unknown', 1, { kind: 'truncate', accept: true }],
    [
      'busy, in the platform’s own code,',
      'due',
      0,
      { kind: 'answer', body: { errcode: -1, errmsg: 'busy' } },
    ],
    ['a limit', 'due', 0, { kind: 'answer', body: { errcode: 45009, errmsg: 'quota' } }],
    ['a refused text', 'rejected', 0, { kind: 'answer', body: { errcode: 45002, errmsg: 'too long' } }],
    ['a closed window', 'window-closed', 0, { kind: 'answer', body: { errcode: 45015, errmsg: 'time' } }],
  ] as const)('after %s is %s', async (_what, state, accepted, fault) => {
    const open = await desk.receiveMessage();
    const ref = await desk.answer(open);
    const text = (await desk.replyOf(open)).text;
    stage.arm('/cgi-bin/message/custom/send', fault);
    await desk.send(ref);
    await desk.send(ref);
    expect((await desk.replyOf(open)).state).toBe(state);
    expect(desk.taken('message.sent', text)).toBe(accepted);
    expect((await desk.look(open)).state).toBe('open');
  });

  test('waits while the platform’s limit holds the account, and goes out afterwards', async () => {
    const open = await desk.receiveMessage();
    const ref = await desk.answer(open);
    await stage.query(
      `insert into call_holds (subject, until, reason) values ('${stage.bureau.accountId}', now() + interval '1 hour', 'limit')`,
    );
    await desk.send(ref);
    const [waiting] = await stage.query<{ later: boolean; state: string }>(
      `select wake_at > now() + interval '30 minutes' as later, state from replies where id = '${ref.id}'`,
    );
    expect(waiting).toEqual({ later: true, state: 'due' });
    await stage.query('delete from call_holds');
    await desk.wake(ref);
    await desk.send(ref);
    expect((await desk.replyOf(open)).state).toBe('sent');
  });

  test('pauses the account when its secret was changed, and goes out once a person has mended it', async () => {
    const open = await desk.receiveMessage();
    const ref = await desk.answer(open);
    const { accountId, administrator, id: bureauId } = stage.bureau;
    stage.account().secret = 'CHANGED';
    for (const token of stage.account().tokens) token.expiresAt = 0;
    await stage.query(`delete from account_secrets where name like 'token:%'`);
    await desk.send(ref);
    const account = await stage.app.database.withWorker((tx) => findAccount(tx, bureauId, accountId));
    expect(account?.state).toBe('sign-in-again');
    expect(await desk.replyOf(open)).toMatchObject({ state: 'due' });
    await stage.app.database.withScope(administrator, (tx) =>
      updateAccountIn(stage.app, tx, administrator, accountId, {
        secrets: { appSecret: 'CHANGED' },
        reason: '',
      }),
    );
    await desk.wake(ref);
    await desk.send(ref);
    expect((await desk.replyOf(open)).state).toBe('sent');
  });
});

describe('a process that ends while sending', () => {
  const dying = (at: string): App => ({
    ...stage.app,
    failpoints: {
      hit: async (name) => {
        if (name === at) throw new Error('ended');
      },
    },
  });

  test.each([
    ['before the call', 'reply.submitting', 0],
    ['after the answer, before it was saved', 'reply.answered', 1],
  ])('%s leaves an unknown answer that nobody sends again', async (_when, point, accepted) => {
    const open = await desk.receiveMessage();
    const ref = await desk.answer(open);
    const { text } = await desk.replyOf(open);
    await expect(sendReply(dying(point), 'dead', ref)).rejects.toThrow('ended');
    expect((await desk.replyOf(open)).state).toBe('submitting');
    // While its process lives, nobody touches it.
    expect(await sweepAbandoned(stage.app, ['dead', me], { processId: me, inFlight: new Set() })).toBe(0);
    expect(await sweepAbandoned(stage.app, [me], { processId: me, inFlight: new Set() })).toBe(1);
    expect(await desk.replyOf(open)).toMatchObject({
      state: 'unknown',
      reason: { zh: expect.stringMatching(/^发送途中程序中断/) },
    });
    await desk.send(ref);
    await sweepAbandoned(stage.app, [me], { processId: me, inFlight: new Set() });
    expect(desk.taken('message.sent', text)).toBe(accepted);
    await desk.decide(ref, 'did-not-cancel');
    expect((await desk.replyOf(open)).state).toBe('cancelled');
  });

  test('of this very process is told from one that is still busy', async () => {
    const open = await desk.receiveMessage();
    const ref = await desk.answer(open);
    await expect(sendReply(dying('reply.submitting'), me, ref)).rejects.toThrow();
    expect(await sweepAbandoned(stage.app, [me], { processId: me, inFlight: new Set([ref.id]) })).toBe(0);
    expect(await sweepAbandoned(stage.app, [me], { processId: me, inFlight: new Set() })).toBe(1);
    expect((await desk.replyOf(open)).state).toBe('unknown');
  });

  test('and was only asleep cannot write over what followed', async () => {
    const open = await desk.receiveMessage();
    const ref = await desk.answer(open);
    const sleeping: App = {
      ...stage.app,
      failpoints: {
        hit: async (name) => {
          if (name !== 'reply.answered') return;
          await sweepAbandoned(stage.app, [me], { processId: me, inFlight: new Set() });
        },
      },
    };
    await sendReply(sleeping, 'asleep', ref);
    expect((await desk.replyOf(open)).state).toBe('unknown');
    expect((await desk.look(open)).state).toBe('open');
  });
});
