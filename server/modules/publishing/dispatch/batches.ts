/** Work that comes at the same time shares one transaction: under load most of a worker's time is round trips. */
import { AppError } from '#server/base/app-error.ts';

type Waiting<In, Out> = { item: In; resolve(out: Out): void; reject(error: unknown): void };

/**
 * Gathers what comes while the batches before are under way, so that a batch grows with the load and one alone waits for
 * nobody.
 * @param options.run one transaction over all of them; an AppError in an item's place is that item's failure. Called
 *   again for each alone when the whole fails, so it must leave nothing behind when it throws
 */
export function createBatches<In, Out>(options: {
  atMost: number;
  besideEachOther: number;
  run(items: readonly In[]): Promise<readonly (Out | AppError)[]>;
}): (item: In) => Promise<Out> {
  const waiting: Waiting<In, Out>[] = [];
  let running = 0;

  async function runBatch(batch: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const outs = await options.run(batch.map(({ item }) => item));
      for (const [at, { resolve, reject }] of batch.entries()) {
        const out = outs[at]!;
        if (out instanceof AppError) reject(out);
        else resolve(out);
      }
    } catch (error) {
      if (batch.length === 1) return batch[0]!.reject(error);
      // One of them spoilt the transaction of all.
      await Promise.all(batch.map((one) => runBatch([one])));
    }
  }

  async function runAll(): Promise<void> {
    while (waiting.length > 0) await runBatch(waiting.splice(0, options.atMost));
    running -= 1;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (running >= options.besideEachOther) return;
      running += 1;
      setImmediate(() => void runAll());
    });
}
