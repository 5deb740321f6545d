import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countNotices, listNotices, markNotices } from '#shared/notices.ts';
import { getMe } from '#shared/people.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { type Client, createClient } from '#tests/support/client.ts';
import { until } from '#tests/support/wait.ts';
import { type NoticeInput, notify } from './notify.ts';

let installation: TestInstallation;
let editor: Client;
let bureauId = '';
const people: Record<string, string> = {};
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  editor = await installation.as('bianji');
  for (const login of ['bianji', 'chushen', 'guanli']) {
    const me = await (await installation.as(login)).call(getMe, {});
    people[login] = me.personId;
    bureauId = me.bureau.id;
  }
});
afterAll(() => installation?.close());

let count = 0;
const tell = (change: Partial<NoticeInput> = {}) =>
  installation.app.database.withWorker((tx) => notify(installation.app, tx, notice(change)));
const notice = (change: Partial<NoticeInput> = {}): NoticeInput => ({
  bureauId,
  to: { kind: 'person', id: people.bianji! },
  kind: 'work-waiting',
  subject: { kind: 'article', id: 'a' },
  text: { zh: '有事', en: 'Something' },
  link: '/articles',
  urgency: 'normal',
  dedupKey: `key ${++count}`,
  ...change,
});
const unreadOf = async (client: Client) => (await client.call(countNotices, {})).unread;

describe('who may', () => {
  test('nobody without a session, and nobody sees those of another', async () => {
    const nobody = createClient(installation.url, '');
    for (const route of [listNotices, countNotices])
      expect((await nobody.try(route, { query: {} })).status).toBe(401);
    await tell({ text: { zh: '只给编辑', en: 'For the editor' } });
    for (const login of ['guanli', 'st.guanli']) {
      const other = await (await installation.as(login)).call(listNotices, { query: {} });
      expect(JSON.stringify(other)).not.toContain('只给编辑');
    }
  });

  test('cannot mark those of another as read', async () => {
    await tell();
    const before = await unreadOf(editor);
    const [row] = (await editor.call(listNotices, { query: {} })).rows;
    const other = await installation.as('guanli');
    await other.call(markNotices, { body: { noticeIds: [row!.id], read: true } });
    await other.call(markNotices, { body: { noticeIds: null, read: true } });
    expect(await unreadOf(editor)).toBe(before);
  });
});

describe('a notice', () => {
  test('is there when the happening is, and not when it is rolled back', async () => {
    const before = await unreadOf(editor);
    const failed = installation.app.database.withWorker(async (tx) => {
      await notify(installation.app, tx, notice());
      throw new Error('the happening failed');
    });
    await expect(failed).rejects.toThrow('the happening failed');
    expect(await unreadOf(editor)).toBe(before);
    expect(await tell()).toBe(true);
    expect(await unreadOf(editor)).toBe(before + 1);
  });

  test('told twice is one, also at the same moment', async () => {
    const before = await unreadOf(editor);
    const told = await Promise.all([1, 2, 3, 4].map(() => tell({ dedupKey: 'the same' })));
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(await unreadOf(editor)).toBe(before + 1);
  });

  test('to a role and to a unit reaches each of its people once, but not who did it', async () => {
    const chushen = await installation.as('chushen');
    const guanli = await installation.as('guanli');
    const before = [await unreadOf(editor), await unreadOf(chushen), await unreadOf(guanli)];
    await tell({
      to: [
        { kind: 'role', role: 'reviewer-first' },
        { kind: 'role', role: 'administrator' },
        { kind: 'person', id: people.chushen! },
        { kind: 'person', id: people.bianji! },
      ],
      except: [people.bianji!],
    });
    const after = [await unreadOf(editor), await unreadOf(chushen), await unreadOf(guanli)];
    expect(after.map((now, at) => now - before[at]!)).toEqual([0, 1, 1]);
    const { unitId } = await unitOf('bianji');
    await tell({ to: { kind: 'unit', id: unitId } });
    expect(await unreadOf(editor)).toBe(before[0]! + 1);
  });

  test('can be made by staff in their own scope, and not for another bureau', async () => {
    const { app } = installation;
    const made = await app.database.withScope({ bureauId }, (tx) => notify(app, tx, notice()));
    expect(made).toBe(true);
    const neighbour = (await (await installation.as('st.guanli')).call(getMe, {})).bureau.id;
    const foreign = app.database.withScope({ bureauId }, (tx) =>
      notify(app, tx, notice({ bureauId: neighbour })),
    );
    await expect(foreign).rejects.toThrow(/row-level security/);
  });

  test('is read, unread again, and all are read at once', async () => {
    await tell();
    const [row] = (await editor.call(listNotices, { query: { unread: '1' } })).rows;
    const before = await unreadOf(editor);
    await editor.call(markNotices, { body: { noticeIds: [row!.id], read: true } });
    expect(await unreadOf(editor)).toBe(before - 1);
    const ids = (await editor.call(listNotices, { query: { unread: '1' } })).rows.map(({ id }) => id);
    expect(ids).not.toContain(row!.id);
    await editor.call(markNotices, { body: { noticeIds: [row!.id], read: false } });
    expect(await unreadOf(editor)).toBe(before);
    await editor.call(markNotices, { body: { noticeIds: null, read: true } });
    expect(await unreadOf(editor)).toBe(0);
  });

  test('is told to open desks at once', async () => {
    const topics: string[] = [];
    const stop = installation.app.live.subscribe(bureauId, (more) => topics.push(...more));
    await tell();
    await until(async () => topics.includes('notices'), { what: 'the desk hears of it' });
    stop();
  });
});

test('the list is paged without gap or repetition, newest first', async () => {
  for (let at = 0; at < 60; at += 1) await tell();
  const first = await editor.call(listNotices, { query: {} });
  const second = await editor.call(listNotices, { query: { cursor: first.next! } });
  const ids = [...first.rows, ...second.rows].map(({ id }) => id);
  expect(first.rows).toHaveLength(50);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(ids.toSorted().toReversed());
});

test('list and count read an index, however many notices there are', async () => {
  const plan = await installation.app.database.withWorker(async (tx) => {
    await sql`
      with made as (
        insert into notices (bureau_id, id, kind, urgency, subject_kind, subject_id, words_zh, words_en, link, dedup_key)
        select ${bureauId}, gen_random_uuid(), 'work-waiting', 'normal', 'x', 'x', 'x', 'x', '/', 'bulk ' || n
        from generate_series(1, 2000) n returning bureau_id, id)
      insert into notice_recipients (bureau_id, notice_id, person_id)
      select bureau_id, id, ${people.bianji!} from made`.execute(tx);
    const { rows } = await sql`explain (format json)
      select from notice_recipients
      where bureau_id = ${bureauId} and person_id = ${people.bianji!} and read_at is null limit 100`.execute(
      tx,
    );
    return JSON.stringify(rows);
  });
  expect(plan).toContain('notice_recipients_unread');
  expect(plan).not.toContain('Seq Scan');
});

async function unitOf(login: string): Promise<{ unitId: string }> {
  return { unitId: (await (await installation.as(login)).call(getMe, {})).unit.id };
}
