/** People and pushes that change the same things at the same moment. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { until } from '#tests/support/wait.ts';
import { findCaseOfConversation } from '../cases/store.ts';
import { processPushes } from '../intake/process-pushes.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { lockConversation } from '../threads/store.ts';
import { listDue } from './store.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

let people = 0;
type Asked = { caseId: string; conversationId: string; person: string };

async function ask(text: string): Promise<Asked> {
  people += 1;
  const person = `oATONCE00000000000000000${people}`;
  await stage.post(
    stage.sealText(text, { msgId: String(24_990_000_000_000_000n + BigInt(people)), from: person }),
  );
  while ((await processPushes(stage.app)).count > 0);
  const [row] = await stage.query<{ case_id: string; id: string }>(
    `select l.case_id, v.id from conversations v join case_conversations l on l.conversation_id = v.id
     where v.person_key = '${person}'`,
  );
  return { caseId: row!.case_id, conversationId: row!.id, person };
}

const answer = (
  { caseId, conversationId }: Omit<Asked, 'person'>,
  actor = stage.bureau.agent,
  text = '请带身份证',
) => stage.call(actor, 'POST', `/api/cases/${caseId}/answers`, { conversationId, text });

/** Waits until a transaction of ours stands before a lock. */
const somebodyWaits = () =>
  until(
    async () =>
      (
        await stage.query<{ waits: number }>(
          `select count(*)::int as waits from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
      )[0]!.waits > 0,
    { what: 'a transaction waits for a lock' },
  );

test('an answer to somebody who is just writing waits for their words and then goes out', async () => {
  const asked = await ask('失业金怎么领');
  const [locked, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const key = {
    ...{ bureauId: stage.bureau.id, accountId: stage.bureau.accountId, kind: 'message' as const },
    threadKey: asked.person,
  };
  const writing = stage.app.database.withWorker(async (tx) => {
    await lockConversation(tx, key, {
      deliveryId: null,
      person: { key: asked.person, name: null },
      at: new Date(),
    });
    locked.resolve();
    await held.promise;
    // As a push goes on: the case comes after the conversation.
    await findCaseOfConversation(tx, stage.bureau.id, asked.conversationId);
  });
  await locked.promise;
  const answering = answer(asked);
  await somebodyWaits();
  held.resolve();
  await writing;
  expect((await answering).status).toBe(200);
});

test('two cases of one person never have two answers on their way', async () => {
  const now = await ask('灵活就业社保怎么缴费');
  const older = newId();
  const { id: bureauId } = stage.bureau;
  await stage.query(
    `insert into cases (bureau_id, id, number, kind, title, received_at, answered_at, state, channel, created_at)
     values ('${bureauId}', '${older}', 'OLD1', 'consult', 'x', now() - interval '9 days', now() - interval '8 days',
       'answered', 'message', now() - interval '9 days')`,
  );
  await stage.query(
    `insert into case_conversations (bureau_id, case_id, conversation_id)
     values ('${bureauId}', '${older}', '${now.conversationId}')`,
  );
  for (let round = 0; round < 6; round += 1) {
    const given = await Promise.all([
      answer({ caseId: older, conversationId: now.conversationId }, stage.bureau.otherAgent, '旧'),
      answer(now, stage.bureau.agent, '新'),
    ]);
    expect(given.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    await stage.query(
      `update replies set state = 'cancelled', wake_at = null where conversation_id = '${now.conversationId}'`,
    );
  }
});

test('an answer that is taken back while it is being approved is either, and no error', async () => {
  const asked = await ask('我要投诉窗口乱收费');
  const { replyId } = (await answer(asked)).body as { replyId: string };
  const [row] = await stage.query<{ review_id: string }>(
    `select review_id from replies where id = '${replyId}'`,
  );
  const [locked, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const deciding = stage.app.database.withWorker(async (tx) => {
    await tx.selectFrom('reviews').select('id').where('id', '=', row!.review_id).forUpdate().execute();
    locked.resolve();
    await held.promise;
    await tx.selectFrom('replies').select('id').where('id', '=', replyId).forUpdate().execute();
  });
  await locked.promise;
  const back = stage.call(stage.bureau.agent, 'POST', `/api/replies/${replyId}/take-back`, {});
  await somebodyWaits();
  held.resolve();
  await deciding;
  expect((await back).status).toBe(200);
});

test('two who merge two cases either way at once end with one of them', async () => {
  const [a, b] = [await ask('社保卡在哪补办'), await ask('社保卡补办要多少钱')];
  const merge = (from: string, into: string) =>
    stage.call(stage.bureau.agent, 'POST', `/api/cases/${from}/dispatch-steps`, {
      step: 'merge',
      into,
      reason: '同一问题',
    });
  const given = await Promise.all([merge(a.caseId, b.caseId), merge(b.caseId, a.caseId)]);
  expect(given.map(({ status }) => status).toSorted()).toEqual([200, 409]);
});

test('answers of one account that cannot go out leave room for those of others', async () => {
  const asked = await ask('公积金归你们管吗');
  const { id: bureauId, accountId } = stage.bureau;
  await stage.query(
    `update replies set state = 'cancelled', wake_at = null where state in ('due', 'unknown')`,
  );
  const insert = (account: string, minutes: number) =>
    stage.query(
      `insert into replies (bureau_id, id, case_id, conversation_id, account_id, text, state, created_by, wake_at)
       values ('${bureauId}', '${newId()}', '${asked.caseId}', '${asked.conversationId}', '${account}', '答', 'unknown',
         '${stage.bureau.agent.personId}', now() - interval '${minutes} minutes')`,
    );
  const [other] = await stage.query<{ id: string }>(
    `insert into accounts select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'name', '另一个'))).*
     from accounts a where a.id = '${accountId}' returning id`,
  );
  for (let count = 0; count < 40; count += 1) await insert(accountId, 60);
  await insert(other!.id, 1);
  const due = await stage.app.database.withWorker((tx) => listDue(tx, 32));
  expect(due.some((row) => row.account_id === other!.id)).toBe(true);
});
