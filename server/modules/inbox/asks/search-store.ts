/**
 * The search box over published answers: every word that was typed stands in the question or the answer. Words of a whole
 * question are another matter, and asked of `findMatchingAnswers`.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { foldText, queryTerms, quoteTerm } from '#server/modules/publishing/index.ts';
import { answerColumns, type PublicAnswer } from './public-answers.ts';

/** More say nothing new, and each is compared with every candidate. */
const mostWords = 8;

/** What is compared: runs of letters and digits as typed, folded; signs and blanks part them. */
export function searchWords(typed: string): string[] {
  const words = foldText(typed.slice(0, 100)).split(/[^\p{L}\p{M}\p{N}]+/u);
  return [...new Set(words)].filter(Boolean).slice(0, mostWords);
}

/**
 * Answers that hold every word; those that have them in the question first, the newest first among equals. Ten thousand
 * answers that all hold them take some thirty milliseconds.
 */
export async function searchAnswers(
  tx: Tx,
  bureauId: string,
  typed: string,
  page: { limit: number; offset?: number },
): Promise<PublicAnswer[]> {
  const words = searchWords(typed);
  if (words.length === 0) return [];
  const { rows } = await sql<PublicAnswer>`${searchQuery(bureauId, words, page)}`.execute(tx);
  return rows;
}

/** The pairs of characters say where a word may stand (by index), the words themselves that it does. Exported for its plan test. */
export function searchQuery(
  bureauId: string,
  words: readonly string[],
  { limit, offset = 0 }: { limit: number; offset?: number },
): RawBuilder<unknown> {
  // Letters and digits only: nothing in them means something to `like`.
  const holds = words.map((word) => sql`and folded like ${`%${word}%`}`);
  const inQuestion = words.map(
    (word) => sql`(strpos(folded, ${word}) between 1 and char_length(question))::integer`,
  );
  return sql`
    select ${answerColumns} from public_answers
    where bureau_id = ${bureauId} and bigrams @@ ${termsOf(words)}::tsquery ${sql.join(holds, sql` `)}
    order by ${sql.join(inQuestion, sql` + `)} desc, published_at desc, slug desc
    limit ${limit} offset ${offset}`;
}

/** A word of letters is stored whole: what was typed is its beginning. */
function termsOf(words: readonly string[]): string {
  return words
    .flatMap((word) => queryTerms(word))
    .map(({ text, prefix }) =>
      prefix || !/\p{Script=Han}/u.test(text) ? `${quoteTerm(text)}:*` : quoteTerm(text),
    )
    .join(' & ');
}
