/** SQL on answer_marks. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { type Marks, qualityMarks } from '#shared/insight.ts';

export type MarkRow = { caseId: string; unitId: string | null; answeredAt: Date; marks: Marks };

const names = [...qualityMarks, 'overall'] as const;

export async function saveMarks(tx: Tx, bureauId: string, rows: readonly MarkRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('answer_marks')
    .values(
      rows.map(({ caseId, unitId, answeredAt, marks }) => ({
        ...{ bureau_id: bureauId, case_id: caseId, unit_id: unitId, answered_at: answeredAt },
        ...marks,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['bureau_id', 'case_id']).doUpdateSet((set) => ({
        ...{ unit_id: set.ref('excluded.unit_id'), answered_at: set.ref('excluded.answered_at') },
        ...{ relevance: set.ref('excluded.relevance'), completeness: set.ref('excluded.completeness') },
        ...{ basis: set.ref('excluded.basis'), readability: set.ref('excluded.readability') },
        ...{ timeliness: set.ref('excluded.timeliness'), overall: set.ref('excluded.overall') },
      })),
    )
    .execute();
}

export async function findLastMarked(tx: Tx, bureauId: string): Promise<Date | null> {
  const { rows } = await sql<{ last: Date | null }>`
    select max(answered_at) as last from answer_marks where bureau_id = ${bureauId}`.execute(tx);
  return rows[0]!.last;
}

/** Which of these answers are marked already. */
export async function listMarked(
  tx: Tx,
  bureauId: string,
  caseIds: readonly string[],
): Promise<Map<string, Date>> {
  const rows = await tx
    .selectFrom('answer_marks')
    .select(['case_id', 'answered_at'])
    .where('bureau_id', '=', bureauId)
    .where('case_id', '=', sql<string>`any(${[...caseIds]}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.case_id, row.answered_at]));
}

export type MeanRow = { unit_id: string | null; count: number } & Marks;

/** One row a section; the mean of all follows from them. */
export async function readMeans(tx: Tx, bureauId: string, since: Date): Promise<MeanRow[]> {
  const means = names.map((name) => sql`avg(${sql.ref(name)})::float8 as ${sql.ref(name)}`);
  const { rows } = await sql<MeanRow>`
    select unit_id, count(*) as count, ${sql.join(means)} from answer_marks
    where bureau_id = ${bureauId} and answered_at >= ${since}
    group by unit_id order by unit_id`.execute(tx);
  return rows;
}

export async function listLowest(tx: Tx, bureauId: string, since: Date, limit: number) {
  return tx
    .selectFrom('answer_marks')
    .select(['case_id', 'overall'])
    .where('bureau_id', '=', bureauId)
    .where('answered_at', '>=', since)
    .orderBy('overall')
    .orderBy('case_id')
    .limit(limit)
    .execute();
}
