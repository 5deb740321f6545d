import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { now } from '#server/base/clock.ts';
import { answeredQuery } from '#server/modules/inbox/talk/answered-store.ts';
import { getAnswerQuality } from '#shared/insight.ts';
import { getMe, listUnits } from '#shared/people.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import type { Client } from '#tests/support/client.ts';
import { writeIn } from '../test-support.ts';
import { markAnswers } from './mark-answers.ts';

let installation: TestInstallation;
let leader: Client;
let bureauId: string;
let poorCase: string;
const on = (days: number) => new Date(now().getTime() - days * 86_400_000);

beforeAll(async () => {
  installation = await buildInstallation();
  leader = await installation.as('lingdao');
  bureauId = (await leader.call(getMe, {})).bureau.id;
  const section = (await leader.call(listUnits, {})).find((unit) => unit.kind === 'section')!;
  const question = '请问灵活就业人员怎么办理退休，需要带什么材料，去哪里办，多久办好？';
  await writeIn(installation.app, bureauId, {
    ...{ text: question, at: on(3), dueAt: on(0), unitId: section.id },
    reply:
      '您好！灵活就业人员办理退休，请带身份证、户口簿到县政务服务中心人社窗口申请，二十个工作日内办好。依据《社会保险法》第十六条。咨询电话0833-1234567。',
  });
  poorCase = await writeIn(installation.app, bureauId, {
    ...{
      text: question,
      at: on(2),
      dueAt: on(0),
      unitId: section.id,
      reply: '您好，您的留言已收悉，感谢您的支持。',
    },
  });
}, 60_000);
afterAll(() => installation?.close());

describe('the quality of answers', () => {
  test('is marked once an answer, and shown by section with what to learn from', async () => {
    // The installation's own worker looks a minute after the start: here it is done at once.
    expect(await markAnswers(installation.app, bureauId, () => false)).toBe(2);
    expect(await markAnswers(installation.app, bureauId, () => false)).toBe(0);
    const seen = await leader.call(getAnswerQuality, { query: { days: '30' } });
    expect(seen.count).toBe(2);
    expect(seen.sections.map((one) => one.count)).toEqual([2]);
    expect(seen.mean!.overall).toBeGreaterThan(0);
    expect(seen.mean!.overall).toBeLessThan(1);
    expect(seen.lowest[0]!.caseId).toBe(poorCase);
    const [first, ...rest] = seen.lowest[0]!.marks;
    expect(rest.every((mark) => mark.score >= first!.score)).toBe(true);
    expect(first!.why.zh.length).toBeGreaterThan(5);
    expect(seen.lowest[0]!.marks.find(({ mark }) => mark === 'readability')!.why.zh).toContain('客套');
  });

  test('reads answers in their order by an index', async () => {
    const after = { at: on(9), id: poorCase };
    const plan = await installation.app.database.withWorker(async (tx) => {
      await sql`set local enable_seqscan = off`.execute(tx);
      const { rows } = await sql<{ 'QUERY PLAN': string }>`
        explain ${answeredQuery(bureauId, after, 50)}`.execute(tx);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toContain('cases_answered');
    expect(plan).not.toContain('Sort');
  });

  test('names no person anywhere', async () => {
    const seen = await leader.call(getAnswerQuality, { query: { days: '30' } });
    const keys = new Set(JSON.stringify(seen).match(/"[a-zA-Z]+":/g));
    for (const key of ['"ownerName":', '"ownerId":', '"personName":', '"byName":'])
      expect(keys.has(key)).toBe(false);
  });

  test('is marked anew when the case is answered again', async () => {
    await installation.app.database.withWorker((tx) =>
      tx
        .updateTable('cases')
        .set({ answered_at: new Date(on(2).getTime() + 7_200_000) })
        .where('bureau_id', '=', bureauId)
        .where('id', '=', poorCase)
        .execute(),
    );
    expect(await markAnswers(installation.app, bureauId, () => false)).toBe(1);
    expect((await leader.call(getAnswerQuality, { query: { days: '30' } })).count).toBe(2);
  });
});
