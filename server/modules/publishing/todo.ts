import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import type { Todo } from '#shared/home.ts';
import { may } from '#shared/people.ts';
import { type Delivery, deliveryStateLabels } from '#shared/publishing.ts';
import { type AssistedTask, taskKindLabels } from '#shared/tasks.ts';
import { listTaskViews } from './tasks/manage-task.ts';
import { listDeliveryViews } from './view.ts';

const states = ['handed-off', 'unknown', 'held', 'failed', 'rejected', 'pending'] as const;

/** Deliveries and tasks about posts that need a person, each with the one thing to do. */
export async function listPublishingTodo(app: App, tx: Tx, actor: Actor): Promise<Todo[]> {
  const list: Todo[] = [];
  for (const state of states) {
    const { rows } = await listDeliveryViews(app, tx, actor, { state });
    for (const row of rows) {
      const todo = todoOf(row, actor);
      if (todo) list.push(todo);
    }
  }
  if (may(actor.roles, 'handoff.perform')) {
    const tasks = await listTaskViews(app, tx, actor, undefined);
    const ids = tasks.map(({ subjectId }) => subjectId);
    const { rows } = ids.length > 0 ? await listDeliveryViews(app, tx, actor, { ids }) : { rows: [] };
    const titles = new Map(rows.map((row) => [row.id, row.articleTitle]));
    for (const task of tasks) {
      const todo = taskTodoOf(task, titles.get(task.subjectId) ?? task.title);
      if (todo) list.push(todo);
    }
  }
  return list;
}

/** Answers by hand are told by the inbox; an open task to post stands under its delivery. */
function taskTodoOf(task: AssistedTask, title: string): Todo | null {
  if (task.kind === 'reply') return null;
  const kind = taskKindLabels[task.kind];
  const base = {
    title,
    dueAt: task.deadline,
    overdue: task.deadline < now().toISOString(),
    to: `/deliveries/${task.subjectId}`,
  };
  if (task.state === 'claimed') {
    // Whoever did it does not check it.
    if (task.claimedByMe) return null;
    const name = task.claimedByName ?? '';
    const note = {
      zh: `${task.accountName}：${kind.zh}，${name}已完成，等您核对`,
      en: `${task.accountName}: ${kind.en}, done by ${name}; look and say so`,
    };
    return { ...base, kind: 'check-task', key: `check:${task.id}`, note };
  }
  if (task.kind !== 'withdraw') return null;
  // Its title is the reason of the order.
  const note = {
    zh: `${task.accountName}：${kind.zh}（${task.title}）`,
    en: `${task.accountName}: ${kind.en} (${task.title})`,
  };
  return { ...base, kind: 'withdraw-by-hand', key: `withdraw:${task.id}`, note };
}

function todoOf(row: Delivery, actor: Actor): Todo | null {
  const state = deliveryStateLabels[row.state];
  const base = {
    title: row.articleTitle,
    note: { zh: `${row.accountName}：${state.zh}`, en: `${row.accountName}: ${state.en}` },
    dueAt: row.dueAt,
    overdue: false,
    to: `/deliveries/${row.id}`,
  };
  const at = now().toISOString();
  if (row.state === 'handed-off' && row.taskState !== 'claimed' && may(actor.roles, 'handoff.perform')) {
    return {
      ...base,
      kind: 'hand-off',
      key: `hand-off:${row.id}`,
      dueAt: row.handoffDeadline,
      overdue: (row.handoffDeadline ?? '9') < at,
    };
  }
  if (row.state === 'unknown' && may(actor.roles, 'delivery.decide')) {
    return { ...base, kind: 'decide-delivery', key: `decide:${row.id}`, overdue: true };
  }
  if (!may(actor.roles, 'delivery.manage')) return null;
  if (row.state === 'held')
    return { ...base, kind: 'release', key: `release:${row.id}`, overdue: row.dueAt < at };
  if (row.state === 'failed') return { ...base, kind: 'mend', key: `mend:${row.id}`, overdue: true };
  if (row.state === 'rejected') return { ...base, kind: 'mend', key: `mend:${row.id}`, overdue: true };
  if (row.state === 'pending' && row.waitingFor === 'administrator')
    return { ...base, kind: 'confirm', key: `confirm:${row.id}` };
  return null;
}
