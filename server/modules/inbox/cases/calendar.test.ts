import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromWallTime, wallDate } from '#server/base/clock.ts';
import type { CaseView, listCases } from '#shared/inbox.ts';
import type { listWorkingDays } from '#shared/planning.ts';
import type { RouteReply } from '#shared/route.ts';
import { openDesk } from '../answers/test-desk.ts';
import { type Bureau, buildBureau, type InboxStage, stageInbox } from '../test-support.ts';

let stage: InboxStage;
let neighbour: Bureau;
beforeAll(async () => {
  stage = await stageInbox();
  neighbour = await buildBureau(stage.app, 'B');
}, 60_000);
afterAll(() => stage.stop());

const view = async (caseId: string) =>
  (await stage.call(stage.bureau.agent, 'GET', `/api/cases/${caseId}`)).body as CaseView;

type Year = RouteReply<typeof listWorkingDays>;
const yearOf = async (year: number) =>
  (await stage.call(stage.bureau.agent, 'GET', `/api/working-days?year=${year}`)).body as Year;

describe('the working calendar', () => {
  const put = (day: string, works: boolean, actor = stage.bureau.administrator) =>
    stage.call(actor, 'PUT', `/api/working-days/${day}`, { works, name: '防汛停工' });

  test('shows the year with the arrangements of the State Council, and says when it has none', async () => {
    const year = await yearOf(2026);
    expect(year.complete).toBe(true);
    expect(year.days).toHaveLength(365);
    expect(year.days.find(({ day }) => day === '2026-02-14')).toEqual({
      day: '2026-02-14',
      works: true,
      name: '春节调休上班',
      source: 'seed',
    });
    expect((await yearOf(2027)).complete).toBe(false);
  });

  test('moves the deadlines of open cases when a day is set, and back when it is cleared', async () => {
    const { caseId } = await (await openDesk(stage)).receiveMessage();
    const before = await view(caseId);
    const counted = before.deadline.steps.find((step) => step.number === 2)!.day;
    const set = await put(counted, false);
    expect(set.body).toMatchObject({ casesMoved: expect.any(Number) });
    expect((set.body as { casesMoved: number }).casesMoved).toBeGreaterThan(0);
    const moved = await view(caseId);
    expect(moved.dueAt! > before.dueAt!).toBe(true);
    expect(moved.events.at(-1)!.event).toBe('deadline-moved');
    // The later day is as many working days away as the earlier one was.
    expect(before.workingDaysLeft).toBe(before.deadline.workingDays);
    expect(moved.workingDaysLeft).toBe(before.workingDaysLeft);
    expect(moved.deadline.steps.find(({ day }) => day === counted)!.note).toContain('防汛停工（本单位设定）');
    const cleared = await stage.call(stage.bureau.administrator, 'DELETE', `/api/working-days/${counted}`);
    expect(cleared.status).toBe(200);
    expect((await view(caseId)).dueAt).toBe(before.dueAt);
  });

  test('tells how many working days a case is late, in the list as in the case', async () => {
    const { caseId } = await (await openDesk(stage)).receiveMessage();
    const due = wallDate(new Date(Date.now() - 12 * 86_400_000));
    await stage.query(
      `update cases set due_at = '${fromWallTime(`${due} 17:30`).toISOString()}' where id = '${caseId}'`,
    );
    const today = wallDate(new Date());
    const years = [...new Set([due, today].map((day) => Number(day.slice(0, 4))))];
    const days = (await Promise.all(years.map(yearOf))).flatMap((year) => year.days);
    const late = days.filter(({ day, works }) => works && day > due && day <= today).length;
    expect((await view(caseId)).workingDaysLeft).toBe(-late);
    const { rows } = (await stage.call(stage.bureau.agent, 'GET', '/api/cases?overdue=1')).body as RouteReply<
      typeof listCases
    >;
    expect(rows.find(({ id }) => id === caseId)).toMatchObject({ overdue: true, workingDaysLeft: -late });
  });

  test('gets the seeded arrangement back when a day set by hand over it is cleared', async () => {
    await put('2026-02-14', false);
    await stage.call(stage.bureau.administrator, 'DELETE', '/api/working-days/2026-02-14');
    const rows = await stage.query(
      `select works, name, source from working_days where day = '2026-02-14' and bureau_id = '${stage.bureau.id}'`,
    );
    expect(rows).toEqual([{ works: true, name: '春节调休上班', source: 'seed' }]);
    expect(
      (await stage.call(stage.bureau.administrator, 'DELETE', '/api/working-days/2026-02-14')).status,
    ).toBe(404);
  });

  test('is set by administrators only, and never the neighbour’s', async () => {
    expect((await put('2026-12-31', false, stage.bureau.agent)).status).toBe(403);
    await put('2026-12-30', false, neighbour.administrator);
    const rows = await stage.query<{ bureau_id: string }>(
      `select bureau_id from working_days where day = '2026-12-30'`,
    );
    expect(rows).toEqual([{ bureau_id: neighbour.id }]);
  });
});
