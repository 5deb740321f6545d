/** SQL of the reminder scanner: which cases to look at, what was told already. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { Reminder, ReminderStep } from './plan.ts';

/** Locks a few cases whose time has come; those another process looks at are left to it. */
export async function lockDueCases(tx: Tx, limit: number) {
  return tx
    .selectFrom('cases')
    .select(['bureau_id', 'id', 'number', 'state', 'kind', 'unit_id', 'owner_id'])
    .select(['triage_due_at', 'paused_at', 'due_at'])
    .where('remind_at', '<=', sql<Date>`clock_timestamp()`)
    .orderBy('remind_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}
export type DueCase = Awaited<ReturnType<typeof lockDueCases>>[number];

/** @returns the steps that nobody was told of before */
export async function claimReminders(
  tx: Tx,
  found: Pick<DueCase, 'bureau_id' | 'id'>,
  reminders: readonly Reminder[],
): Promise<Pick<Reminder, 'step' | 'clock'>[]> {
  if (reminders.length === 0) return [];
  const rows = await tx
    .insertInto('case_reminders')
    .values(
      reminders.map(({ step, clock }) => ({ bureau_id: found.bureau_id, case_id: found.id, step, clock })),
    )
    .onConflict((conflict) => conflict.columns(['bureau_id', 'case_id', 'clock', 'step']).doNothing())
    .returning(['step', 'clock'])
    .execute();
  return rows.map((row) => ({ step: row.step as ReminderStep, clock: row.clock }));
}

export async function setNextReminder(
  tx: Tx,
  found: Pick<DueCase, 'bureau_id' | 'id'>,
  at: Date | null,
): Promise<void> {
  await tx
    .updateTable('cases')
    .set({ remind_at: at })
    .where('bureau_id', '=', found.bureau_id)
    .where('id', '=', found.id)
    .execute();
}
