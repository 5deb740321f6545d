/** Who has a case: passed on within its section, and told by name in the log. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { wallDate } from '#server/base/clock.ts';
import { newId } from '#server/base/ids.ts';
import type { CaseView } from '#shared/inbox.ts';
import { defaultInboxSettings } from '#shared/inbox-settings.ts';
import type { Role } from '#shared/people.ts';
import { recordInbound } from '../intake/record-inbound.ts';
import { buildBureau, type InboxStage, stageInbox } from '../test-support.ts';

let stage: InboxStage;
let colleague: Actor;
let stranger: Actor;
const jobsId = newId();
beforeAll(async () => {
  stage = await stageInbox();
  const { id, insuranceId } = stage.bureau;
  await stage.query(
    `insert into units (bureau_id, id, kind, level, name, short_name, fields, parent_id, path)
     select '${id}', '${jobsId}', 'section', 'county', '就业股', '就业股', '{}', '${id}', '/${id}/${jobsId}/'`,
  );
  colleague = await addPerson('A-colleague', 'section', insuranceId);
  stranger = await addPerson('A-stranger', 'section', jobsId);
}, 60_000);
afterAll(() => stage?.stop());

async function addPerson(name: string, role: Role, unitId: string): Promise<Actor> {
  const { id: bureauId } = stage.bureau;
  const personId = newId();
  await stage.query(
    `with p as (insert into people (id, login, name, password_hash) values ('${personId}', '${personId.slice(-10)}', '${name}', '') returning id)
     insert into memberships (bureau_id, id, person_id, unit_id, role) select '${bureauId}', '${newId()}', '${personId}', '${unitId}', '${role}'`,
  );
  return { personId, name, bureauId, unitId, unitPath: `/${bureauId}/`, roles: [role] };
}

async function receive(text = '社保卡丢了怎么补办', from = newId()): Promise<string> {
  const { id: bureauId, accountId } = stage.bureau;
  const recorded = await stage.app.database.withWorker((tx) =>
    recordInbound(tx, {
      ...{ bureauId, accountId, kind: 'message', threadKey: from, deliveryId: null, platformId: newId() },
      ...{ person: { key: from, name: null }, text, attachment: null, at: new Date() },
      window: { ms: 48 * 3_600_000, messages: 5 },
    }),
  );
  return recorded!.caseId;
}
const look = async (caseId: string, actor = stage.bureau.agent) =>
  (await stage.call(actor, 'GET', `/api/cases/${caseId}`)).body as CaseView;
const pass = (actor: Actor | null, caseId: string, ownerId: string, note = '') =>
  stage.call(actor, 'PUT', `/api/cases/${caseId}/colleague`, { ownerId, note });
const dispatch = (caseId: string, body: object) =>
  stage.call(stage.bureau.agent, 'POST', `/api/cases/${caseId}/dispatch-steps`, body);
const eventOf = async (caseId: string, event: string) =>
  (await look(caseId)).events.findLast((one) => one.event === event);

describe('a section', () => {
  test('is asked for by nobody who is not signed in, nor by the neighbouring bureau', async () => {
    const caseId = await receive();
    const neighbour = await buildBureau(stage.app, 'B');
    expect((await pass(null, caseId, colleague.personId)).status).toBe(401);
    expect((await pass(neighbour.section, caseId, colleague.personId)).status).toBe(404);
  });

  test('gives its case to a colleague, who is told, and the log names both', async () => {
    const caseId = await receive();
    const { section, insuranceId } = stage.bureau;
    expect(await look(caseId, section)).toMatchObject({ unitId: insuranceId, mayPass: true });
    const assignedAt = `select assigned_at from cases where id = '${caseId}'`;
    const before = await stage.query(assignedAt);
    expect((await pass(section, caseId, colleague.personId, '请三天内回')).status).toBe(200);
    expect(await look(caseId)).toMatchObject({ unitId: insuranceId, ownerId: colleague.personId });
    expect(await eventOf(caseId, 'assigned')).toMatchObject({
      ...{ actorName: 'A-section', unitName: '社会保险股', ownerName: 'A-colleague' },
      detail: { note: '请三天内回' },
    });
    // Handing it on inside gives no more time to hand it back.
    expect(await stage.query(assignedAt)).toEqual(before);
    const told = await stage.query<{ person_id: string }>(
      `select r.person_id from notices n join notice_recipients r on r.notice_id = n.id
       where n.subject_id = '${caseId}' and n.kind = 'case-assigned'`,
    );
    expect(told.map(({ person_id }) => person_id)).toContain(colleague.personId);
    const audit = await stage.query<{ detail: unknown }>(
      `select detail from audit_entries where subject_id = '${caseId}' and action = 'case.assigned'`,
    );
    expect(JSON.stringify(audit)).toContain(colleague.personId);
    expect(JSON.stringify(audit)).not.toContain('三天');
  });

  test('takes it for oneself', async () => {
    const caseId = await receive();
    expect((await pass(colleague, caseId, colleague.personId)).status).toBe(200);
    expect((await look(caseId)).ownerId).toBe(colleague.personId);
  });

  test.each([
    ['a person of another section', () => stranger.personId],
    ['somebody of the section who does not answer', () => stage.bureau.reviewer.personId],
    ['somebody unknown', () => newId()],
  ])('gives it to no other: %s', async (_who, ownerId) => {
    const caseId = await receive();
    expect((await pass(stage.bureau.section, caseId, ownerId())).status).toBe(400);
    expect((await look(caseId)).ownerId).toBeNull();
  });

  test('gives it to nobody who has left', async () => {
    const caseId = await receive();
    const gone = await addPerson('A-gone', 'section', stage.bureau.insuranceId);
    await stage.query(`update people set disabled_at = now() where id = '${gone.personId}'`);
    expect((await pass(stage.bureau.section, caseId, gone.personId)).status).toBe(400);
  });

  test('passes on no case of another section, not even as its owner, and none that is closed', async () => {
    const caseId = await receive();
    expect(await look(caseId, stranger)).toMatchObject({ mayPass: false });
    expect(await pass(stranger, caseId, stranger.personId)).toMatchObject({
      status: 403,
      body: { code: 'case-of-others' },
    });
    await stage.query(`update cases set owner_id = '${stranger.personId}' where id = '${caseId}'`);
    expect((await pass(stranger, caseId, stranger.personId)).status).toBe(403);
    const unassigned = await receive('你好在吗');
    await stage.query(`update cases set unit_id = null where id = '${unassigned}'`);
    expect((await pass(stage.bureau.section, unassigned, colleague.personId)).status).toBe(403);
    await stage.query(`update cases set state = 'closed' where id = '${caseId}'`);
    expect((await pass(stage.bureau.section, caseId, colleague.personId)).status).toBe(409);
  });

  test('whoever may not answer may not pass on', async () => {
    const caseId = await receive();
    const reader = await addPerson('A-reader', 'reviewer-first', stage.bureau.insuranceId);
    expect((await pass(reader, caseId, colleague.personId)).status).toBe(403);
  });
});

describe('the log names', () => {
  test('to whom it was assigned, from where it was handed back, and who helps', async () => {
    const caseId = await receive();
    const { agent, section, insuranceId } = stage.bureau;
    const body = { unitId: insuranceId, ownerId: section.personId, note: '请三天内回' };
    await stage.call(agent, 'PUT', `/api/cases/${caseId}/owner`, body);
    expect(await eventOf(caseId, 'assigned')).toMatchObject({
      ...{ actorName: 'A-agent', unitName: '社会保险股', ownerName: 'A-section' },
    });
    await dispatch(caseId, { step: 'add-helper', unitId: jobsId, note: '' });
    expect(await eventOf(caseId, 'helper-added')).toMatchObject({ actorName: 'A-agent', unitName: '就业股' });
    await dispatch(caseId, { step: 'remove-helper', unitId: jobsId });
    expect(await eventOf(caseId, 'helper-removed')).toMatchObject({ unitName: '就业股' });
    await stage.call(section, 'POST', `/api/cases/${caseId}/work-steps`, {
      step: 'return',
      reason: '不归我们',
    });
    expect(await eventOf(caseId, 'returned')).toMatchObject({
      ...{ actorName: 'A-section', unitName: '社会保险股', ownerName: null },
    });
  });

  test('to whom a rule gave it', async () => {
    const { administrator, insuranceId, section } = stage.bureau;
    const rule = {
      ...{ id: newId(), name: '社保卡专窗', when: { words: ['专窗'] } },
      give: { unitId: insuranceId, ownerId: section.personId, urgency: null },
    };
    const { body } = await stage.call(administrator, 'GET', '/api/inbox/settings');
    await stage.call(administrator, 'PUT', '/api/inbox/settings', {
      baseRevision: (body as { revision: number }).revision,
      settings: { ...defaultInboxSettings, rules: [rule] },
    });
    expect(await eventOf(await receive('请问社保专窗几点开门'), 'assigned')).toMatchObject({
      ...{ actorName: null, unitName: '社会保险股', ownerName: 'A-section' },
      detail: { automatic: true, rule: '社保卡专窗' },
    });
  });

  test('the other case of a merge, at both', async () => {
    const [from, into] = [await receive('社保卡补办要多少钱'), await receive('社保卡补办要几天')];
    await dispatch(from, { step: 'merge', into, reason: '同一问题' });
    const [gone, stays] = [await look(from), await look(into)];
    const name = ({ id, number, title }: CaseView) => ({ id, number, title });
    expect(gone.mergedInto).toEqual(name(stays));
    expect(stays.merged).toEqual([name(gone)]);
    expect((await eventOf(from, 'merged'))!.otherCase).toEqual(name(stays));
    expect((await eventOf(into, 'absorbed'))!.otherCase).toEqual(name(gone));
  });
});

describe('an extension', () => {
  const work = (caseId: string, body: object) =>
    stage.call(stage.bureau.section, 'POST', `/api/cases/${caseId}/work-steps`, body);

  test('is asked for and granted with its new day before the eyes of both', async () => {
    const caseId = await receive();
    const { extensionChoices, deadline } = await look(caseId);
    expect(extensionChoices.map(({ days }) => days)).toEqual(
      Array.from({ length: 15 - deadline.workingDays }, (_, index) => index + 1),
    );
    const promised = extensionChoices.find(({ days }) => days === 3)!.dueAt!;
    await work(caseId, { step: 'ask-extension', days: 3, reason: '要去核实' });
    expect((await look(caseId)).extensionChoices.find(({ days }) => days === 3)!.dueAt).toBe(promised);
    const granted = { step: 'decide-extension', grant: true, reason: '' };
    await stage.call(stage.bureau.administrator, 'POST', `/api/cases/${caseId}/supervise-steps`, granted);
    const after = await look(caseId);
    expect([after.dueAt, after.extensionChoices]).toEqual([promised, []]);
    expect(after.deadline).toMatchObject({ workingDays: deadline.workingDays + 3, extendedBy: 3 });
    expect(wallDate(new Date(promised))).toBe(after.deadline.steps.at(-1)!.day);
  });

  test('of a case whose clock stands still has no day yet', async () => {
    const caseId = await receive();
    await work(caseId, { step: 'pause', reason: '等材料', question: '' });
    const { extensionChoices } = await look(caseId);
    expect(extensionChoices.length).toBeGreaterThan(0);
    expect(extensionChoices.every(({ dueAt }) => dueAt === null)).toBe(true);
  });
});
