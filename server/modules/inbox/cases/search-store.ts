/**
 * Which cases hold the words of a search. The index of words is asked for rare words; common ones are met soon by
 * walking the queue in its order, and it is known beforehand which is which (word-count-store.ts).
 */
import { type RawBuilder, sql } from 'kysely';
import { asWorker, type Tx } from '#server/base/database.ts';
import { queryTerms, quoteTerm } from '#server/modules/publishing/index.ts';
import { readWordCounts } from './word-count-store.ts';

type Part = RawBuilder<unknown>;

/** `query`: every term, as the index of words takes it; `common`: even the rarest of them stands in many cases. */
type CaseSearch = { query: string; common: boolean };

/** Few cases that hold all terms are compared with the words as they were typed. More are taken as they are. */
const mostCompared = 200;
/** Beyond it walking the queue is quicker. */
const mostCandidates = 1_500;

/** @return null for a search without a letter, digit or character */
export async function planSearch(tx: Tx, bureauId: string, search: string): Promise<CaseSearch | null> {
  const terms = queryTerms(search);
  if (terms.length === 0) return null;
  const counts = await readWordCounts(tx, bureauId);
  // How many words begin so is not known; of two characters it is many.
  const estimate = (term: { text: string; prefix: boolean }) =>
    term.prefix || (!isHan(term.text) && term.text.length < 3)
      ? Number.POSITIVE_INFINITY
      : counts.estimate(term.text);
  return { query: toQuery(terms), common: Math.min(...terms.map(estimate)) > mostCandidates };
}

/**
 * Cases that hold every term; null for too many. The staff role cannot use the index of words (`@@` is not leakproof
 * under row security): the worker's role asks, limited to the bureau.
 */
export async function findCandidates(tx: Tx, bureauId: string, query: string): Promise<string[] | null> {
  const { rows } = await asWorker(tx, (worker) =>
    sql<{ case_id: string }>`
      select case_id from case_texts
      where bureau_id = ${bureauId} and bigrams @@ ${query}::tsquery
      limit ${mostCandidates + 1}`.execute(worker),
  );
  return rows.length > mostCandidates ? null : rows.map((row) => row.case_id);
}

export const areCompared = (candidates: readonly string[]): boolean => candidates.length <= mostCompared;

/** Asked of one case `c` after the other. Not `exists`: the planner would turn that into a join of everything. */
export const holdsTerms = (bureauId: string, query: string): Part => sql`(
  select t.bigrams @@ ${query}::tsquery from case_texts t
  where t.bureau_id = ${bureauId} and t.case_id = c.id)`;

/** The bigrams say where it may stand, this says that it does: each word as it was typed, somewhere in the case. */
export function standsExactly(bureauId: string, search: string): Part {
  const words = search.split(/\s+/).filter((word) => word !== '');
  return sql`(${sql.join(
    words.map((word) => holdsWord(bureauId, word)),
    sql` and `,
  )})`;
}

function holdsWord(bureauId: string, word: string): Part {
  const pattern = `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql`(c.number like ${pattern} or c.title ilike ${pattern} or exists (
    select from case_conversations l
    join conversations v on v.bureau_id = l.bureau_id and v.id = l.conversation_id
    left join messages m on m.bureau_id = l.bureau_id and m.conversation_id = l.conversation_id
    where l.bureau_id = ${bureauId} and l.case_id = c.id
      and (m.text ilike ${pattern} or v.person_name ilike ${pattern} or v.source_number ilike ${pattern}
           or v.receipt ilike ${pattern})))`;
}

const isHan = (term: string) => /\p{Script=Han}/u.test(term);

/** All terms of the search, the last of a number or word as a beginning. */
function toQuery(terms: readonly { text: string; prefix: boolean }[]): string {
  // Words of letters and digits may be cut anywhere: their beginning is enough.
  return terms
    .map(({ text, prefix }) => `${quoteTerm(text)}${prefix || !isHan(text) ? ':*' : ''}`)
    .join(' & ');
}
