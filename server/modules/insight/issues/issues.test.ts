import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { now } from '#server/base/clock.ts';
import { newId } from '#server/base/ids.ts';
import { talkQuery } from '#server/modules/inbox/talk/store.ts';
import { getArticle } from '#shared/content.ts';
import { askIssueRun, beginTopic, changeIssue, getIssue, type Issue, listIssues } from '#shared/insight.ts';
import { getMe } from '#shared/people.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import type { Client } from '#tests/support/client.ts';
import { until } from '#tests/support/wait.ts';
import { single, unpaid, writeIn } from '../test-support.ts';
import { runOne } from './run-issues.ts';

let installation: TestInstallation;
let agent: Client;
let editor: Client;
let bureauId: string;
const day = 86_400_000;
const ago = (days: number) => new Date(now().getTime() - days * day);

beforeAll(async () => {
  installation = await buildInstallation();
  agent = await installation.as('liuyan');
  editor = await installation.as('bianji');
  bureauId = (await agent.call(getMe, {})).bureau.id;
  for (const [at, text] of unpaid.entries())
    await writeIn(installation.app, bureauId, { text, at: ago(1 + at / 10) });
  for (const text of single) await writeIn(installation.app, bureauId, { text, at: ago(2) });
  // The window before: one of the same issue.
  await writeIn(installation.app, bureauId, { text: unpaid[3]!, at: ago(9) });
}, 60_000);
afterAll(() => installation?.close());

/** As a poll writes what a platform tells of one of them. */
const tellLikes = (likes: number) =>
  installation.app.database.withWorker((tx) =>
    sql`
      update conversations set kind = 'comment', likes = ${likes},
        account_id = (select id from accounts where bureau_id = ${bureauId} order by id limit 1)
      where id = (select conversation_id from messages where text = ${unpaid[0]!} limit 1)`.execute(tx),
  );

async function gather(): Promise<Issue[]> {
  const { runId } = await agent.call(askIssueRun, { body: { days: 7 } });
  const done = await until(
    async () => {
      const list = await agent.call(listIssues, { query: { days: '7' } });
      return list.run?.id === runId && list;
    },
    {
      what: 'the run is done',
      timeoutMs: 60_000,
      describe: () => agent.call(listIssues, { query: { days: '7' } }),
    },
  );
  return done.issues;
}

describe('hot issues', () => {
  test('are gathered in the background, with growth, masked sentences and their messages', async () => {
    const [issue, ...others] = await gather();
    expect(issue).toMatchObject({ messages: 5, people: 5, before: 1 });
    expect(others.every((other) => other.heat <= issue!.heat)).toBe(true);
    expect(issue!.heat).toBeCloseTo(5);
    const said = JSON.stringify(issue);
    for (const secret of ['13812', '11010119', '李建国']) expect(said).not.toContain(secret);
    const { members, memberCount, run } = await agent.call(getIssue, { params: { issueId: issue!.id } });
    expect([memberCount, run.heatVersion, run.messages]).toEqual([5, 2, 13]);
    expect(members.every((one) => one.caseId !== null && one.caseNumber?.startsWith('T'))).toBe(true);
    expect(JSON.stringify(members)).not.toContain('13812345678');
  });

  test('count those who agreed with a comment by the root', async () => {
    await tellLikes(900);
    expect((await gather())[0]!.heat).toBeCloseTo(15);
    await tellLikes(0);
    expect((await gather())[0]!.heat).toBeCloseTo(5);
  });

  test('while one run is under way a second wish means the same one', async () => {
    const [first, second] = await Promise.all([
      agent.call(askIssueRun, { body: { days: 7 } }),
      agent.call(askIssueRun, { body: { days: 30 } }),
    ]);
    expect(second.runId).toBe(first.runId);
    await until(async () => (await agent.call(listIssues, { query: { days: '7' } })).underWay === null, {
      what: 'no run is under way',
      timeoutMs: 60_000,
    });
  });

  test('keep the name, the topic and the hiding that people gave them, in later runs', async () => {
    const [issue] = await gather();
    const params = { issueId: issue!.id };
    await agent.call(changeIssue, {
      params,
      body: { step: 'rename', title: '宏达公司欠薪', reason: '说得更清楚' },
    });
    const { articleId } = await editor.call(beginTopic, { params });
    expect(await editor.call(beginTopic, { params })).toEqual({ articleId });
    const article = await editor.call(getArticle, { params: { articleId } });
    expect(article.working.title).toBe('宏达公司欠薪');
    expect(JSON.stringify(article.working.body)).toContain('宏达公司');
    const [again] = await gather();
    expect(again!.id).not.toBe(issue!.id);
    expect(again).toMatchObject({ title: '宏达公司欠薪', articleId, change: { reason: '说得更清楚' } });
    await agent.call(changeIssue, {
      params: { issueId: again!.id },
      body: { step: 'hide', reason: '已处理完' },
    });
    expect((await gather()).map((one) => one.title)).not.toContain('宏达公司欠薪');
    const hidden = await agent.call(listIssues, { query: { days: '7', hidden: '1' } });
    expect(hidden.issues.map((one) => one.title)).toEqual(['宏达公司欠薪']);
    await agent.call(changeIssue, {
      params: { issueId: hidden.issues[0]!.id },
      body: { step: 'show', reason: '又有人反映' },
    });
  });

  test('are merged with their messages, within one run only', async () => {
    for (let at = 0; at < 3; at += 1)
      await writeIn(installation.app, bureauId, {
        text: `新城驾校退费难，学费退不了，新城驾校一直拖着不退学费（第${at}次反映）`,
        at: ago(1),
      });
    const issues = await gather();
    const [from, into] = [
      issues.find((one) => one.title.includes('驾校'))!,
      issues.find((one) => one.title.includes('宏达'))!,
    ];
    const params = { issueId: from.id };
    const stranger = await agent.try(changeIssue, {
      params,
      body: { step: 'merge', into: newId(), reason: '同一件事' },
    });
    expect(stranger.status).toBe(400);
    await agent.call(changeIssue, { params, body: { step: 'merge', into: into.id, reason: '同一件事' } });
    const merged = await agent.call(getIssue, { params: { issueId: into.id } });
    expect([merged.issue.messages, merged.memberCount]).toEqual([
      from.messages + into.messages,
      from.messages + into.messages,
    ]);
    expect((await agent.try(changeIssue, { params, body: { step: 'hide', reason: '不用了' } })).status).toBe(
      404,
    );
    // Both come again, and stay one.
    expect((await gather()).filter((one) => one.title.includes('驾校'))).toEqual([]);
  });

  test('a run that an ended process left is taken up, and what is too much is counted', async () => {
    const { app } = installation;
    const runId = newId();
    const gone = newId();
    await app.database.withWorker((tx) =>
      sql`
        insert into issue_runs (bureau_id, id, state, days, window_from, window_to, process_id, started_at)
        values (${bureauId}, ${runId}, 'running', 14, ${ago(14)}, ${now()}, ${gone}, now())`.execute(tx),
    );
    const runner = { processId: newId(), signal: new AbortController().signal, limit: 4 };
    // The installation's own worker may be faster: then it read everything.
    await runOne(app, { ...runner, alive: [runner.processId] });
    const done = await until(
      async () => {
        const list = await agent.call(listIssues, { query: { days: '14' } });
        return list.run?.id === runId && list.run;
      },
      { what: 'the left run is done', timeoutMs: 60_000 },
    );
    expect(done.messages! + done.leftOut).toBeGreaterThanOrEqual(16);
  });

  test('are read by the index of what was said, however much there is', async () => {
    const window = { from: ago(7), to: now(), via: [] };
    const { rows } = await installation.app.database.withWorker(async (tx) => {
      await sql`set local enable_seqscan = off`.execute(tx);
      return sql<{ 'QUERY PLAN': string }>`explain ${talkQuery(bureauId, window, 100)}`.execute(tx);
    });
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('messages_talk');
  });
});
