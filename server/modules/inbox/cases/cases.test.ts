import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { wallTime } from '#server/base/clock.ts';
import { newId } from '#server/base/ids.ts';
import type { CaseRow, CaseView } from '#shared/inbox.ts';
import { recordInbound } from '../intake/record-inbound.ts';
import { remindDue } from '../reminders/remind.ts';
import { type Bureau, buildBureau, type InboxStage, stageInbox } from '../test-support.ts';
import { listInboxTodo } from '../todo.ts';

let stage: InboxStage;
let neighbour: Bureau;
beforeAll(async () => {
  stage = await stageInbox();
  neighbour = await buildBureau(stage.app, 'B');
}, 60_000);
afterAll(() => stage.stop());

type Page = { rows: CaseRow[]; next: string | null; open: number; overdue: number };
const get = async <T>(actor: Actor, path: string) => (await stage.call(actor, 'GET', path)).body as T;
const list = (query = '', actor = stage.bureau.agent) => get<Page>(actor, `/api/cases${query}`);
const view = (caseId: string) => get<CaseView>(stage.bureau.agent, `/api/cases/${caseId}`);

/** Someone writes; returns the case it is in. */
async function receive(
  text: string,
  from = newId(),
  at = new Date(),
  bureau = stage.bureau,
): Promise<string> {
  await stage.app.database.withWorker((tx) =>
    recordInbound(tx, {
      ...{
        bureauId: bureau.id,
        accountId: bureau.accountId,
        kind: 'message',
        threadKey: from,
        deliveryId: null,
      },
      platformId: newId(),
      person: { key: from, name: null },
      text,
      attachment: null,
      at,
      window: { ms: 48 * 3_600_000, messages: 5 },
    }),
  );
  const [row] = await stage.query<{ id: string }>(
    `select l.case_id as id from messages m join case_conversations l on l.conversation_id = m.conversation_id
     join cases c on c.id = l.case_id where m.text = '${text}' order by c.created_at desc, c.id desc limit 1`,
  );
  return row!.id;
}
const markAnswered = (caseId: string, ago: string) =>
  stage.query(
    `update cases set state = 'answered', answered_at = now() - interval '${ago}' where id = '${caseId}'`,
  );
const eventsOf = async (caseId: string) => (await view(caseId)).events.map(({ event }) => event);

describe('who may', () => {
  const routes = [
    ['GET', () => '/api/cases', undefined, { agent: 200, section: 200, administrator: 200 }],
    [
      'PUT',
      (id: string) => `/api/cases/${id}/class`,
      { kind: 'help', field: null },
      { agent: 200, section: 403, administrator: 200 },
    ],
    [
      'POST',
      (id: string) => `/api/cases/${id}/close`,
      { reason: '重复' },
      // Not its own: of another section it writes notes.
      { agent: 200, section: 403, administrator: 403 },
    ],
  ] as const;

  test.each(routes)(
    '%s as agent, section, administrator, nobody, neighbour',
    async (method, path, body, expected) => {
      for (const role of ['agent', 'section', 'administrator'] as const) {
        const caseId = await receive(`谁可以 ${method} ${role}`);
        const { status } = await stage.call(stage.bureau[role], method, path(caseId), body);
        expect([role, status]).toEqual([role, expected[role]]);
      }
      const caseId = await receive(`谁可以 ${method}`);
      expect((await stage.call(null, method, path(caseId), body)).status).toBe(401);
      const foreign = await stage.call(neighbour.agent, method, path(caseId), body);
      if (method === 'GET') expect((foreign.body as Page).rows).toEqual([]);
      else expect(foreign.status).toBe(404);
    },
  );

  test('a neighbouring bureau sees no case, answers none, decides none', async () => {
    const caseId = await receive('邻县看不到的来信');
    expect((await stage.call(neighbour.agent, 'GET', `/api/cases/${caseId}`)).status).toBe(404);
    const { conversations } = await view(caseId);
    const body = { conversationId: conversations[0]!.id, text: '您好' };
    expect((await stage.call(neighbour.agent, 'POST', `/api/cases/${caseId}/answers`, body)).status).toBe(
      404,
    );
    const own = await receive('邻县自己的来信', newId(), new Date(), neighbour);
    const crossed = await stage.call(neighbour.agent, 'POST', `/api/cases/${own}/answers`, body);
    expect(crossed.status).toBe(404);
  });
});

describe('a message', () => {
  test('opens a case with number, class, section, and a deadline explained; its section is told', async () => {
    const caseId = await receive('请问失业金怎么申请？');
    const found = await view(caseId);
    expect(found).toMatchObject({
      kind: 'consult',
      field: '社会保险',
      unitName: '社会保险股',
      state: 'open',
      channel: 'message',
      title: '请问失业金怎么申请？',
      platformName: { zh: '微信公众号' },
      accountName: '青川人社',
    });
    expect(found.number).toMatch(/^20\d\d-\d{6}$/);
    // The section's people answer: nobody else owns it, and they hear of it.
    expect(found.ownerId).toBeNull();
    while ((await remindDue(stage.app)).more);
    const told = await stage.query<{ kind: string; name: string }>(
      `select n.kind, p.name from notices n join notice_recipients r on r.notice_id = n.id
       join people p on p.id = r.person_id where n.subject_id = '${caseId}'`,
    );
    expect(told).toEqual([{ kind: 'case-assigned', name: 'A-section' }]);
    expect(found.deadline.workingDays).toBe(3);
    expect(found.deadline.steps.filter((step) => step.counted)).toHaveLength(3);
    expect(wallTime(new Date(found.dueAt!)).slice(11)).toBe('17:30');
    expect(found.events[1]!.detail).toMatchObject({ words: { field: ['失业金'] } });
    const audit = await stage.query<{ detail: object }>(
      `select detail from audit_entries where subject_id = '${caseId}' and action = 'case.opened'`,
    );
    expect(JSON.stringify(audit[0]!.detail)).not.toContain('失业金');
  });

  test('shares new cases evenly among the agents', async () => {
    const owners = [];
    for (let count = 0; count < 6; count += 1)
      owners.push((await view(await receive(`平均分配 ${count}`))).ownerId);
    const mine = owners.filter((id) => id === stage.bureau.agent.personId);
    expect(mine.length).toBeGreaterThanOrEqual(2);
    expect(mine.length).toBeLessThanOrEqual(4);
  });

  test('numbers the cases of a year without a gap', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, at) => receive(`编号 ${at}`)));
    const rows = await stage.query<{ number: string }>(
      `select number from cases where bureau_id = '${stage.bureau.id}' order by number`,
    );
    expect(rows.map(({ number }) => Number(number.slice(5)))).toEqual(rows.map((_, at) => at + 1));
  });

  test('joins the open case of its conversation and does not move its deadline', async () => {
    const person = newId();
    const first = await receive('想问退休手续', person);
    const before = (await view(first)).dueAt;
    expect(await receive('还有一句', person)).toBe(first);
    expect((await view(first)).dueAt).toBe(before);
    expect(await eventsOf(first)).toContain('joined');
  });

  test('reopens a case answered less than three days ago, with a new clock', async () => {
    const person = newId();
    const received = new Date(Date.now() - 4 * 86_400_000);
    const caseId = await receive('请问怎么查养老金', person, received);
    const before = (await view(caseId)).dueAt!;
    await markAnswered(caseId, '2 days');
    expect(await receive('还是没有查到', person)).toBe(caseId);
    const after = await view(caseId);
    expect(after).toMatchObject({ state: 'open', answeredAt: null });
    expect(after.dueAt! > before).toBe(true);
    expect(await eventsOf(caseId)).toContain('reopened');
  });

  test('of thanks after an answer only joins the log', async () => {
    const person = newId();
    const caseId = await receive('职称评审在哪报名', person);
    await markAnswered(caseId, '1 hour');
    expect(await receive('好的，谢谢！', person)).toBe(caseId);
    expect(await view(caseId)).toMatchObject({ state: 'answered' });
    expect(await eventsOf(caseId)).toContain('thanked');
  });

  test('opens another case three days after an answer, and after a closed one', async () => {
    const person = newId();
    const first = await receive('请问医保归谁管', person);
    await markAnswered(first, '3 days 1 minute');
    const second = await receive('又来问一件事', person);
    expect(second).not.toBe(first);
    await stage.query(`update cases set state = 'closed' where id = '${second}'`);
    expect(await receive('第三件事', person)).not.toBe(second);
  });

  test('is titled by its first forty characters, or by what it is when it has none', async () => {
    const long = '很长的来信'.repeat(20);
    expect([...(await view(await receive(long))).title]).toHaveLength(40);
    await stage.app.database.withWorker((tx) =>
      recordInbound(tx, {
        ...{
          bureauId: stage.bureau.id,
          accountId: stage.bureau.accountId,
          kind: 'message',
          threadKey: 'oPICTURE',
        },
        ...{
          platformId: newId(),
          person: { key: 'oPICTURE', name: null },
          text: '',
          at: new Date(),
          deliveryId: null,
        },
        attachment: { type: 'image', mediaId: 'm', url: null },
        window: null,
      }),
    );
    const rows = await stage.query(
      `select 1 from cases c join case_conversations l on l.case_id = c.id join conversations v on v.id = l.conversation_id
       where v.person_key = 'oPICTURE' and c.title = '[图片]' and c.kind = 'other'`,
    );
    expect(rows).toHaveLength(1);
  });
});

describe('the list', () => {
  test('pages through every case once, what is due first on top', async () => {
    for (let count = 0; count < 60; count += 1)
      await receive(`翻页 ${count}`, newId(), new Date(Date.now() - count * 86_400_000));
    const seen: CaseRow[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page = await list(`?state=open${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
      seen.push(...page.rows);
      cursor = page.next;
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    const { open, overdue } = await list();
    expect(seen).toHaveLength(open);
    expect(seen.filter((row) => row.overdue)).toHaveLength(overdue);
    expect(overdue).toBeGreaterThan(0);
    expect(seen.map(({ dueAt }) => dueAt)).toEqual(seen.map(({ dueAt }) => dueAt).toSorted());
  });

  test('puts open cases before the others', async () => {
    const { rows } = await list();
    expect(rows[0]!.state).toBe('open');
  });

  test('finds words of messages, titles and numbers, and takes wildcards as they are', async () => {
    const person = newId();
    const caseId = await receive('标题里没有的词在后面', person);
    await receive('高温津贴标准 100%_发放', person);
    const numbered = (await view(caseId)).number;
    for (const search of ['高温津贴标准', '100%_发', '没有的词', numbered]) {
      expect((await list(`?search=${encodeURIComponent(search)}`)).rows.map(({ id }) => id)).toEqual([
        caseId,
      ]);
    }
    expect((await list(`?search=${encodeURIComponent('100_%发')}`)).rows).toEqual([]);
  });

  test('shows mine, and refuses a cursor it did not make', async () => {
    const { rows } = await list('?mine=1');
    expect(rows.every(({ ownerId }) => ownerId === stage.bureau.agent.personId)).toBe(true);
    for (const cursor of ['x', "1_' or 1=1", `NaN_${newId()}`]) {
      const { status } = await stage.call(
        stage.bureau.agent,
        'GET',
        `/api/cases?cursor=${encodeURIComponent(cursor)}`,
      );
      expect(status).toBe(400);
    }
  });
});

describe('people change a case', () => {
  test('its class moves the deadline and keeps what was before', async () => {
    const caseId = await receive('请问怎么办理');
    const before = (await view(caseId)).dueAt!;
    const body = { kind: 'complaint', field: '劳动监察' };
    await stage.call(stage.bureau.agent, 'PUT', `/api/cases/${caseId}/class`, body);
    const after = await view(caseId);
    expect(after).toMatchObject({ kind: 'complaint', field: '劳动监察', deadline: { workingDays: 7 } });
    expect(after.dueAt! > before).toBe(true);
    expect(after.events.at(-1)).toMatchObject({
      event: 'classified',
      actorName: 'A-agent',
      detail: { before: { kind: 'consult', field: null } },
    });
  });

  test('its owner must be able to answer, its unit must be ours', async () => {
    const caseId = await receive('转给科室');
    const { insuranceId, section, administrator, agent } = stage.bureau;
    const assign = async (unitId: string, ownerId: string | null) =>
      (await stage.call(agent, 'PUT', `/api/cases/${caseId}/owner`, { unitId, ownerId, note: '请科室答复' }))
        .status;
    expect(await assign(neighbour.insuranceId, null)).toBe(400);
    expect(await assign(insuranceId, administrator.personId)).toBe(400);
    expect(await assign(insuranceId, neighbour.agent.personId)).toBe(400);
    expect(await assign(insuranceId, section.personId)).toBe(200);
    expect(await view(caseId)).toMatchObject({ unitName: '社会保险股', ownerName: 'A-section' });
    const { rows } = await stage.app.database.withScope(section, (tx) => listInboxTodo(tx, section));
    expect(rows.find(({ key }) => key === `case:${caseId}`)).toMatchObject({
      ...{ kind: 'answer', to: `/inbox/${caseId}`, overdue: false },
    });
  });

  test('given to a section without a name stands on the list of the section, and of no other', async () => {
    const caseId = await receive('交给科室，不指名');
    const { insuranceId, section, agent } = stage.bureau;
    const given = { unitId: insuranceId, ownerId: null, note: '' };
    expect((await stage.call(agent, 'PUT', `/api/cases/${caseId}/owner`, given)).status).toBe(200);
    const keysFor = async (actor: typeof section) =>
      (await stage.app.database.withScope(actor, (tx) => listInboxTodo(tx, actor))).rows.map(
        (todo) => todo.key,
      );
    expect(await keysFor(section)).toContain(`case:${caseId}`);
    expect(await keysFor({ ...section, unitId: section.bureauId })).not.toContain(`case:${caseId}`);
  });

  test('beyond fifty that wait, the most pressed are named and the others counted', async () => {
    const { agent } = stage.bureau;
    const read = () => stage.app.database.withScope(agent, (tx) => listInboxTodo(tx, agent));
    for (let count = 0; count < 52; count += 1) await receive(`第 ${count} 件`);
    await stage.query(
      `update cases set owner_id = '${agent.personId}' where bureau_id = '${agent.bureauId}'`,
    );
    const [{ total } = { total: 0 }] = await stage.query<{ total: number }>(
      `select count(*)::int as total from cases
       where bureau_id = '${agent.bureauId}' and state = 'open' and paused_at is null`,
    );
    const { rows, more } = await read();
    expect(rows.filter(({ kind }) => kind === 'answer')).toHaveLength(50);
    expect(more).toEqual([{ kind: 'answer', count: total - 50, to: '/inbox' }]);
  });

  test('an answer too long, too late, or to a closed case is refused', async () => {
    const caseId = await receive('窗口测试');
    const conversationId = (await view(caseId)).conversations[0]!.id;
    const answer = (text: string) =>
      stage.call(stage.bureau.agent, 'POST', `/api/cases/${caseId}/answers`, { conversationId, text });
    expect((await answer('长'.repeat(601))).body).toMatchObject({
      code: 'reply-too-long',
      details: { limit: 600 },
    });
    await stage.query(
      `update conversations set window_ends_at = now() - interval '1 second' where id = '${conversationId}'`,
    );
    expect((await answer('您好')).body).toMatchObject({ code: 'reply-window-closed' });
    expect((await view(caseId)).conversations[0]!.window.open).toBe(false);
    const close = () =>
      stage.call(stage.bureau.agent, 'POST', `/api/cases/${caseId}/close`, { reason: '已电话答复' });
    expect((await close()).status).toBe(200);
    expect((await close()).body).toMatchObject({ code: 'state-conflict' });
    expect((await answer('您好')).body).toMatchObject({ code: 'state-conflict' });
    expect((await view(caseId)).events.at(-1)).toMatchObject({
      event: 'closed',
      detail: { reason: '已电话答复', answered: false },
    });
  });

  test('a case is not closed while an answer is on its way', async () => {
    const caseId = await receive('答复途中');
    const conversationId = (await view(caseId)).conversations[0]!.id;
    await stage.call(stage.bureau.agent, 'POST', `/api/cases/${caseId}/answers`, {
      conversationId,
      text: '您好',
    });
    const closed = await stage.call(stage.bureau.agent, 'POST', `/api/cases/${caseId}/close`, {
      reason: '办结',
    });
    expect(closed.body).toMatchObject({ code: 'answer-under-way' });
  });
});

test('what was answered within seven days and neither rated nor called waits for a call', async () => {
  const list = async (actor = stage.bureau.agent) =>
    (await stage.call(actor, 'GET', '/api/cases?callBack=1')).body as Page & { callBack: number };
  const before = (await list()).callBack;
  const [fresh, old, rated] = [await receive('待回访'), await receive('早已答复'), await receive('已评价')];
  await markAnswered(fresh, '6 days');
  await markAnswered(old, '8 days');
  await markAnswered(rated, '1 hour');
  await stage.query(`update cases set satisfaction = 5 where id = '${rated}'`);
  const now = await list();
  expect(now.callBack).toBe(before + 1);
  const ids = now.rows.map(({ id }) => id);
  expect([fresh, old, rated].map((id) => ids.includes(id))).toEqual([true, false, false]);
  await stage.query(`update cases set called_back_at = now() where id = '${fresh}'`);
  expect((await list()).callBack).toBe(before);
  expect(await list(neighbour.agent)).toMatchObject({ callBack: 0, rows: [] });
});
