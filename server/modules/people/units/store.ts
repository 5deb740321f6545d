import type { Selectable } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { Units } from '#server/base/tables.ts';

export type UnitRow = Selectable<Units>;

/**
 * All units of the bureau, held until the end of the transaction: names and fields are compared with each other, so changes
 * go one after another. The bureau's own row is the lock; rows that refer to it can still be written.
 */
export async function lockUnits(tx: Tx, bureauId: string): Promise<UnitRow[]> {
  await tx
    .selectFrom('units')
    .select('id')
    .where('bureau_id', '=', bureauId)
    .where('id', '=', bureauId)
    .forNoKeyUpdate()
    .execute();
  return tx.selectFrom('units').selectAll().where('bureau_id', '=', bureauId).execute();
}

export async function insertUnit(
  tx: Tx,
  unit: Pick<
    UnitRow,
    'bureau_id' | 'id' | 'parent_id' | 'kind' | 'level' | 'name' | 'short_name' | 'fields' | 'path'
  >,
): Promise<void> {
  await tx.insertInto('units').values(unit).execute();
}

export async function updateUnit(
  tx: Tx,
  bureauId: string,
  id: string,
  change: Partial<Pick<UnitRow, 'name' | 'short_name' | 'fields'>>,
): Promise<void> {
  await tx.updateTable('units').set(change).where('bureau_id', '=', bureauId).where('id', '=', id).execute();
}
