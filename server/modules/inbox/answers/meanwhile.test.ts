/** What people write while an answer to them is on its way. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import type { CaseView } from '#shared/inbox.ts';
import { until } from '#tests/support/wait.ts';
import { processPushes } from '../intake/process-pushes.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { sendReply } from './send-reply.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

type Open = { caseId: string; conversationId: string; person: string };
/** A private message that was pushed and stands in a case. */
async function receive(text: string, person = `群众${newId()}`): Promise<Open> {
  stage.write(person, text);
  const arrived = async () => {
    await processPushes(stage.app);
    const [row] = await stage.query<{ case_id: string; conversation_id: string }>(
      `select l.case_id, l.conversation_id from messages m
       join case_conversations l on l.conversation_id = m.conversation_id where m.text = '${text}'`,
    );
    return row && { caseId: row.case_id, conversationId: row.conversation_id, person };
  };
  return until(arrived, { what: 'the message stands in a case' });
}
const look = async ({ caseId }: Open) =>
  (await stage.call(stage.bureau.agent, 'GET', `/api/cases/${caseId}`)).body as CaseView;

/** @returns the review that it waits for */
async function answer(open: Open, text = '您好，已责令单位补缴。'): Promise<string> {
  const body = { conversationId: open.conversationId, text };
  const path = `/api/cases/${open.caseId}/answers`;
  expect((await stage.call(stage.bureau.agent, 'POST', path, body)).status).toBe(200);
  return (await look(open)).conversations[0]!.replies.at(-1)!.reviewId!;
}
type Review = { stage: number; subjectHash: string; problems: { zh: string }[] };
const review = async (id: string) =>
  (await stage.call(stage.bureau.reviewer, 'GET', `/api/reviews/${id}`)).body as Review;
async function approve(id: string) {
  const { stage: at, subjectHash } = await review(id);
  const verdict = { stage: at, subjectHash, decision: 'approve', note: '' };
  return stage.call(stage.bureau.reviewer, 'POST', `/api/reviews/${id}/decision`, verdict);
}
const send = async (open: Open) => {
  const ref = (await look(open)).conversations[0]!.replies.at(-1)!;
  await stage.query(`update replies set wake_at = now() where id = '${ref.id}'`);
  await sendReply(stage.app, 'process-of-this-test', { bureauId: stage.bureau.id, id: ref.id });
};

test('their words wait still when the answer that was written before them arrives', async () => {
  const open = await receive('我要投诉公司不缴社保');
  const reviewId = await answer(open);
  await receive('另外我还被辞退了，经济补偿怎么算？', open.person);
  expect(JSON.stringify((await review(reviewId)).problems)).toContain('又有补充');
  expect((await approve(reviewId)).status).toBe(200);
  await send(open);
  const after = await look(open);
  expect(after).toMatchObject({ state: 'open', answeredAt: null });
  expect(after.conversations[0]).toMatchObject({ waits: true, replies: [{ state: 'sent' }] });
  expect(after.events.map(({ event }) => event)).toContain('answered-before');

  await approve(await answer(open, '经济补偿按工作年限计算，每满一年一个月工资。'));
  await send(open);
  expect(await look(open)).toMatchObject({ state: 'answered', conversations: [{ waits: false }] });
});

test('a courtesy meanwhile asks for nothing', async () => {
  const open = await receive('我要投诉公司少缴社保');
  const reviewId = await answer(open);
  await receive('好的，谢谢', open.person);
  await approve(reviewId);
  await send(open);
  expect((await look(open)).state).toBe('answered');
});

test('approval and a new word take their locks in one order', async () => {
  const open = await receive('我要投诉公司停缴社保');
  const reviewId = await answer(open);
  const [holds, waits] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  // As a word of the person does: the conversation first, then the case.
  const word = stage.app.database.withWorker(async (tx) => {
    await sql`select 1 from conversations where id = ${open.conversationId} for update`.execute(tx);
    holds.resolve();
    await waits.promise;
    await sql`select 1 from cases where id = ${open.caseId} for update`.execute(tx);
  });
  await holds.promise;
  const approved = approve(reviewId);
  await until(isBlocked, { what: 'the approval waits for a lock' });
  waits.resolve();
  await word;
  expect((await approved).status).toBe(200);
});

const isBlocked = async () =>
  (
    await stage.query(`select 1 from pg_locks where not granted and pid in (
     select pid from pg_stat_activity where datname = current_database())`)
  ).length > 0;
