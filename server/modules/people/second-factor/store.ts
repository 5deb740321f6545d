import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

/** Needs the worker's role, like everything here: a second factor belongs to no bureau. */
export async function findFactor(
  tx: Tx,
  personId: string,
): Promise<{ sealedSecret: Buffer; since: Date; lastStep: number } | null> {
  const row = await tx
    .selectFrom('second_factors')
    .select(['sealed_secret', 'confirmed_at', 'last_step'])
    .where('person_id', '=', personId)
    .executeTakeFirst();
  if (!row?.sealed_secret || !row.confirmed_at) return null;
  return { sealedSecret: row.sealed_secret, since: row.confirmed_at, lastStep: row.last_step };
}

/** @returns whether the step was still free: of two requests with one code, one gets it */
export async function takeStep(tx: Tx, personId: string, step: number): Promise<boolean> {
  const result = await tx
    .updateTable('second_factors')
    .set({ last_step: step })
    .where('person_id', '=', personId)
    .where('sealed_secret', 'is not', null)
    .where('last_step', '<', step)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function savePending(tx: Tx, personId: string, sealed: Buffer): Promise<void> {
  const pending = { sealed_pending: sealed, pending_at: sql<Date>`now()` };
  await tx
    .insertInto('second_factors')
    .values({ person_id: personId, ...pending })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(pending))
    .execute();
}

/** The secret shown last, while it is young enough to be confirmed; its row is held. */
export async function findPending(tx: Tx, personId: string, minutes: number): Promise<Buffer | null> {
  const row = await tx
    .selectFrom('second_factors')
    .select('sealed_pending')
    .where('person_id', '=', personId)
    .where('pending_at', '>', sql<Date>`now() - make_interval(mins => ${minutes})`)
    .forUpdate()
    .executeTakeFirst();
  return row?.sealed_pending ?? null;
}

export async function confirmPending(tx: Tx, personId: string, step: number): Promise<void> {
  await tx
    .updateTable('second_factors')
    .set({
      sealed_secret: sql<Buffer>`sealed_pending`,
      confirmed_at: sql<Date>`now()`,
      last_step: step,
      sealed_pending: null,
      pending_at: null,
    })
    .where('person_id', '=', personId)
    .execute();
}

export async function deleteFactor(tx: Tx, personId: string): Promise<boolean> {
  await tx.deleteFrom('recovery_codes').where('person_id', '=', personId).execute();
  const result = await tx.deleteFrom('second_factors').where('person_id', '=', personId).executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export async function replaceCodes(tx: Tx, personId: string, hashes: readonly Buffer[]): Promise<void> {
  await tx.deleteFrom('recovery_codes').where('person_id', '=', personId).execute();
  await tx
    .insertInto('recovery_codes')
    .values(hashes.map((code_hash) => ({ person_id: personId, code_hash })))
    .execute();
}

/** @returns whether it was there; it is gone afterwards */
export async function takeRecoveryCode(tx: Tx, personId: string, hash: Buffer): Promise<boolean> {
  const result = await tx
    .deleteFrom('recovery_codes')
    .where('person_id', '=', personId)
    .where('code_hash', '=', hash)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export async function countRecoveryCodes(tx: Tx, personId: string): Promise<number> {
  const row = await tx
    .selectFrom('recovery_codes')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  return row.count;
}
