/** The week's numbers that sentences of the digest rest on. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { readWeek } from '#server/modules/inbox/index.ts';
import { buildApp, type TestApp } from '#tests/support/build-app.ts';
import { writeIn } from '../test-support.ts';
import { composeDigest } from './compose.ts';

let ground: TestApp;
beforeAll(async () => {
  ground = await buildApp();
});
afterAll(() => ground?.close());

const [from, to] = [new Date('2026-11-16T00:00:00+08:00'), new Date('2026-11-23T00:00:00+08:00')];
const week = (bureauId: string) => ground.app.database.withWorker((tx) => readWeek(tx, bureauId, from, to));
const on = (day: number) => new Date(`2026-11-${String(day).padStart(2, '0')}T10:00:00+08:00`);

test('a mark of an earlier week does not count again because the case is supervised in this one', async () => {
  const bureauId = newId();
  const mark = (caseId: string, stars: number, ratedOn: number, supervisedOn: number | null) =>
    ground.app.database.asOwner((db) =>
      sql`
        update cases set satisfaction = ${stars}, satisfaction_at = ${on(ratedOn)}, satisfaction_from = 'site',
          supervised_at = ${supervisedOn === null ? null : on(supervisedOn)}::timestamptz
        where id = ${caseId}`.execute(db),
    );
  const written = () => writeIn(ground.app, bureauId, { text: '养老金怎么领', at: on(2), reply: '到窗口领' });
  await mark(await written(), 1, 5, 18);
  await mark(await written(), 5, 17, 18);
  expect(await week(bureauId)).toMatchObject({ satisfaction: { count: 1, mean: 5, low: 0 }, supervised: 2 });
});

test('suggestions that were taken up are all counted, however many of them are told', async () => {
  const bureauId = newId();
  for (let count = 0; count < 52; count += 1)
    await writeIn(ground.app, bureauId, {
      ...{ text: `建议大厅增加第 ${count} 台自助机`, at: on(17) },
      ...{ kind: 'suggestion', outcome: 'adopted' },
    });
  const figures = await week(bureauId);
  expect(figures.adoptedCount).toBe(52);
  expect(figures.adopted).toHaveLength(50);
  const { sections } = composeDigest({
    ...{ bureauName: '青川县人社局', week: '2026-11-16', lastDay: '2026-11-22', figures, asOf: null },
    ...{ before: { received: 0, answered: 0 }, issues: [], nobodys: new Set<string>() },
  });
  expect(sections.find(({ key }) => key === 'suggestions')!.text).toMatch(
    /^采纳 52 条，未采纳 0 条。以下为前 50 条：\n1\. /,
  );
});
