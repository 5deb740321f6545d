/** The digest of a week waits for the gathering of its issues. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromWallTime, now, wallDate } from '#server/base/clock.ts';
import { newId } from '#server/base/ids.ts';
import { getDigest, listDigests } from '#shared/insight.ts';
import { getMe } from '#shared/people.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { runOne } from '../issues/run-issues.ts';
import { single, unpaid, writeIn } from '../test-support.ts';
import { planInsight } from '../worker.ts';
import { addDays, mondayOf } from './week.ts';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await buildInstallation();
}, 60_000);
afterAll(() => installation?.close());

test('after a weekend without power the digest is drafted once the issues are gathered', async () => {
  const { app } = installation;
  const leader = await installation.as('lingdao');
  const bureauId = (await leader.call(getMe, {})).bureau.id;
  // The last one whose morning is over: what is gathered now is gathered after it.
  const monday = mondayOf(wallDate(new Date(now().getTime() - 9 * 3_600_000)));
  const friday = addDays(monday, -3);
  for (let round = 0; round < 4; round += 1)
    for (const text of unpaid)
      await writeIn(app, bureauId, {
        ...{ text, at: fromWallTime(`${friday} 10:0${round}`), field: '维权/欠薪', kind: 'complaint' },
      });
  for (const text of single) await writeIn(app, bureauId, { text, at: fromWallTime(`${friday} 11:00`) });
  await planInsight(app, fromWallTime(`${monday} 08:30`), () => false);
  expect((await leader.call(listDigests, {})).rows).toEqual([]);
  const processId = newId();
  const running = { processId, alive: [processId], signal: new AbortController().signal };
  while (await runOne(app, running));
  await planInsight(app, fromWallTime(`${monday} 08:40`), () => false);
  const { rows } = await leader.call(listDigests, {});
  const digest = await leader.call(getDigest, { params: { digestId: rows[0]!.id } });
  expect(digest.sections.find(({ key }) => key === 'issues')!.text).not.toContain('没有汇总出');
});
