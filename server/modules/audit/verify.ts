import { timingSafeEqual } from 'node:crypto';
import type { Database } from '#server/base/database.ts';
import { firstSeal, type SealedEntry, sealEntry } from './seal.ts';
import { countUnsealed, listChain, listSealedBureaus } from './store.ts';

export type VerifyReport = {
  bureauId: string;
  /** Entries whose seal was recomputed and matched, up to the first bad one. */
  checked: number;
  /** Last place of the chain and its seal (hex): compare with the head exported before, a cut tail shows there. */
  head: { seq: number; seal: string };
  unsealed: number;
  firstBad: { seq: number; entryId: string; problem: 'changed' | 'entry-missing' | 'seal-missing' } | null;
};

const page = 2_000;

/** Walks each bureau's chain from its beginning. @param anchors heads exported before, by bureau */
export async function verify(
  database: Database,
  key: Buffer,
  anchors: ReadonlyMap<string, { seq: number; seal: string }> = new Map(),
): Promise<VerifyReport[]> {
  const sealed = await database.withWorker(listSealedBureaus);
  const bureaus = [...new Set([...sealed, ...anchors.keys()])];
  const reports: VerifyReport[] = [];
  for (const bureauId of bureaus)
    reports.push(await verifyBureau(database, key, bureauId, anchors.get(bureauId)));
  return reports;
}

async function verifyBureau(
  database: Database,
  key: Buffer,
  bureauId: string,
  anchor: { seq: number; seal: string } | undefined,
): Promise<VerifyReport> {
  let previous: Buffer = firstSeal;
  let seq = 0;
  let firstBad: VerifyReport['firstBad'] = null;
  walk: while (true) {
    const rows = await database.withWorker((tx) => listChain(tx, bureauId, seq, page));
    for (const row of rows) {
      const problem = check(key, previous, seq + 1, row);
      if (problem) {
        firstBad = { seq: seq + 1, entryId: row.entry_id, problem };
        break walk;
      }
      seq += 1;
      previous = row.seal;
      if (anchor && seq === anchor.seq && previous.toString('hex') !== anchor.seal) {
        firstBad = { seq, entryId: row.entry_id, problem: 'changed' };
        break walk;
      }
    }
    if (rows.length < page) break;
  }
  if (!firstBad && anchor && seq < anchor.seq)
    firstBad = { seq: seq + 1, entryId: '', problem: 'seal-missing' };
  const unsealed = await database.withWorker((tx) => countUnsealed(tx, bureauId));
  return { bureauId, checked: seq, head: { seq, seal: previous.toString('hex') }, unsealed, firstBad };
}

type ChainRow = Awaited<ReturnType<typeof listChain>>[number];

function check(
  key: Buffer,
  previous: Buffer,
  seq: number,
  row: ChainRow,
): 'changed' | 'entry-missing' | 'seal-missing' | null {
  if (row.seq !== seq) return 'seal-missing';
  if (row.id === null) return 'entry-missing';
  // The left join gave an entry, so all its columns are there.
  const expected = sealEntry(key, previous, seq, row as SealedEntry);
  return expected.length === row.seal.length && timingSafeEqual(expected, row.seal) ? null : 'changed';
}
