/** SQL on published answers and their frozen versions. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { anyTerm, indexTerms } from '#server/modules/publishing/index.ts';
import type { PublicationState } from '#shared/publication.ts';

export type NewPublication = {
  bureauId: string;
  id: string;
  caseId: string;
  slug: string;
  question: string;
  answer: string;
  field: string | null;
  kind: string;
  outcome: string | null;
  createdBy: string;
};

const bigramsOf = (question: string, answer: string) =>
  sql<string>`array_to_tsvector(${indexTerms(`${question}\n${answer}`)}::text[])`;

/** @returns false when the case has one already */
export async function insertPublication(tx: Tx, row: NewPublication): Promise<boolean> {
  const made = await tx
    .insertInto('published_answers')
    .values({
      ...{ bureau_id: row.bureauId, id: row.id, case_id: row.caseId, slug: row.slug },
      ...{
        question: row.question,
        answer: row.answer,
        field: row.field,
        kind: row.kind,
        outcome: row.outcome,
      },
      ...{ bigrams: bigramsOf(row.question, row.answer), created_by: row.createdBy },
    })
    .onConflict((conflict) => conflict.columns(['bureau_id', 'case_id']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return made !== undefined;
}

const columns = [
  ...(['bureau_id', 'id', 'case_id', 'slug', 'question', 'answer', 'field', 'kind', 'outcome'] as const),
  ...([
    'state',
    'review_id',
    'revision',
    'nobodys',
    'withdrawn_reason',
    'published_at',
    'updated_at',
  ] as const),
] as const;

async function find(tx: Tx, bureauId: string, by: { id: string } | { case_id: string }, lock: boolean) {
  let query = tx.selectFrom('published_answers').select(columns).where('bureau_id', '=', bureauId);
  query = 'id' in by ? query.where('id', '=', by.id) : query.where('case_id', '=', by.case_id);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  return row && { ...row, state: row.state as PublicationState };
}
export type PublicationRecord = NonNullable<Awaited<ReturnType<typeof find>>>;

export const findPublication = (tx: Tx, bureauId: string, id: string, lock = false) =>
  find(tx, bureauId, { id }, lock);
export const findPublicationOfCase = (tx: Tx, bureauId: string, caseId: string) =>
  find(tx, bureauId, { case_id: caseId }, false);

export async function listPublicationRows(
  tx: Tx,
  bureauId: string,
  filter: { state?: PublicationState | undefined; cursor?: string | undefined },
  limit: number,
) {
  let query = tx
    .selectFrom('published_answers')
    .select(columns)
    .where('bureau_id', '=', bureauId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (filter.state) query = query.where('state', '=', filter.state);
  if (filter.cursor) query = query.where('id', '<', filter.cursor);
  return (await query.execute()).map((row) => ({ ...row, state: row.state as PublicationState }));
}

/** What of the case stands beside the words; as it is at the last change, not as it was when the draft was made. */
export type PublicFacts = { kind: string; field: string | null; outcome: string | null };

/** Words change only here, and what is found by them with them. */
export async function rewritePublication(
  tx: Tx,
  row: PublicationRecord,
  words: { question: string; answer: string },
  change: { state: PublicationState } & PublicFacts,
): Promise<number> {
  const changed = await tx
    .updateTable('published_answers')
    .set({
      ...words,
      ...change,
      bigrams: bigramsOf(words.question, words.answer),
      revision: sql<number>`revision + 1`,
      updated_at: sql<Date>`now()`,
    })
    .where('bureau_id', '=', row.bureau_id)
    .where('id', '=', row.id)
    .returning('revision')
    .executeTakeFirstOrThrow();
  return changed.revision;
}

export async function saveNobodys(tx: Tx, row: PublicationRecord, nobodys: string[]): Promise<void> {
  await tx
    .updateTable('published_answers')
    .set({ nobodys, updated_at: sql<Date>`now()` })
    .where('bureau_id', '=', row.bureau_id)
    .where('id', '=', row.id)
    .execute();
}

export async function movePublication(
  tx: Tx,
  ref: { bureau_id: string; id: string },
  change: {
    state: PublicationState;
    reviewId?: string;
    published?: true;
    withdrawnReason?: string;
    declined?: string;
    facts?: PublicFacts;
  },
): Promise<void> {
  await tx
    .updateTable('published_answers')
    .set({
      state: change.state,
      updated_at: sql<Date>`now()`,
      ...change.facts,
      ...(change.declined ? { withdrawn_reason: change.declined } : {}),
      ...(change.reviewId ? { review_id: change.reviewId } : {}),
      ...(change.published
        ? { published_at: sql<Date>`now()`, withdrawn_at: null, withdrawn_reason: null }
        : {}),
      ...(change.withdrawnReason
        ? { withdrawn_at: sql<Date>`now()`, withdrawn_reason: change.withdrawnReason }
        : {}),
    })
    .where('bureau_id', '=', ref.bureau_id)
    .where('id', '=', ref.id)
    .execute();
}

export async function insertVersion(
  tx: Tx,
  version: {
    of: PublicationRecord;
    outcome: string | null;
    consent: boolean;
    hash: Buffer;
    createdBy: string;
  },
): Promise<string> {
  const { of, consent, hash } = version;
  const id = newId();
  await tx
    .insertInto('published_answer_versions')
    .values({
      ...{ bureau_id: of.bureau_id, id, answer_id: of.id, question: of.question, answer: of.answer },
      ...{ outcome: version.outcome, consent, hash, nobodys: of.nobodys, created_by: version.createdBy },
    })
    .execute();
  return id;
}

export async function findPublicationVersion(tx: Tx, bureauId: string, id: string) {
  return tx
    .selectFrom('published_answer_versions')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Public, holding at least one of the words, those that hold most of them first: what is worth ranking. */
export async function listAnswerCandidates(tx: Tx, bureauId: string, words: string, limit: number) {
  const terms = indexTerms(words).slice(0, 200);
  if (terms.length === 0) return [];
  const query = anyTerm(terms);
  return tx
    .selectFrom('published_answers')
    .select(['id', 'case_id', 'slug', 'question', 'answer'])
    .where('bureau_id', '=', bureauId)
    .where('state', '=', 'published')
    .where(sql<boolean>`bigrams @@ ${query}::tsquery`)
    .orderBy(sql`ts_rank(bigrams, ${query}::tsquery)`, 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/**
 * Suggestions that ended, and the public knows nothing of it or something else: drafts, and what is public of an earlier end.
 * @param who whose cases; null: every case of the bureau
 */
export async function listUnpublishedOutcomes(
  tx: Tx,
  bureauId: string,
  who: { personId: string; unitId: string } | null,
  limit: number,
) {
  let query = tx
    .selectFrom('published_answers as p')
    .innerJoin('cases as c', (join) =>
      join.onRef('c.bureau_id', '=', 'p.bureau_id').onRef('c.id', '=', 'p.case_id'),
    )
    .select(['p.id', 'p.state', 'c.title', 'c.outcome'])
    .select(
      sql<boolean>`(
        select coalesce(bool_and(v.may_publish), false) from case_conversations l
        join conversations v on v.bureau_id = l.bureau_id and v.id = l.conversation_id
        where l.bureau_id = p.bureau_id and l.case_id = p.case_id
      )`.as('consent'),
    )
    .where('p.bureau_id', '=', bureauId)
    .where('p.kind', '=', 'suggestion')
    .where('p.state', 'in', ['draft', 'published'])
    .where('c.outcome', 'in', ['adopted', 'not-adopted'])
    .where(sql<boolean>`(p.state = 'draft' or p.outcome is distinct from c.outcome)`)
    .orderBy('p.id')
    .limit(limit);
  if (who) {
    query = query.where(({ eb, or }) =>
      or([eb('c.owner_id', '=', who.personId), eb('c.unit_id', '=', who.unitId)]),
    );
  }
  return query.execute();
}
