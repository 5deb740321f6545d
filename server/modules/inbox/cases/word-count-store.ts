/** In how many cases of a bureau a word stands: estimated from the newest, kept some minutes per process. */
import { sql } from 'kysely';
import { monotonicMs } from '#server/base/clock.ts';
import { asWorker, type Tx } from '#server/base/database.ts';

type WordCounts = { estimate(word: string): number };

const sampleSize = 1_000;
const keepMs = 600_000;
const known = new Map<string, { counts: WordCounts; readAt: number }>();

/** They choose how something is looked for; they don't decide what is found. */
export async function readWordCounts(tx: Tx, bureauId: string): Promise<WordCounts> {
  const kept = known.get(bureauId);
  if (kept && monotonicMs() - kept.readAt < keepMs) return kept.counts;
  const counts = await countWords(tx, bureauId);
  known.set(bureauId, { counts, readAt: monotonicMs() });
  return counts;
}

async function countWords(tx: Tx, bureauId: string): Promise<WordCounts> {
  return asWorker(tx, async (worker) => {
    const total = await sql<{ cases: number }>`
      select count(*) as cases from case_texts where bureau_id = ${bureauId}`.execute(worker);
    const scale = Math.max(1, total.rows[0]!.cases / sampleSize);
    const sample = sql`select bigrams from case_texts where bureau_id = ${sql.lit(bureauId)} order by case_id desc limit ${sql.lit(sampleSize)}`;
    // What stands once or twice in a sample may be chance: it counts as rare.
    const { rows } = await sql<{ word: string; ndoc: number }>`
      select word, ndoc from ts_stat(${sample.compile(worker).sql}) where ndoc > 2`.execute(worker);
    const common = new Map(rows.map(({ word, ndoc }) => [word, ndoc * scale]));
    return { estimate: (word) => common.get(word) ?? scale };
  });
}
