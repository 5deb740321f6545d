import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { loadCalendar } from '#server/modules/planning/index.ts';
import { calendarRange, deriveDeadline, findStart } from './deadline.ts';
import { listOpenDeadlines, moveDeadlines } from './store.ts';

/**
 * Derives the deadlines of all open cases anew, after the bureau's calendar changed; given to planning's routes.
 * @returns how many moved
 */
export async function recomputeDeadlines(app: App, tx: Tx, bureauId: string): Promise<number> {
  const cases = await listOpenDeadlines(tx, bureauId);
  if (cases.length === 0) return 0;
  const earliest = Math.min(...cases.map(({ events }) => findStart(events).getTime()));
  const range = calendarRange(new Date(earliest), now());
  const calendar = await loadCalendar(tx, bureauId, range.from, range.to);
  const moves = cases
    .map(({ id, dueAt, events }) => ({ id, from: dueAt, to: deriveDeadline(events, calendar).dueAt }))
    .filter(({ from, to }) => from?.getTime() !== to.getTime());
  await moveDeadlines(tx, bureauId, moves);
  if (moves.length > 0) app.live.changed(tx, bureauId, 'cases');
  return moves.length;
}
