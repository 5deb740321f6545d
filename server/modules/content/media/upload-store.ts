import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

export type UploadRecord = NonNullable<Awaited<ReturnType<typeof findUpload>>>;

export async function insertUpload(
  tx: Tx,
  row: {
    bureau_id: string;
    id: string;
    created_by: string;
    name: string;
    size: number;
    sha256: string | null;
    fingerprint: string;
  },
): Promise<UploadRecord> {
  return tx.insertInto('uploads').values(row).returningAll().executeTakeFirstOrThrow();
}

/** One's own alone: what somebody else is sending is nobody's business. */
export async function findUpload(
  tx: Tx,
  who: { bureauId: string; personId: string },
  uploadId: string,
  lock = false,
) {
  let query = tx
    .selectFrom('uploads')
    .selectAll()
    .where('bureau_id', '=', who.bureauId)
    .where('created_by', '=', who.personId)
    .where('id', '=', uploadId);
  if (lock) query = query.forUpdate();
  return query.executeTakeFirst();
}

export async function findOpenUpload(
  tx: Tx,
  who: { bureauId: string; personId: string },
  file: { fingerprint: string; size: number },
) {
  return tx
    .selectFrom('uploads')
    .selectAll()
    .where('bureau_id', '=', who.bureauId)
    .where('created_by', '=', who.personId)
    .where('fingerprint', '=', file.fingerprint)
    .where('size', '=', file.size)
    .where('state', 'in', ['open', 'received'])
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
}

export async function listOwnUploads(tx: Tx, who: { bureauId: string; personId: string }) {
  return tx
    .selectFrom('uploads')
    .selectAll()
    .where('bureau_id', '=', who.bureauId)
    .where('created_by', '=', who.personId)
    .where((or) =>
      or.or([
        or('state', 'in', ['open', 'received']),
        or('touched_at', '>', sql<Date>`clock_timestamp() - interval '1 hour'`),
      ]),
    )
    .orderBy('created_at')
    .limit(100)
    .execute();
}

export async function changeUpload(
  tx: Tx,
  upload: { bureau_id: string; id: string },
  change: {
    received?: number;
    state?: 'received' | 'done' | 'failed';
    problem?: string | null;
    file_id?: string;
    was_there?: boolean;
    leased_until?: null;
  },
): Promise<UploadRecord> {
  return tx
    .updateTable('uploads')
    .set({ ...change, touched_at: sql<Date>`clock_timestamp()` })
    .where('bureau_id', '=', upload.bureau_id)
    .where('id', '=', upload.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function deleteUpload(tx: Tx, upload: { bureau_id: string; id: string }): Promise<void> {
  await tx
    .deleteFrom('uploads')
    .where('bureau_id', '=', upload.bureau_id)
    .where('id', '=', upload.id)
    .execute();
}

/** The next complete upload that no living worker is at; of any bureau. */
export async function claimUpload(tx: Tx, leaseSeconds: number): Promise<UploadRecord | undefined> {
  return tx
    .updateTable('uploads')
    .set({ leased_until: sql<Date>`clock_timestamp() + make_interval(secs => ${leaseSeconds})` })
    .where('id', 'in', (query) =>
      query
        .selectFrom('uploads')
        .select('id')
        .where('state', '=', 'received')
        .where((or) =>
          or.or([or('leased_until', 'is', null), or('leased_until', '<', sql<Date>`clock_timestamp()`)]),
        )
        .orderBy('touched_at')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst();
}

export async function renewLease(
  tx: Tx,
  upload: { bureau_id: string; id: string },
  leaseSeconds: number,
): Promise<void> {
  await tx
    .updateTable('uploads')
    .set({ leased_until: sql<Date>`clock_timestamp() + make_interval(secs => ${leaseSeconds})` })
    .where('bureau_id', '=', upload.bureau_id)
    .where('id', '=', upload.id)
    .where('state', '=', 'received')
    .execute();
}

/** Nobody has sent or asked for anything for this long. What waits for a worker stays. */
export async function deleteOldUploads(tx: Tx, hours: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    delete from uploads
    where state <> 'received' and touched_at < clock_timestamp() - make_interval(hours => ${hours})
    returning id`.execute(tx);
  return rows.map((row) => row.id);
}

export async function listUploadIds(tx: Tx): Promise<Set<string>> {
  const rows = await tx.selectFrom('uploads').select('id').execute();
  return new Set(rows.map((row) => row.id));
}
