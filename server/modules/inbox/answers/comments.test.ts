import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordInbound } from '../intake/record-inbound.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { checkReply } from './check-reply.ts';
import { type Desk, openDesk } from './test-desk.ts';

let stage: InboxStage;
let desk: Desk;
beforeAll(async () => {
  stage = await stageInbox();
  desk = await openDesk(stage);
}, 60_000);
afterAll(() => stage.stop());
beforeEach(() => stage.sandbox.world.faults.clear());
afterEach(() => stage.query('delete from call_holds'));

describe('comments', () => {
  test('are polled into cases, each once, and their answers stand under them once', async () => {
    const open = await desk.receiveComment();
    const view = await desk.look(open);
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
    const ref = await desk.answer(open);
    await desk.send(ref);
    await desk.poll();
    await desk.poll();
    const after = await desk.look(open);
    expect(after.state).toBe('answered');
    expect(after.conversations[0]!.messages.map(({ direction }) => direction)).toEqual(['in', 'out']);
    expect(desk.taken('reply.sent', after.conversations[0]!.replies[0]!.text)).toBe(1);
  });

  test('whose reply’s answer was lost are looked up, and the reply is found', async () => {
    const open = await desk.receiveComment();
    const ref = await desk.answer(open);
    const { text } = await desk.replyOf(open);
    stage.arm('/cgi-bin/comment/reply/add', { kind: 'lose-answer', accept: true });
    await desk.send(ref);
    expect((await desk.replyOf(open)).state).toBe('unknown');
    // A poll may see it first; it must not stand in the thread twice.
    await desk.poll();
    await desk.wake(ref);
    await checkReply(stage.app, ref);
    const view = await desk.look(open);
    expect(view.conversations[0]!.replies[0]!.state).toBe('sent');
    expect(view.conversations[0]!.messages).toHaveLength(2);
    expect(desk.taken('reply.sent', text)).toBe(1);
  });

  test('whose reply never arrived get it after it was found absent twice, a settling time apart', async () => {
    const open = await desk.receiveComment();
    const ref = await desk.answer(open);
    const { text } = await desk.replyOf(open);
    stage.arm('/cgi-bin/comment/reply/add', { kind: 'lose-answer', accept: false });
    await desk.send(ref);
    await checkReply(stage.app, ref);
    expect((await desk.replyOf(open)).state).toBe('unknown');
    for (const state of ['unknown', 'due']) {
      await desk.wake(ref);
      await checkReply(stage.app, ref);
      expect((await desk.replyOf(open)).state).toBe(state);
    }
    await desk.send(ref);
    expect((await desk.replyOf(open)).state).toBe('sent');
    expect(desk.taken('reply.sent', text)).toBe(1);
  });

  test('whose reply cannot be looked up for half an hour wait for a person', async () => {
    const open = await desk.receiveComment();
    const ref = await desk.answer(open);
    stage.arm('/cgi-bin/comment/reply/add', { kind: 'lose-answer', accept: false });
    await desk.send(ref);
    stage.arm('/cgi-bin/comment/list', { kind: 'status', status: 502 }, 2);
    await desk.wake(ref);
    await checkReply(stage.app, ref);
    expect((await desk.replyOf(open)).state).toBe('unknown');
    await stage.query(
      `update replies set wake_at = now(), submitted_at = now() - interval '31 minutes' where id = '${ref.id}'`,
    );
    await stage.query('delete from call_holds');
    await checkReply(stage.app, ref);
    expect(await desk.replyOf(open)).toMatchObject({
      state: 'unknown',
      reason: { zh: expect.stringMatching(/人工/) },
    });
    expect(
      await stage.query(`select 1 from replies where id = '${ref.id}' and wake_at is null`),
    ).toHaveLength(1);
  });

  test('answered by hand on the platform are answered here too', async () => {
    const open = await desk.receiveComment();
    const written = stage.account().comments.at(-1)!;
    written.reply = { content: '已在后台回复', at: Date.now() };
    await desk.poll();
    const view = await desk.look(open);
    expect(view.state).toBe('answered');
    expect(view.conversations[0]!.messages.at(-1)).toMatchObject({ direction: 'out', text: '已在后台回复' });
  });

  test('are kept without the characters that no text may hold, in whatever part they come', async () => {
    const open = await desk.receiveComment();
    stage.account().comments.at(-1)!.reply = { content: '已在\u0000后台回复您', at: Date.now() };
    // What came after it is read too: one such word must not fail the poll of its post for ever.
    const next = await desk.receiveComment();
    expect((await desk.look(open)).conversations[0]!.messages.at(-1)!.text).toBe('已在后台回复您');
    expect((await desk.look(next)).state).toBe('open');
    const { id: bureauId, accountId } = stage.bureau;
    const recorded = await stage.app.database.withWorker((tx) =>
      recordInbound(tx, {
        ...{ bureauId, accountId, kind: 'message', threadKey: 'k\u0000', platformId: 'p\u0000' },
        ...{ deliveryId: null, person: { key: 'k\u0000', name: '王\u0000秀英' }, text: '您好\u0000' },
        ...{ attachment: { type: 'image', mediaId: 'm\u0000', url: null }, at: new Date(), window: null },
      }),
    );
    const view = await desk.look(recorded!);
    expect(view.conversations[0]).toMatchObject({ personName: '王秀英', messages: [{ text: '您好' }] });
  });

  test('are not asked for beyond the day’s budget', async () => {
    const { accountId } = stage.bureau;
    await stage.query(
      `update accounts set settings = settings || '{"commentCallsPerDay":"3"}' where id = '${accountId}'`,
    );
    await stage.query('delete from call_budgets');
    const before = stage.account().used.calls['/cgi-bin/comment/list'] ?? 0;
    for (let count = 0; count < 6; count += 1) await desk.poll();
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
    await desk.poll();
    const [noted] = await stage.query<{ last_outcome: object }>('select last_outcome from comment_polls');
    expect(noted!.last_outcome).toMatchObject({ failure: 'retry-later', code: '45009' });
    expect(await stage.query('select 1 from call_holds where until > now()')).toHaveLength(1);
  });
});
