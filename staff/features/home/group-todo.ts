import type { Todo } from '#shared/home.ts';
import { addDays, dayOf } from '../../lib/time.ts';

const todoGroups = ['overdue', 'today', 'tomorrow', 'later', 'undated'] as const;
export type TodoGroup = (typeof todoGroups)[number];

function groupOf(todo: Todo, today: string): TodoGroup {
  if (todo.overdue) return 'overdue';
  if (todo.dueAt === null) return 'undated';
  const day = dayOf(todo.dueAt);
  if (day <= today) return 'today';
  return day === addDays(today, 1) ? 'tomorrow' : 'later';
}

/**
 * Puts the list under its dates, by the calendar of Asia/Shanghai and the server's `now`; inside a group the earlier
 * comes first, and groups with nothing in them are left out.
 */
export function groupTodo(rows: readonly Todo[], now: string): { group: TodoGroup; rows: Todo[] }[] {
  const today = dayOf(now);
  const byDate = [...rows].sort((a, b) => (a.dueAt ?? '9999').localeCompare(b.dueAt ?? '9999'));
  return todoGroups
    .map((group) => ({ group, rows: byDate.filter((todo) => groupOf(todo, today) === group) }))
    .filter((part) => part.rows.length > 0);
}
