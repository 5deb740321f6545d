/**
 * Search over the public pages of one bureau. GIN gives at most 500 candidates (pages that hold one of the rarest
 * terms of the query, and pages that hold all the common ones); BM25 over title and text ranks them here. Measured
 * against it: OR over all bigrams with ts_rank was 293 ms at the median of 100,000 documents.
 */
import { type RawBuilder, sql } from 'kysely';
import { monotonicMs } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import {
  countOccurrences,
  excerpt,
  fold,
  type MarkedText,
  markTerms,
  type QueryTerm,
  queryTerms,
} from './site-terms.ts';

export type FoundPage = {
  slug: string;
  title: MarkedText;
  snippet: MarkedText;
  publishedAt: Date;
  score: number;
};

const rareLimit = 300;
const commonLimit = 200;

/** Best first. A query without a letter, digit or character finds nothing. */
export async function searchPages(
  tx: Tx,
  bureauId: string,
  query: string,
  limit: number,
): Promise<FoundPage[]> {
  const terms = queryTerms(query.slice(0, 100));
  if (terms.length === 0) return [];
  const frequencies = await readFrequencies(tx, bureauId);
  const { rows } = await candidates(bureauId, splitByRarity(terms, frequencies)).execute(tx);
  const pages = [...new Map(rows.map((row) => [row.slug, row])).values()];
  return rankPages(pages, terms, fold(query).trim(), frequencies)
    .slice(0, limit)
    .map(({ page, score }) => ({
      slug: page.slug,
      title: markTerms(page.title, terms),
      snippet: excerpt(page.plain || page.digest, terms),
      publishedAt: page.published_at,
      score,
    }));
}

// ---------------------------------------------------------------- how often a term occurs

/** Pages a term stands in, estimated from the newest pages; terms that are not here are rarer than `floor`. */
type Frequencies = { pages: number; floor: number; common: ReadonlyMap<string, number>; readAt: number };

const sampleSize = 2_000;
const keepMs = 600_000;
/** A small site is counted in no time and grows fast in proportion. */
const smallSite = { pages: 500, keepMs: 5_000 };
const known = new Map<string, Frequencies>();

/** Kept some minutes per process: they choose an order of terms, they don't decide what is found. */
async function readFrequencies(tx: Tx, bureauId: string): Promise<Frequencies> {
  const kept = known.get(bureauId);
  const age = kept ? monotonicMs() - kept.readAt : 0;
  if (kept && age < (kept.pages < smallSite.pages ? smallSite.keepMs : keepMs)) return kept;
  const { rows } = await sql<{ pages: number }>`
    select count(*) as pages from published_pages where bureau_id = ${bureauId}`.execute(tx);
  const pages = rows[0]!.pages;
  const scale = Math.max(1, pages / sampleSize);
  // Only common terms are worth remembering; on 2,000 pages they are some thousands.
  const sampleFloor = Math.max(1, Math.floor(20 / scale));
  const sample = sql`select bigrams from published_pages where bureau_id = ${sql.lit(bureauId)} order by published_at desc limit ${sql.lit(sampleSize)}`;
  const { sql: sampleText } = sample.compile(tx);
  const common = await sql<{ word: string; ndoc: number }>`
    select word, ndoc from ts_stat(${sampleText}) where ndoc > ${sampleFloor}`.execute(tx);
  const frequencies = {
    pages,
    floor: sampleFloor * scale,
    common: new Map(common.rows.map((row) => [row.word, row.ndoc * scale])),
    readAt: monotonicMs(),
  };
  known.set(bureauId, frequencies);
  return frequencies;
}

/** For tests and after a bulk import: the next search counts again. */
export function forgetFrequencies(): void {
  known.clear();
}

// ---------------------------------------------------------------- candidates

type Split = { rare: QueryTerm[]; common: QueryTerm[] };

/** Rare: the rarest terms as long as they promise at most `rareLimit` pages together, at least one. */
function splitByRarity(terms: readonly QueryTerm[], { common, floor }: Frequencies): Split {
  const estimate = ({ text, prefix }: QueryTerm) =>
    prefix ? Number.POSITIVE_INFINITY : (common.get(text) ?? floor / 2);
  const ordered = [...terms].sort((a, b) => estimate(a) - estimate(b));
  let sum = 0;
  const rare = ordered.filter((term, index) => {
    sum += estimate(term);
    return index === 0 || sum <= rareLimit;
  });
  return { rare, common: ordered.slice(rare.length) };
}

type Candidate = { slug: string; title: string; digest: string; plain: string; published_at: Date };

/** The newest pages that hold any rare term, and the newest that hold every common one. Exported for its plan test. */
export function candidates(bureauId: string, { rare, common }: Split): RawBuilder<Candidate> {
  // The sum hides the order from the planner: for a few rare rows it would rather walk the whole recency index, since
  // it can't know how rare they are. For common ones that walk ends soon and is right.
  const arm = (query: string, order: RawBuilder<unknown>, limit: number) => sql`
    (select slug, title, digest, plain, published_at
     from published_pages
     where bureau_id = ${bureauId} and bigrams @@ ${query}::tsquery
     order by ${order} desc
     limit ${limit})`;
  const any = arm(rare.map(asLexeme).join(' | '), sql`published_at + interval '0'`, rareLimit);
  if (common.length === 0) return sql<Candidate>`${any}`;
  return sql<Candidate>`${any} union all ${arm(common.map(asLexeme).join(' & '), sql`published_at`, commonLimit)}`;
}

/** Terms hold letters, marks and digits only, so that nothing in them needs escaping. */
const asLexeme = ({ text, prefix }: QueryTerm) => `'${text}'${prefix ? ':*' : ''}`;

// ---------------------------------------------------------------- ranking

/** BM25 constants as published by Robertson and Zaragoza; the title counts as if it stood three times. */
const saturation = 1.2;
const lengthShare = 0.75;
const titleWeight = 3;

type Ranked = { page: Candidate; score: number };

function rankPages(
  pages: Candidate[],
  terms: QueryTerm[],
  query: string,
  frequencies: Frequencies,
): Ranked[] {
  const folded = pages.map((page) => {
    const title = fold(page.title);
    const body = fold(`${page.digest}\n${page.plain.slice(0, 20_000)}`);
    const counts = terms.map(
      ({ text }) => titleWeight * countOccurrences(title, text) + countOccurrences(body, text),
    );
    return { page, title, body, counts };
  });
  const meanLength = folded.reduce((sum, { body }) => sum + body.length, 0) / Math.max(1, folded.length);
  const weights = terms.map((term, index) => {
    // A rare term's pages are all among the candidates: counted exactly. A common one's frequency is the estimate.
    const seen = folded.reduce((sum, { counts }) => sum + (counts[index]! > 0 ? 1 : 0), 0);
    const inPages = Math.max(seen, frequencies.common.get(term.text) ?? 0);
    const all = Math.max(frequencies.pages, inPages);
    return Math.log(1 + (all - inPages + 0.5) / (inPages + 0.5));
  });
  const ranked = folded.map(({ page, title, body, counts }): Ranked => {
    const length = 1 - lengthShare + (lengthShare * body.length) / Math.max(1, meanLength);
    let score = 0;
    counts.forEach((count, index) => {
      score += (weights[index]! * count * (saturation + 1)) / (count + saturation * length);
    });
    // The very words of the query in one piece are worth more than their bigrams scattered.
    const whole = title.includes(query) ? 0.5 : body.includes(query) ? 0.2 : 0;
    return { page, score: score * (1 + whole) };
  });
  return ranked
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || b.page.published_at.getTime() - a.page.published_at.getTime());
}
