/** Forms that are sent twice, and people who write while the office works on their case. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { until } from '#tests/support/wait.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { mayLookFor } from './before-asking.ts';
import { addToReceipt, rateReceipt, readReceipt } from './receipt.ts';
import { type Receipt, submitAsk } from './submit-ask.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

let household = 0;
function newAddress(): string {
  household += 1;
  return `198.51.100.${household}`;
}
const submit = (text: string, key = newId()) =>
  submitAsk(stage.app, {
    ...{
      bureauId: stage.bureau.id,
      key,
      channel: 'ask',
      text,
      place: null,
      page: null,
      name: null,
      phone: null,
    },
    ...{ mayPublish: false, pictures: [], from: newAddress(), proof: undefined },
  });
const keyOf = ({ receipt, code }: Receipt) => ({ receipt, code, from: newAddress() });
const read = (receipt: Receipt) => readReceipt(stage.app, keyOf(receipt));
const placeOf = async (receipt: Receipt) => {
  const [row] = await stage.query<{ case_id: string; id: string }>(
    `select l.case_id, v.id from conversations v join case_conversations l on l.conversation_id = v.id
     where v.receipt = '${receipt.receipt}'`,
  );
  return { caseId: row!.case_id, conversationId: row!.id };
};

test('the same form sent twice is one question; with other words it is another, and none is lost', async () => {
  const key = newId();
  const [first, again, other] = [
    await submit('社保卡怎么补办？', key),
    await submit('社保卡怎么补办？', key),
    await submit('养老金怎么认证？', key),
  ];
  expect(again.receipt).toBe(first.receipt);
  expect(other.receipt).not.toBe(first.receipt);
  expect((await read(other)).said.map(({ text }) => text)).toEqual(['养老金怎么认证？']);
});

test('what is added twice by one form is there once; other words, and those of another person, are there too', async () => {
  const [mine, yours] = [await submit('失业金怎么领？'), await submit('工伤怎么认定？')];
  const add = (receipt: Receipt, text: string) => addToReceipt(stage.app, keyOf(receipt), { key: '', text });
  for (const text of ['我在外地', '我在外地', '已经离职三个月']) await add(mine, text);
  await add(yours, '我在外地');
  expect((await read(mine)).said.map(({ text }) => text)).toEqual([
    ...['失业金怎么领？', '我在外地', '已经离职三个月'],
  ]);
  expect((await read(yours)).said.map(({ text }) => text)).toEqual(['工伤怎么认定？', '我在外地']);
});

/** Holds a conversation as a word of its person does, and then wants its case. */
async function whileSomebodyWrites<T>({ caseId, conversationId }: Place, work: () => Promise<T>): Promise<T> {
  const [holds, waits] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const word = stage.app.database.withWorker(async (tx) => {
    await sql`select 1 from conversations where id = ${conversationId} for update`.execute(tx);
    holds.resolve();
    await waits.promise;
    await sql`select 1 from cases where id = ${caseId} for update`.execute(tx);
  });
  await holds.promise;
  const done = work();
  await until(isBlocked, { what: 'the other waits for a lock' });
  waits.resolve();
  await word;
  return done;
}
type Place = { caseId: string; conversationId: string };

const isBlocked = async () =>
  (
    await stage.query(
      `select 1 from pg_locks l join pg_stat_activity a on a.pid = l.pid
       where not l.granted and a.datname = current_database()`,
    )
  ).length > 0;

test('who adds, and who rates a case of several people, takes locks as whoever writes does', async () => {
  const [first, second] = [await submit('灵活就业怎么参保？'), await submit('灵活就业如何参保？')];
  const [one, two] = [await placeOf(first), await placeOf(second)];
  const { agent } = stage.bureau;
  const merge = { step: 'merge', into: one.caseId, reason: '同一问题' };
  await stage.call(agent, 'POST', `/api/cases/${two.caseId}/dispatch-steps`, merge);
  const add = { key: newId(), text: '我是青川户口' };
  await whileSomebodyWrites(one, () => addToReceipt(stage.app, keyOf(second), add));
  const answer = { conversationId: one.conversationId, text: '带身份证到窗口办理。', everyone: true };
  expect((await stage.call(agent, 'POST', `/api/cases/${one.caseId}/answers`, answer)).status).toBe(200);
  const low = { satisfaction: 1, note: '没有说清楚' };
  const rated = await whileSomebodyWrites(one, () => rateReceipt(stage.app, keyOf(second), low));
  expect(rated.state).toBe('open');
});

test('looking for answers before asking has an end for one address, and for it alone', async () => {
  const [busy, other] = [newAddress(), newAddress()];
  const looks = [];
  for (let count = 0; count < 61; count += 1) looks.push(await mayLookFor(stage.app, busy));
  expect(looks.filter(Boolean)).toHaveLength(60);
  expect(looks.at(-1)).toBe(false);
  expect(await mayLookFor(stage.app, other)).toBe(true);
});
