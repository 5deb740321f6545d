import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromWallTime, now } from '#server/base/clock.ts';
import { maskPersonalData } from '#server/base/text/personal-data.ts';
import { listTodo } from '#shared/home.ts';
import { getInboxSettings, putInboxSettings } from '#shared/inbox-settings.ts';
import {
  type Digest,
  getDigest,
  getDigestFile,
  listDigests,
  makeDigest,
  putDigest,
  signDigest,
} from '#shared/insight.ts';
import { getMe } from '#shared/people.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import type { Client } from '#tests/support/client.ts';
import { single, unpaid, writeIn } from '../test-support.ts';
import { planInsight } from '../worker.ts';
import { hashOf } from './change-digest.ts';
import { maskDigest } from './compose.ts';
import { toPrintPage, toWord } from './files.ts';
import { addDays, mondayOf } from './week.ts';

let installation: TestInstallation;
let leader: Client;
let administrator: Client;
let bureauId: string;
/** A week of last year, so that nothing else falls into it. */
const week = '2025-06-09';
const on = (day: number) => fromWallTime(`${addDays(week, day)} 10:00`);

beforeAll(async () => {
  installation = await buildInstallation();
  leader = await installation.as('lingdao');
  administrator = await installation.as('guanli');
  const me = await leader.call(getMe, {});
  bureauId = me.bureau.id;
  const leaderId = me.personId;
  const { app } = installation;
  const write = (written: Parameters<typeof writeIn>[2]) => writeIn(app, bureauId, written);
  for (const text of unpaid) await write({ text, at: on(1), field: '维权/欠薪', kind: 'complaint' });
  await write({
    text: single[0]!,
    at: on(2),
    field: '社保卡',
    reply: '请到网点补办。',
    dueAt: on(5),
    satisfaction: 5,
  });
  await write({
    text: single[1]!,
    at: on(3),
    field: '社会保险',
    reply: '可以网上办。',
    dueAt: on(2),
    satisfaction: 2,
  });
  await write({
    ...{
      text: '建议大厅增加午间值班，我叫李建国，电话13812345678',
      title: '建议大厅增加午间值班，联系李建国先生13812345678',
    },
    ...{ at: on(4), kind: 'suggestion', outcome: 'adopted' },
  });
  await write({ text: '加微信刷单', at: on(4), outcome: 'spam' });
  // Due within the week and never answered; due after it; closed by somebody without an answer; taken back by the writer.
  await write({ text: single[2]!, at: on(-3), dueAt: on(1) });
  await write({ text: single[4]!, at: on(-2), dueAt: on(9) });
  await write({ text: single[5]!, at: on(-8), outcome: 'no-answer', closed: { at: on(2), by: leaderId } });
  await write({ text: single[6]!, at: on(-8), outcome: 'no-answer', closed: { at: on(2), by: null } });
}, 60_000);
afterAll(() => installation?.close());

const draft = async (): Promise<Digest> => {
  const { digestId } = await leader.call(makeDigest, { body: { day: addDays(week, 3) } });
  return leader.call(getDigest, { params: { digestId } });
};
const textOf = (digest: Digest, key: string) => digest.sections.find((one) => one.key === key)!.text;

/** The text of a real .docx, as any program that opens it reads it. */
function readWord(bytes: Uint8Array): string {
  const xml = strFromU8(unzipSync(bytes)['word/document.xml']!);
  return [...xml.matchAll(/<w:t[^>]*>([^<]*)<\/w:t>/g)].map(([, text]) => text).join('');
}

describe('the weekly digest', () => {
  test('is drafted once a week, with the week’s numbers and nothing that names a person', async () => {
    const digest = await draft();
    expect((await draft()).id).toBe(digest.id);
    expect([digest.week, digest.revision, digest.signedByName]).toEqual([week, 1, null]);
    expect(textOf(digest, 'numbers')).toContain('收到群众留言 8 件，比上周多 6 件（上周 2 件）');
    // Nobody answered one in time and one was closed without a word: both count against the share.
    expect(textOf(digest, 'numbers')).toContain(
      '答复 2 件，其中按期 1 件；超过期限仍未答复 1 件；未答复即办结 1 件；按期答复率 25%（按期答复 1 件 ÷ 应答复 4 件',
    );
    expect(textOf(digest, 'numbers')).toContain('2 人评价，平均 3.5 分');
    expect(textOf(digest, 'suggestions')).toContain('采纳 1 条');
    expect(textOf(digest, 'watch')).toContain('1 件答复超过期限');
    expect(textOf(digest, 'watch')).toContain('1 件留言超过期限仍未答复');
    expect(textOf(digest, 'watch')).toContain('1 件留言未答复即办结');
    expect(digest.title).toMatch(/（2025年6月9日至6月15日）$/);
    expect(JSON.stringify(digest)).not.toMatch(/13812345678|李建国/);
  });

  test('is edited, signed, and a second edit voids the signature', async () => {
    const { id, sections, title } = await draft();
    const params = { digestId: id };
    const edited = sections.map((one) =>
      one.key === 'done' ? { ...one, text: '已约谈企业，联系人王小明，手机13900001111。' } : one,
    );
    const saved = await leader.call(putDigest, {
      params,
      body: { baseRevision: 1, title, sections: edited },
    });
    expect(saved).toMatchObject({ revision: 2 });
    expect(saved.masked).toBeGreaterThanOrEqual(1);
    const stale = await administrator.try(putDigest, { params, body: { baseRevision: 1, title, sections } });
    expect([stale.status, stale.error?.code]).toEqual([409, 'edit-conflict']);
    const unseen = await leader.try(signDigest, { params, body: { revision: 1 } });
    expect([unseen.status, unseen.error?.code]).toEqual([409, 'edit-conflict']);
    const { textHash } = await leader.call(signDigest, { params, body: { revision: 2 } });
    const signed = await leader.call(getDigest, { params });
    expect(signed.textHash).toBe(textHash);
    expect(hashOf(signed)).toBe(textHash);
    expect(JSON.stringify(signed)).not.toContain('13900001111');
    expect((await leader.try(signDigest, { params, body: { revision: 2 } })).status).toBe(409);
    await administrator.call(putDigest, {
      params,
      body: { baseRevision: 2, title, sections: signed.sections },
    });
    const voided = await leader.call(getDigest, { params });
    expect([voided.signedByName, voided.signedAt, voided.textHash]).toEqual([null, null, null]);
  });

  test('downloads as a Word document and as a page to print', async () => {
    const { id, title, revision } = await draft();
    const params = { digestId: id };
    const { textHash } = await leader.call(signDigest, { params, body: { revision } });
    const word = await leader.call(getDigestFile, { params, query: { format: 'docx' } });
    expect(word.name).toBe(`${title}.docx`);
    const text = readWord(Buffer.from(word.base64, 'base64'));
    for (const part of [title, '收到群众留言 8 件', '签发：', textHash]) expect(text).toContain(part);
    expect(text).not.toMatch(/13812345678|13900001111|李建国/);
    // As an official letter looks: all in black, with numbers of pages.
    const parts = unzipSync(Buffer.from(word.base64, 'base64'));
    const runs = strFromU8(parts['word/document.xml']!).split('<w:r>').slice(1);
    expect(runs.every((run) => run.includes('<w:color w:val="000000"/>'))).toBe(true);
    expect(strFromU8(parts['word/footer1.xml']!)).toContain('PAGE');
    const page = await leader.call(getDigestFile, { params, query: { format: 'html' } });
    const html = Buffer.from(page.base64, 'base64').toString();
    expect(html).toContain(`<h1>${title}</h1>`);
    expect(html).not.toMatch(/<script|13812345678/);
  });

  test('no digits or names get into a file, whatever was typed', async () => {
    const phone = fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map(String);
    const name = fc.constantFrom('王小明', '张桂芳', '欧阳建国', '陈一鸣');
    const line = fc.tuple(fc.constantFrom('我叫', '联系人：', '申请人'), name, phone);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 4 }), async (lines) => {
        const text = lines.map(([cue, who, number]) => `${cue}${who}，电话${number}。`).join('\n');
        const sections = [{ key: 'watch' as const, title: '五、需要关注', text }];
        const { text: digest } = maskDigest({ title: '周报', sections }, new Set());
        const read = readWord(await toWord(digest, null));
        for (const [, who, number] of lines)
          for (const shown of [read, toPrintPage(digest, null)]) {
            expect(shown).not.toContain(number);
            expect(shown).not.toContain(who);
          }
        // Nothing is left for the masker to find that would change the text.
        expect(maskPersonalData(read).masked).toBe(read);
      }),
      { numRuns: 25 },
    );
  });

  test('keeps what the bureau knows to be nobody’s name, and what was signed to the letter', async () => {
    const { id, title, revision, sections } = await draft();
    const params = { digestId: id };
    const write = async (baseRevision: number) => {
      const edited = sections.map((one) =>
        one.key === 'watch' ? { ...one, text: '刘文静对面的路灯坏了，联系人王小明。' } : one,
      );
      const body = { baseRevision, title, sections: edited };
      const saved = await leader.call(putDigest, { params, body });
      return { saved, text: textOf(await leader.call(getDigest, { params }), 'watch') };
    };
    const first = await write(revision);
    expect(first.text).toBe('刘**对面的路灯坏了，联系人王**。');
    const settings = await administrator.call(getInboxSettings, {});
    await administrator.call(putInboxSettings, {
      body: { baseRevision: settings.revision, settings: { ...settings.settings, nobodys: ['刘文静'] } },
    });
    const second = await write(first.saved.revision);
    expect(second.text).toBe('刘文静对面的路灯坏了，联系人王**。');
    await leader.call(signDigest, { params, body: { revision: second.saved.revision } });
    await administrator.call(putInboxSettings, {
      body: { baseRevision: settings.revision + 1, settings: settings.settings },
    });
    const word = await leader.call(getDigestFile, { params, query: { format: 'docx' } });
    expect(readWord(Buffer.from(word.base64, 'base64'))).toContain('刘文静对面的路灯坏了，联系人王**。');
  });

  test('is refused for a week that has not begun, and for those who may not sign', async () => {
    const later = addDays(mondayOf('2027-12-31'), 0);
    expect((await leader.try(makeDigest, { body: { day: later } })).status).toBe(400);
    const editor = await installation.as('bianji');
    expect((await editor.try(makeDigest, { body: { day: week } })).status).toBe(403);
  });

  test('of the past week drafts itself on Monday morning and waits at home for who signs', async () => {
    const { app } = installation;
    const monday = mondayOf(new Date(now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10));
    await writeIn(app, bureauId, { text: single[3]!, at: fromWallTime(`${addDays(monday, -4)} 09:00`) });
    const lines = async () => (await leader.call(listTodo, {})).rows.filter((line) => line.kind === 'digest');
    expect(await lines()).toEqual([]);
    await planInsight(app, fromWallTime(`${monday} 06:10`), () => false);
    expect(await lines()).toEqual([]);
    await planInsight(app, fromWallTime(`${monday} 06:31`), () => false);
    await planInsight(app, fromWallTime(`${monday} 06:32`), () => false);
    const [line, ...more] = await lines();
    expect([line!.title.includes('社情民意周报'), more.length]).toEqual([true, 0]);
    const { rows } = await leader.call(listDigests, {});
    expect(rows.map((row) => row.week)).toEqual([addDays(monday, -7), week]);
  });
});
