import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { newId } from '#server/base/ids.ts';
import type { AssistedTask, HandOffTask } from '#shared/tasks.ts';
import { buildBureau, type InboxStage, stageInbox } from '../test-support.ts';
import { listInboxTodo } from '../todo.ts';
import { type Desk, type Open, openDesk, type ReplyRef } from './test-desk.ts';

let stage: InboxStage;
let desk: Desk;
beforeAll(async () => {
  stage = await stageInbox();
  desk = await openDesk(stage);
}, 60_000);
afterAll(() => stage.stop());
beforeEach(() => stage.sandbox.world.faults.clear());
afterEach(() => stage.query('delete from call_holds'));

/** An answer that the platform took no more. */
async function late(text?: string): Promise<{ open: Open; ref: ReplyRef }> {
  const open = await desk.receiveMessage();
  const ref = await desk.answer(open, text);
  stage.arm('/cgi-bin/message/custom/send', {
    kind: 'answer',
    body: { errcode: 45015, errmsg: 'response out of time limit' },
  });
  await desk.send(ref);
  expect((await desk.replyOf(open)).state).toBe('window-closed');
  return { open, ref };
}

const handOver = (ref: ReplyRef, actor: Actor = stage.bureau.agent) =>
  stage.call(actor, 'POST', `/api/replies/${ref.id}/hand-over`);

async function tasksOf(ref: ReplyRef, actor: Actor = stage.bureau.agent): Promise<AssistedTask[]> {
  const { body } = await stage.call(actor, 'GET', `/api/tasks?subjectId=${ref.id}`);
  return (body as { rows: AssistedTask[] }).rows;
}

const pageOf = async (task: AssistedTask) =>
  (await stage.call(null, 'GET', `/api/hand-off/${task.url.slice(-22)}`)).body as HandOffTask;

/** The administrator is given it, and sends the screenshot from a phone that is not signed in. */
async function claim(ref: ReplyRef): Promise<number> {
  const { administrator } = stage.bureau;
  const [given] = await tasksOf(ref);
  const body = { personId: administrator.personId };
  await stage.call(administrator, 'PUT', `/api/tasks/${given!.id}/executor`, body);
  const [task] = await tasksOf(ref);
  const form = new FormData();
  const picture = await sharp({ create: { width: 60, height: 90, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  form.append('note', '已在私信回复');
  form.append('file', new Blob([new Uint8Array(picture)], { type: 'image/png' }), '截图.png');
  const address = `${new URL(stage.hook).origin}/api/hand-off/${task!.url.slice(-22)}/claim`;
  const headers = { 'idempotency-key': newId() };
  return (await fetch(address, { method: 'POST', headers, body: form })).status;
}

/** Somebody who works on platforms and did not do it. */
const editorOf = (actor: Actor): Actor => ({ ...actor, roles: ['editor'] });
const check = (task: AssistedTask, actor: Actor, body: object) =>
  stage.call(actor, 'POST', `/api/tasks/${task.id}/check`, body);
const todoOf = (actor: Actor) =>
  stage.app.database.withScope(actor, async (tx) =>
    (await listInboxTodo(tx, actor)).rows.filter(({ kind }) => kind === 'check-task'),
  );

describe('an answer that the platform took no more', () => {
  test('is given by hand, proved, checked by another person, and then the case is answered', async () => {
    const { administrator } = stage.bureau;
    const editor = editorOf(stage.bureau.otherAgent);
    const { open, ref } = await late('请带身份证到社保窗口办理');
    expect((await handOver(ref)).status).toBe(200);
    expect((await handOver(ref)).status).toBe(409);
    const [task] = await tasksOf(ref);
    expect(task).toMatchObject({ kind: 'reply', state: 'pending' });
    expect(task!.deadline).toBe((await desk.look(open)).dueAt);
    const page = await pageOf(task!);
    expect(page.copy).toEqual([
      { field: 'quote', text: expect.stringContaining('养老金怎么领'), fit: null },
      {
        ...{ field: 'body', text: '请带身份证到社保窗口办理' },
        fit: { text: '请带身份证到社保窗口办理', used: 12, limit: 600, unit: 'characters' },
      },
      { field: 'link', text: 'https://mp.weixin.qq.com/', fit: null },
    ]);
    expect([page.takesLink, page.instructions.length]).toEqual([false, 4]);

    expect(await claim(ref)).toBe(200);
    expect((await desk.look(open)).state).toBe('open');
    expect([await todoOf(administrator), (await todoOf(editor)).map(({ to }) => to)]).toEqual([
      [],
      [`/inbox/${open.caseId}`],
    ]);
    expect((await check(task!, administrator, { verdict: 'verified' })).body).toMatchObject({
      code: 'task-own-claim',
    });
    expect((await check(task!, editor, { verdict: 'verified' })).status).toBe(200);

    const view = await desk.look(open);
    expect(view.state).toBe('answered');
    expect(view.conversations[0]!.messages.at(-1)).toMatchObject({
      direction: 'out',
      text: '请带身份证到社保窗口办理',
    });
    expect(view.events.map(({ event }) => event).slice(-3)).toEqual([
      'reply-handed-over',
      'sent-by-hand',
      'answered',
    ]);
    expect(await desk.replyOf(open)).toMatchObject({
      state: 'sent',
      reason: { zh: expect.stringContaining('人工') },
    });
    expect(desk.taken('message.sent', '请带身份证到社保窗口办理')).toBe(0);
    const audit = await stage.query<{ action: string }>(
      `select action from audit_entries where detail ->> 'replyId' = '${ref.id}' and action like '%hand%' order by action`,
    );
    expect(audit.map(({ action }) => action)).toEqual(['reply.handed-over', 'reply.sent-by-hand']);
  });

  test('goes back when the proof does not show it', async () => {
    const editor = editorOf(stage.bureau.otherAgent);
    const { open, ref } = await late();
    await handOver(ref);
    const [task] = await tasksOf(ref);
    await claim(ref);
    await check(task!, editor, { verdict: 'returned', reason: '图里看不到答复' });
    expect((await tasksOf(ref))[0]).toMatchObject({ state: 'returned', returnReason: '图里看不到答复' });
    expect([(await desk.look(open)).state, (await desk.replyOf(open)).state]).toEqual([
      'open',
      'window-closed',
    ]);
    expect(await claim(ref)).toBe(200);
  });

  test('written after the window closed waits for no window, and is not sent', async () => {
    const open = await desk.receiveMessage();
    await stage.query(`update conversations set window_left = 0 where id = '${open.conversationId}'`);
    const answer = (byHand: boolean) =>
      stage.call(stage.bureau.agent, 'POST', `/api/cases/${open.caseId}/answers`, {
        ...{ conversationId: open.conversationId, text: '补上的答复', byHand },
      });
    expect((await answer(false)).body).toMatchObject({ code: 'reply-window-closed' });
    const written = await answer(true);
    const ref = { bureauId: stage.bureau.id, id: (written.body as { replyId: string }).replyId };
    expect((await handOver(ref)).status).toBe(409);
    await desk.send(ref);
    expect(desk.taken('message.sent', '补上的答复')).toBe(0);
    expect((await handOver(ref)).status).toBe(200);
    // Another one takes its place, unless somebody says that they gave it.
    expect((await answer(true)).status).toBe(200);
    expect((await tasksOf(ref))[0]!.state).toBe('cancelled');
  });

  test('that somebody says they gave leaves no room for another', async () => {
    const { open, ref } = await late();
    await handOver(ref);
    expect(await claim(ref)).toBe(200);
    const again = await stage.call(stage.bureau.agent, 'POST', `/api/cases/${open.caseId}/answers`, {
      ...{ conversationId: open.conversationId, text: '再答一次', byHand: true },
    });
    expect(again.status).toBe(409);
    expect((await tasksOf(ref))[0]!.state).toBe('claimed');
  });

  test('is nothing to the neighbour bureau', async () => {
    const neighbour = await buildBureau(stage.app, 'B');
    const { ref } = await late();
    expect((await handOver(ref, neighbour.agent)).status).toBe(404);
    await handOver(ref);
    const [task] = await tasksOf(ref);
    await claim(ref);
    expect(await tasksOf(ref, neighbour.agent)).toEqual([]);
    expect((await check(task!, editorOf(neighbour.agent), { verdict: 'verified' })).status).toBe(404);
    expect(await todoOf(editorOf(neighbour.agent))).toEqual([]);
  });
});
