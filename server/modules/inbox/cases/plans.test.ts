/** The queue's queries can all be answered from an index: with sequential scans made dear, none is left. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { recordInbound } from '../intake/record-inbound.ts';
import { lockDueCases } from '../reminders/store.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { findExactly } from './exact-search-store.ts';
import {
  type CaseFilter,
  countBySection,
  countOpenCases,
  listCaseRows,
  listOpenFor,
  readVisibleAfter,
} from './read-store.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
  const { id: bureauId, accountId } = stage.bureau;
  for (let count = 0; count < 30; count += 1) {
    const from = newId();
    await stage.app.database.withWorker((tx) =>
      recordInbound(tx, {
        ...{ bureauId, accountId, kind: 'message', threadKey: from, deliveryId: null, platformId: from },
        ...{ person: { key: from, name: null }, text: `请问第 ${count} 次社保卡补办`, attachment: null },
        ...{ at: new Date(), window: null },
      }),
    );
  }
}, 60_000);
afterAll(() => stage.stop());

/** How often this transaction read a growing table from end to end. */
async function countScans(tx: Tx): Promise<number> {
  const { rows } = await sql<{ scans: number }>`
    select coalesce(sum(seq_scan), 0)::integer as scans from pg_stat_xact_user_tables
    where relname in ('cases', 'messages', 'conversations', 'case_conversations', 'case_texts')`.execute(tx);
  return rows[0]!.scans;
}

const filters: readonly CaseFilter[] = [
  {},
  { state: 'open' },
  { state: 'closed' },
  { overdue: true },
  { triage: true },
  { spam: true },
  { field: '社保卡' },
  { kind: 'consult', channel: 'message' },
  { urgency: 'urgent' },
  { search: '社保卡补办' },
  { search: '卡' },
  { search: '社保卡 补办' },
  { search: '13800138000', exactly: [newId()] },
];

test.each(filters.map((filter) => ({ name: JSON.stringify(filter), filter })))(
  '$name',
  async ({ filter }) => {
    const { bureau, app } = stage;
    await app.database.withScope(bureau.agent, async (tx) => {
      await sql`set local enable_seqscan = off`.execute(tx);
      const before = await countScans(tx);
      await listCaseRows(tx, bureau.id, filter, null, 50);
      await listCaseRows(tx, bureau.id, filter, { key: 1, id: newId() }, 50);
      expect((await countScans(tx)) - before).toBe(0);
    });
  },
);

test('a common word is met by walking the queue, a rare one and none are looked up', async () => {
  const { bureau, app } = stage;
  const [common, whole, rare, none] = await app.database.withScope(bureau.agent, async (tx) => {
    const found = [];
    for (const search of ['卡', '社保卡补办', '第 17 次', '保险卡'])
      found.push((await listCaseRows(tx, bureau.id, { search }, null, 20)).length);
    return found;
  });
  // Its 17th by the words, and the one whose number ends with 17.
  expect([common, whole, rare, none]).toEqual([20, 20, 2, 0]);
});

test('the figures', async () => {
  const { bureau, app } = stage;
  await app.database.withScope(bureau.agent, async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx);
    const before = await countScans(tx);
    await countOpenCases(tx, bureau.id, undefined);
    await countOpenCases(tx, bureau.id, bureau.agent.personId);
    const sections = await countBySection(tx, bureau.id, new Date(Date.now() + 86_400_000));
    await readVisibleAfter(tx, bureau.id);
    expect((await countScans(tx)) - before).toBe(0);
    expect(sections.reduce((sum, { open }) => sum + open, 0)).toBe(30);
  });
});

test('what waits for a person, with the windows that close next', async () => {
  const { bureau, app } = stage;
  await app.database.withScope(bureau.agent, async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx);
    const before = await countScans(tx);
    await listOpenFor(tx, bureau.id, bureau.agent.personId, 'every', 50);
    await listOpenFor(tx, bureau.id, bureau.section.personId, { unitId: bureau.insuranceId }, 50);
    expect((await countScans(tx)) - before).toBe(0);
  });
});

test('a telephone and a receipt', async () => {
  const { bureau, app } = stage;
  await app.database.withScope(bureau.agent, async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx);
    const before = await countScans(tx);
    await findExactly(app, tx, bureau.agent, '13800138000');
    await findExactly(app, tx, bureau.agent, '0123456789');
    expect((await countScans(tx)) - before).toBe(0);
  });
});

test('the counter counts: a scan that is forced is seen', async () => {
  await stage.app.database.withScope(stage.bureau.agent, async (tx) => {
    await sql`set local enable_indexscan = off`.execute(tx);
    await sql`set local enable_indexonlyscan = off`.execute(tx);
    await sql`set local enable_bitmapscan = off`.execute(tx);
    const before = await countScans(tx);
    await listCaseRows(tx, stage.bureau.id, {}, null, 50);
    expect((await countScans(tx)) - before).toBeGreaterThan(0);
  });
});

test('the reminder scanner', async () => {
  await stage.app.database.withWorker(async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx);
    const before = await countScans(tx);
    await lockDueCases(tx, 50);
    expect((await countScans(tx)) - before).toBe(0);
  });
});
