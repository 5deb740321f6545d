import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '#tests/support/wait.ts';
import { type InboxStage, stageInbox } from './test-support.ts';
import { startInboxWorker } from './worker.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

const start = (processId: string) =>
  startInboxWorker(stage.app, { processId, aliveProcesses: async () => [processId] });

async function answerTo(text: string, reply: string): Promise<void> {
  const found = await until(
    async () => {
      const [row] = await stage.query<{ case_id: string; conversation_id: string }>(
        `select l.case_id, l.conversation_id from messages m
       join case_conversations l on l.conversation_id = m.conversation_id where m.text = '${text}'`,
      );
      return row;
    },
    { what: 'the case is there' },
  );
  const body = { conversationId: found.conversation_id, text: reply };
  const { status } = await stage.call(
    stage.bureau.agent,
    'POST',
    `/api/cases/${found.case_id}/answers`,
    body,
  );
  expect(status).toBe(200);
}

test('a message and a comment travel from the platform to a case and back as answers, each once', async () => {
  const worker = await start('worker-1');
  const post = await stage.publish();
  stage.write('王阿姨', '养老资格认证怎么做');
  post.comment('小李', '社保卡几天能领');
  await answerTo('养老资格认证怎么做', '用电子社保卡扫脸认证');
  await answerTo('社保卡几天能领', '即时制卡，当场领取');
  await until(
    async () => {
      const [row] = await stage.query<{ count: number }>(
        `select count(*) as count from replies where state = 'sent'`,
      );
      return row!.count === 2;
    },
    { what: 'both answers are out' },
  );
  await worker.stop();
  expect(stage.accepted('message.sent').map(({ text }) => text)).toEqual(['用电子社保卡扫脸认证']);
  expect(stage.accepted('reply.sent').map(({ content }) => content)).toEqual(['即时制卡，当场领取']);
});

test('stopping waits for the answer that is being sent, and leaves none unknown', async () => {
  const worker = await start('worker-2');
  stage.write('赵师傅', '工龄怎么算');
  stage.arm('/cgi-bin/message/custom/send', { kind: 'slow', ms: 700 });
  await answerTo('工龄怎么算', '按缴费年限计算');
  worker.kick();
  await until(
    async () => (await stage.query(`select 1 from replies where state = 'submitting'`)).length === 1,
    { what: 'it is on its way' },
  );
  await worker.stop();
  const states = await stage.query<{ state: string }>(`select distinct state from replies`);
  expect(states).toEqual([{ state: 'sent' }]);
  worker.kick();
});

test('what a process left while sending is unknown as soon as the next one has started', async () => {
  await stage.query(
    `update replies set state = 'submitting', claimed_by = 'worker-2', fence = fence + 1 where state = 'sent' and text = '按缴费年限计算'`,
  );
  const worker = await start('worker-3');
  const rows = await stage.query<{ state: string; reason: string }>(
    `select state, reason from replies where text = '按缴费年限计算'`,
  );
  expect(rows).toEqual([{ state: 'unknown', reason: 'process-ended' }]);
  await worker.stop();
  expect(stage.accepted('message.sent').filter(({ text }) => text === '按缴费年限计算')).toHaveLength(1);
});
