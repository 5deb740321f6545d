import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { MenuButton } from '#shared/menus.ts';

type Ids = { bureauId: string; accountId: string };

/** Made when first looked at. */
export async function openMenuRow(tx: Tx, { bureauId, accountId }: Ids) {
  await tx
    .insertInto('account_menus')
    .values({ bureau_id: bureauId, account_id: accountId })
    .onConflict((conflict) => conflict.columns(['bureau_id', 'account_id']).doNothing())
    .execute();
  const row = await tx
    .selectFrom('account_menus')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  return {
    ...row,
    buttons: row.buttons as MenuButton[],
    published: row.published as MenuButton[] | null,
    asked: row.asked as 'publish' | 'read' | null,
  };
}

/** @returns the new revision; null when another save came first */
export async function saveButtons(
  tx: Tx,
  { bureauId, accountId }: Ids,
  base: number,
  buttons: readonly MenuButton[],
): Promise<number | null> {
  const row = await tx
    .updateTable('account_menus')
    .set({ buttons: JSON.stringify(buttons), revision: base + 1 })
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .where('revision', '=', base)
    .returning('revision')
    .executeTakeFirst();
  return row?.revision ?? null;
}

/** `publish` takes the draft as it is now: a later save waits for the next publishing. */
export async function askFor(tx: Tx, { bureauId, accountId }: Ids, what: 'publish' | 'read'): Promise<void> {
  await tx
    .updateTable('account_menus')
    .set({ asked: what, error: null, ...(what === 'publish' ? { sent: sql<string>`buttons` } : {}) })
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .execute();
}

/** An errand nobody else is at, held to the end of the transaction. */
export async function takeErrand(tx: Tx) {
  const row = await tx
    .selectFrom('account_menus')
    .selectAll()
    .where('asked', 'is not', null)
    .orderBy('bureau_id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row && { ...row, sent: (row.sent ?? []) as MenuButton[] };
}

export async function endErrand(
  tx: Tx,
  { bureauId, accountId }: Ids,
  end: { published: readonly MenuButton[]; wasPublished: boolean } | { error: string },
): Promise<void> {
  const change =
    'error' in end
      ? { error: end.error }
      : {
          error: null,
          published: JSON.stringify(end.published),
          read_at: sql<Date>`clock_timestamp()`,
          ...(end.wasPublished ? { published_at: sql<Date>`clock_timestamp()` } : {}),
        };
  await tx
    .updateTable('account_menus')
    .set({ asked: null, sent: null, ...change })
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .execute();
}
