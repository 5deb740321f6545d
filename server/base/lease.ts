/** Work that waits in a table of its own: rows with a time at which somebody looks at them. */
import { sql } from 'kysely';
import type { Tx } from './database.ts';
import type { DB } from './tables.ts';

/**
 * Takes rows whose time has come, the earliest first, and moves their time on by a lease: whoever takes them and dies leaves them to
 * the next.
 * @param from.wake the column of their time
 * @param from.also further columns that are told of each
 */
export async function claimWithLease<K extends string, A extends string = never>(
  tx: Tx,
  from: { table: keyof DB & string; key: readonly K[]; wake: string; also?: readonly A[] },
  limit: number,
  leaseSeconds: number,
): Promise<(Record<K, string> & Record<A, string | null>)[]> {
  const table = sql.table(from.table);
  const wake = sql.ref(from.wake);
  const key = from.key.map((column) => sql.ref(column));
  const same = from.key.map((column) => sql`claimed.${sql.ref(column)} = due.${sql.ref(column)}`);
  const told = [...from.key, ...(from.also ?? [])].map((column) => sql`claimed.${sql.ref(column)}`);
  const { rows } = await sql<Record<K, string> & Record<A, string | null>>`
    update ${table} claimed set ${wake} = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    from (
      select ${sql.join(key)} from ${table}
      where ${wake} <= clock_timestamp() order by ${wake} limit ${limit} for update skip locked
    ) due
    where ${sql.join(same, sql` and `)}
    returning ${sql.join(told)}`.execute(tx);
  return rows;
}
