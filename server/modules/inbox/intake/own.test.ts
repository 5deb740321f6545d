import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { writeSheets } from '#server/base/sheets.ts';
import type { CaseRow, CaseView } from '#shared/inbox.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { readTransfer } from './read-transfer.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

type Imported = {
  imported: number;
  known: string[];
  problems: { line: number; column: string; problem: { zh: string } }[];
};

async function importList(bytes: Buffer | string): Promise<{ status: number; body: Imported }> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(Buffer.from(bytes))]), '转办.csv');
  const response = await fetch(`${new URL(stage.hook).origin}/api/cases/import`, {
    method: 'POST',
    headers: { 'x-actor': JSON.stringify(stage.bureau.agent), 'idempotency-key': newId() },
    body: form,
  });
  return { status: response.status, body: (await response.json()) as Imported };
}
const look = async (caseId: string) =>
  (await stage.call(stage.bureau.agent, 'GET', `/api/cases/${caseId}`)).body as CaseView;
const list = async (query: string) =>
  ((await stage.call(stage.bureau.agent, 'GET', `/api/cases?${query}`)).body as { rows: CaseRow[] }).rows;

describe('a list from a hotline', () => {
  const head = '工单编号,来件时间,姓名,联系电话,诉求内容,类型';

  test('becomes cases with number, source, time of receipt and sealed contact', async () => {
    const number = `GD${newId().slice(-8)}`;
    const row = `${number},2026-11-23 09:30,李建国,13800001234,公司拖欠工资两个月，要求处理,投诉`;
    const { status, body } = await importList(`${head}\n${row}`);
    expect([status, body]).toEqual([200, { imported: 1, known: [], problems: [] }]);
    const [found] = await list(`channel=transfer&search=${number}`);
    expect(found).toMatchObject({
      kind: 'complaint',
      personName: '李建国',
      platform: null,
      accountName: null,
    });
    expect(new Date(found!.receivedAt).toISOString()).toBe('2026-11-23T01:30:00.000Z');
    const view = await look(found!.id);
    expect(view.conversations[0]).toMatchObject({
      source: { name: '12345', number },
      contact: { name: '李建国', phone: '13800001234' },
    });
    const [sealed] = await stage.query<{ contact_sealed: Buffer }>(
      `select contact_sealed from conversations where source_number = '${number}'`,
    );
    expect(sealed!.contact_sealed.includes('13800001234')).toBe(false);
  });

  test('that comes again brings only what is new', async () => {
    const [first, second] = [`GD${newId().slice(-8)}`, `GD${newId().slice(-8)}`];
    const line = (number: string) => `${number},2026-11-23,张三,,社保卡在哪里补办,`;
    await importList(`${head}\n${line(first)}`);
    const { body } = await importList(`${head}\n${line(first)}\n${line(second)}`);
    expect(body).toEqual({ imported: 1, known: [first], problems: [] });
    expect(await list(`search=${first}`)).toHaveLength(1);
  });

  test('with a faulty row is not taken in at all, and every fault is named by row and column', async () => {
    const number = `GD${newId().slice(-8)}`;
    const rows = [
      `${number},2026-11-23 09:30,,,养老金认证怎么做,咨询`,
      `${number},昨天上午,,,问题,咨询`,
      '2.0261E+15,2026-11-23,,,问题,随便',
      ',2099-01-01,,,,',
    ];
    const { status, body } = await importList(`${head}\n${rows.join('\n')}`);
    expect([status, body.imported]).toEqual([200, 0]);
    expect(body.problems.map(({ line, column }) => `${line} ${column}`)).toEqual([
      ...['3 来件时间', '3 工单编号', '4 工单编号', '4 类型'],
      ...['5 工单编号', '5 诉求内容', '5 来件时间'],
    ]);
    expect(await list(`search=${number}`)).toEqual([]);
  });

  test('may be a workbook with the columns of another system', async () => {
    const number = `12333-${newId().slice(-8)}`;
    const sheet = {
      name: '转办',
      header: ['序号', '受理编号', '受理时间', '渠道', '反映内容', '来电号码'],
      rows: [[1, number, '2026年11月20日 8:05', '12333', '职业培训补贴怎么申请', '0557-3020000']],
    };
    const { body } = await importList(await writeSheets([sheet]));
    expect(body).toEqual({ imported: 1, known: [], problems: [] });
    const [found] = await list(`search=${number}`);
    expect((await look(found!.id)).conversations[0]!.source).toEqual({ name: '12333', number });
  });

  test.each([
    ['nothing', '', 'sheet-unreadable'],
    ['something that is no list', Buffer.from([0, 1, 2, 3]), 'sheet-unreadable'],
  ])('that is %s is refused', async (_what, bytes, code) => {
    expect((await importList(bytes)).body).toMatchObject({ code });
  });

  test('brings the hotline’s own deadline: the case shows it and is due by the earlier of the two', async () => {
    const at = '2026-11-23 09:30';
    const lines = [
      ['2026-11-24 12:00', '投诉', '2026-11-24T04:00:00.000Z'],
      ['2027-01-20', '咨询', '2026-11-26T09:30:00.000Z'],
      ['5个工作日', '投诉', '2026-11-30T09:30:00.000Z'],
    ].map(([due, kind, expected]) => ({ number: `GD${newId().slice(-8)}`, due, kind, expected }));
    const rows = lines.map(({ number, due, kind }) => `${number},${at},${due},公司不缴社保怎么办,${kind}`);
    const { body } = await importList(`工单编号,来件时间,办结时限,诉求内容,类型\n${rows.join('\n')}`);
    expect(body).toEqual({ imported: 3, known: [], problems: [] });
    for (const { number, due, expected } of lines) {
      const [found] = await list(`search=${number}`);
      const view = await look(found!.id);
      expect([number, new Date(view.dueAt!).toISOString()]).toEqual([number, expected]);
      expect([due, view.deadline.given]).toEqual([due, due !== '2027-01-20']);
      expect(view.events.filter(({ event }) => event === 'deadline-given')).toMatchObject([
        { detail: { note: expect.stringMatching(/^12345：20\d\d-/) } },
      ]);
    }
  });

  test('with its deadline is no later answered when it is put into another case', async () => {
    const number = `GD${newId().slice(-8)}`;
    await importList(
      `工单编号,来件时间,办结时限,诉求内容,类型\n${number},2026-11-20 09:30,2026-11-21 12:00,公司不缴社保,投诉`,
    );
    const from = (await list(`search=${number}`))[0]!;
    const { agent } = stage.bureau;
    const entered = await stage.call(agent, 'POST', '/api/cases', {
      channel: 'visit',
      text: '来访投诉公司不缴社保',
    });
    const { caseId: into } = entered.body as { caseId: string };
    const own = (await look(into)).dueAt!;
    expect(own > from.dueAt!).toBe(true);
    const step = (body: object) => stage.call(agent, 'POST', `/api/cases/${from.id}/dispatch-steps`, body);
    expect((await step({ step: 'merge', into, reason: '同一件事' })).status).toBe(200);
    expect((await look(into)).dueAt).toBe(from.dueAt);
    expect((await step({ step: 'unmerge', reason: '不是一件' })).status).toBe(200);
    expect((await look(into)).dueAt).toBe(own);
    expect((await look(from.id)).dueAt).toBe(from.dueAt);
  });

  test('whose deadlines cannot be read says so, row by row', () => {
    const row = (line: number, due: string) => ({
      line,
      cells: [`GD${line}`, '2026-11-23 09:30', due, '社保卡在哪办'],
    });
    const head = { line: 1, cells: ['工单编号', '来件时间', '截止时间', '诉求内容'] };
    const { problems } = readTransfer([
      head,
      row(2, '尽快'),
      row(3, '2026-11-20'),
      row(4, '0工作日'),
      row(5, ''),
    ]);
    expect(problems.map(({ line, column }) => `${line} ${column}`)).toEqual(
      [2, 3, 4].map((line) => `${line} 办结时限`),
    );
  });

  test('that is a PDF by another name is told that it is no table', async () => {
    const { body } = await importList(Buffer.from('%PDF-1.4\n1 0 obj\n<< >>\nendobj'));
    expect(body).toMatchObject({ code: 'sheet-unreadable', message: { zh: expect.stringContaining('PDF') } });
  });

  test('without its columns says which are missing', () => {
    const { problems } = readTransfer([{ line: 1, cells: ['编号', '内容'] }]);
    expect(problems).toMatchObject([{ line: 1, column: '来件时间' }]);
  });
});

describe('words at the counter', () => {
  const enter = (body: object) => stage.call(stage.bureau.agent, 'POST', '/api/cases', body);

  test('are a case like any other, answered without a platform', async () => {
    const text = '来访反映：退休待遇核定慢';
    const { body } = await enter({ channel: 'visit', text, name: '赵六', phone: '139 0000 5678' });
    const { caseId } = body as { caseId: string };
    const view = await look(caseId);
    expect(view).toMatchObject({ channel: 'visit', personName: '赵六', state: 'open' });
    const answer = { conversationId: view.conversations[0]!.id, text: '当面答复：本月底前核定完毕。' };
    const answered = await stage.call(stage.bureau.agent, 'POST', `/api/cases/${caseId}/answers`, answer);
    expect(answered.status).toBe(200);
    expect(await look(caseId)).toMatchObject({ state: 'answered' });
    expect((await look(caseId)).conversations[0]!.replies).toMatchObject([{ state: 'sent' }]);
  });

  test('of the same telephone are shown beside each other, whatever the way', async () => {
    const first = await enter({ channel: 'phone', text: '来电问工伤认定进度', phone: '+86 13700002222' });
    const second = await enter({ channel: 'letter', text: '来信再问工伤认定', phone: '13700002222' });
    const view = await look((second.body as { caseId: string }).caseId);
    expect(view.earlier.map(({ id }) => id)).toEqual([(first.body as { caseId: string }).caseId]);
  });

  test('cannot lie in the future', async () => {
    const answer = await enter({ channel: 'visit', text: '明天的来访', receivedWall: '2099-01-01 09:00' });
    expect(answer.status).toBe(400);
  });

  test('show how to reach the person to those who handle cases alone', async () => {
    const { body } = await enter({ channel: 'visit', text: '来访咨询', phone: '13600003333' });
    const path = `/api/cases/${(body as { caseId: string }).caseId}`;
    const asLeader = { ...stage.bureau.agent, roles: ['leader'] } as typeof stage.bureau.agent;
    const seen = (await stage.call(asLeader, 'GET', path)).body as CaseView;
    expect(seen.conversations[0]!.contact).toBeNull();
  });
});
