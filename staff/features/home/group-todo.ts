import { compareTodo, firstDate, type Todo } from '#shared/home.ts';
import { addDays, dayOf } from '../../lib/time.ts';

const todoGroups = ['urgent', 'overdue', 'today', 'tomorrow', 'later', 'undated'] as const;
export type TodoGroup = (typeof todoGroups)[number];

function groupOf(todo: Todo, today: string): TodoGroup {
  if (todo.urgency) return 'urgent';
  if (todo.overdue) return 'overdue';
  const first = firstDate(todo);
  if (first === null) return 'undated';
  const day = dayOf(first);
  if (day <= today) return 'today';
  return day === addDays(today, 1) ? 'tomorrow' : 'later';
}

/**
 * Puts the list under its dates, by the calendar of Asia/Shanghai and the server's `now`, what is urgent before all of
 * them; inside a group the graver and the earlier comes first, and groups with nothing in them are left out.
 */
export function groupTodo(rows: readonly Todo[], now: string): { group: TodoGroup; rows: Todo[] }[] {
  const today = dayOf(now);
  const inOrder = rows.toSorted(compareTodo);
  return todoGroups
    .map((group) => ({ group, rows: inOrder.filter((todo) => groupOf(todo, today) === group) }))
    .filter((part) => part.rows.length > 0);
}
