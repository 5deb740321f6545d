import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import type { Todo, TodoKind, TodoMore } from '#shared/home.ts';
import { may, type Permission } from '#shared/people.ts';
import { type Delivery, type DeliveryState, deliveryStateLabels } from '#shared/publishing.ts';
import { type AssistedTask, taskKindLabels } from '#shared/tasks.ts';
import { listFigureTodo } from './figures/due-figures.ts';
import { listTaskViews } from './tasks/manage-task.ts';
import { countDeliveries, listDeliveryViews } from './view.ts';

type Waiting = {
  state: DeliveryState;
  kind: TodoKind;
  permission: Permission;
  waitingFor?: 'administrator';
};

/** What a delivery in this state asks of a person, and who may do it. */
const waiting: readonly Waiting[] = [
  { state: 'handed-off', kind: 'hand-off', permission: 'handoff.perform' },
  { state: 'unknown', kind: 'decide-delivery', permission: 'delivery.decide' },
  { state: 'held', kind: 'release', permission: 'delivery.manage' },
  { state: 'failed', kind: 'mend', permission: 'delivery.manage' },
  { state: 'rejected', kind: 'mend', permission: 'delivery.manage' },
  { state: 'pending', kind: 'confirm', permission: 'delivery.manage', waitingFor: 'administrator' },
];

/**
 * Deliveries, tasks and figures that need a person, each with the one thing to do. Of one kind the fifty that wait longest; the
 * others are counted.
 */
export async function listPublishingTodo(
  app: App,
  tx: Tx,
  actor: Actor,
): Promise<{ rows: Todo[]; more: TodoMore[] }> {
  const list: Todo[] = [];
  const more: TodoMore[] = [];
  for (const { state, kind, permission, waitingFor } of waiting) {
    if (!may(actor.roles, permission)) continue;
    const filter = { state, ...(waitingFor ? { waitingFor } : {}) };
    const { rows, next } = await listDeliveryViews(app, tx, actor, { ...filter, oldestFirst: true });
    list.push(...rows.flatMap((row) => todoOf(row, kind) ?? []));
    if (next) {
      const count = (await countDeliveries(tx, actor.bureauId, filter)) - rows.length;
      if (count > 0) more.push({ kind, count, to: `/deliveries?state=${state}` });
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
  list.push(...(await listFigureTodo(tx, actor)));
  return { rows: list, more };
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

/** Null: somebody did it already, and a second person looks at it. */
function todoOf(row: Delivery, kind: TodoKind): Todo | null {
  if (row.state === 'handed-off' && row.taskState === 'claimed') return null;
  const state = deliveryStateLabels[row.state];
  const at = now().toISOString();
  const dueAt = row.state === 'handed-off' ? row.handoffDeadline : row.dueAt;
  return {
    kind,
    key: `${kind === 'decide-delivery' ? 'decide' : kind}:${row.id}`,
    title: row.articleTitle,
    note: { zh: `${row.accountName}：${state.zh}`, en: `${row.accountName}: ${state.en}` },
    dueAt,
    // What failed or is unknown cannot wait for its time.
    overdue: kind === 'mend' || kind === 'decide-delivery' || (kind !== 'confirm' && (dueAt ?? '9') < at),
    to: `/deliveries/${row.id}`,
  };
}
