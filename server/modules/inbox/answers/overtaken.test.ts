/** Somebody answers a comment on the platform by hand while an answer waits here. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { checkReply } from './check-reply.ts';
import { type Desk, type Open, openDesk, type ReplyRef } from './test-desk.ts';

let stage: InboxStage;
let desk: Desk;
beforeAll(async () => {
  stage = await stageInbox();
  desk = await openDesk(stage);
}, 60_000);
afterAll(() => stage?.stop());
beforeEach(() => stage.sandbox.world.faults.clear());

let hands = 0;
async function answerByHand(content = `第 ${++hands} 次在后台回复`): Promise<string> {
  stage.account().comments.at(-1)!.reply = { content, at: Date.now() };
  await desk.poll();
  return content;
}
const eventsOf = async (open: Open) => (await desk.look(open)).events.map(({ event }) => event);
const told = async (ref: ReplyRef) =>
  (
    await stage.query<{ name: string }>(
      `select p.name from notices n join notice_recipients r on r.notice_id = n.id
       join people p on p.id = r.person_id where n.dedup_key = 'reply-overtaken:${ref.id}' order by 1`,
    )
  ).map(({ name }) => name);

test('an answer that is queued is not sent after it, and its writer is told', async () => {
  const open = await desk.receiveComment();
  const ref = await desk.answer(open);
  await answerByHand();
  await desk.wake(ref);
  await desk.send(ref);
  const view = await desk.look(open);
  expect(view.state).toBe('answered');
  expect(view.conversations[0]!.replies).toMatchObject([
    { state: 'cancelled', reason: { zh: expect.stringContaining('不再发出') } },
  ]);
  expect(view.conversations[0]!.messages.filter(({ direction }) => direction === 'out')).toHaveLength(1);
  expect(desk.taken('reply.sent', view.conversations[0]!.replies[0]!.text)).toBe(0);
  expect(await eventsOf(open)).toContain('answer-overtaken');
  expect(await told(ref)).toEqual(['A-agent']);
});

test('an answer under review can no longer be approved, and writer and reviewer are told', async () => {
  const open = await desk.receiveComment();
  const { agent, reviewer } = stage.bureau;
  await stage.call(agent, 'PUT', `/api/cases/${open.caseId}/class`, { kind: 'complaint', field: null });
  const ref = await desk.answer(open);
  const { reviewId } = await desk.replyOf(open);
  const path = `/api/reviews/${reviewId}`;
  const { stage: at, subjectHash } = (await stage.call(reviewer, 'GET', path)).body as {
    stage: string;
    subjectHash: string;
  };
  await answerByHand();
  expect((await desk.replyOf(open)).state).toBe('cancelled');
  const verdict = { stage: at, subjectHash, decision: 'approve', note: '' };
  expect((await stage.call(reviewer, 'POST', `${path}/decision`, verdict)).status).toBe(409);
  expect((await desk.replyOf(open)).state).toBe('cancelled');
  expect((await desk.look(open)).state).toBe('answered');
  expect(await told(ref)).toEqual(['A-agent', 'A-reviewer']);
});

test('our own words, found there after they were queued again, are sent and not sent again', async () => {
  const open = await desk.receiveComment();
  const ref = await desk.answer(open);
  const { text } = await desk.replyOf(open);
  stage.arm('/cgi-bin/comment/reply/add', { kind: 'lose-answer', accept: false });
  await desk.send(ref);
  for (let look = 0; look < 2; look += 1) {
    await desk.wake(ref);
    await checkReply(stage.app, ref);
  }
  expect((await desk.replyOf(open)).state).toBe('due');
  await answerByHand(text);
  await desk.wake(ref);
  await desk.send(ref);
  expect(await desk.replyOf(open)).toMatchObject({ state: 'sent' });
  expect(desk.taken('reply.sent', text)).toBe(0);
  expect(await told(ref)).toEqual([]);
});

test('what stands there already changes nothing at the next poll', async () => {
  const open = await desk.receiveComment();
  await answerByHand();
  const before = await eventsOf(open);
  await desk.poll();
  expect(await eventsOf(open)).toEqual(before);
});
