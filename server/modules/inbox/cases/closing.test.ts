/** What is closed by two: a complaint that nobody answered, and words on a suggestion. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { newId } from '#server/base/ids.ts';
import type { CaseView } from '#shared/inbox.ts';
import { recordInbound } from '../intake/record-inbound.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { listInboxTodo } from '../todo.ts';
import { settleAnswered } from './settle-answered.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

type Asked = { caseId: string; conversationId: string };
async function receive(text: string, from = newId()): Promise<Asked> {
  const { id: bureauId, accountId } = stage.bureau;
  const recorded = await stage.app.database.withWorker((tx) =>
    recordInbound(tx, {
      ...{ bureauId, accountId, kind: 'message', threadKey: from, deliveryId: null, platformId: newId() },
      ...{ person: { key: from, name: '王秀英' }, text, attachment: null, at: new Date() },
      window: { ms: 48 * 3_600_000, messages: 5 },
    }),
  );
  return recorded!;
}
const look = async ({ caseId }: Asked) =>
  (await stage.call(stage.bureau.agent, 'GET', `/api/cases/${caseId}`)).body as CaseView;
const close = (actor: Actor, { caseId }: Asked) =>
  stage.call(actor, 'POST', `/api/cases/${caseId}/close`, { reason: '多次拨打无人接听' });
const decide = (actor: Actor, { caseId }: Asked, grant: boolean, reason = '请再联系一次') =>
  stage.call(actor, 'POST', `/api/cases/${caseId}/supervise-steps`, {
    step: 'decide-closing',
    grant,
    reason,
  });
const isToDecide = async (actor: Actor, { caseId }: Asked) => {
  const { rows } = await stage.app.database.withScope(actor, (tx) => listInboxTodo(tx, actor));
  return rows.some(({ key }) => key === `closing:${caseId}`);
};
const timesTold = async ({ caseId }: Asked, { personId }: Actor) =>
  (
    await stage.query(
      `select 1 from notices n join notice_recipients r on r.notice_id = n.id
       where n.subject_id = '${caseId}' and n.kind = 'work-waiting' and r.person_id = '${personId}'`,
    )
  ).length;

test('it waits on the home list of another person, who sends it back with a reason, or closes it', async () => {
  const asked = await receive('投诉公司克扣加班费');
  const { agent, administrator } = stage.bureau;
  expect((await close(agent, asked)).status).toBe(200);
  const waiting = await look(asked);
  expect(waiting.state).toBe('open');
  expect(waiting.dueAt).not.toBeNull();
  expect(waiting.closingAsk).toMatchObject({ reason: '多次拨打无人接听', byId: agent.personId });
  expect(await isToDecide(administrator, asked)).toBe(true);
  expect(await isToDecide({ ...agent, roles: ['agent', 'administrator'] }, asked)).toBe(false);
  expect(await timesTold(asked, administrator)).toBe(1);
  expect((await close(agent, asked)).body).toMatchObject({ code: 'step-refused' });
  expect((await decide(agent, asked, true)).status).toBe(403);
  const both = { ...agent, roles: ['agent', 'administrator'] } as Actor;
  expect((await decide(both, asked, true)).body).toMatchObject({ code: 'step-refused' });

  expect((await decide(administrator, asked, false)).status).toBe(200);
  expect(await look(asked)).toMatchObject({ state: 'open', closingAsk: null });
  expect(await isToDecide(administrator, asked)).toBe(false);
  expect(await timesTold(asked, agent)).toBe(1);
  expect((await decide(administrator, asked, true)).body).toMatchObject({ code: 'step-refused' });

  await close(agent, asked);
  expect((await decide(administrator, asked, true, '')).status).toBe(200);
  const closed = await look(asked);
  expect(closed).toMatchObject({ state: 'closed', outcome: 'no-answer', outcomeNote: '多次拨打无人接听' });
  expect(closed.closingAsk).toBeNull();
  expect(closed.events.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['closing-asked', 'closing-refused', 'closed']),
  );
  expect(await timesTold(asked, agent)).toBe(2);
});

test('a suggestion ends with adopted or not, and says why; the person hears it, so a second one reads it first', async () => {
  const asked = await receive('建议把社保大厅的开放时间延长到晚上');
  const { agent, administrator } = stage.bureau;
  expect((await close(agent, asked)).body).toMatchObject({ code: 'step-refused' });
  const end = { reason: '自下月起延长', outcome: 'adopted' };
  expect((await stage.call(agent, 'POST', `/api/cases/${asked.caseId}/close`, end)).status).toBe(200);
  expect(await look(asked)).toMatchObject({ state: 'open', closingAsk: { outcome: 'adopted' } });
  expect((await decide(administrator, asked, true, '')).status).toBe(200);
  expect(await look(asked)).toMatchObject({ outcome: 'adopted', outcomeNote: '自下月起延长' });
});

test('the asking ends where the person writes again', async () => {
  const from = newId();
  const asked = await receive('举报厂里使用童工', from);
  await close(stage.bureau.agent, asked);
  await receive('厂名是青川某玩具厂', from);
  const now = await look(asked);
  expect(now).toMatchObject({ state: 'open', closingAsk: null });
  expect(now.events.map(({ event }) => event)).toContain('closing-lapsed');
  expect((await decide(stage.bureau.administrator, asked, true)).status).toBe(409);
});

test('and where they get an answer after all', async () => {
  const asked = await receive('投诉食堂卫生太差');
  const { agent, administrator, id: bureauId } = stage.bureau;
  await close(agent, asked);
  const answered = { at: new Date(), actorId: agent.personId, detail: {} };
  await stage.app.database.withWorker((tx) => settleAnswered(tx, { bureauId, ...asked }, answered));
  expect(await look(asked)).toMatchObject({ state: 'answered', closingAsk: null });
  expect(await isToDecide(administrator, asked)).toBe(false);
  expect((await close(agent, asked)).status).toBe(200);
  expect(await look(asked)).toMatchObject({ state: 'closed', outcome: 'answered' });
});
