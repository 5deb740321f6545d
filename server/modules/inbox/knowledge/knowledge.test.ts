/** The knowledge base on a real database: made, versioned, cited, suggested, out of date, in and out by spreadsheet. */
import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { now, wallDate } from '#server/base/clock.ts';
import { readSheet, writeSheets } from '#server/base/sheets.ts';
import { indexTerms } from '#server/modules/publishing/index.ts';
import type { KnowledgeContent, KnowledgeView, Suggestion } from '#shared/knowledge.ts';
import type { PublicationView } from '#shared/publication.ts';
import type { ReviewView } from '#shared/review.ts';
import { type Desk, openDesk } from '../answers/test-desk.ts';
import { type InboxStage, stageInbox, standBehind } from '../test-support.ts';
import { monthsAfter } from './rules.ts';
import { sheetColumns } from './sheet.ts';
import { tellStale } from './watch.ts';

let stage: InboxStage;
let desk: Desk;
beforeAll(async () => {
  stage = await stageInbox();
  desk = await openDesk(stage);
  await standBehind(stage, 'qingchuan');
});
afterAll(() => stage?.stop());

async function ask<T>(actor: Actor, method: string, path: string, body?: unknown, status = 200): Promise<T> {
  const reply = await stage.call(actor, method, path, body);
  expect({ status: reply.status, body: reply.body }).toMatchObject({ status });
  return reply.body as T;
}

const words = (more: Partial<KnowledgeContent> = {}) => ({
  question: '养老金怎么领取，要带什么材料？',
  answer: '达到领取年龄后，带身份证和社保卡到社保窗口申请，次月起发放。',
  basis: '《社会保险法》第十六条',
  ...more,
});

async function entry(more: Partial<KnowledgeContent> = {}): Promise<string> {
  const { agent } = stage.bureau;
  const { entryId } = await ask<{ entryId: string }>(agent, 'POST', '/api/knowledge', words(more));
  await ask(agent, 'POST', `/api/knowledge/${entryId}/state`, { state: 'in-use' });
  return entryId;
}

const look = (id: string) => ask<KnowledgeView>(stage.bureau.agent, 'GET', `/api/knowledge/${id}`);

describe('an entry', () => {
  test('keeps every version, and an answer that cites it keeps the one it rested on', async () => {
    const { agent } = stage.bureau;
    const id = await entry();
    const open = await desk.receiveMessage();
    const body = { conversationId: open.conversationId, text: '带身份证到窗口申请。', entryIds: [id] };
    await ask(agent, 'POST', `/api/cases/${open.caseId}/answers`, body);
    const content = words({ answer: '现在可以在手机上申请，不用到窗口。' });
    await ask(agent, 'PUT', `/api/knowledge/${id}`, { baseVersion: 1, content });
    await ask(agent, 'PUT', `/api/knowledge/${id}`, { baseVersion: 1, content }, 409);
    const view = await look(id);
    expect(view.versions.map(({ version }) => version)).toEqual([2, 1]);
    expect(view.versions.at(-1)!.content.answer).toContain('社保窗口');
    expect(view.usedIn).toMatchObject([{ caseId: open.caseId, version: 1 }]);
    expect((await desk.replyOf(open)).citations).toMatchObject([{ entryId: id, cited: 1, version: 2 }]);
    await expect(stage.query(`delete from knowledge_versions where entry_id = '${id}'`)).rejects.toThrow(
      'never changed',
    );
  });

  test('of another bureau cannot be cited', async () => {
    const open = await desk.receiveMessage();
    const body = { conversationId: open.conversationId, text: '好的，可以。', entryIds: [stage.bureau.id] };
    await ask(stage.bureau.agent, 'POST', `/api/cases/${open.caseId}/answers`, body, 404);
  });

  test('that passed its day is flagged where it is listed and used, and its section is told once a version', async () => {
    const { agent, insuranceId } = stage.bureau;
    const id = await entry({ validTo: '2020-12-31', unitId: insuranceId });
    const open = await desk.receiveMessage();
    const body = { conversationId: open.conversationId, text: '请带身份证。', entryIds: [id] };
    await ask(agent, 'POST', `/api/cases/${open.caseId}/answers`, body);
    const stale = await ask<{ rows: { id: string }[] }>(agent, 'GET', '/api/knowledge?stale=1');
    expect(stale.rows.map((row) => row.id)).toContain(id);
    expect((await desk.replyOf(open)).citations).toMatchObject([{ entryId: id, stale: 'valid-to' }]);
    const notices = () =>
      stage.query(`select 1 from notices where subject_kind = 'knowledge' and subject_id = '${id}'`);
    await tellStale(stage.app);
    await tellStale(stage.app);
    expect(await notices()).toHaveLength(1);
    const content = words({ reviewOn: '2021-01-01', unitId: insuranceId });
    await ask(agent, 'PUT', `/api/knowledge/${id}`, { baseVersion: 1, content });
    await tellStale(stage.app);
    expect(await notices()).toHaveLength(2);
    await ask(agent, 'POST', `/api/knowledge/${id}/state`, { state: 'retired' });
    expect((await look(id)).stale).toBeNull();
  });

  test('whose dates contradict each other is refused', async () => {
    const content = words({ validFrom: '2026-02-01', validTo: '2026-01-01' });
    await ask(stage.bureau.agent, 'POST', '/api/knowledge', content, 400);
  });
});

/** An answer that a second person made public. */
async function publish(): Promise<{ publicationId: string; caseId: string }> {
  const { agent, reviewer } = stage.bureau;
  const open = await desk.receiveMessage();
  await desk.send(await desk.answer(open, '请带身份证到社保窗口办理。'));
  const { publicationId } = await ask<{ publicationId: string }>(
    ...([agent, 'POST', `/api/cases/${open.caseId}/publication`] as const),
  );
  const path = `/api/publications/${publicationId}`;
  const { revision } = await ask<PublicationView>(agent, 'GET', path);
  const body = { baseRevision: revision };
  const { reviewId } = await ask<{ reviewId: string }>(agent, 'POST', `${path}/submit`, body);
  const { stage: current, subjectHash } = await ask<ReviewView>(reviewer, 'GET', `/api/reviews/${reviewId}`);
  const decision = { stage: current, subjectHash, decision: 'approve', note: '' };
  await ask(reviewer, 'POST', `/api/reviews/${reviewId}/decision`, decision);
  return { publicationId, caseId: open.caseId };
}

describe('an entry made of a public answer', () => {
  test('begins today, belongs to the section that answered, is reviewed after the months that are set', async () => {
    const { agent, insuranceId, id: bureauId } = stage.bureau;
    const { publicationId, caseId } = await publish();
    await stage.query(`update cases set unit_id = '${insuranceId}' where id = '${caseId}'`);
    const path = `/api/publications/${publicationId}/knowledge`;
    const { entryId } = await ask<{ entryId: string }>(agent, 'POST', path);
    const today = wallDate(now());
    expect(await look(entryId)).toMatchObject({
      ...{ state: 'in-use', validFrom: today, reviewOn: monthsAfter(today, 6), unitId: insuranceId },
      ...{ stale: null, basisMissing: true },
    });
    const settings = { knowledgeReviewMonths: 12 };
    await stage.query(
      `insert into inbox_settings (bureau_id, revision, settings, updated_by)
       values ('${bureauId}', 1, '${JSON.stringify(settings)}', '${agent.personId}')
       on conflict (bureau_id) do update set settings = inbox_settings.settings || excluded.settings`,
    );
    const other = await publish();
    const made = await ask<{ entryId: string }>(
      ...([agent, 'POST', `/api/publications/${other.publicationId}/knowledge`] as const),
    );
    expect((await look(made.entryId)).reviewOn).toBe(monthsAfter(today, 12));
  });

  test('asks for its basis where it is listed, suggested and cited, until somebody writes it down', async () => {
    const { agent } = stage.bureau;
    const { publicationId } = await publish();
    const { entryId } = await ask<{ entryId: string }>(
      ...([agent, 'POST', `/api/publications/${publicationId}/knowledge`] as const),
    );
    const wanting = async () =>
      (await ask<{ rows: { id: string }[] }>(agent, 'GET', '/api/knowledge?stale=1')).rows.map(
        ({ id }) => id,
      );
    expect(await wanting()).toContain(entryId);
    const open = await desk.receiveMessage();
    const body = { conversationId: open.conversationId, text: '请带身份证。', entryIds: [entryId] };
    await ask(agent, 'POST', `/api/cases/${open.caseId}/answers`, body);
    expect((await desk.replyOf(open)).citations).toMatchObject([{ entryId, basisMissing: true }]);
    const rows = await ask<{ rows: Suggestion[] }>(agent, 'GET', `/api/cases/${open.caseId}/suggestions`);
    expect(rows.rows.find(({ id }) => id === entryId)?.basisMissing).toBe(true);
    const { question, answer, reviewOn } = await look(entryId);
    const content = { question, answer, reviewOn, basis: '《社会保险法》第十六条' };
    await ask(agent, 'PUT', `/api/knowledge/${entryId}`, { baseVersion: 1, content });
    expect((await look(entryId)).basisMissing).toBe(false);
    expect(await wanting()).not.toContain(entryId);
  });

  test('without a day of review is flagged, and its section is not told of it each time', async () => {
    const id = await entry({ reviewOn: null });
    expect((await look(id)).stale).toBe('no-review');
    await tellStale(stage.app);
    const told = await stage.query(
      `select 1 from notices where subject_kind = 'knowledge' and subject_id = '${id}'`,
    );
    expect(told).toHaveLength(0);
  });
});

describe('suggestions on a case', () => {
  const suggest = async (caseId: string) =>
    (await ask<{ rows: Suggestion[] }>(stage.bureau.agent, 'GET', `/api/cases/${caseId}/suggestions`)).rows;

  test('name the entry that speaks of the matter, say when it is out of date, and leave drafts out', async () => {
    const good = await entry({ question: '养老金怎么领？' });
    const draft = await ask<{ entryId: string }>(stage.bureau.agent, 'POST', '/api/knowledge', words());
    await entry({ question: '失业登记在哪里办理？', answer: '到就业服务中心登记。', basis: '' });
    const open = await desk.receiveMessage();
    const rows = await suggest(open.caseId);
    expect(rows.map(({ id }) => id)).toContain(good);
    expect(rows.map(({ id }) => id)).not.toContain(draft.entryId);
    expect(rows.map(({ question }) => question)).not.toContain('失业登记在哪里办理？');
    await stage.query(
      `update knowledge_entries set content = jsonb_set(content, '{validTo}', '"2020-01-01"') where id = '${good}'`,
    );
    expect((await suggest(open.caseId)).find(({ id }) => id === good)?.stale).toBe('valid-to');
  });

  test('name a public answer by where it stands on the site of the bureau', async () => {
    const question = '第几位群众问：养老金怎么领';
    const terms = indexTerms(question).map((term) => `'${term}'`);
    await stage.query(
      `insert into published_answers
         (bureau_id, id, slug, case_id, question, answer, kind, state, published_at, created_by, bigrams)
       select bureau_id, gen_random_uuid(), '20261128-0000000P', id, '${question}', '带身份证到窗口。', 'consult', 'published',
              now(), '${stage.bureau.agent.personId}', array_to_tsvector(array[${terms.join(', ')}])
       from cases limit 1`,
    );
    const open = await desk.receiveMessage();
    const rows = await suggest(open.caseId);
    // Those of other stories here stand beside it.
    expect(rows.find((row) => row.question === question)).toMatchObject({
      ...{ source: 'published', url: '/b/qingchuan/answers/20261128-0000000P' },
    });
  });

  test('and a draft is read with reasons, and with the personal data in it', async () => {
    const open = await desk.receiveMessage();
    const path = `/api/cases/${open.caseId}/draft-check`;
    const weak = await ask<{ completeness: { why: { zh: string } }; personal: unknown[]; reviewed: boolean }>(
      ...([stage.bureau.agent, 'POST', path, { text: '请打 13800138000 找王秀英。' }] as const),
    );
    expect(weak.completeness.why.zh).toContain('怎么办');
    expect(weak.personal).not.toHaveLength(0);
    expect(weak.reviewed).toBe(false);
    expect(weak).not.toHaveProperty('overall');
  });
});

describe('a spreadsheet', () => {
  const header = sheetColumns.map(({ name }) => name);
  const row = (given: Record<string, string>) => header.map((name) => given[name] ?? null);
  const send = async (rows: (string | null)[][]) => {
    const form = new FormData();
    const bytes = await writeSheets([{ name: '知识库', header, rows }]);
    form.set('file', new Blob([new Uint8Array(bytes)]), '知识库.xlsx');
    const response = await fetch(new URL('/api/knowledge-sheet', stage.hook), {
      method: 'POST',
      body: form,
      headers: { 'x-actor': JSON.stringify(stage.bureau.agent), 'idempotency-key': crypto.randomUUID() },
    });
    return (await response.json()) as { imported: number; problems: { line: number; column: string }[] };
  };

  test('comes in whole or not at all, with every problem named', async () => {
    const good = { 问题: '技能补贴多少钱？', 答复: '初级工一千元。', 负责科室: '社会保险股' };
    const before = await stage.query('select 1 from knowledge_entries');
    const bad = await send([
      row(good),
      row({ 问题: '工伤怎么认定？', 答复: '', 业务: '天文', 失效日期: '明年' }),
      row({ ...good, 负责科室: '别的科室' }),
    ]);
    expect(bad.imported).toBe(0);
    expect(bad.problems.map(({ line, column }) => `${line} ${column}`).toSorted()).toEqual(
      ['3 业务', '3 失效日期', '3 答复', '4 负责科室', '4 问题'].toSorted(),
    );
    expect(await stage.query('select 1 from knowledge_entries')).toHaveLength(before.length);
    expect(await send([row(good)])).toEqual({ imported: 1, problems: [] });
  });

  test('goes out in the columns that come back in', async () => {
    const { base64 } = await ask<{ base64: string }>(stage.bureau.agent, 'GET', '/api/knowledge-sheet');
    const [head, ...rows] = await readSheet(Buffer.from(base64, 'base64'));
    expect(head!.cells).toEqual(header);
    expect(rows.map(({ cells }) => cells[0])).toContain('技能补贴多少钱？');
  });
});
