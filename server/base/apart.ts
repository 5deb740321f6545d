/** Work for many who have nothing to do with each other: what cannot be done for one holds up none of the others. */
import { monotonicMs } from './clock.ts';
import type { Tx } from './database.ts';
import { isOutage } from './database-errors.ts';
import { inSavepoint } from './gathered-rows.ts';
import { log } from './log.ts';

/**
 * One row of a batch. What it did before it failed is undone; the caller says what becomes of the row, and should look at it
 * later than at others, or it is the first of every batch.
 * @throws when the database is away: then the batch is undone, and done again
 */
export async function tryRow<T>(tx: Tx, work: () => Promise<T>): Promise<{ done: T } | { error: Error }> {
  try {
    return { done: await inSavepoint(tx, work) };
  } catch (error) {
    if (isOutage(error) || !(error instanceof Error)) throw error;
    return { error };
  }
}

/** Does `work` for each bureau in turn; see `createTurns`. */
export type Turns = (
  bureauIds: readonly string[],
  work: (bureauId: string) => Promise<unknown>,
  stopping?: () => boolean,
) => Promise<void>;

/**
 * One bureau after the other, each with transactions of its own. The bureau that fails is logged and left out of the turns of
 * this process for a while, so that it does not cost the others their time either.
 * @param name of the work, for the log
 */
export function createTurns(name: string, waitMs: number): Turns {
  const notBefore = new Map<string, number>();
  return async (bureauIds, work, stopping = () => false) => {
    for (const bureauId of bureauIds) {
      if (stopping()) return;
      if (monotonicMs() < (notBefore.get(bureauId) ?? 0)) continue;
      try {
        await work(bureauId);
        notBefore.delete(bureauId);
      } catch (error) {
        // A database that is away is nobody's fault, and what a stop breaks off has not failed.
        if (isOutage(error) || stopping()) throw error;
        notBefore.set(bureauId, monotonicMs() + waitMs);
        log.error(
          { bureauId, work: name, error: (error as Error).message },
          'failed for one bureau; again later',
        );
      }
    }
  };
}
