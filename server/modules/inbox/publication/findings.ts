/** What in a public answer may name a person, beside what was really said. */
import type { Tx } from '#server/base/database.ts';
import { findCase } from '../cases/store.ts';
import { findLeft, loadOurs, maskTogether, partNobodys } from '../personal-findings.ts';
import type { PublicationRecord } from './store.ts';
import { type CaseWords, readCaseWords } from './words.ts';

/** The case of a public answer, and its words as they were said. */
export async function readSaid(tx: Tx, row: PublicationRecord) {
  const found = await findCase(tx, row.bureau_id, row.case_id);
  if (!found) throw new Error('a published answer has its case');
  return { found, said: await readCaseWords(tx, row.bureau_id, row.case_id, found) };
}

/** What was said with what names somebody masked, a name told in one part in the others too. */
export async function maskSaid(tx: Tx, bureauId: string, parts: readonly string[]) {
  return maskTogether(parts, await loadOurs(tx, bureauId));
}

/** What was told, and what of it still stands in the text, parted by what a colleague said of it. */
export async function readFindings(tx: Tx, row: PublicationRecord, said: CaseWords) {
  const ours = await loadOurs(tx, row.bureau_id);
  const told = maskTogether([said.question, said.answer], ours).found;
  return { told, ...partNobodys(findLeft(`${row.question}\n${row.answer}`, told, ours), row.nobodys) };
}
