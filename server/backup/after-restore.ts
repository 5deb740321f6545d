/**
 * What must be true before a restored database is let loose: nothing goes out by itself, and every audit entry that is
 * not sealed yet will be. Runs in the transaction of the restore.
 */
import type pg from 'pg';
import { systemActor } from '#server/base/actor.ts';
import { newId } from '#server/base/ids.ts';
import type { Reason } from '#server/modules/publishing/index.ts';

export type Halted = { held: number; unknown: number; replies: number; withdrawals: number };

type Halt = { bureau_id: string; action: string; subject_kind: string; subject_id: string; detail: object };

const reason: Reason = 'restored';
/** As the inbox keeps reasons: its code, and the particulars after the colon. */
const replyReason = 'process-ended: 从备份恢复 / restored from a backup';

/**
 * Halts all that was on its way when the backup was made. The backup may be older than what was really published, so
 * sending what it thinks unsent could publish twice: unsent posts are held for one click, and what was under way or in
 * question is unknown and asks no platform until a person says so (a read-back that finds nothing would send again).
 */
export async function haltDeliveries(client: pg.ClientBase): Promise<Halted> {
  const held = await moveDeliveries(client, ['planned', 'due', 'preparing', 'prepared'], 'held');
  const unknown = await moveDeliveries(client, ['submitting'], 'unknown');
  await client.query(
    `update deliveries set wake_at = null, claimed_by = null, fence = fence + 1 where state in ('pending', 'unknown')`,
  );
  const replies = await haltReplies(client);
  const withdrawals = await haltWithdrawals(client);
  // Old news by now, and perhaps told already.
  await client.query(
    `update notice_sendings set state = 'failed', last_error = $1, ended_at = clock_timestamp() where state = 'waiting'`,
    [reason],
  );
  await writeAudit(client, [...held, ...unknown, ...replies, ...withdrawals]);
  const counts = { held: held.length, unknown: unknown.length };
  return { ...counts, replies: replies.length, withdrawals: withdrawals.length };
}

async function moveDeliveries(
  client: pg.ClientBase,
  from: readonly string[],
  to: 'held' | 'unknown',
): Promise<Halt[]> {
  // Prepared drafts may be used up on the platform by now: a held post is prepared afresh.
  const { rows } = await client.query<{ bureau_id: string; id: string; before: string }>(
    `update deliveries d set state = $2, reason = $3, wake_at = null, claimed_by = null, fence = d.fence + 1,
       steps = case when $2 = 'held' then '{}'::jsonb else d.steps end, updated_at = clock_timestamp()
     from (select id, state from deliveries where state = any ($1)) old
     where old.id = d.id
     returning d.bureau_id, d.id, old.state as before`,
    [from, to, reason],
  );
  return rows.map((row) => ({
    bureau_id: row.bureau_id,
    action: `delivery.${to}`,
    subject_kind: 'delivery',
    subject_id: row.id,
    detail: { reason, from: row.before },
  }));
}

async function haltReplies(client: pg.ClientBase): Promise<Halt[]> {
  const { rows } = await client.query<{ bureau_id: string; id: string; case_id: string; before: string }>(
    `update replies r set state = 'unknown', reason = $1, wake_at = null, claimed_by = null, fence = r.fence + 1
     from (select bureau_id, id, state from replies where state in ('due', 'submitting', 'unknown')) old
     where old.bureau_id = r.bureau_id and old.id = r.id
     returning r.bureau_id, r.id, r.case_id, old.state as before`,
    [replyReason],
  );
  return rows.map((row) => ({
    bureau_id: row.bureau_id,
    action: 'reply.unknown',
    subject_kind: 'case',
    subject_id: row.case_id,
    detail: { reason, replyId: row.id, from: row.before },
  }));
}

/**
 * A post may stand there anew, published again after the backup: no platform is asked to take anything away until a person
 * orders it again, which moves the halted target to the new order (`insertTarget`). Tasks of people stay as they are.
 */
async function haltWithdrawals(client: pg.ClientBase): Promise<Halt[]> {
  const { rows } = await client.query<{ bureau_id: string; delivery_id: string; state: string }>(
    `update withdrawal_targets set wake_at = null, code = $1, updated_at = clock_timestamp()
     where state in ('waiting', 'calling') returning bureau_id, delivery_id, state`,
    [reason],
  );
  return rows.map((row) => ({
    bureau_id: row.bureau_id,
    action: 'delivery.withdraw-halted',
    subject_kind: 'delivery',
    subject_id: row.delivery_id,
    detail: { reason, from: row.state },
  }));
}

/** One entry a bureau: that its records come from a backup, and from which moment. */
export async function recordRestore(
  client: pg.ClientBase,
  detail: { takenAt: string } & Halted,
): Promise<void> {
  const { rows } = await client.query<{ bureau_id: string }>('select bureau_id from bureau_settings');
  await writeAudit(
    client,
    rows.map((row) => ({
      bureau_id: row.bureau_id,
      action: 'database.restored',
      subject_kind: 'bureau',
      subject_id: row.bureau_id,
      detail,
    })),
  );
}

async function writeAudit(client: pg.ClientBase, entries: readonly Halt[]): Promise<void> {
  const rows = entries.map((entry) => ({
    ...entry,
    id: newId(),
    actor_name: systemActor(entry.bureau_id).name,
  }));
  await client.query(
    `insert into audit_entries (bureau_id, id, actor_name, action, subject_kind, subject_id, detail)
     select bureau_id, id, actor_name, action, subject_kind, subject_id, detail
     from jsonb_to_recordset($1) as e (bureau_id uuid, id uuid, actor_name text, action text, subject_kind text,
       subject_id text, detail jsonb)`,
    [JSON.stringify(rows)],
  );
}

/**
 * Transaction numbers of the old cluster mean nothing here. All entries came in with this transaction's number; the
 * watermark is set just above it, which says "sealed" of all of them, and those without a seal get the number of the
 * watermark: the sealer's next range begins there. Comes last; the append-only trigger must be off.
 */
export async function restartSealer(client: pg.ClientBase): Promise<void> {
  const next = '((pg_current_xact_id()::text)::numeric + 1)::text::xid8';
  await client.query(
    `update audit_entries e set xid = ${next}
     where not exists (select from audit_seals s where s.bureau_id = e.bureau_id and s.entry_id = e.id)`,
  );
  await client.query(
    `insert into audit_sealer (sealed_below) values (${next})
     on conflict (only_row) do update set sealed_below = excluded.sealed_below`,
  );
}
