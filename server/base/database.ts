/**
 * The way to a connection. Staff work goes through `withScope`, jobs and pushes through `withWorker`, the public site
 * through `withPublic`: each opens one transaction under its own database role (migration 0001). Nothing outside this
 * file sees the pool, so no query can run outside a role.
 */
import { CompiledQuery, Kysely, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { Actor } from './actor.ts';
import { AppError } from './app-error.ts';
import { isDeadlock, isUnavailable } from './database-errors.ts';
import { beginOwing, writeOwed } from './gathered-rows.ts';
import { log } from './log.ts';
import { inScope, ScopedDialect, type ScopeRole } from './scoped-dialect.ts';
import type { DB } from './tables.ts';

export type Tx = Transaction<DB>;

export type Database = {
  withScope<T>(actor: Pick<Actor, 'bureauId'>, work: (tx: Tx) => Promise<T>): Promise<T>;
  withWorker<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** As the worker, for somebody who waits for the answer: a deadlock is tried again once, so `work` may run twice. */
  withVisitor<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  withPublic<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** As the owner of the tables, for migrations, backup and restore only. */
  asOwner<T>(work: (db: Kysely<DB>) => Promise<T>): Promise<T>;
  /** The database's clock, which decides what is due; within a transaction ask `clockOf` instead. */
  now(): Promise<Date>;
  ping(): Promise<void>;
  close(): Promise<void>;
};

const afterCommitWork = new WeakMap<Tx, (() => void)[]>();

/** Runs once the transaction has committed; never when it rolls back. Must not throw. */
export function afterCommit(tx: Tx, work: () => void): void {
  const list = afterCommitWork.get(tx);
  if (!list) throw new Error('afterCommit needs a transaction made by withScope, withWorker or withPublic');
  list.push(work);
}

/**
 * Runs a part of a staff transaction in the worker's role: for the few tables that belong to no bureau (people,
 * sessions). Whoever calls it limits the rows by the actor.
 */
export async function asWorker<T>(tx: Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  // What was owed in a role is written in it.
  await writeOwed(tx);
  const { rows } = await sql<{ role: string }>`
    select current_user as role, set_config('role', 'huisheng_worker', true)`.execute(tx);
  const result = await work(tx);
  await writeOwed(tx);
  // After a failure the transaction is lost anyway; only success switches back.
  await sql`select set_config('role', ${rows[0]!.role}, true)`.execute(tx);
  return result;
}

/** The last Monday at midnight in Shanghai, by the database's clock. */
export async function startOfWeek(tx: Tx): Promise<Date> {
  const { rows } = await sql<{ start: Date }>`
    select date_trunc('week', clock_timestamp(), 'Asia/Shanghai') as start`.execute(tx);
  return rows[0]!.start;
}

/** The database's clock, asked on the transaction's own connection: a second one could wait for ever when all are taken. */
export async function clockOf(tx: Tx): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(tx);
  return rows[0]!.now;
}

// int8 arrives as string to stay exact; counts and sequence numbers here stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
// A `date` is a calendar day, not an instant: keep 'YYYY-MM-DD'.
pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value);

const bureauPattern = /^[0-9a-f-]{36}$/;

export function openDatabase(url: string, options: { max?: number; name?: string } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 16,
    application_name: options.name ?? 'huisheng',
    connectionTimeoutMillis: 10_000,
    // A statement that runs this long is a defect; let it fail rather than hold locks.
    statement_timeout: 60_000,
  });
  pool.on('error', (error) => log.warn({ error: error.message }, 'an idle database connection was lost'));
  // While a connection is in use nobody listens, and an 'error' without a listener ends the process. Its query fails anyway.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<DB>({ dialect: new ScopedDialect({ pool }) });

  async function inRole<T>(role: ScopeRole, bureauId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const pending: (() => void)[] = [];
    const result = await inScope({ role, bureauId }, () =>
      db.transaction().execute(async (tx) => {
        afterCommitWork.set(tx, pending);
        beginOwing(tx);
        const done = await work(tx);
        await writeOwed(tx);
        return done;
      }),
    ).catch((error: unknown) => {
      throw asAppError(error);
    });
    for (const run of pending) run();
    return result;
  }

  return {
    withScope(actor, work) {
      if (!bureauPattern.test(actor.bureauId)) throw new Error('withScope needs a bureau');
      return twice(() => inRole('huisheng_staff', actor.bureauId, work));
    },
    withVisitor: (work) => twice(() => inRole('huisheng_worker', '', work)),
    withWorker: (work) => inRole('huisheng_worker', '', work),
    withPublic: (work) => inRole('huisheng_public', '', work),
    asOwner: (work) => work(db),
    async now() {
      const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
      return rows[0]!.now;
    },
    async ping() {
      await db.executeQuery(CompiledQuery.raw('select 1'));
    },
    close: () => db.destroy(),
  };
}

function asAppError(error: unknown): unknown {
  if (error instanceof AppError || !isUnavailable(error)) return error;
  return new AppError('database-unavailable', {}, error);
}

/** True for a violated unique constraint, by its name when one is given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const { code, constraint: name } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' && (constraint === undefined || name === constraint);
}

/** Nothing of it was kept, and whoever won is nearly done: a person need not press again. */
function twice<T>(attempt: () => Promise<T>): Promise<T> {
  return attempt().catch((error: unknown) => {
    if (!isDeadlock(error)) throw error;
    return attempt();
  });
}
