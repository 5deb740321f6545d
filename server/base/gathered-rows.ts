/** Rows that a transaction owes: written before it ends, many of a kind in one statement instead of one each. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { DB } from './tables.ts';

type Tx = Transaction<DB>;
type Insert<Row> = (tx: Tx, rows: readonly Row[]) => Promise<void>;
type Owed = Map<Insert<never>, unknown[]>;

const owed = new WeakMap<Kysely<DB>, Owed>();
const atMost = 1_000;

/** From here on rows may be owed; whoever begins the transaction calls `writeOwed` before it ends. */
export function beginOwing(tx: Tx): void {
  owed.set(tx, new Map());
}

/** Writes the row with others of its kind before the transaction ends, or at once where nobody gathers. */
export async function owe<Row>(tx: Tx, insert: Insert<Row>, row: Row): Promise<void> {
  const rows = owed.get(tx);
  if (!rows) return insert(tx, [row]);
  const list = rows.get(insert) ?? [];
  list.push(row);
  rows.set(insert, list);
}

/** Writes what is owed, in the order in which kinds were first owed. */
export async function writeOwed(tx: Tx): Promise<void> {
  const rows = owed.get(tx);
  if (!rows) return;
  for (const [insert, list] of rows)
    for (let from = 0; from < list.length; from += atMost)
      await insert(tx, list.slice(from, from + atMost) as never[]);
  rows.clear();
}

/**
 * Work that the database may refuse without the loss of what came before it in the transaction.
 * @throws what `work` throws, after everything it wrote or owed is undone
 */
export async function inSavepoint<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await writeOwed(tx);
  await sql`savepoint part`.execute(tx);
  try {
    const result = await work();
    await writeOwed(tx);
    await sql`release savepoint part`.execute(tx);
    return result;
  } catch (error) {
    owed.get(tx)?.clear();
    // Where not even this works, nothing of the transaction will be kept.
    await sql`rollback to savepoint part`.execute(tx).catch(() => undefined);
    throw error;
  }
}
