import type { Insertable } from 'kysely';
import type { Actor, SystemActor } from '#server/base/actor.ts';
import type { Tx } from '#server/base/database.ts';
import { owe } from '#server/base/gathered-rows.ts';
import { newId } from '#server/base/ids.ts';
import type { DB } from '#server/base/tables.ts';

export type AuditSubject = { kind: string; id: string };

/**
 * Writes the audit row of a change in the change's own transaction, at its end: both are there or neither is. `action` is an event
 * in the past tense (`delivery.published`). `detail` holds ids, states and reasons; never credentials, never the text
 * of a citizen's message.
 */
export async function record(
  tx: Tx,
  actor: Pick<Actor, 'personId' | 'name' | 'bureauId'> | SystemActor,
  action: string,
  subject: AuditSubject,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await owe(tx, insertEntries, {
    bureau_id: actor.bureauId,
    id: newId(),
    actor_id: actor.personId,
    actor_name: actor.name,
    action,
    subject_kind: subject.kind,
    subject_id: subject.id,
    detail: JSON.stringify(detail),
  });
}

async function insertEntries(tx: Tx, rows: readonly Insertable<DB['audit_entries']>[]): Promise<void> {
  await tx.insertInto('audit_entries').values(rows).execute();
}
