import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { asWorker, clockOf, type Tx } from '#server/base/database.ts';
import { newToken } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { findPeopleNames, listHoldersOf } from '#server/modules/people/index.ts';
import { may, roles } from '#shared/people.ts';
import type { AssistedTask } from '#shared/tasks.ts';
import type { TaskKindOwners } from './kind.ts';
import { findTask, listTaskRows, moveTask } from './store.ts';

export const taskUrl = (app: App, token: string): string => `${app.config.publicUrl}/desk/hand-off/${token}`;

export async function listTaskViews(
  app: App,
  tx: Tx,
  actor: Actor,
  subjectId: string | undefined,
): Promise<AssistedTask[]> {
  const rows = await listTaskRows(tx, actor.bureauId, subjectId === undefined ? undefined : [subjectId]);
  const people = rows.flatMap((row) => [row.executor_id, row.claimed_by].filter((id) => id !== null));
  const names = await findPeopleNames(tx, [...new Set(people)]);
  const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null));
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    subjectId: row.subject_id,
    title: row.title,
    accountName: row.account_name,
    platformName: getConnector(row.platform).label,
    state: row.state,
    deadline: row.deadline.toISOString(),
    executorName: nameOf(row.executor_id),
    claimedByName: nameOf(row.claimed_by),
    claimedByMe: row.claimed_by === actor.personId,
    proof: row.proof,
    returnReason: row.return_reason,
    url: taskUrl(app, row.token),
  }));
}

/** The old link ends with the change: a task is one person's. @throws {AppError} not-found, state-conflict */
export async function assignTaskBy(
  app: App,
  tx: Tx,
  actor: Actor,
  taskId: string,
  personId: string | null,
): Promise<void> {
  const task = await findTask(tx, actor.bureauId, taskId);
  if (!task) throw new AppError('not-found');
  if (personId !== null) {
    const able = roles.filter((role) => may([role], 'handoff.perform'));
    const holders = await Promise.all(able.map((role) => listHoldersOf(tx, actor.bureauId, role)));
    if (!holders.flat().some(({ id }) => id === personId))
      throw new AppError('input-invalid', {
        problem: '这位同事没有人工发布的权限 / this colleague may not post by hand',
      });
  }
  await moveTask(tx, task, { state: task.state, executor_id: personId, token: newToken() });
  await record(tx, actor, 'task.assigned', { kind: 'task', id: taskId }, { kind: task.kind, personId });
  app.live.changed(tx, actor.bureauId, 'deliveries');
}

/** Never by whoever claimed it. @throws {AppError} not-found, task-own-claim, state-conflict */
export async function checkTaskBy(
  app: App,
  tx: Tx,
  actor: Actor,
  owners: TaskKindOwners,
  taskId: string,
  check: { verdict: 'verified' } | { verdict: 'returned'; reason: string },
): Promise<void> {
  const task = await findTask(tx, actor.bureauId, taskId);
  if (!task) throw new AppError('not-found');
  if (task.claimed_by === actor.personId) throw new AppError('task-own-claim');
  const checked = { checked_by: actor.personId, checked_at: await clockOf(tx) };
  const subject = { kind: 'task', id: taskId };
  if (check.verdict === 'returned') {
    await moveTask(tx, task, { state: 'returned', return_reason: check.reason, ...checked });
    await record(tx, actor, 'task.returned', subject, { kind: task.kind, reason: check.reason });
  } else {
    // Only what somebody claims can be checked; a link proves itself elsewhere.
    if (task.state !== 'claimed') throw new AppError('task-not-claimed');
    await moveTask(tx, task, { state: 'verified', ...checked });
    await record(tx, actor, 'task.verified', subject, { kind: task.kind, by: 'person' });
    await asWorker(tx, (worker) => owners.get(task.kind)!.onVerified(app, worker, task, task.proof, actor));
  }
  app.live.changed(tx, actor.bureauId, 'deliveries');
}
