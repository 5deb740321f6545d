/** The time in which a platform still takes an answer: shown, put in order, and spoken of before it is over. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareTodo, firstDate } from '#shared/home.ts';
import type { CaseRow } from '#shared/inbox.ts';
import { type Desk, openDesk } from '../answers/test-desk.ts';
import { processPushes } from '../intake/process-pushes.ts';
import { remindDue } from '../reminders/remind.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { listInboxTodo } from '../todo.ts';

let stage: InboxStage;
let desk: Desk;
beforeAll(async () => {
  stage = await stageInbox();
  desk = await openDesk(stage);
}, 60_000);
afterAll(() => stage?.stop());

const endIn = (conversationId: string, length: string) =>
  stage.query(
    `update conversations set window_ends_at = now() + interval '${length}' where id = '${conversationId}'`,
  );
const rowOf = async (caseId: string): Promise<CaseRow> => {
  const { body } = await stage.call(stage.bureau.agent, 'GET', '/api/cases');
  return (body as { rows: CaseRow[] }).rows.find(({ id }) => id === caseId)!;
};
const home = async () => {
  const { rows } = await stage.app.database.withScope(stage.bureau.agent, (tx) =>
    listInboxTodo(tx, stage.bureau.agent),
  );
  return rows.filter(({ kind }) => kind === 'answer');
};
/** Whom the notices of a case's last window went to. */
const toldOf = async (caseId: string) => {
  await stage.query(`update cases set remind_at = now() where id = '${caseId}'`);
  while ((await remindDue(stage.app)).more);
  const rows = await stage.query<{ id: string; person_id: string; words_zh: string }>(
    `select n.id, r.person_id, n.words_zh from notices n
     join notice_recipients r using (bureau_id) where r.notice_id = n.id
       and n.subject_id = '${caseId}' and n.dedup_key like '%:window:%'`,
  );
  return rows;
};
const ownedBy = (caseId: string, personId: string) =>
  stage.query(`update cases set owner_id = '${personId}' where id = '${caseId}'`);

test('the list says until when, as long as nobody has answered', async () => {
  const open = await desk.receiveMessage();
  const row = await rowOf(open.caseId);
  expect(row.windowEndsAt).toBe((await desk.look(open)).conversations[0]!.window.endsAt);
  expect(row.windowEndsAt).not.toBeNull();
  const reply = await desk.answer(open);
  expect((await rowOf(open.caseId)).windowEndsAt).toBeNull();
  // A reviewer takes their time, the platform does not wait for them.
  await stage.query(`update replies set state = 'reviewing', wake_at = null where id = '${reply.id}'`);
  expect((await rowOf(open.caseId)).windowEndsAt).toBe(row.windowEndsAt);
  await stage.query(`update cases set paused_at = now(), due_at = null where id = '${open.caseId}'`);
  expect((await rowOf(open.caseId)).windowEndsAt).toBeNull();
  await stage.query(`update cases set state = 'closed' where id = '${open.caseId}'`);
});

test('says nothing of a window that is over or used up', async () => {
  const [over, used] = [await desk.receiveMessage(), await desk.receiveMessage()];
  await endIn(over.conversationId, '-1 minute');
  await stage.query(`update conversations set window_left = 0 where id = '${used.conversationId}'`);
  expect([(await rowOf(over.caseId)).windowEndsAt, (await rowOf(used.caseId)).windowEndsAt]).toEqual([
    null,
    null,
  ]);
});

test('of merged cases the first window that closes counts', async () => {
  const [into, from] = [await desk.receiveMessage(), await desk.receiveMessage()];
  await endIn(from.conversationId, '3 hours');
  const body = { step: 'merge', into: into.caseId, reason: '同一问题' };
  await stage.call(stage.bureau.agent, 'POST', `/api/cases/${from.caseId}/dispatch-steps`, body);
  const left = new Date((await rowOf(into.caseId)).windowEndsAt!).getTime() - Date.now();
  expect(left).toBeLessThan(3 * 3_600_000);
});

test('the home list begins with what is critical and urgent, then goes by what comes first', async () => {
  await stage.query(`update cases set state = 'closed'`);
  const [late, closing, urgent, critical] = [
    await desk.receiveMessage(),
    await desk.receiveMessage(),
    await desk.receiveMessage(),
    await desk.receiveMessage(),
  ];
  await stage.query(`update cases set due_at = now() + interval '5 hours' where id = '${late.caseId}'`);
  await stage.query(`update cases set due_at = now() + interval '9 days' where id <> '${late.caseId}'`);
  await endIn(closing.conversationId, '2 hours');
  await stage.query(`update cases set urgency = 'urgent' where id = '${urgent.caseId}'`);
  await stage.query(`update cases set urgency = 'critical' where id = '${critical.caseId}'`);
  const lines = await home();
  expect(lines.map(({ key, urgency }) => [key, urgency])).toEqual([
    [`case:${critical.caseId}`, 'critical'],
    [`case:${urgent.caseId}`, 'urgent'],
    [`case:${closing.caseId}`, undefined],
    [`case:${late.caseId}`, undefined],
  ]);
  expect(firstDate(lines[2]!)).toBe(lines[2]!.closesAt);
  expect(firstDate(lines[3]!)).toBe(lines[3]!.dueAt);
  expect(lines).toEqual(lines.toSorted(compareTodo));
});

test('a window that closes soon is named though fifty deadlines come before', async () => {
  await stage.query(`update cases set state = 'closed'`);
  const open = await desk.receiveMessage();
  await stage.query(`update cases set due_at = now() + interval '9 days' where id = '${open.caseId}'`);
  await endIn(open.conversationId, '1 hour');
  await stage.query(
    `insert into cases (bureau_id, id, number, kind, title, channel, due_at, received_at)
     select bureau_id, gen_random_uuid(), 'F-' || n, kind, title, channel, now() + n * interval '2 hours', received_at
     from cases, generate_series(1, 60) n where id = '${open.caseId}'`,
  );
  const { rows, more } = await stage.app.database.withScope(stage.bureau.agent, (tx) =>
    listInboxTodo(tx, stage.bureau.agent),
  );
  expect(rows.filter(({ kind }) => kind === 'answer')).toHaveLength(50);
  expect(rows[0]!.key).toBe(`case:${open.caseId}`);
  expect(more).toEqual([{ kind: 'answer', count: 11, to: '/inbox' }]);
  await stage.query(`delete from cases where number like 'F-%'`);
});

test('its owner is told once before it closes, and of the next window again', async () => {
  const { agent, id: bureauId } = stage.bureau;
  const open = await desk.receiveMessage();
  await ownedBy(open.caseId, agent.personId);
  expect(await toldOf(open.caseId)).toEqual([]);
  await stage.query(
    `insert into working_days (bureau_id, day, works)
     select '${bureauId}', (now() at time zone 'Asia/Shanghai')::date + n, true from generate_series(-3, 3) n
     on conflict (bureau_id, day) do update set works = true`,
  );
  await endIn(open.conversationId, '1 hour');
  const told = await toldOf(open.caseId);
  expect(told.map(({ person_id }) => person_id)).toContain(agent.personId);
  expect(told[0]!.words_zh).toMatch(/平台只接受答复到 \d{4}-\d\d-\d\d \d\d:\d\d/);
  expect(await toldOf(open.caseId)).toEqual(told);
  await endIn(open.conversationId, '2 hours');
  expect(new Set((await toldOf(open.caseId)).map(({ id }) => id)).size).toBe(2);
});

test('out of hours whoever is on duty is told too, and without anybody on duty the agents', async () => {
  const { agent, otherAgent, section, id: bureauId } = stage.bureau;
  await stage.query(
    `insert into working_days (bureau_id, day, works)
     select '${bureauId}', (now() at time zone 'Asia/Shanghai')::date + n, false from generate_series(-3, 3) n
     on conflict (bureau_id, day) do update set works = false`,
  );
  const tellAfter = async (weekdays: (string | null)[]) => {
    const { body } = await stage.call(stage.bureau.administrator, 'GET', '/api/inbox/settings');
    const { revision, settings } = body as { revision: number; settings: object };
    const next = { baseRevision: revision, settings: { ...settings, duty: { weekdays, days: [] } } };
    expect((await stage.call(stage.bureau.administrator, 'PUT', '/api/inbox/settings', next)).status).toBe(
      200,
    );
    const open = await desk.receiveMessage();
    await ownedBy(open.caseId, section.personId);
    await endIn(open.conversationId, '1 hour');
    return (await toldOf(open.caseId)).map(({ person_id }) => person_id).toSorted();
  };
  expect(await tellAfter(Array(7).fill(otherAgent.personId))).toEqual(
    [otherAgent.personId, section.personId].toSorted(),
  );
  expect(await tellAfter(Array(7).fill(null))).toEqual(
    [agent.personId, otherAgent.personId, section.personId].toSorted(),
  );
});

test('words in an open case wake the reminders, because the window begins anew', async () => {
  const open = await desk.receiveMessage();
  await stage.query(`update cases set remind_at = now() + interval '9 days' where id = '${open.caseId}'`);
  await stage.query(`update conversations set window_left = 0 where id = '${open.conversationId}'`);
  const [said] = await stage.query<{ nick: string }>(
    `select person_key as nick from conversations where id = '${open.conversationId}'`,
  );
  await stage.post(stage.sealText('还有一个问题', { msgId: '77000001', from: said!.nick }));
  await processPushes(stage.app);
  const [row] = await stage.query<{ remind_at: Date }>(
    `select remind_at from cases where id = '${open.caseId}'`,
  );
  expect(row!.remind_at <= new Date()).toBe(true);
  expect((await rowOf(open.caseId)).windowEndsAt).not.toBeNull();
});

test('a case that waits for the person is spoken of once after ten working days', async () => {
  const { agent } = stage.bureau;
  const open = await desk.receiveMessage();
  await ownedBy(open.caseId, agent.personId);
  await stage.query(
    `update cases set paused_at = now() - interval '40 days', due_at = null, remind_at = now() where id = '${open.caseId}'`,
  );
  const told = async () => {
    await stage.query(`update cases set remind_at = now() where id = '${open.caseId}'`);
    while ((await remindDue(stage.app)).more);
    return stage.query<{ person_id: string; kind: string }>(
      `select r.person_id, n.kind from notices n join notice_recipients r on r.notice_id = n.id
       where n.subject_id = '${open.caseId}' and n.dedup_key like '%:waits:%'`,
    );
  };
  expect(await told()).toEqual([{ person_id: agent.personId, kind: 'work-waiting' }]);
  expect(await told()).toHaveLength(1);
});
