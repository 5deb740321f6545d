import { createHmac } from 'node:crypto';
import { canonicalJson } from '#server/base/canonical.ts';

/** The fields of an entry that its seal covers: all of them. `at` is ISO 8601 with microseconds, UTC. */
export type SealedEntry = {
  bureau_id: string;
  id: string;
  at: string;
  actor_id: string | null;
  actor_name: string;
  action: string;
  subject_kind: string;
  subject_id: string;
  detail: unknown;
};

export const firstSeal = Buffer.alloc(32);

/**
 * HMAC-SHA-256 over the previous seal, the place in the chain and each field with its length before it, so that no two
 * different entries give the same bytes. The key is outside the database: who can only write to the database can't
 * rebuild the chain.
 */
export function sealEntry(key: Buffer, previous: Buffer, seq: number, entry: SealedEntry): Buffer {
  const hmac = createHmac('sha256', key).update(previous);
  const fields = [
    String(seq),
    entry.bureau_id,
    entry.id,
    entry.at,
    entry.actor_id ?? '',
    entry.actor_name,
    entry.action,
    entry.subject_kind,
    entry.subject_id,
    canonicalJson(entry.detail),
  ];
  for (const field of fields) {
    const bytes = Buffer.from(field);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(length).update(bytes);
  }
  return hmac.digest();
}
