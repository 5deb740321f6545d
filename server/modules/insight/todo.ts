import type { Actor } from '#server/base/actor.ts';
import { now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import type { Todo } from '#shared/home.ts';
import { may } from '#shared/people.ts';
import { listUnsigned } from './digest/store.ts';
import { addDays, mondayOf, rangeOfWeek } from './digest/week.ts';

/** Older drafts that nobody signed wait for nobody any more. */
const weeksBack = 3;

/** Digests of past weeks that wait to be edited and signed, until the Wednesday after. */
export async function listInsightTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  if (!may(actor.roles, 'inbox.supervise')) return [];
  const monday = mondayOf(wallDate(now()));
  const unsigned = await listUnsigned(tx, actor.bureauId, addDays(monday, -7 * weeksBack));
  return unsigned
    .filter(({ week }) => week < monday)
    .map(({ id, title, week }) => {
      const due = rangeOfWeek(week).to.getTime() + 2.75 * 86_400_000;
      return {
        ...{ kind: 'digest', key: `digest:${id}`, title, to: `/insight/digests/${id}` },
        note: { zh: '社情民意周报待修改签发', en: 'The weekly digest waits to be edited and signed' },
        dueAt: new Date(due).toISOString(),
        overdue: due < now().getTime(),
      };
    });
}
