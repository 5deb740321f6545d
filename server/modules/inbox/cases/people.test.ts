/** Several people in one case, several colleagues at one case, and what the person is told of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import type { CaseView } from '#shared/inbox.ts';
import { until } from '#tests/support/wait.ts';
import { sendReply } from '../answers/send-reply.ts';
import { listDue } from '../answers/store.ts';
import { me } from '../answers/test-desk.ts';
import { processPushes } from '../intake/process-pushes.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { insertMessage } from '../threads/store.ts';
import { listInboxTodo } from '../todo.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());
beforeEach(() =>
  stage.query(`update replies set state = 'cancelled', wake_at = null where state in ('due', 'unknown')`),
);

let people = 0;
type Asked = { caseId: string; conversationId: string };

/** Somebody of the stand-in asks, so that an answer really arrives. */
async function ask(text: string): Promise<Asked> {
  people += 1;
  const words = `${text}（${people}）`;
  stage.write(`群众${people}`, words);
  return until(
    async () => {
      while ((await processPushes(stage.app)).count > 0);
      const [row] = await stage.query<{ case_id: string; conversation_id: string }>(
        `select l.case_id, l.conversation_id from messages m join case_conversations l using (bureau_id, conversation_id)
         where m.text = '${words}'`,
      );
      return row && { caseId: row.case_id, conversationId: row.conversation_id };
    },
    { what: 'the message is a case' },
  );
}

const post = (actor: Actor, path: string, body: object) =>
  stage.call(actor, 'POST', `/api/cases/${path}`, body);
const answer = (actor: Actor, { caseId, conversationId }: Asked, more: object = {}) =>
  post(actor, `${caseId}/answers`, { conversationId, text: '请带身份证到社保窗口。', ...more });
const look = async (caseId: string) =>
  (await stage.call(stage.bureau.agent, 'GET', `/api/cases/${caseId}`)).body as CaseView;
async function sendAll(): Promise<void> {
  for (const row of await stage.app.database.withWorker((tx) => listDue(tx, 32)))
    await sendReply(stage.app, me, { bureauId: row.bureau_id, id: row.id });
}
const said = () => stage.accepted('message.sent').map(({ text }) => String(text));

describe('a case of several people', () => {
  async function merged(): Promise<[Asked, Asked]> {
    const [first, second] = [await ask('社保卡丢了在哪补办'), await ask('社保卡补办要多少钱')];
    const body = { step: 'merge', into: second.caseId, reason: '同一问题' };
    expect((await post(stage.bureau.agent, `${first.caseId}/dispatch-steps`, body)).status).toBe(200);
    return [{ ...first, caseId: second.caseId }, second];
  }

  test('is answered when each of them is', async () => {
    const [first, second] = await merged();
    expect((await answer(stage.bureau.agent, first)).status).toBe(200);
    await sendAll();
    const half = await look(second.caseId);
    expect(half.state).toBe('open');
    expect(half.events.find(({ event }) => event === 'answered-one')?.detail).toMatchObject({ left: 1 });
    expect((await answer(stage.bureau.agent, second)).status).toBe(200);
    await sendAll();
    expect((await look(second.caseId)).state).toBe('answered');
  });

  test('may be answered to all of them at once', async () => {
    const [first, second] = await merged();
    const before = said().length;
    const given = await answer(stage.bureau.agent, first, { everyone: true });
    expect(given).toMatchObject({ status: 200, body: { also: 1, missed: 0 } });
    await sendAll();
    expect(said().length - before).toBe(2);
    expect((await look(second.caseId)).state).toBe('answered');
  });

  test('whoever was answered by hand on the platform waits no more, and is not written to again', async () => {
    const [first, second] = await merged();
    await stage.app.database.withWorker((tx) =>
      insertMessage(tx, {
        ...{ bureauId: stage.bureau.id, accountId: stage.bureau.accountId, attachment: null },
        ...{ conversationId: second.conversationId, direction: 'out', at: new Date() },
        ...{ platformId: 'standing:1', text: '在手机上回复过了' },
      }),
    );
    const given = await answer(stage.bureau.agent, first, { everyone: true });
    expect(given).toMatchObject({ status: 200, body: { also: 0, missed: 0 } });
    await sendAll();
    expect((await look(second.caseId)).state).toBe('answered');
  });
});

describe('colleagues', () => {
  test('of another section, also one that helps, write notes and nothing else', async () => {
    const { section, agent, insuranceId, id } = stage.bureau;
    const asked = await ask('单位不给办失业登记');
    await stage.query(
      `update cases set unit_id = '${id}', owner_id = '${agent.personId}', assigned_at = now() where id = '${asked.caseId}'`,
    );
    const helper = { step: 'add-helper', unitId: insuranceId, note: '请提供缴费记录' };
    expect((await post(agent, `${asked.caseId}/dispatch-steps`, helper)).status).toBe(200);
    const reason = '不归我们管';
    for (const [path, body] of [
      ['work-steps', { step: 'return', reason }],
      ['work-steps', { step: 'pause', reason }],
      ['work-steps', { step: 'ask-extension', days: 3, reason }],
      ['close', { reason }],
    ] as const)
      expect(await post(section, `${asked.caseId}/${path}`, body)).toMatchObject({
        status: 403,
        body: { code: 'case-of-others' },
      });
    expect((await answer(section, asked)).status).toBe(403);
    const advised = async () =>
      (await stage.app.database.withScope(section, (tx) => listInboxTodo(tx, section))).rows.some(
        ({ kind, to }) => kind === 'advise' && to === `/inbox/${asked.caseId}`,
      );
    expect(await advised()).toBe(true);
    expect((await post(section, `${asked.caseId}/notes`, { text: '缴费记录见系统' })).status).toBe(200);
    expect(await advised()).toBe(false);
    const seen = (await stage.call(section, 'GET', `/api/cases/${asked.caseId}`)).body as CaseView;
    expect(seen.mayHandle).toBe(false);
    await stage.query(
      `update cases set unit_id = '${insuranceId}', owner_id = null where id = '${asked.caseId}'`,
    );
    expect((await answer(section, asked)).status).toBe(200);
  });

  test('who answer the same person at once: the second is told and nothing is sent twice', async () => {
    const { agent, otherAgent } = stage.bureau;
    const asked = await ask('养老金什么时候到账');
    const first = await answer(agent, asked, { after: null });
    await sendAll();
    const second = await answer(otherAgent, asked, { after: null });
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'answered-meanwhile', details: { name: agent.name } },
    });
    const { replyId } = first.body as { replyId: string };
    expect((await answer(otherAgent, asked, { after: replyId })).status).toBe(200);
  });
});

describe('the person is told', () => {
  test('of an extension in the words of whoever asked, with the new day, and not in the leader’s', async () => {
    const { agent, administrator } = stage.bureau;
    const asked = await ask('投诉工地食堂乱收费');
    const steps = `${asked.caseId}/work-steps`;
    await post(agent, steps, { step: 'ask-extension', days: 3, reason: '需到工地现场核查。' });
    const grant = { step: 'decide-extension', grant: true, reason: '同意，抓紧' };
    expect((await post(administrator, `${asked.caseId}/supervise-steps`, grant)).status).toBe(200);
    await sendAll();
    const words = said().at(-1)!;
    expect(words).toMatch(/延长 3 个工作日，预计\d+月\d+日前答复。原因：需到工地现场核查。感谢/);
    expect(words).not.toContain('同意');
    expect((await look(asked.caseId)).state).toBe('open');
  });

  test('whether the suggestion was taken up, and why', async () => {
    const asked = await ask('建议大厅周六上午也开门');
    const adopt = { outcome: 'adopted', reason: '周六上午大厅轮值，12月起试行。' };
    expect((await post(stage.bureau.agent, `${asked.caseId}/close`, adopt)).status).toBe(200);
    await sendAll();
    expect(said().at(-1)).not.toContain('已采纳');
    const agree = { step: 'decide-closing', grant: true, reason: '很好，抓紧落实' };
    expect((await post(stage.bureau.administrator, `${asked.caseId}/supervise-steps`, agree)).status).toBe(
      200,
    );
    await sendAll();
    expect(said().at(-1)).toBe(
      '您好，您提出的建议已采纳：周六上午大厅轮值，12月起试行。感谢您对我们工作的支持。',
    );
    expect(await look(asked.caseId)).toMatchObject({ state: 'closed', outcome: 'adopted' });
  });
});
