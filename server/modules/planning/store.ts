import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { ArrangedDay, WorkingCalendar } from './working-days.ts';

/** Rows between two days, both included: the only part of a calendar a count from the first can need. */
export async function loadCalendar(
  tx: Tx,
  bureauId: string,
  from: string,
  to: string,
): Promise<WorkingCalendar> {
  const rows = await tx
    .selectFrom('working_days')
    .select(['day', 'works', 'name', 'source'])
    .where('bureau_id', '=', bureauId)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .execute();
  return new Map(
    rows.map(({ day, works, name, source }) => [day, { works, name, source: source as 'seed' | 'hand' }]),
  );
}

/** Arrangements are corrected now and then: the year's seed is replaced whole, hand-set days stay. */
export async function replaceSeedRows(
  tx: Tx,
  bureauId: string,
  year: number,
  days: readonly ArrangedDay[],
): Promise<void> {
  await tx
    .deleteFrom('working_days')
    .where('bureau_id', '=', bureauId)
    .where('source', '=', 'seed')
    .where(sql<number>`extract(year from day)`, '=', year)
    .execute();
  await tx
    .insertInto('working_days')
    .values(days.map((day) => ({ bureau_id: bureauId, ...day, source: 'seed' })))
    .onConflict((conflict) => conflict.columns(['bureau_id', 'day']).doNothing())
    .execute();
}

export async function putDay(
  tx: Tx,
  bureauId: string,
  row: ArrangedDay & { source: 'seed' | 'hand' },
): Promise<void> {
  const { works, name, source } = row;
  await tx
    .insertInto('working_days')
    .values({ bureau_id: bureauId, ...row })
    .onConflict((conflict) =>
      conflict
        .columns(['bureau_id', 'day'])
        .doUpdateSet({ works, name, source, updated_at: sql<Date>`now()` }),
    )
    .execute();
}

export async function deleteHandDay(tx: Tx, bureauId: string, day: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('working_days')
    .where('bureau_id', '=', bureauId)
    .where('day', '=', day)
    .where('source', '=', 'hand')
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
