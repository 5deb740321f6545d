import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import type { CaseKind, CaseOutcome } from '#shared/inbox.ts';
import type { PublicationState, PublicationView } from '#shared/publication.ts';
import { findCase } from '../cases/store.ts';
import { findLeft, loadOurs, maskTogether, partNobodys } from '../personal-findings.ts';
import { findPublication, listPublicationRows, type PublicationRecord } from './store.ts';
import { readCaseWords } from './words.ts';

const page = 50;

async function toRow(tx: Tx, row: PublicationRecord) {
  const found = await findCase(tx, row.bureau_id, row.case_id);
  if (!found) throw new Error('a published answer has its case');
  const words = await readCaseWords(tx, row.bureau_id, row.case_id, found);
  return {
    words,
    row: {
      ...{ id: row.id, caseId: row.case_id, caseNumber: found.number, field: row.field, state: row.state },
      ...{ question: row.question, answer: row.answer, revision: row.revision, consent: words.consent },
      ...{ kind: row.kind as CaseKind, outcome: row.outcome as CaseOutcome | null },
      withdrawnReason: row.withdrawn_reason,
      publishedAt: row.published_at?.toISOString() ?? null,
      updatedAt: row.updated_at.toISOString(),
    },
  };
}

export async function listPublicationViews(
  tx: Tx,
  actor: Actor,
  filter: { state?: PublicationState | undefined; cursor?: string | undefined },
) {
  const rows = await listPublicationRows(tx, actor.bureauId, filter, page);
  const views = [];
  for (const row of rows) views.push((await toRow(tx, row)).row);
  return { rows: views, next: rows.length === page ? rows.at(-1)!.id : null };
}

/** @throws {AppError} not-found */
export async function viewPublication(tx: Tx, actor: Actor, id: string): Promise<PublicationView> {
  const found = await findPublication(tx, actor.bureauId, id);
  if (!found) throw new AppError('not-found');
  const { row, words } = await toRow(tx, found);
  const ours = await loadOurs(tx, actor.bureauId);
  const told = maskTogether([words.question, words.answer], ours).found;
  return {
    ...row,
    original: { question: words.question, answer: words.answer },
    masked: told,
    ...partNobodys(findLeft(`${found.question}\n${found.answer}`, told, ours), found.nobodys),
    reviewId: found.review_id,
  };
}
