/** SQL on sorting_models, and on what people set right. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { SortedMessage } from '#server/base/text/message-model.ts';
import type { SortingReport } from '#shared/insight.ts';

/** Changes with what is learnt from (seeds, method) and how a model is written; a model of another engine is made anew. */
const engine = 1;

/** Which model is in force: a number of corrections and the last one's time name it. */
export type ModelVersion = { corrections: number; lastCorrection: Date | null };

export async function findModelVersion(tx: Tx, bureauId: string) {
  return tx
    .selectFrom('sorting_models')
    .select(['corrections', 'last_correction', 'trained_at'])
    .where('bureau_id', '=', bureauId)
    .where('engine', '=', engine)
    .executeTakeFirst();
}

export async function readModel(tx: Tx, bureauId: string): Promise<{ field: Buffer; kind: Buffer }> {
  const row = await tx
    .selectFrom('sorting_models')
    .select(['field_model', 'kind_model'])
    .where('bureau_id', '=', bureauId)
    .executeTakeFirstOrThrow();
  return { field: row.field_model, kind: row.kind_model };
}

export async function findReport(tx: Tx, bureauId: string) {
  const row = await tx
    .selectFrom('sorting_models')
    .select(['corrections', 'trained_at', 'report'])
    .where('bureau_id', '=', bureauId)
    .executeTakeFirst();
  return row && { ...row, report: row.report as SortingReport };
}

/** How much there is to learn from; read from the index of corrections alone. */
export async function countCorrections(tx: Tx, bureauId: string): Promise<ModelVersion> {
  const { rows } = await sql<{ corrections: number; last: Date | null }>`
    select count(*) as corrections, max(at) as last from case_events
    where bureau_id = ${bureauId} and event = 'classified' and actor_id is not null`.execute(tx);
  return { corrections: rows[0]!.corrections, lastCorrection: rows[0]!.last };
}

const mostExamples = 20_000;

/**
 * What people set, the latest word of each case, with what the citizen wrote before it. Up to `version`, so that who trains
 * later by the same version reads the same.
 */
export async function listSorted(tx: Tx, bureauId: string, version: ModelVersion): Promise<SortedMessage[]> {
  const { rows } = await sql<SortedMessage>`
    select s.kind, s.field, m.text
    from (
      select distinct on (case_id) case_id, at, detail ->> 'kind' as kind, detail ->> 'field' as field
      from case_events
      where bureau_id = ${bureauId} and event = 'classified' and actor_id is not null
        and at <= ${version.lastCorrection}
      order by case_id, at desc, id desc
    ) s
    join lateral (
      select m.text from case_conversations l
      join messages m on m.bureau_id = l.bureau_id and m.conversation_id = l.conversation_id
      where l.bureau_id = ${bureauId} and l.case_id = s.case_id and m.direction = 'in' and m.text <> ''
      order by m.at, m.id limit 1
    ) m on true
    order by s.at desc, s.case_id limit ${mostExamples}`.execute(tx);
  return rows;
}

/** Bureaus that have cases and no model, or corrections that theirs has not seen; the worker's role asks. */
export async function listToTrain(tx: Tx, least: number): Promise<{ bureau_id: string }[]> {
  const { rows } = await sql<{ bureau_id: string }>`
    select b.bureau_id
    from (select distinct bureau_id from case_numbers) b
    left join sorting_models m on m.bureau_id = b.bureau_id
    where m.bureau_id is null or m.engine <> ${engine} or ${least} <= (
      select count(*) from (
        select from case_events e
        where e.bureau_id = b.bureau_id and e.event = 'classified' and e.actor_id is not null
          and e.at > coalesce(m.last_correction, '-infinity')
        limit ${least}
      ) fresh)`.execute(tx);
  return rows;
}

/** A process that learnt from less says nothing when another has learnt from more meanwhile. */
export async function saveModel(
  tx: Tx,
  bureauId: string,
  version: ModelVersion,
  model: { field: Uint8Array; kind: Uint8Array; report: SortingReport },
): Promise<void> {
  await sql`
    insert into sorting_models as m
      (bureau_id, engine, corrections, last_correction, field_model, kind_model, report)
    values (${bureauId}, ${engine}, ${version.corrections}, ${version.lastCorrection}, ${Buffer.from(model.field)},
            ${Buffer.from(model.kind)}, ${JSON.stringify(model.report)})
    on conflict (bureau_id) do update set
      engine = excluded.engine, corrections = excluded.corrections, last_correction = excluded.last_correction,
      field_model = excluded.field_model, kind_model = excluded.kind_model, report = excluded.report,
      trained_at = clock_timestamp()
    where m.corrections < excluded.corrections or m.engine <> excluded.engine`.execute(tx);
}
