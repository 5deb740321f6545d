import type { Database } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { firstSeal, sealEntry } from './seal.ts';
import { findHead, insertSeals, listUnsealed, lockSealer, moveSealer } from './store.ts';

const intervalMs = 1_000;

/**
 * Chains what was committed since the last run. The range is half-open in transaction ids and ends below the
 * snapshot's xmin, so that a transaction still running now is taken by a later run and never skipped.
 * @returns how many entries were sealed
 */
export async function sealOnce(database: Database, key: Buffer): Promise<number> {
  return database.withWorker(async (tx) => {
    const range = await lockSealer(tx);
    // Below the watermark after a restore, while a transaction of another database is older than it: never moved back,
    // or what is sealed would be sealed again.
    if (!range || BigInt(range.to) <= BigInt(range.from)) return 0;
    const entries = await listUnsealed(tx, range);
    const seals: Parameters<typeof insertSeals>[1] = [];
    let bureau = '';
    let head: { seq: number; seal: Buffer } = { seq: 0, seal: firstSeal };
    for (const entry of entries) {
      if (entry.bureau_id !== bureau) {
        bureau = entry.bureau_id;
        head = (await findHead(tx, bureau)) ?? { seq: 0, seal: firstSeal };
      }
      head = { seq: head.seq + 1, seal: sealEntry(key, head.seal, head.seq + 1, entry) };
      seals.push({ bureau_id: bureau, seq: head.seq, entry_id: entry.id, seal: head.seal });
    }
    await insertSeals(tx, seals);
    await moveSealer(tx, range.to);
    return seals.length;
  });
}

/** Seals every second until stopped; a failure is logged and tried again. */
export function startSealer(database: Database, key: Buffer): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = sealOnce(database, key)
      .catch((error: Error) =>
        log.warn({ error: error.message }, 'audit entries were not sealed; trying again'),
      )
      .finally(() => {
        busy = false;
      });
  }, intervalMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
