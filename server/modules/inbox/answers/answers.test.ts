import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '#server/base/app.ts';
import { findAccount, updateAccountIn } from '#server/modules/accounts/index.ts';
import type { CaseView } from '#shared/inbox.ts';
import { planPolls, pollComments } from '../intake/poll-comments.ts';
import { processPushes } from '../intake/process-pushes.ts';
import { type InboxStage, stageInbox, until } from '../test-support.ts';
import { checkReply } from './check-reply.ts';
import { sendReply } from './send-reply.ts';
import { sweepAbandoned } from './sweep.ts';

const me = 'process-of-this-test';
let stage: InboxStage;
let post: Awaited<ReturnType<InboxStage['publish']>>;
beforeAll(async () => {
  stage = await stageInbox();
  post = await stage.publish();
}, 60_000);
afterAll(() => stage.stop());
beforeEach(() => stage.sandbox.world.faults.clear());
afterEach(() => stage.query('delete from call_holds'));

type Open = { caseId: string; conversationId: string };
let people = 0;

async function findCase(text: string): Promise<Open | undefined> {
  const [row] = await stage.query<{ case_id: string; conversation_id: string }>(
    `select l.case_id, l.conversation_id from messages m
     join case_conversations l on l.conversation_id = m.conversation_id where m.text = '${text}'`,
  );
  return row && { caseId: row.case_id, conversationId: row.conversation_id };
}

async function receiveMessage(text = `第 ${people + 1} 位群众问：养老金怎么领`): Promise<Open> {
  people += 1;
  stage.write(`群众${people}`, text);
  return until('the message becomes a case', async () => {
    await processPushes(stage.app);
    return findCase(text);
  });
}

async function poll(): Promise<void> {
  await stage.query('update comment_polls set next_at = now()');
  await planPolls(stage.app);
  await pollComments(stage.app);
}

async function receiveComment(): Promise<Open> {
  people += 1;
  const text = `第 ${people} 条留言：社保卡在哪办`;
  post.comment(`读者${people}`, text);
  await poll();
  return (await findCase(text))!;
}

async function answer(
  { caseId, conversationId }: Open,
  text = `第 ${people} 次答复：带身份证到社保窗口办理`,
) {
  const { status, body } = await stage.call(stage.bureau.agent, 'POST', `/api/cases/${caseId}/answers`, {
    conversationId,
    text,
  });
  expect(status).toBe(200);
  const { replyId } = body as { replyId: string };
  return { bureauId: stage.bureau.id, id: replyId };
}

async function look({ caseId }: Open): Promise<CaseView> {
  const { status, body } = await stage.call(stage.bureau.agent, 'GET', `/api/cases/${caseId}`);
  expect(status).toBe(200);
  return body as CaseView;
}
const replyOf = async (open: Open) => (await look(open)).conversations[0]!.replies.at(-1)!;
const wake = (id: string) => stage.query(`update replies set wake_at = now() where id = '${id}'`);
const send = (ref: { bureauId: string; id: string }) => sendReply(stage.app, me, ref);
/** How often the platform really took a text. */
const taken = (kind: 'message.sent' | 'reply.sent', text: string) =>
  stage.accepted(kind).filter((detail) => detail.text === text || detail.content === text).length;

describe('an answer to a private message', () => {
  test('is sent once and answers the case', async () => {
    const open = await receiveMessage();
    const ref = await answer(open, '凭社保卡到银行网点领取');
    expect((await replyOf(open)).state).toBe('due');
    await send(ref);
    await send(ref);
    const view = await look(open);
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
    expect(taken('message.sent', '凭社保卡到银行网点领取')).toBe(1);
  });

  test('is sent once when two processes take it at the same moment', async () => {
    const open = await receiveMessage();
    const ref = await answer(open, '两个进程只发一次');
    await Promise.all([sendReply(stage.app, 'p1', ref), sendReply(stage.app, 'p2', ref), send(ref)]);
    expect(taken('message.sent', '两个进程只发一次')).toBe(1);
    expect((await replyOf(open)).state).toBe('sent');
  });

  test('leaves one in flight an account: the other waits its turn', async () => {
    const first = await receiveMessage();
    const second = await receiveMessage();
    const one = await answer(first, '先发这一条');
    const two = await answer(second, '再发这一条');
    await Promise.all([send(one), send(two)]);
    for (const ref of [one, two]) await send(ref);
    expect([(await replyOf(first)).state, (await replyOf(second)).state]).toEqual(['sent', 'sent']);
    expect([taken('message.sent', '先发这一条'), taken('message.sent', '再发这一条')]).toEqual([1, 1]);
  });

  test('whose answer was lost is unknown: a person decides that it went out', async () => {
    const open = await receiveMessage();
    const ref = await answer(open, '回应丢失的答复');
    stage.arm('/cgi-bin/message/custom/send', { kind: 'lose-answer', accept: true });
    await send(ref);
    expect(await replyOf(open)).toMatchObject({
      state: 'unknown',
      reason: { zh: expect.stringMatching(/^没有收到平台的回应/) },
    });
    await wake(ref.id);
    await send(ref);
    const again = await stage.call(stage.bureau.agent, 'POST', `/api/cases/${open.caseId}/answers`, {
      conversationId: open.conversationId,
      text: '再发一次',
    });
    expect(again.status).toBe(409);
    await stage.query(`update replies set wake_at = null where id = '${ref.id}'`);
    const decide = (verdict: string) =>
      stage.call(stage.bureau.agent, 'POST', `/api/replies/${ref.id}/decision`, {
        verdict,
        evidence: '后台会话里已显示',
      });
    expect((await decide('went-out')).status).toBe(200);
    expect((await decide('did-not-resend')).status).toBe(409);
    const view = await look(open);
    expect(view.state).toBe('answered');
    expect(view.conversations[0]!.messages.at(-1)).toMatchObject({
      direction: 'out',
      text: '回应丢失的答复',
    });
    expect(taken('message.sent', '回应丢失的答复')).toBe(1);
  });

  test('that a person found missing is sent again, once', async () => {
    const open = await receiveMessage();
    const ref = await answer(open, '没有送到的答复');
    stage.arm('/cgi-bin/message/custom/send', { kind: 'lose-answer', accept: false });
    await send(ref);
    const decision = { verdict: 'did-not-resend', evidence: '后台没有这条' };
    await stage.call(stage.bureau.agent, 'POST', `/api/replies/${ref.id}/decision`, decision);
    await send(ref);
    expect((await replyOf(open)).state).toBe('sent');
    expect(taken('message.sent', '没有送到的答复')).toBe(1);
    const audit = await stage.query<{ detail: object }>(
      `select detail from audit_entries where action = 'reply.decided' and detail ->> 'replyId' = '${ref.id}'`,
    );
    expect(audit[0]!.detail).toEqual({ replyId: ref.id, verdict: 'did-not-resend' });
  });

  test.each([
    ['an undocumented 502', { kind: 'status', status: 502, accept: true }, 'unknown', 1],
    ['a page instead of JSON', { kind: 'html', accept: true }, 'unknown', 1],
    ['an answer cut off', { kind: 'truncate', accept: true }, 'unknown', 1],
    [
      'busy, by the platform’s own code',
      { kind: 'answer', body: { errcode: -1, errmsg: 'system error' } },
      'due',
      0,
    ],
    [
      'a limit',
      { kind: 'answer', body: { errcode: 45009, errmsg: 'reach max api daily quota limit' } },
      'due',
      0,
    ],
    ['a refused text', { kind: 'answer', body: { errcode: 87014, errmsg: 'risky content' } }, 'rejected', 0],
    [
      'a closed window',
      { kind: 'answer', body: { errcode: 45015, errmsg: 'response out of time limit' } },
      'window-closed',
      0,
    ],
  ] as const)('after %s is %5$s', async (_what, fault, state, accepted) => {
    const open = await receiveMessage();
    const ref = await answer(open);
    const text = (await replyOf(open)).text;
    stage.arm('/cgi-bin/message/custom/send', fault);
    await send(ref);
    await send(ref);
    expect((await replyOf(open)).state).toBe(state);
    expect(taken('message.sent', text)).toBe(accepted);
    expect((await look(open)).state).toBe('open');
  });

  test('waits while the platform’s limit holds the account, and goes out afterwards', async () => {
    const open = await receiveMessage();
    const ref = await answer(open);
    await stage.query(
      `insert into call_holds (subject, until, reason) values ('${stage.bureau.accountId}', now() + interval '1 hour', 'limit')`,
    );
    await send(ref);
    const [waiting] = await stage.query<{ later: boolean; state: string }>(
      `select wake_at > now() + interval '30 minutes' as later, state from replies where id = '${ref.id}'`,
    );
    expect(waiting).toEqual({ later: true, state: 'due' });
    await stage.query('delete from call_holds');
    await wake(ref.id);
    await send(ref);
    expect((await replyOf(open)).state).toBe('sent');
  });

  test('pauses the account when its secret was changed, and goes out once a person has mended it', async () => {
    const open = await receiveMessage();
    const ref = await answer(open);
    const { accountId, administrator, id: bureauId } = stage.bureau;
    stage.account().secret = 'CHANGED';
    for (const token of stage.account().tokens) token.expiresAt = 0;
    await stage.query(`delete from account_secrets where name like 'token:%'`);
    await send(ref);
    const account = await stage.app.database.withWorker((tx) => findAccount(tx, bureauId, accountId));
    expect(account?.state).toBe('sign-in-again');
    expect(await replyOf(open)).toMatchObject({ state: 'due' });
    await stage.app.database.withScope(administrator, (tx) =>
      updateAccountIn(stage.app, tx, administrator, accountId, {
        secrets: { appSecret: 'CHANGED' },
        reason: '',
      }),
    );
    await wake(ref.id);
    await send(ref);
    expect((await replyOf(open)).state).toBe('sent');
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
    const open = await receiveMessage();
    const ref = await answer(open);
    const { text } = await replyOf(open);
    await expect(sendReply(dying(point), 'dead', ref)).rejects.toThrow('ended');
    expect((await replyOf(open)).state).toBe('submitting');
    // While its process lives, nobody touches it.
    expect(await sweepAbandoned(stage.app, ['dead', me], { processId: me, inFlight: new Set() })).toBe(0);
    expect(await sweepAbandoned(stage.app, [me], { processId: me, inFlight: new Set() })).toBe(1);
    expect(await replyOf(open)).toMatchObject({
      state: 'unknown',
      reason: { zh: expect.stringMatching(/^发送途中程序中断/) },
    });
    await send(ref);
    await sweepAbandoned(stage.app, [me], { processId: me, inFlight: new Set() });
    expect(taken('message.sent', text)).toBe(accepted);
    const cancel = { verdict: 'did-not-cancel', evidence: '不再发送' };
    await stage.call(stage.bureau.agent, 'POST', `/api/replies/${ref.id}/decision`, cancel);
    expect((await replyOf(open)).state).toBe('cancelled');
  });

  test('of this very process is told from one that is still busy', async () => {
    const open = await receiveMessage();
    const ref = await answer(open);
    await expect(sendReply(dying('reply.submitting'), me, ref)).rejects.toThrow();
    expect(await sweepAbandoned(stage.app, [me], { processId: me, inFlight: new Set([ref.id]) })).toBe(0);
    expect(await sweepAbandoned(stage.app, [me], { processId: me, inFlight: new Set() })).toBe(1);
    expect((await replyOf(open)).state).toBe('unknown');
  });

  test('and was only asleep cannot write over what followed', async () => {
    const open = await receiveMessage();
    const ref = await answer(open);
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
    expect((await replyOf(open)).state).toBe('unknown');
    expect((await look(open)).state).toBe('open');
  });
});

describe('comments', () => {
  test('are polled into cases, each once, and their answers stand under them once', async () => {
    const open = await receiveComment();
    const view = await look(open);
    expect(view).toMatchObject({
      channel: 'comment',
      kind: 'consult',
      field: '社保卡',
      unitName: '社会保险股',
    });
    expect(view.conversations[0]).toMatchObject({
      article: { title: '退休一件事' },
      window: { endsAt: null, left: null, open: true },
    });
    const ref = await answer(open);
    await send(ref);
    await poll();
    await poll();
    const after = await look(open);
    expect(after.state).toBe('answered');
    expect(after.conversations[0]!.messages.map(({ direction }) => direction)).toEqual(['in', 'out']);
    expect(taken('reply.sent', after.conversations[0]!.replies[0]!.text)).toBe(1);
  });

  test('whose reply’s answer was lost are looked up, and the reply is found', async () => {
    const open = await receiveComment();
    const ref = await answer(open);
    const { text } = await replyOf(open);
    stage.arm('/cgi-bin/comment/reply/add', { kind: 'lose-answer', accept: true });
    await send(ref);
    expect((await replyOf(open)).state).toBe('unknown');
    // A poll may see it first; it must not stand in the thread twice.
    await poll();
    await wake(ref.id);
    await checkReply(stage.app, ref);
    const view = await look(open);
    expect(view.conversations[0]!.replies[0]!.state).toBe('sent');
    expect(view.conversations[0]!.messages).toHaveLength(2);
    expect(taken('reply.sent', text)).toBe(1);
  });

  test('whose reply never arrived get it after it was found absent twice, a settling time apart', async () => {
    const open = await receiveComment();
    const ref = await answer(open);
    const { text } = await replyOf(open);
    stage.arm('/cgi-bin/comment/reply/add', { kind: 'lose-answer', accept: false });
    await send(ref);
    await checkReply(stage.app, ref);
    expect((await replyOf(open)).state).toBe('unknown');
    for (const state of ['unknown', 'due']) {
      await wake(ref.id);
      await checkReply(stage.app, ref);
      expect((await replyOf(open)).state).toBe(state);
    }
    await send(ref);
    expect((await replyOf(open)).state).toBe('sent');
    expect(taken('reply.sent', text)).toBe(1);
  });

  test('whose reply cannot be looked up for half an hour wait for a person', async () => {
    const open = await receiveComment();
    const ref = await answer(open);
    stage.arm('/cgi-bin/comment/reply/add', { kind: 'lose-answer', accept: false });
    await send(ref);
    stage.arm('/cgi-bin/comment/list', { kind: 'status', status: 502 }, 2);
    await wake(ref.id);
    await checkReply(stage.app, ref);
    expect((await replyOf(open)).state).toBe('unknown');
    await stage.query(
      `update replies set wake_at = now(), submitted_at = now() - interval '31 minutes' where id = '${ref.id}'`,
    );
    await stage.query('delete from call_holds');
    await checkReply(stage.app, ref);
    expect(await replyOf(open)).toMatchObject({
      state: 'unknown',
      reason: { zh: expect.stringMatching(/人工/) },
    });
    expect(
      await stage.query(`select 1 from replies where id = '${ref.id}' and wake_at is null`),
    ).toHaveLength(1);
  });

  test('answered by hand on the platform are answered here too', async () => {
    const open = await receiveComment();
    const written = stage.account().comments.at(-1)!;
    written.reply = { content: '已在后台回复', at: Date.now() };
    await poll();
    const view = await look(open);
    expect(view.state).toBe('answered');
    expect(view.conversations[0]!.messages.at(-1)).toMatchObject({ direction: 'out', text: '已在后台回复' });
  });

  test('are not asked for beyond the day’s budget', async () => {
    const { accountId } = stage.bureau;
    await stage.query(
      `update accounts set settings = settings || '{"commentCallsPerDay":"3"}' where id = '${accountId}'`,
    );
    await stage.query('delete from call_budgets');
    const before = stage.account().used.calls['/cgi-bin/comment/list'] ?? 0;
    for (let count = 0; count < 6; count += 1) await poll();
    const [budget] = await stage.query<{ used: number }>('select used from call_budgets');
    expect(budget?.used).toBe(3);
    const [waiting] = await stage.query<{ last_outcome: object; tomorrow: boolean }>(
      `select last_outcome, (next_at at time zone 'Asia/Shanghai')::time = '00:00' as tomorrow from comment_polls`,
    );
    expect(waiting).toEqual({ last_outcome: { waits: 'budget-used' }, tomorrow: true });
    expect((stage.account().used.calls['/cgi-bin/comment/list'] ?? 0) - before).toBeLessThanOrEqual(3);
    await stage.query(
      `update accounts set settings = settings - 'commentCallsPerDay' where id = '${accountId}'`,
    );
  });

  test('are left alone while the platform limits calls, and the failure is noted', async () => {
    await stage.query('delete from call_budgets');
    stage.arm('/cgi-bin/comment/list', { kind: 'answer', body: { errcode: 45009, errmsg: 'limit' } });
    await poll();
    const [noted] = await stage.query<{ last_outcome: object }>('select last_outcome from comment_polls');
    expect(noted!.last_outcome).toMatchObject({ failure: 'retry-later', code: '45009' });
    expect(await stage.query('select 1 from call_holds where until > now()')).toHaveLength(1);
  });
});
