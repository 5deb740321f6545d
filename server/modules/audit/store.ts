import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { AuditEntry } from '#shared/system.ts';
import type { SealedEntry } from './seal.ts';

/** ISO 8601 in UTC with microseconds: what JavaScript's Date would cut off is part of the sealed bytes. */
const exactTime = sql<string>`to_char(audit_entries.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const sealedColumns = [
  'audit_entries.bureau_id',
  'audit_entries.id',
  'actor_id',
  'actor_name',
  'action',
  'subject_kind',
  'subject_id',
  'detail',
] as const;

/** Locks the sealer's row: one sealer works at a time, others find nothing to do. */
export async function lockSealer(tx: Tx): Promise<{ from: string; to: string } | null> {
  const { rows } = await sql<{ from: string; to: string }>`
    select sealed_below::text as from, pg_snapshot_xmin(pg_current_snapshot())::text as to
    from audit_sealer for update skip locked`.execute(tx);
  return rows[0] ?? null;
}

export async function moveSealer(tx: Tx, to: string): Promise<void> {
  await sql`update audit_sealer set sealed_below = ${to}::xid8`.execute(tx);
}

export async function listUnsealed(tx: Tx, range: { from: string; to: string }): Promise<SealedEntry[]> {
  return (
    tx
      .selectFrom('audit_entries')
      .select([...sealedColumns, exactTime.as('at')])
      .where(sql<boolean>`xid >= ${range.from}::xid8 and xid < ${range.to}::xid8`)
      // A watermark that an earlier version moved back must not seal anything twice.
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('audit_seals')
              .select('audit_seals.seq')
              .whereRef('audit_seals.bureau_id', '=', 'audit_entries.bureau_id')
              .whereRef('audit_seals.entry_id', '=', 'audit_entries.id'),
          ),
        ),
      )
      .orderBy('audit_entries.bureau_id')
      .orderBy('xid')
      .orderBy('audit_entries.id')
      .execute()
  );
}

export async function findHead(tx: Tx, bureauId: string): Promise<{ seq: number; seal: Buffer } | undefined> {
  return tx
    .selectFrom('audit_seals')
    .select(['seq', 'seal'])
    .where('bureau_id', '=', bureauId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function insertSeals(
  tx: Tx,
  seals: { bureau_id: string; seq: number; entry_id: string; seal: Buffer }[],
): Promise<void> {
  for (let at = 0; at < seals.length; at += 1_000) {
    await tx
      .insertInto('audit_seals')
      .values(seals.slice(at, at + 1_000))
      .execute();
  }
}

export async function listSealedBureaus(tx: Tx): Promise<string[]> {
  const rows = await tx
    .selectFrom('audit_seals')
    .select('bureau_id')
    .distinct()
    .orderBy('bureau_id')
    .execute();
  return rows.map((row) => row.bureau_id);
}

/** One page of the chain in order, with the entry or nulls where the entry is missing. */
export async function listChain(tx: Tx, bureauId: string, afterSeq: number, limit: number) {
  return tx
    .selectFrom('audit_seals')
    .leftJoin('audit_entries', (join) =>
      join
        .onRef('audit_entries.bureau_id', '=', 'audit_seals.bureau_id')
        .onRef('audit_entries.id', '=', 'audit_seals.entry_id'),
    )
    .select(['audit_seals.seq', 'audit_seals.entry_id', 'audit_seals.seal'])
    .select([...sealedColumns, exactTime.as('at')])
    .where('audit_seals.bureau_id', '=', bureauId)
    .where('audit_seals.seq', '>', afterSeq)
    .orderBy('audit_seals.seq')
    .limit(limit)
    .execute();
}

export async function countUnsealed(tx: Tx, bureauId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from audit_entries e
    where e.bureau_id = ${bureauId}
      and not exists (select from audit_seals s where s.bureau_id = e.bureau_id and s.entry_id = e.id)`.execute(
    tx,
  );
  return rows[0]!.count;
}

/** Newest first; ids are time-ordered, so the cursor is an id. */
export async function listEntries(
  tx: Tx,
  bureauId: string,
  filter: { subjectKind?: string | undefined; subjectId?: string | undefined; cursor?: string | undefined },
  limit: number,
): Promise<AuditEntry[]> {
  let query = tx
    .selectFrom('audit_entries')
    .leftJoin('audit_seals', (join) =>
      join
        .onRef('audit_seals.bureau_id', '=', 'audit_entries.bureau_id')
        .onRef('audit_seals.entry_id', '=', 'audit_entries.id'),
    )
    .selectAll('audit_entries')
    .select('audit_seals.seq')
    .where('audit_entries.bureau_id', '=', bureauId)
    .orderBy('audit_entries.id', 'desc')
    .limit(limit);
  if (filter.subjectKind) query = query.where('subject_kind', '=', filter.subjectKind);
  if (filter.subjectId) query = query.where('subject_id', '=', filter.subjectId);
  if (filter.cursor) query = query.where('audit_entries.id', '<', filter.cursor);
  const rows = await query.execute();
  return rows.map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    actorName: row.actor_name,
    action: row.action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    detail: row.detail as Record<string, unknown>,
    seq: row.seq,
  }));
}

/** Who last did one of these things to a subject; null where a program did or nobody. */
export async function findLastActor(
  tx: Tx,
  bureauId: string,
  subject: { kind: string; id: string },
  actions: readonly string[],
): Promise<string | null> {
  const row = await tx
    .selectFrom('audit_entries')
    .select('actor_id')
    .where('bureau_id', '=', bureauId)
    .where('subject_kind', '=', subject.kind)
    .where('subject_id', '=', subject.id)
    .where('action', 'in', actions)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.actor_id ?? null;
}
