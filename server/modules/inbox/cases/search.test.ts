/** What colleagues type to find a case: words, a telephone number, a receipt. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { newId } from '#server/base/ids.ts';
import type { CaseRow } from '#shared/inbox.ts';
import { submitAsk } from '../asks/submit-ask.ts';
import { recordInbound } from '../intake/record-inbound.ts';
import { takeOwnWords } from '../intake/take-own.ts';
import { buildBureau, type InboxStage, stageInbox } from '../test-support.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage?.stop());

async function write(text: string, from = newId()): Promise<string> {
  const { id: bureauId, accountId } = stage.bureau;
  const recorded = await stage.app.database.withWorker((tx) =>
    recordInbound(tx, {
      ...{ bureauId, accountId, kind: 'message', threadKey: from, deliveryId: null, platformId: newId() },
      ...{ person: { key: from, name: '王秀英' }, text, attachment: null, at: new Date(), window: null },
    }),
  );
  return recorded!.caseId;
}

async function call(phone: string, bureauId = stage.bureau.id): Promise<string> {
  const taken = await stage.app.database.withWorker((tx) =>
    takeOwnWords(stage.app, tx, {
      ...{ bureauId, channel: 'phone', text: '想问退休金什么时候发', kind: null, key: null, at: new Date() },
      contact: { name: '', phone, address: '' },
    }),
  );
  return taken!.caseId;
}

let household = 0;
async function ask(phone: string | null): Promise<{ caseId: string; receipt: string; code: string }> {
  household += 1;
  const { receipt, code } = await submitAsk(stage.app, {
    ...{ bureauId: stage.bureau.id, key: newId(), channel: 'ask', text: '失业金怎么申领', place: null },
    ...{ page: null, name: null, phone, mayPublish: false, pictures: [], proof: undefined },
    from: `198.51.100.${household}`,
  });
  const [row] = await stage.query<{ case_id: string }>(
    `select l.case_id from case_conversations l join conversations v on v.id = l.conversation_id where v.receipt = '${receipt}'`,
  );
  return { caseId: row!.case_id, receipt, code };
}

async function find(search: string, actor: Actor = stage.bureau.agent): Promise<string[]> {
  const { body } = await stage.call(actor, 'GET', `/api/cases?search=${encodeURIComponent(search)}`);
  return (body as { rows: CaseRow[] }).rows.map(({ id }) => id).toSorted();
}

describe('words', () => {
  test('between spaces must all occur, wherever each of them stands', async () => {
    const person = newId();
    const both = await write('社保卡丢了', person);
    await write('在哪里可以补办', person);
    const reversed = await write('请问补办社保卡要几天');
    await write('社保卡余额怎么查');
    await write('身份证补办');
    expect(await find('社保卡 补办')).toEqual([both, reversed].toSorted());
    expect(await find('补办　社保卡')).toEqual([both, reversed].toSorted());
    expect(await find('王秀英 余额')).toHaveLength(1);
    expect(await find('社保卡 没有的词')).toEqual([]);
  });
});

describe('a telephone number', () => {
  test('is found as somebody left it, however it is written', async () => {
    const [called, asked] = [await call('13800138001'), (await ask('138 0013 8001')).caseId];
    await call('13800138002');
    for (const typed of [
      '13800138001',
      '138 0013 8001',
      '138-0013-8001',
      '+86 13800138001',
      '１３８００１３８００１',
    ])
      expect(await find(typed), typed).toEqual([called, asked].toSorted());
  });

  test('is found whole or not at all', async () => {
    await call('13912345678');
    for (const part of ['1391234567', '12345678', '3912345678']) expect(await find(part), part).toEqual([]);
  });

  test('finds too whoever wrote it in the words', async () => {
    const [called, written] = [await call('13700137000'), await write('请打我电话13700137000')];
    expect(await find('13700137000')).toEqual([called, written].toSorted());
  });

  test('is nowhere in the clear, and means nothing in another bureau', async () => {
    const caseId = await call('13600136000');
    const asked = await ask('13600136000');
    const neighbour = await buildBureau(stage.app, 'C');
    const other = await call('13600136000', neighbour.id);
    expect(await find('13600136000')).toEqual([caseId, asked.caseId].toSorted());
    expect(await find('13600136000', neighbour.agent)).toEqual([other]);
    const rows = await stage.query<{ row: string; key: string }>(
      `select v::text as row, coalesce(v.phone_key, v.person_key) as key from conversations v
       join case_conversations l on l.conversation_id = v.id
       where l.case_id in ('${caseId}', '${asked.caseId}', '${other}')`,
    );
    expect(rows.every(({ row }) => !row.includes('13600136000'))).toBe(true);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(2);
  });

  test('is not found by those who do not see it at the case', async () => {
    const caseId = await call('13500135000');
    const { section, administrator, insuranceId } = stage.bureau;
    await stage.query(`update cases set unit_id = '${insuranceId}', owner_id = null where id = '${caseId}'`);
    expect(await find('13500135000', administrator)).toEqual([]);
    expect(await find('13500135000', { ...section, unitId: newId() })).toEqual([]);
    expect(await find('13500135000', section)).toEqual([caseId]);
  });

  test('of a case that was merged finds the one that stays', async () => {
    const [from, into] = [await call('13400134000'), await write('退休金什么时候到账')];
    const body = { step: 'merge', into, reason: '同一问题' };
    await stage.call(stage.bureau.agent, 'POST', `/api/cases/${from}/dispatch-steps`, body);
    expect(await find('13400134000')).toEqual([into]);
  });
});

describe('a receipt', () => {
  test('is found as it is printed, and by a number that is the same', async () => {
    const { caseId, receipt } = await ask(null);
    const grouped = `${receipt.slice(0, 5)} ${receipt.slice(5)}`;
    for (const typed of [receipt, grouped, grouped.replace(' ', '-'), receipt.toLowerCase()])
      expect(await find(typed), typed).toEqual([caseId]);
  });

  test('its code finds nothing, alone or beside it', async () => {
    const { receipt, code } = await ask(null);
    for (const typed of [
      code,
      `${code.slice(0, 4)} ${code.slice(4)}`,
      `${receipt} ${code}`,
      receipt.slice(0, 4) + code,
    ])
      expect(await find(typed), typed).toEqual([]);
  });
});
