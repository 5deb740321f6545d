import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { record } from '#server/modules/audit/index.ts';
import { clearWorkingDay, listWorkingDays, setWorkingDay } from '#shared/planning.ts';
import { arrangedDay } from './seed-working-days.ts';
import { deleteHandDay, loadCalendar, putDay } from './store.ts';
import { listDaysOfYear, type WorkingCalendar } from './working-days.ts';

/**
 * Derives anew, in the same transaction, what rests on a bureau's calendar; answers how many cases moved. The
 * inbox comes after planning in the order of modules, so the composing root hands its function in.
 */
export type OnCalendarChange = (app: App, tx: Tx, bureauId: string) => Promise<number>;

/** Days off by law each year since 2025 (全国年节及纪念日放假办法): a year set by hand has at least these. */
const statutoryHolidays = 13;

export function planningRoutes(onCalendarChange: OnCalendarChange): RouteSet {
  return [
    serve(listWorkingDays, async ({ tx, actor, query }) => {
      const calendar = await loadCalendar(tx, actor.bureauId, `${query.year}-01-01`, `${query.year}-12-31`);
      return { days: listDaysOfYear(calendar, query.year), complete: isArranged(calendar) };
    }),
    serve(setWorkingDay, async ({ app, tx, actor, params, body }) => {
      await putDay(tx, actor.bureauId, { day: params.day, ...body, source: 'hand' });
      await record(tx, actor, 'working-day.set', { kind: 'working-day', id: params.day }, body);
      app.live.changed(tx, actor.bureauId, 'working-days');
      return { casesMoved: await onCalendarChange(app, tx, actor.bureauId) };
    }),
    serve(clearWorkingDay, async ({ app, tx, actor, params }) => {
      if (!(await deleteHandDay(tx, actor.bureauId, params.day))) throw new AppError('not-found');
      // The hand-set row stood in the place of the seed's, if there was one.
      const arranged = arrangedDay(params.day);
      if (arranged) await putDay(tx, actor.bureauId, { ...arranged, source: 'seed' });
      await record(tx, actor, 'working-day.cleared', { kind: 'working-day', id: params.day });
      app.live.changed(tx, actor.bureauId, 'working-days');
      return { casesMoved: await onCalendarChange(app, tx, actor.bureauId) };
    }),
  ];
}

function isArranged(calendar: WorkingCalendar): boolean {
  const days = [...calendar.values()];
  return (
    days.some(({ source }) => source === 'seed') ||
    days.filter(({ works }) => !works).length >= statutoryHolidays
  );
}
