/** SQL on the knowledge base: entries, their versions, and the answers that cite them. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { anyTerm, indexTerms, queryTerms, quoteTerm } from '#server/modules/publishing/index.ts';
import { KnowledgeContent, type KnowledgeState } from '#shared/knowledge.ts';

const bigramsOf = ({ question, answer, appliesTo, basis }: KnowledgeContent) =>
  sql<string>`array_to_tsvector(${indexTerms([question, answer, appliesTo, basis].join('\n'))}::text[])`;

const columnsOf = (content: KnowledgeContent) => ({
  ...{ content: JSON.stringify(content), valid_to: content.validTo, review_on: content.reviewOn },
  ...{ unit_id: content.unitId, bigrams: bigramsOf(content) },
});

type Saved = { bureauId: string; id: string; content: KnowledgeContent; personId: string };

/** @returns false when this public answer has its entry already */
export async function insertEntry(
  tx: Tx,
  { bureauId, id, content, personId }: Saved,
  from: { state: KnowledgeState; answerId: string | null },
): Promise<boolean> {
  const made = await tx
    .insertInto('knowledge_entries')
    .values({
      ...{ bureau_id: bureauId, id, state: from.state, from_answer_id: from.answerId, created_by: personId },
      ...columnsOf(content),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) await insertVersion(tx, { bureauId, id, content, personId }, 1);
  return made !== undefined;
}

/** Told anew when the new version passes its day. */
export async function saveEntry(tx: Tx, saved: Saved, version: number): Promise<void> {
  await tx
    .updateTable('knowledge_entries')
    .set({ ...columnsOf(saved.content), version, told_at: null, updated_at: sql<Date>`now()` })
    .where('bureau_id', '=', saved.bureauId)
    .where('id', '=', saved.id)
    .execute();
  await insertVersion(tx, saved, version);
}

async function insertVersion(tx: Tx, { bureauId, id, content, personId }: Saved, version: number) {
  await tx
    .insertInto('knowledge_versions')
    .values({
      ...{ bureau_id: bureauId, entry_id: id, version, content: JSON.stringify(content), saved_by: personId },
    })
    .execute();
}

export async function moveEntry(tx: Tx, bureauId: string, id: string, state: KnowledgeState): Promise<void> {
  await tx
    .updateTable('knowledge_entries')
    .set({ state, told_at: null, updated_at: sql<Date>`now()` })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', id)
    .execute();
}

const columns = [
  ...(['bureau_id', 'id', 'state', 'version', 'content'] as const),
  ...(['unit_id', 'from_answer_id', 'updated_at'] as const),
] as const;

type Entry<T> = Omit<T, 'state' | 'content'> & { state: KnowledgeState; content: KnowledgeContent };

function asEntry<T extends { state: string; content: unknown }>(row: T): Entry<T> {
  return { ...row, state: row.state as KnowledgeState, content: KnowledgeContent.parse(row.content) };
}

export async function findEntry(tx: Tx, bureauId: string, id: string, lock = false) {
  let query = tx
    .selectFrom('knowledge_entries')
    .select(columns)
    .where('bureau_id', '=', bureauId)
    .where('id', '=', id);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  return row && asEntry(row);
}
export type EntryRecord = NonNullable<Awaited<ReturnType<typeof findEntry>>>;

export async function findEntryOfAnswer(tx: Tx, bureauId: string, answerId: string) {
  return tx
    .selectFrom('knowledge_entries')
    .select('id')
    .where('bureau_id', '=', bureauId)
    .where('from_answer_id', '=', answerId)
    .executeTakeFirst();
}

export type EntryFilter = {
  state?: KnowledgeState | undefined;
  /** The day on which what is asked for needs somebody: out of date, without a day of review or without a basis. */
  wantingOn?: string | undefined;
  search?: string | undefined;
  cursor?: string | undefined;
};

const passedOn = (day: string) =>
  sql<boolean>`state = 'in-use' and (valid_to < ${day}::date or review_on <= ${day}::date)`;

const isWantingOn = (day: string) =>
  sql<boolean>`state = 'in-use' and (
    valid_to < ${day}::date or review_on is null or review_on <= ${day}::date or btrim(content->>'basis') = '')`;

export async function listEntries(tx: Tx, bureauId: string, filter: EntryFilter, limit: number) {
  const { state, wantingOn, search, cursor } = filter;
  let query = tx
    .selectFrom('knowledge_entries')
    .select(columns)
    .where('bureau_id', '=', bureauId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (state) query = query.where('state', '=', state);
  if (wantingOn) query = query.where(isWantingOn(wantingOn));
  if (cursor) query = query.where('id', '<', cursor);
  const terms = search ? queryTerms(search) : [];
  for (const { text, prefix } of terms) {
    const term = `${quoteTerm(text)}${prefix ? ':*' : ''}`;
    query = query.where(sql<boolean>`bigrams @@ ${term}::tsquery`);
  }
  return (await query.execute()).map(asEntry);
}

/** In use, holding at least one of the words, those that hold most of them first: what is worth ranking. */
export async function listEntryCandidates(tx: Tx, bureauId: string, words: string, limit: number) {
  const terms = indexTerms(words).slice(0, 200);
  if (terms.length === 0) return [];
  const query = anyTerm(terms);
  const rows = await tx
    .selectFrom('knowledge_entries')
    .select(columns)
    .where('bureau_id', '=', bureauId)
    .where('state', '=', 'in-use')
    .where(sql<boolean>`bigrams @@ ${query}::tsquery`)
    .orderBy(sql`ts_rank(bigrams, ${query}::tsquery)`, 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(asEntry);
}

export async function listEntryVersions(tx: Tx, bureauId: string, id: string) {
  const rows = await tx
    .selectFrom('knowledge_versions')
    .select(['version', 'content', 'saved_by', 'saved_at'])
    .where('bureau_id', '=', bureauId)
    .where('entry_id', '=', id)
    .orderBy('version', 'desc')
    .execute();
  return rows.map((row) => ({ ...row, content: KnowledgeContent.parse(row.content) }));
}

export async function insertCitation(
  tx: Tx,
  cited: { bureauId: string; replyId: string; entryId: string; version: number },
): Promise<void> {
  await tx
    .insertInto('reply_citations')
    .values({
      ...{ bureau_id: cited.bureauId, reply_id: cited.replyId },
      ...{ entry_id: cited.entryId, version: cited.version },
    })
    .execute();
}

/** Answers that rest on an entry, the newest first. */
export async function listCitingAnswers(tx: Tx, bureauId: string, entryId: string, limit: number) {
  return tx
    .selectFrom('reply_citations as c')
    .innerJoin('replies as r', (join) =>
      join.onRef('r.bureau_id', '=', 'c.bureau_id').onRef('r.id', '=', 'c.reply_id'),
    )
    .innerJoin('cases as k', (join) =>
      join.onRef('k.bureau_id', '=', 'r.bureau_id').onRef('k.id', '=', 'r.case_id'),
    )
    .select(['k.id', 'k.number', 'c.version', 'c.at'])
    .where('c.bureau_id', '=', bureauId)
    .where('c.entry_id', '=', entryId)
    .orderBy('c.at', 'desc')
    .limit(limit)
    .execute();
}

/** What answers rest on, for the page of a case. */
export async function listCitations(tx: Tx, bureauId: string, replyIds: readonly string[]) {
  if (replyIds.length === 0) return [];
  const rows = await tx
    .selectFrom('reply_citations as c')
    .innerJoin('knowledge_entries as e', (join) =>
      join.onRef('e.bureau_id', '=', 'c.bureau_id').onRef('e.id', '=', 'c.entry_id'),
    )
    .select(['c.reply_id', 'c.version as cited', 'e.id', 'e.state', 'e.version', 'e.content'])
    .where('c.bureau_id', '=', bureauId)
    .where('c.reply_id', 'in', [...replyIds])
    .orderBy('c.at')
    .execute();
  return rows.map(asEntry);
}

export async function countUses(
  tx: Tx,
  bureauId: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('reply_citations')
    .select(['entry_id', sql<number>`count(*)`.as('uses')])
    .where('bureau_id', '=', bureauId)
    .where('entry_id', 'in', [...ids])
    .groupBy('entry_id')
    .execute();
  return new Map(rows.map((row) => [row.entry_id, Number(row.uses)]));
}

/**
 * Entries that passed their day and whose section was not told; locked, so that one process tells. Their text is not read: one
 * that no longer holds as an entry passes its day all the same.
 */
export async function listUntold(tx: Tx, day: string, limit: number) {
  return tx
    .selectFrom('knowledge_entries')
    .select(['bureau_id', 'id', 'version', 'unit_id', 'created_by'])
    .select(sql<boolean>`coalesce(valid_to < ${day}::date, false)`.as('over'))
    .where('told_at', 'is', null)
    .where(passedOn(day))
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

export async function markTold(tx: Tx, bureauId: string, id: string): Promise<void> {
  await tx
    .updateTable('knowledge_entries')
    .set({ told_at: sql<Date>`now()` })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', id)
    .execute();
}
