/** Who is reminded of a case, and when, on a real database. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { recordInbound } from '../intake/record-inbound.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { remindDue } from './remind.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage?.stop());
beforeEach(() => stage.query('update people set disabled_at = null'));

const dayMs = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs);

async function receive(at: Date): Promise<string> {
  const { id: bureauId, accountId } = stage.bureau;
  const key = newId();
  const recorded = await stage.app.database.withWorker((tx) =>
    recordInbound(tx, {
      ...{ bureauId, accountId, kind: 'message', threadKey: key, deliveryId: null, platformId: newId() },
      ...{ person: { key, name: null }, text: '养老金怎么领', attachment: null, at, window: null },
    }),
  );
  return recorded!.caseId;
}
const give = (caseId: string, ownerId: string | null, unitId: string | null) =>
  stage.query(
    `update cases set owner_id = ${ownerId ? `'${ownerId}'` : 'null'}, unit_id = ${unitId ? `'${unitId}'` : 'null'},
       triage_due_at = null, remind_at = now() where id = '${caseId}'`,
  );
const toldOf = async (caseId: string) => {
  await remindDue(stage.app);
  const rows = await stage.query<{ name: string }>(
    `select distinct p.name from notices n
     join notice_recipients r on r.bureau_id = n.bureau_id and r.notice_id = n.id
     join people p on p.id = r.person_id where n.subject_id = '${caseId}' order by 1`,
  );
  return rows.map(({ name }) => name);
};
const leave = (personId: string) =>
  stage.query(`update people set disabled_at = now() where id = '${personId}'`);

/** Three working days are over by then, and the fifth late day is not. */
const near = () => receive(daysAgo(4));

test('a reminder goes to whoever has the case', async () => {
  const caseId = await near();
  await give(caseId, stage.bureau.otherAgent.personId, stage.bureau.insuranceId);
  expect(await toldOf(caseId)).toContain('A-otherAgent');
});

test('whose owner has left goes to the section, and to nobody who has left', async () => {
  const { otherAgent, insuranceId } = stage.bureau;
  const caseId = await near();
  await give(caseId, otherAgent.personId, insuranceId);
  await leave(otherAgent.personId);
  const told = await toldOf(caseId);
  expect(told).toContain('A-section');
  expect(told).not.toContain('A-otherAgent');
});

test('in whose section nobody is left goes to the agents', async () => {
  const { otherAgent, section, insuranceId } = stage.bureau;
  const caseId = await near();
  await give(caseId, otherAgent.personId, insuranceId);
  await leave(otherAgent.personId);
  await leave(section.personId);
  expect(await toldOf(caseId)).toContain('A-agent');
});

test('whose owner works elsewhere now is told like one who has left', async () => {
  const { otherAgent, insuranceId } = stage.bureau;
  const caseId = await near();
  await give(caseId, otherAgent.personId, insuranceId);
  const mine = `person_id = '${otherAgent.personId}'`;
  await stage.query(`update memberships set ends_at = now() - interval '1 day' where ${mine}`);
  const told = await toldOf(caseId);
  expect(told).toContain('A-section');
  expect(told).not.toContain('A-otherAgent');
  await stage.query(`update memberships set ends_at = null where ${mine}`);
});

test('the red alarm counts from when the case was opened again', async () => {
  const caseId = await receive(daysAgo(110));
  const log = (event: string, days: number) =>
    stage.query(
      `insert into case_events (bureau_id, id, case_id, event, at, detail)
       values ('${stage.bureau.id}', '${newId()}', '${caseId}', '${event}', now() - interval '${days} days', '{}')`,
    );
  await log('answered', 109);
  await log('reopened', 4);
  await stage.query('delete from case_reminders');
  await give(caseId, null, stage.bureau.insuranceId);
  await toldOf(caseId);
  const steps = async () =>
    (await stage.query<{ step: string }>(`select step from case_reminders where case_id = '${caseId}'`)).map(
      ({ step }) => step,
    );
  expect(await steps()).not.toContain('day-60');
  expect(await steps()).not.toContain('day-90');
});
