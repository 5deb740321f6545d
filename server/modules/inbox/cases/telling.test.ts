/** Who hears of what is done with a case. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import type { CaseView } from '#shared/inbox.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

async function ring(text: string): Promise<string> {
  const given = { channel: 'phone', text, kind: null, name: '郑国强', phone: '13800001234' };
  const { status, body } = await stage.call(stage.bureau.agent, 'POST', '/api/cases', given);
  expect(status).toBe(200);
  return (body as { caseId: string }).caseId;
}
const look = async (caseId: string) =>
  (await stage.call(stage.bureau.agent, 'GET', `/api/cases/${caseId}`)).body as CaseView;
const step = async (actor: Actor, caseId: string, kind: 'work' | 'dispatch' | 'supervise', body: object) =>
  expect((await stage.call(actor, 'POST', `/api/cases/${caseId}/${kind}-steps`, body)).status).toBe(200);
const heard = (caseId: string) =>
  stage.query<{ zh: string; name: string; urgency: string }>(
    `select n.words_zh as zh, n.urgency, p.name from notices n
     join notice_recipients r on r.notice_id = n.id join people p on p.id = r.person_id
     where n.subject_id = '${caseId}' order by n.id, p.name`,
  );

test('whoever called is told by a person: nothing says that they were', async () => {
  const { agent, administrator } = stage.bureau;
  const caseId = await ring('投诉单位不签劳动合同');
  await step(agent, caseId, 'work', { step: 'ask-extension', days: 3, reason: '需要到单位核实' });
  const toDecide = (await heard(caseId)).filter(({ zh }) => zh.includes('申请延期'));
  expect(toDecide.map(({ name }) => name)).toContain(administrator.name);
  await step(administrator, caseId, 'supervise', { step: 'decide-extension', grant: true, reason: '' });
  const found = await look(caseId);
  expect(found.conversations[0]!.replies).toEqual([]);
  const told = found.events.find(({ event }) => event === 'to-tell');
  expect(String(told?.detail.note)).toContain('延长 3 个工作日');
  expect((await heard(caseId)).filter(({ zh }) => zh.includes('打电话'))).not.toEqual([]);
});

test('whoever handles a case hears that it is more urgent, not that it is less', async () => {
  const { agent } = stage.bureau;
  const caseId = await ring('请问失业金怎么领');
  const set = (urgency: string) =>
    step(agent, caseId, 'dispatch', { step: 'set-urgency', urgency, reason: '当面很着急' });
  const pressed = async () => (await heard(caseId)).filter(({ zh }) => zh.includes('紧急程度'));
  await set('critical');
  expect(await pressed()).toMatchObject([{ name: 'A-section', urgency: 'urgent' }]);
  await set('normal');
  expect(await pressed()).toHaveLength(1);
});

test('a complaint is not put away as spam unseen', async () => {
  const { agent, administrator } = stage.bureau;
  const spam = { step: 'mark-spam', why: 'abuse', reason: '谩骂' };
  const [complaint, advert] = [await ring('投诉窗口态度恶劣'), await ring('代办各类证件，电话联系')];
  for (const caseId of [complaint, advert]) await step(agent, caseId, 'dispatch', spam);
  expect((await heard(complaint)).map(({ name }) => name)).toContain(administrator.name);
  expect((await heard(advert)).filter(({ zh }) => zh.includes('垃圾'))).toEqual([]);
});
