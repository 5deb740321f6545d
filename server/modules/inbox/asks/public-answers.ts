/** Published answers as the public site reads them: through a view that knows nothing of cases and people. */
import { sql } from 'kysely';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { maskAddress, spend } from '#server/base/guard/rate.ts';
import { anyTerm, indexTerms } from '#server/modules/publishing/index.ts';
import type { CaseKind, CaseOutcome } from '#shared/inbox.ts';

export type PublicAnswer = {
  bureauId: string;
  slug: string;
  question: string;
  answer: string;
  field: string | null;
  kind: CaseKind;
  outcome: CaseOutcome | null;
  publishedAt: Date;
  updatedAt: Date;
  helpful: number;
  unhelpful: number;
};

/** On the site of its own bureau; on another's it is not found. */
export const answerPath = ({ base }: { base: string }, slug: string): string => `${base}/answers/${slug}`;

export type AnswerCursor = { publishedAt: Date; slug: string };

export const answerColumns = sql`bureau_id as "bureauId", slug, question, answer, field, kind, outcome,
  published_at as "publishedAt", updated_at as "updatedAt", helpful, unhelpful`;

export async function listPublicAnswers(
  tx: Tx,
  bureauId: string,
  options: {
    limit: number;
    field?: string | undefined;
    kind?: CaseKind | undefined;
    before?: AnswerCursor | undefined;
  },
): Promise<PublicAnswer[]> {
  const { limit, field, kind, before } = options;
  const { rows } = await sql<PublicAnswer>`
    select ${answerColumns} from public_answers
    where bureau_id = ${bureauId}
      ${field === undefined ? sql`` : sql`and field = ${field}`}
      ${kind === undefined ? sql`` : sql`and kind = ${kind}`}
      ${before ? sql`and (published_at, slug) < (${before.publishedAt}, ${before.slug})` : sql``}
    order by published_at desc, slug desc limit ${limit}`.execute(tx);
  return rows;
}

export async function findPublicAnswer(tx: Tx, slug: string): Promise<PublicAnswer | undefined> {
  const { rows } =
    await sql<PublicAnswer>`select ${answerColumns} from public_answers where slug = ${slug}`.execute(tx);
  return rows[0];
}

/** Fields that hold answers, with how many. */
export async function countAnswersByField(
  tx: Tx,
  bureauId: string,
): Promise<{ field: string | null; count: number }[]> {
  const { rows } = await sql<{ field: string | null; count: number }>`
    select field, count(*)::int as count from public_answers where bureau_id = ${bureauId}
    group by field order by count desc, field`.execute(tx);
  return rows;
}

const candidateLimit = 300;

/** Answers to words like these, best first; nothing where only common words are shared. */
export async function findMatchingAnswers(
  tx: Tx,
  bureauId: string,
  text: string,
  limit: number,
): Promise<PublicAnswer[]> {
  const terms = [...new Set(indexTerms(text))].slice(0, 200);
  if (terms.length === 0) return [];
  const query = anyTerm(terms);
  const { rows } = await sql<PublicAnswer>`
    select ${answerColumns} from public_answers
    where bureau_id = ${bureauId} and bigrams @@ ${query}::tsquery
    order by ts_rank(bigrams, ${query}::tsquery) desc, published_at desc limit ${candidateLimit}`.execute(tx);
  return rankByRareTerms(terms, rows).slice(0, limit);
}

/** This share of the shorter of the two questions must be in both, and no less than some terms. */
const shareNeeded = 0.3;
const termsNeeded = 3;

/** A term that many candidates hold says little; one in the question says more than one in the answer. */
function rankByRareTerms(terms: readonly string[], rows: readonly PublicAnswer[]): PublicAnswer[] {
  const texts = rows.map((row) => ({
    row,
    question: new Set(indexTerms(row.question)),
    answer: new Set(indexTerms(row.answer)),
  }));
  const rarity = new Map(
    terms.map((term) => {
      const holding = texts.filter(({ question, answer }) => question.has(term) || answer.has(term)).length;
      return [term, Math.log(1 + (rows.length + 1) / (holding + 1))];
    }),
  );
  return texts
    .filter(({ question }) => {
      const shared = terms.filter((term) => question.has(term)).length;
      return shared >= Math.max(termsNeeded, shareNeeded * Math.min(terms.length, question.size));
    })
    .map(({ row, question, answer }) => {
      const score = terms.reduce((sum, term) => {
        const weight = rarity.get(term)!;
        return sum + (question.has(term) ? weight : answer.has(term) ? weight / 2 : 0);
      }, 0);
      return { row, score };
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ row }) => row);
}

const votes = { purpose: 'answer-vote', limit: 30, windowMs: 3_600_000 };
const once = { purpose: 'answer-voted', limit: 1, windowMs: 24 * 3_600_000 };

/** Counts one voice; a second one of the same address on the same day counts no more. @throws {AppError} too-many-tries */
export async function voteOnAnswer(
  app: App,
  vote: { bureauId: string; slug: string; helpful: boolean; from: string },
): Promise<void> {
  const address = maskAddress(app, vote.from);
  await app.database.withWorker(async (tx) => {
    await spend(tx, address, votes);
    await spend(tx, `${address} ${vote.slug}`, once);
    await sql`
      update published_answers set
        helpful   = helpful + ${vote.helpful ? 1 : 0},
        unhelpful = unhelpful + ${vote.helpful ? 0 : 1}
      where bureau_id = ${vote.bureauId} and slug = ${vote.slug} and state = 'published'`.execute(tx);
  });
}
