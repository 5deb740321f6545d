import { realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

export const SUPERUSER = 'huisheng';
export const DATABASE = 'huisheng';

export type Address = { port: number; password: string };

export function databaseUrl({ port, password }: Address, database = DATABASE): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

export type Answer = { state: 'ready'; version: string } | { state: 'gone' } | { state: 'silent' };

/** A crash can leave minutes of log to replay; the server says so (57P03), and while it says so we wait. */
const RECOVERY_MS = 600_000;

/**
 * Waits for the server of `cluster` to answer at this address. `silent`: something may be there, but within
 * `patienceMs` it did not answer as ours. `gone`: `isAlive` turned false.
 */
export async function awaitAnswer(
  address: Address,
  cluster: string,
  isAlive: () => boolean,
  patienceMs: number,
): Promise<Answer> {
  const start = performance.now();
  for (;;) {
    const reply = await ask(address, cluster);
    if (typeof reply === 'object') return { state: 'ready', version: reply.version };
    if (!isAlive()) return { state: 'gone' };
    const limit = reply === 'starting' ? RECOVERY_MS : patienceMs;
    if (performance.now() - start > limit) return { state: 'silent' };
    await delay(25);
  }
}

async function ask(address: Address, cluster: string): Promise<{ version: string } | 'starting' | 'no'> {
  const client = new pg.Client({
    connectionString: databaseUrl(address, 'postgres'),
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  // A server that dies under the question is an answer too, not an unhandled event.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string; version: string }>(
      `SELECT current_setting('data_directory') AS folder, current_setting('server_version') AS version`,
    );
    const row = rows[0];
    return row && sameFolder(row.folder, cluster) ? { version: row.version } : 'no';
  } catch (error) {
    return error instanceof pg.DatabaseError && error.code === '57P03' ? 'starting' : 'no';
  } finally {
    // Not awaited: a server that is stopped in its tracks never says goodbye.
    client.end().catch(() => undefined);
  }
}

function sameFolder(told: string, cluster: string): boolean {
  try {
    return realpathSync(told) === cluster;
  } catch {
    return false;
  }
}

/** initdb makes no database of ours. Two creators at once: the second finds it there, which is what it wanted. */
export async function createDatabaseIfAbsent(address: Address): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl(address, 'postgres') });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    const duplicate = error instanceof pg.DatabaseError && error.code === '42P04';
    if (!duplicate) throw error;
  } finally {
    await client.end();
  }
}
