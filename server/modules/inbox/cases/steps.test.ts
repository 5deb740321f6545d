import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { newId } from '#server/base/ids.ts';
import type { CaseView } from '#shared/inbox.ts';
import { defaultInboxSettings } from '#shared/inbox-settings.ts';
import { recordInbound } from '../intake/record-inbound.ts';
import { remindDue } from '../reminders/remind.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

type Answer = { status: number; body: unknown };

async function receive(text: string, from = newId(), at = new Date()): Promise<string> {
  const { id: bureauId, accountId } = stage.bureau;
  const recorded = await stage.app.database.withWorker((tx) =>
    recordInbound(tx, {
      ...{ bureauId, accountId, kind: 'message', threadKey: from, deliveryId: null, platformId: newId() },
      ...{ person: { key: from, name: '王秀英' }, text, attachment: null, at },
      window: { ms: 48 * 3_600_000, messages: 5 },
    }),
  );
  return recorded!.caseId;
}
const look = async (caseId: string, actor = stage.bureau.agent) =>
  (await stage.call(actor, 'GET', `/api/cases/${caseId}`)).body as CaseView;
const step = (
  actor: Actor,
  caseId: string,
  kind: 'work' | 'dispatch' | 'supervise',
  body: object,
): Promise<Answer> => stage.call(actor, 'POST', `/api/cases/${caseId}/${kind}-steps`, body);
const eventsOf = async (caseId: string) => (await look(caseId)).events.map(({ event }) => event);
const reason = '情况说明';
const assign = (caseId: string, ownerId: string | null = null) =>
  stage.call(stage.bureau.agent, 'PUT', `/api/cases/${caseId}/owner`, {
    ...{ unitId: stage.bureau.insuranceId, ownerId, note: '' },
  });
const noticesOf = (caseId: string) =>
  stage.query<{ kind: string; people: string[] }>(
    `select n.kind, array(select p.name from notice_recipients r join people p on p.id = r.person_id
                          where r.notice_id = n.id order by p.name) as people
     from notices n where n.subject_id = '${caseId}' order by n.id`,
  );

describe('a case given to the wrong section', () => {
  test('is returned within a day, waits for somebody to assign it, and is assigned anew', async () => {
    const caseId = await receive('请问怎么申请技能补贴');
    await assign(caseId);
    const { section, agent } = stage.bureau;
    expect((await step(section, caseId, 'work', { step: 'return', reason })).status).toBe(200);
    const returned = await look(caseId);
    expect(returned).toMatchObject({ unitId: null, ownerId: null, returnableUntil: null });
    expect(returned.triageDueAt).not.toBeNull();
    const triage = (await stage.call(agent, 'GET', '/api/cases?triage=1')).body as { rows: { id: string }[] };
    expect(triage.rows.map(({ id }) => id)).toContain(caseId);
    expect((await noticesOf(caseId)).map(({ kind }) => kind)).toEqual(['case-assigned', 'work-waiting']);
    await assign(caseId);
    expect(await look(caseId)).toMatchObject({ unitName: '社会保险股', triageDueAt: null });
  });

  test('is kept after that time', async () => {
    const caseId = await receive('请问怎么申请培训补贴');
    await assign(caseId);
    await stage.query(`update cases set assigned_at = now() - interval '15 days' where id = '${caseId}'`);
    const answer = await step(stage.bureau.section, caseId, 'work', { step: 'return', reason });
    expect(answer).toMatchObject({ status: 409, body: { code: 'step-refused' } });
    expect(await eventsOf(caseId)).not.toContain('returned');
  });
});

describe('an extension', () => {
  test('is asked for once, granted by another person, moves the deadline, and the citizen is told', async () => {
    const caseId = await receive('我要投诉单位一直不给交社保');
    const before = await look(caseId);
    const { agent, administrator } = stage.bureau;
    const ask = { step: 'ask-extension', days: 3, reason: '需要调取缴费记录' };
    expect((await step(agent, caseId, 'work', ask)).status).toBe(200);
    expect((await step(agent, caseId, 'work', ask)).status).toBe(409);
    const grant = { step: 'decide-extension', grant: true, reason: '同意，请尽快' };
    // The agent has no right to it, and whoever asked may not decide.
    expect((await step(agent, caseId, 'supervise', grant)).status).toBe(403);
    const asker = { ...agent, roles: ['agent', 'administrator'] } as Actor;
    expect((await step(asker, caseId, 'supervise', grant)).body).toMatchObject({ code: 'step-refused' });
    expect((await step(administrator, caseId, 'supervise', grant)).status).toBe(200);
    const after = await look(caseId);
    expect(after).toMatchObject({ extension: 'granted', deadline: { workingDays: 10, extendedBy: 3 } });
    expect(after.dueAt! > before.dueAt!).toBe(true);
    expect(after.conversations[0]!.replies).toMatchObject([{ purpose: 'notice', state: 'due' }]);
    expect(after.conversations[0]!.replies[0]!.text).toContain('延长 3 个工作日');
    expect(after.state).toBe('open');
  });

  test('never brings a case beyond fifteen working days', async () => {
    const caseId = await receive('举报单位超时加班');
    const answer = await step(stage.bureau.agent, caseId, 'work', { step: 'ask-extension', days: 9, reason });
    expect(answer.body).toMatchObject({ code: 'step-refused' });
  });
});

describe('a pause', () => {
  test('takes the deadline away, asks the citizen, and ends when they write again', async () => {
    const person = newId();
    const caseId = await receive('我的养老金少发了', person);
    const question = '请补充您的参保地。';
    const paused = await step(stage.bureau.agent, caseId, 'work', { step: 'pause', reason, question });
    expect(paused.status).toBe(200);
    expect(await look(caseId)).toMatchObject({ dueAt: null, workingDaysLeft: null, overdue: false });
    expect((await look(caseId)).conversations[0]!.replies[0]).toMatchObject({
      purpose: 'notice',
      text: question,
    });
    await receive('在青川参保', person);
    const resumed = await look(caseId);
    expect(resumed.pausedAt).toBeNull();
    expect(resumed.dueAt).not.toBeNull();
    expect(await eventsOf(caseId)).toEqual(expect.arrayContaining(['paused', 'joined', 'resumed']));
  });
});

describe('duplicates', () => {
  test('are merged with their words, answered together, and parted again', async () => {
    const first = await receive('社保卡坏了怎么换');
    const second = await receive('社保卡坏了怎么办理更换');
    const merge = { step: 'merge', into: first, reason: '同一问题' };
    expect((await step(stage.bureau.agent, second, 'dispatch', merge)).status).toBe(200);
    const whole = await look(first);
    expect(whole.conversations).toHaveLength(2);
    expect(whole.merged.map(({ id }) => id)).toEqual([second]);
    expect(await look(second)).toMatchObject({
      state: 'closed',
      outcome: 'merged',
      mergedInto: { id: first },
    });
    const bulk = { caseIds: [first], text: '带身份证到任一网点更换。' };
    const { body } = await stage.call(stage.bureau.agent, 'POST', '/api/cases/bulk-answers', bulk);
    expect(body).toMatchObject({ results: [{ done: true }] });
    expect((await look(first)).conversations.map(({ replies }) => replies.length)).toEqual([1, 1]);
    const part = { step: 'unmerge', reason: '其实不同' };
    expect((await step(stage.bureau.agent, second, 'dispatch', part)).status).toBe(200);
    expect(await look(second)).toMatchObject({ state: 'open', outcome: null, mergedInto: null });
    expect((await look(first)).conversations).toHaveLength(1);
  });

  test('a word to a merged case reaches the one it is part of', async () => {
    const person = newId();
    const first = await receive('灵活就业怎么参保');
    const second = await receive('灵活就业人员怎么参保', person);
    await step(stage.bureau.agent, second, 'dispatch', { step: 'merge', into: first, reason });
    expect(await receive('补充：我是外地户口', person)).toBe(first);
  });
});

test('spam leaves the queue, keeps its reason, and comes back when it was none', async () => {
  const caseId = await receive('低价代办社保 名额有限');
  const { agent } = stage.bureau;
  await step(agent, caseId, 'dispatch', { step: 'mark-spam', why: 'advert', reason: '推广' });
  const rowsOf = async (query: string) =>
    ((await stage.call(agent, 'GET', `/api/cases?${query}`)).body as { rows: { id: string }[] }).rows.map(
      ({ id }) => id,
    );
  expect(await rowsOf('state=closed')).not.toContain(caseId);
  expect(await rowsOf('spam=1')).toContain(caseId);
  expect((await step(agent, caseId, 'dispatch', { step: 'unmark-spam', reason })).status).toBe(200);
  expect(await look(caseId)).toMatchObject({ state: 'open', outcome: null });
  expect(await rowsOf('state=open')).toContain(caseId);
});

test('many cases get one answer each, once, and what cannot be answered says why', async () => {
  const open = await receive('失业金怎么领');
  const closed = await receive('失业保险金怎么领');
  const { agent } = stage.bureau;
  await stage.call(agent, 'POST', `/api/cases/${closed}/close`, { reason: '已电话答复' });
  const stranger = newId();
  const body = { caseIds: [open, closed, stranger, open], text: '带身份证到社保窗口。' };
  const answer = await stage.call(agent, 'POST', '/api/cases/bulk-answers', body);
  const results = (answer.body as { results: { caseId: string; done: boolean; problem: unknown }[] }).results;
  expect(results.map(({ caseId, done }) => [caseId, done])).toEqual(
    [
      [closed, false],
      [open, true],
      [stranger, false],
    ].toSorted((a, b) => (a[0]! < b[0]! ? -1 : 1)),
  );
  expect((await look(open)).conversations[0]!.replies).toHaveLength(1);
});

test('notes, helpers, urgency, supervision and call-backs stand in the case and its log', async () => {
  const caseId = await receive('请问社保怎么转移');
  const { agent, administrator, insuranceId } = stage.bureau;
  const note = { text: '已电话核实参保地' };
  expect((await stage.call(agent, 'POST', `/api/cases/${caseId}/notes`, note)).status).toBe(200);
  await step(agent, caseId, 'dispatch', { step: 'add-helper', unitId: insuranceId, note: '请提供流程' });
  await step(agent, caseId, 'dispatch', { step: 'set-urgency', urgency: 'critical', reason });
  await step(administrator, caseId, 'supervise', { step: 'supervise', note: '本周内办结' });
  expect((await step(agent, caseId, 'work', { step: 'call-back', satisfaction: 5, note: '' })).status).toBe(
    409,
  );
  await stage.query(`update cases set state = 'answered', answered_at = now() where id = '${caseId}'`);
  await step(agent, caseId, 'work', { step: 'call-back', satisfaction: 5, note: '很满意' });
  const found = await look(caseId);
  expect(found).toMatchObject({
    ...{ urgency: 'critical', supervised: true, satisfaction: { stars: 5, note: '很满意' } },
    notes: [{ text: '已电话核实参保地', byName: 'A-agent', files: [] }],
    helpers: [{ unitName: '社会保险股', note: '请提供流程' }],
  });
  const audit = await stage.query<{ detail: string }>(
    `select detail::text as detail from audit_entries where subject_id = '${caseId}'`,
  );
  // What may speak of a citizen stays with the case, which can be erased.
  expect(audit.map(({ detail }) => detail).join()).not.toMatch(/核实|很满意|本周内/);
});

describe('rules, levels and duty', () => {
  const put = async (change: object) => {
    const { administrator } = stage.bureau;
    const { revision } = (await stage.call(administrator, 'GET', '/api/inbox/settings')).body as {
      revision: number;
    };
    const body = { baseRevision: revision, settings: { ...defaultInboxSettings, ...change } };
    return stage.call(administrator, 'PUT', '/api/inbox/settings', body);
  };
  const rule = (give: object, words: string[]) => ({
    id: newId(),
    name: '社保卡专窗',
    when: { words },
    give: { unitId: null, ownerId: null, urgency: null, ...give },
  });

  test('decide where a new case goes, and say which rule did', async () => {
    const { insuranceId, section } = stage.bureau;
    const rules = [rule({ unitId: insuranceId, ownerId: section.personId, urgency: 'urgent' }, ['专窗'])];
    expect((await put({ rules, levels: { ...defaultInboxSettings.levels, consult: 2 } })).status).toBe(200);
    const caseId = await receive('请问社保专窗几点开门？');
    const found = await look(caseId);
    expect(found).toMatchObject({ ownerName: 'A-section', urgency: 'urgent', deadline: { workingDays: 2 } });
    expect(found.events.find(({ event }) => event === 'assigned')!.detail).toMatchObject({
      rule: '社保卡专窗',
      words: ['专窗'],
    });
    expect((await put({})).status).toBe(200);
    // The level of the day it came stands.
    expect((await look(caseId)).deadline.workingDays).toBe(2);
  });

  test('pass over a person who has left: their section gets it', async () => {
    const { insuranceId, section } = stage.bureau;
    const rules = [rule({ unitId: insuranceId, ownerId: section.personId }, ['柜台'])];
    expect((await put({ rules })).status).toBe(200);
    const disable = (at: string) =>
      stage.query(`update people set disabled_at = ${at} where id = '${section.personId}'`);
    await disable('now()');
    const caseId = await receive('请问哪个柜台办理？');
    await disable('null');
    const found = await look(caseId);
    expect(found.unitId).toBe(insuranceId);
    expect(found.ownerName).not.toBe('A-section');
    expect((await put({})).status).toBe(200);
  });

  test('refuse a stranger, and a save over somebody else’s', async () => {
    expect((await put({ rules: [rule({ unitId: newId() }, ['x'])] })).status).toBe(400);
    const body = { baseRevision: 0, settings: defaultInboxSettings };
    const stale = await stage.call(stage.bureau.administrator, 'PUT', '/api/inbox/settings', body);
    expect(stale.body).toMatchObject({ code: 'edit-conflict' });
  });

  test('call whoever is on duty when a complaint speaks of wages or injury', async () => {
    const { otherAgent } = stage.bureau;
    const weekdays = Array.from({ length: 7 }, () => otherAgent.personId);
    await put({ duty: { weekdays, days: [] } });
    const caseId = await receive('投诉：老板拖欠工资三个月，工人要堵路');
    expect(await look(caseId)).toMatchObject({ urgency: 'critical' });
    while ((await remindDue(stage.app)).more);
    const [notice] = await noticesOf(caseId);
    expect(notice).toMatchObject({ kind: 'case-alarm' });
    expect(notice!.people).toContain('A-otherAgent');
    await put({});
  });

  test('call them for words in a case that is open already, and once for all that follow soon', async () => {
    const { otherAgent } = stage.bureau;
    await put({ duty: { weekdays: Array.from({ length: 7 }, () => otherAgent.personId), days: [] } });
    const person = newId();
    const caseId = await receive('你好，在吗', person);
    const alarms = async () => {
      while ((await remindDue(stage.app)).more);
      return (await noticesOf(caseId)).filter(({ kind }) => kind === 'case-alarm');
    };
    expect(await alarms()).toEqual([]);
    await receive('我要举报，工地上有人摔伤了，老板还拖欠工资', person);
    expect(await look(caseId)).toMatchObject({ urgency: 'urgent' });
    expect(await alarms()).toHaveLength(1);
    await receive('工资已经拖欠三个月了', person);
    expect(await alarms()).toHaveLength(1);
    await receive('再不给我就不想活了', person);
    expect(await look(caseId)).toMatchObject({ urgency: 'critical' });
    expect(await alarms()).toHaveLength(2);
    expect((await alarms())[1]!.people).toContain('A-otherAgent');
    await put({});
  });
});

describe('reminders', () => {
  const remindersOf = async (caseId: string) =>
    (
      await stage.query<{ step: string }>(
        `select step from case_reminders where case_id = '${caseId}' order by step`,
      )
    ).map((row) => row.step);
  const drain = async () => {
    while ((await remindDue(stage.app)).more);
  };

  test('are given once a step, however often the scanner looks, and the gravest alone after a long time', async () => {
    const caseId = await receive('请问职称怎么申报', newId(), new Date('2026-09-01T02:00:00Z'));
    await drain();
    await stage.query(`update cases set remind_at = now() where id = '${caseId}'`);
    await drain();
    const told = (await eventsOf(caseId)).filter((event) => event === 'reminded');
    expect(told).toHaveLength(1);
    expect(await remindersOf(caseId)).toEqual(
      expect.arrayContaining(['day-60', 'due', 'late-1', 'late-5', 'warn']),
    );
    expect((await noticesOf(caseId)).at(-1)).toMatchObject({ kind: 'case-escalated' });
  });

  test('stop when the case is answered', async () => {
    const caseId = await receive('请问在哪里打印参保证明');
    await drain();
    await stage.query(
      `update cases set state = 'answered', answered_at = now(), remind_at = now() where id = '${caseId}'`,
    );
    await drain();
    const [row] = await stage.query<{ remind_at: Date | null }>(
      `select remind_at from cases where id = '${caseId}'`,
    );
    expect(row!.remind_at).toBeNull();
  });

  test('look again at the next step, not before', async () => {
    const caseId = await receive('请问技工学校怎么报名');
    await drain();
    const [row] = await stage.query<{ remind_at: Date; due_at: Date }>(
      `select remind_at, due_at from cases where id = '${caseId}'`,
    );
    expect(row!.remind_at < row!.due_at).toBe(true);
    expect(row!.remind_at > new Date()).toBe(true);
  });
});

test('earlier cases are of the same account and number: neither a name nor a like number joins two people', async () => {
  const person = newId();
  const first = await receive('第一件：养老金怎么领', person);
  await stage.query(`update cases set state = 'closed' where id = '${first}'`);
  const second = await receive('第二件：社保卡丢了怎么办', person);
  const namesake = await receive('同名的另一个人：医保怎么转');
  const [weibo, none] = [newId(), newId()];
  const { id: bureauId } = stage.bureau;
  await stage.query(
    `insert into accounts select (jsonb_populate_record(a, jsonb_build_object('id', '${weibo}', 'platform', 'weibo',
       'name', '另一个账号'))).* from accounts a where a.id = '${stage.bureau.accountId}'`,
  );
  const others: string[] = [];
  for (const accountId of [weibo, null]) {
    const recorded = await stage.app.database.withWorker((tx) =>
      recordInbound(tx, {
        ...{
          bureauId,
          accountId,
          kind: accountId ? ('message' as const) : ('phone' as const),
          threadKey: `${person}:${none}`,
          deliveryId: null,
        },
        ...{
          platformId: newId(),
          person: { key: person, name: '王秀英' },
          text: '别处同号的人：失业金怎么领',
        },
        ...{ attachment: null, at: new Date(), window: null },
      }),
    );
    others.push(recorded!.caseId);
  }
  expect((await look(second)).earlier.map(({ id }) => id)).toEqual([first]);
  for (const other of [namesake, ...others]) expect((await look(other)).earlier).toEqual([]);
});
