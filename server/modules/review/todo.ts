import type { Actor } from '#server/base/actor.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import type { Todo } from '#shared/home.ts';
import { stageLabels } from '#shared/review.ts';
import { listReviewViews } from './view.ts';

/** Reviews whose current stage waits for this person, dated by the planned publishing time. */
export async function listReviewTodo(tx: Tx, actor: Actor): Promise<Todo[]> {
  const rows = await listReviewViews(tx, actor, { mine: '1' });
  const at = now().getTime();
  return rows.map((row) => {
    const due = row.plannedWall ? new Date(`${row.plannedWall.replace(' ', 'T')}:00+08:00`) : null;
    return {
      kind: 'review',
      key: `review:${row.id}`,
      title: row.title,
      note: {
        zh: `${row.submittedByName}送审，等您${stageLabels[row.stage].zh}`,
        en: `From ${row.submittedByName}: ${stageLabels[row.stage].en.toLowerCase()}`,
      },
      dueAt: due?.toISOString() ?? null,
      overdue: due !== null && due.getTime() < at,
      to: `/reviews/${row.id}`,
    };
  });
}
