import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import type { Todo } from '#shared/home.ts';
import { may } from '#shared/people.ts';
import { type Delivery, deliveryStateLabels } from '#shared/publishing.ts';
import { listDeliveryViews } from './view.ts';

const states = ['handed-off', 'unknown', 'held', 'failed', 'rejected', 'pending'] as const;

/** Deliveries that need a person, each with the one thing to do. */
export async function listPublishingTodo(app: App, tx: Tx, actor: Actor): Promise<Todo[]> {
  const list: Todo[] = [];
  for (const state of states) {
    const { rows } = await listDeliveryViews(app, tx, actor, { state });
    for (const row of rows) {
      const todo = todoOf(row, actor);
      if (todo) list.push(todo);
    }
  }
  return list;
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
