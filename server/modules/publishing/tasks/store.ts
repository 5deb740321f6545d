import { sql } from 'kysely';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { newId, newToken } from '#server/base/ids.ts';
import { type TaskKind, type TaskProof, type TaskState, taskStateLabels } from '#shared/tasks.ts';
import { mayMoveTask, openTaskStates } from './state.ts';

export type TaskCopy = { field: 'title' | 'digest' | 'body' | 'quote' | 'link'; text: string };
type Raw = { kind: string; state: string; copy: unknown; proof: unknown };
type Parsed = { kind: TaskKind; state: TaskState; copy: TaskCopy[]; proof: TaskProof };

/** The columns whose values the database only knows as text and JSON. */
function asTask<T extends Raw>(row: T): Omit<T, keyof Raw> & Parsed {
  return row as unknown as Omit<T, keyof Raw> & Parsed;
}
export type TaskRecord = NonNullable<Awaited<ReturnType<typeof findTask>>>;

export async function findTask(tx: Tx, bureauId: string, taskId: string) {
  const row = await tx
    .selectFrom('assisted_tasks')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('id', '=', taskId)
    .forUpdate()
    .executeTakeFirst();
  return row && asTask(row);
}

export async function findTaskByToken(tx: Tx, token: string, lock: boolean) {
  let query = tx.selectFrom('assisted_tasks').selectAll().where('token', '=', token);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  return row && asTask(row);
}

export async function findOpenTask(tx: Tx, bureauId: string, kind: TaskKind, subjectId: string) {
  const row = await tx
    .selectFrom('assisted_tasks')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .where('state', 'in', openTaskStates)
    .forUpdate()
    .executeTakeFirst();
  return row && asTask(row);
}

/** Open ones by deadline; with `subjectIds` all of theirs, the latest first. */
export async function listTaskRows(tx: Tx, bureauId: string, subjectIds?: readonly string[]) {
  if (subjectIds?.length === 0) return [];
  let query = tx
    .selectFrom('assisted_tasks')
    .innerJoin('accounts', (join) =>
      join
        .onRef('accounts.bureau_id', '=', 'assisted_tasks.bureau_id')
        .onRef('accounts.id', '=', 'assisted_tasks.account_id'),
    )
    .selectAll('assisted_tasks')
    .select(['accounts.name as account_name', 'accounts.platform'])
    .where('assisted_tasks.bureau_id', '=', bureauId)
    .limit(200);
  query = subjectIds
    ? query.where('subject_id', 'in', subjectIds).orderBy('assisted_tasks.created_at', 'desc')
    : query.where('assisted_tasks.state', 'in', openTaskStates).orderBy('deadline');
  return (await query.execute()).map(asTask);
}

export type NewTask = {
  bureauId: string;
  kind: TaskKind;
  subjectId: string;
  accountId: string;
  title: string;
  /** What is copied there; a post's texts are read from its package instead. */
  copy: readonly TaskCopy[];
  deadline: Date;
};

/** Begins a task; its address is `/desk/hand-off/<token>`. */
export async function insertTask(tx: Tx, task: NewTask): Promise<{ id: string; token: string }> {
  const [id, token] = [newId(), newToken()];
  await tx
    .insertInto('assisted_tasks')
    .values({
      ...{ bureau_id: task.bureauId, id, token, kind: task.kind, subject_id: task.subjectId },
      ...{ account_id: task.accountId, title: task.title, deadline: task.deadline },
      copy: JSON.stringify(task.copy),
    })
    .execute();
  return { id, token };
}

export type TaskChange = {
  state?: TaskState;
  token?: string;
  executor_id?: string | null;
  opened_at?: Date;
  claimed_by?: string;
  claimed_at?: Date;
  proof?: TaskProof;
  checked_by?: string;
  checked_at?: Date;
  return_reason?: string | null;
};

/** Changes a task that is locked. @throws {AppError} state-conflict */
export async function moveTask(tx: Tx, from: TaskRecord, change: TaskChange): Promise<void> {
  const conflict = () => new AppError('state-conflict', { state: taskStateLabels[from.state].zh });
  if (change.state && change.state !== from.state && !mayMoveTask(from.state, change.state)) throw conflict();
  const { proof, ...plain } = change;
  const { numUpdatedRows } = await tx
    .updateTable('assisted_tasks')
    .set({ ...plain, ...(proof ? { proof: JSON.stringify(proof) } : {}) })
    .where('bureau_id', '=', from.bureau_id)
    .where('id', '=', from.id)
    .where('state', '=', from.state)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw conflict();
}

/** Whatever was open for this piece of work is over: nobody need do it any more. */
export async function endTasksOf(
  tx: Tx,
  bureauId: string,
  kind: TaskKind,
  subjectId: string,
  state: 'expired' | 'cancelled' | 'verified',
): Promise<void> {
  await sql`
    update assisted_tasks set state = ${state}
    where bureau_id = ${bureauId} and kind = ${kind} and subject_id = ${subjectId}
      and (state in ('pending', 'opened', 'returned') or (state = 'claimed' and ${state} <> 'expired'))`.execute(
    tx,
  );
}

export async function countOpenTasks(tx: Tx, bureauId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('assisted_tasks')
    .select(sql<number>`count(*)`.as('count'))
    .where('bureau_id', '=', bureauId)
    .where('state', 'in', openTaskStates)
    .executeTakeFirstOrThrow();
  return count;
}
