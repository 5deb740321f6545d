/**
 * pg-boss as a wake-up, never as a record: a job says "look at your table now". It is enqueued in the transaction
 * that changes the state, so it exists exactly when the change does; losing or repeating one does no harm, because the
 * owners' due-scanners ask their tables every second anyway (docs/decisions/0004).
 */
import { CompiledQuery } from 'kysely';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import type { Tx } from './database.ts';
import { log } from './log.ts';

/** Every job there is, with what it carries. A rule test sees that each has exactly one handler. */
export type JobPayloads = {
  'publishing.wake': { bureauId: string };
  'inbox.wake': { bureauId: string };
  'accounts.probe': { bureauId: string; accountId: string };
  'accounts.carry-menus': { bureauId: string; accountId: string };
};
export type JobName = keyof JobPayloads;
export const jobNames = [
  'publishing.wake',
  'inbox.wake',
  'accounts.probe',
  'accounts.carry-menus',
] as const satisfies readonly JobName[];

export type JobHandler<N extends JobName> = (payload: JobPayloads[N]) => Promise<void>;

export type Jobs = {
  /** Must be given the transaction: there is no way to enqueue outside one. */
  enqueue<N extends JobName>(tx: Tx, name: N, payload: JobPayloads[N]): Promise<void>;
  handle<N extends JobName>(name: N, handler: JobHandler<N>): Promise<void>;
  stop(): Promise<void>;
};

/** @param worker false: only enqueues (a web process without the worker role) */
export async function startJobs(url: string, worker: boolean): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: url,
    schema: 'pgboss',
    application_name: 'huisheng jobs',
    max: 3,
    supervise: worker,
    schedule: false,
    reindex: false,
    useListenNotify: worker,
  });
  boss.on('error', (error) => log.warn({ error: error.message }, 'job queue'));
  await boss.start();
  for (const name of jobNames) {
    // `short`: one queued job a key is enough for a wake-up.
    await boss.createQueue(name, {
      policy: 'short',
      notify: true,
      retryLimit: 0,
      retentionSeconds: 3_600,
      deleteAfterSeconds: 3_600,
    });
  }
  await letRolesEnqueue(url);
  return {
    async enqueue(tx, name, payload) {
      const db = {
        async executeSql(text: string, values: unknown[] = []) {
          // Rows go back to pg-boss untouched; their shape is its own business.
          const result = await tx.executeQuery(CompiledQuery.raw(text, values));
          return { rows: result.rows as Record<string, unknown>[] };
        },
      };
      await boss.send(name, payload, {
        db,
        singletonKey: 'accountId' in payload ? payload.accountId : payload.bureauId,
      });
    },
    async handle(name, handler) {
      await boss.work<JobPayloads[typeof name]>(
        name,
        { batchSize: 10, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 },
        async (batch) => {
          for (const job of batch) await handler(job.data);
        },
      );
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000, close: true }),
  };
}

/** The roles of `database.ts` insert jobs within their own transactions. */
async function letRolesEnqueue(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Two processes granting at once would fail on the catalogue row; one waits for the other.
    await client.query(`
      begin;
      select pg_advisory_xact_lock(8271654);
      grant usage on schema pgboss to huisheng_staff, huisheng_worker;
      grant select, insert, update on all tables in schema pgboss to huisheng_staff, huisheng_worker;
      grant execute on all functions in schema pgboss to huisheng_staff, huisheng_worker;
      commit;
    `);
  } finally {
    await client.end();
  }
}
