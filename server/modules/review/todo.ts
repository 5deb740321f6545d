import type { Actor } from '#server/base/actor.ts';
import { fromWallTime, now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import type { Todo } from '#shared/home.ts';
import { type ReviewRow, stageLabels } from '#shared/review.ts';
import type { ReviewSubjects } from './subject.ts';
import { listReviewViews } from './view.ts';

/** Reviews whose current stage waits for this person, dated by the planned publishing time or the deadline of the answer. */
export async function listReviewTodo(tx: Tx, actor: Actor, subjects: ReviewSubjects): Promise<Todo[]> {
  const rows = await listReviewViews(tx, actor, subjects, { mine: '1' });
  const at = now().getTime();
  return rows.map((row) => {
    const due = dueOf(row);
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

function dueOf({ plannedWall, answerDueAt }: ReviewRow): Date | null {
  if (answerDueAt) return new Date(answerDueAt);
  return plannedWall ? fromWallTime(plannedWall) : null;
}
