import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

export async function findAppLink(tx: Tx, bureauId: string, taskId: string) {
  return tx
    .selectFrom('app_links')
    .selectAll()
    .select(sql<boolean>`coalesce(until > clock_timestamp(), false)`.as('holds'))
    .where('bureau_id', '=', bureauId)
    .where('task_id', '=', taskId)
    .executeTakeFirst();
}

/** One that holds, is being made or has just failed is left as it is. @returns false then */
export async function wantAppLink(tx: Tx, bureauId: string, taskId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into app_links as l (bureau_id, task_id, state, wake_at)
    values (${bureauId}, ${taskId}, 'making', clock_timestamp())
    on conflict (bureau_id, task_id) do update
      set state = 'making', failure = null, wake_at = clock_timestamp(), asked_at = clock_timestamp()
      where l.state <> 'making' and (l.until is null or l.until <= clock_timestamp())
        and l.asked_at < clock_timestamp() - interval '5 seconds'`.execute(tx);
  return numAffectedRows === 1n;
}

export type AppLinkJob = { bureauId: string; taskId: string };

/** Takes what is asked for; the lease brings back what a process that ends leaves. Making a link publishes nothing. */
export async function claimAppLinks(tx: Tx, limit: number, leaseMs: number): Promise<AppLinkJob[]> {
  const { rows } = await sql<AppLinkJob>`
    with due as (
      select bureau_id, task_id from app_links
      where wake_at <= statement_timestamp() order by wake_at limit ${limit} for update skip locked
    )
    update app_links l set wake_at = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
    from due where l.bureau_id = due.bureau_id and l.task_id = due.task_id
    returning l.bureau_id as "bureauId", l.task_id as "taskId"`.execute(tx);
  return rows;
}

export async function settleAppLink(
  tx: Tx,
  { bureauId, taskId }: AppLinkJob,
  made: { phone: string; desk: string | null; until: Date } | { failure: string },
): Promise<void> {
  const change =
    'failure' in made
      ? { state: 'failed', phone: null, desk: null, until: null, failure: made.failure }
      : { state: 'ready', ...made, failure: null };
  await tx
    .updateTable('app_links')
    .set({ ...change, wake_at: null })
    .where('bureau_id', '=', bureauId)
    .where('task_id', '=', taskId)
    .execute();
}
