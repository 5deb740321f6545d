import { sql } from 'kysely';
import type { Actor } from '../actor.ts';
import { AppError } from '../app-error.ts';
import { canonicalJson, sha256 } from '../canonical.ts';
import type { Tx } from '../database.ts';
import type { Sealer } from '../seal.ts';

export const keyPattern = /^[\w-]{8,80}$/;

/** A program chooses its keys apart from the person who made its token. */
const senderOf = (actor: Actor) => actor.token?.id ?? actor.personId;

/** Answers are kept sealed: one of them is a first password, many hold people's words. */
const placeOf = (actor: Actor, key: string) => ({
  bureauId: actor.bureauId,
  table: 'idempotency_keys',
  row: `${senderOf(actor)} ${key}`,
  column: 'answer',
});

/**
 * Claims the key inside the request's transaction. A second request with the same key waits on the first one's row and
 * then reads its answer; if the first rolled back, the second runs.
 * @returns the stored answer, or null when this request is the first
 * @throws {AppError} idempotency-key-reused when the key came with another request before
 */
export async function claimKey(
  tx: Tx,
  sealer: Sealer,
  actor: Actor,
  key: string,
  request: { method: string; url: string; body: unknown },
): Promise<{ answer: unknown } | null> {
  const hash = sha256(canonicalJson({ ...request, body: request.body ?? null }));
  const inserted = await tx
    .insertInto('idempotency_keys')
    .values({ bureau_id: actor.bureauId, actor_id: senderOf(actor), key, request_hash: hash })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows === 1n) return null;
  const row = await tx
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'status', 'answer'])
    .where('bureau_id', '=', actor.bureauId)
    .where('actor_id', '=', senderOf(actor))
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  if (!hash.equals(row.request_hash)) throw new AppError('idempotency-key-reused');
  // Claim and answer are written in one transaction, so a visible row always has its answer.
  if (row.status === null) throw new AppError('idempotency-key-busy');
  const { sealed } = row.answer as { sealed: string };
  return { answer: JSON.parse(sealer.open(placeOf(actor, key), Buffer.from(sealed, 'base64')).toString()) };
}

export async function storeAnswer(
  tx: Tx,
  sealer: Sealer,
  actor: Actor,
  key: string,
  answer: unknown,
): Promise<void> {
  const sealed = sealer.seal(placeOf(actor, key), JSON.stringify(answer)).toString('base64');
  await tx
    .updateTable('idempotency_keys')
    .set({ status: 200, answer: JSON.stringify({ sealed }) })
    .where('bureau_id', '=', actor.bureauId)
    .where('actor_id', '=', senderOf(actor))
    .where('key', '=', key)
    .execute();
}

/** Keys are kept a week: longer than any client retries. */
export async function forgetOldKeys(tx: Tx): Promise<void> {
  await tx
    .deleteFrom('idempotency_keys')
    .where('created_at', '<', sql<Date>`now() - interval '7 days'`)
    .execute();
}
