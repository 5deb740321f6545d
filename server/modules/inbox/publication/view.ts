import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import type { CaseKind, CaseOutcome } from '#shared/inbox.ts';
import type { PublicationState, PublicationView } from '#shared/publication.ts';
import { readFindings, readSaid } from './findings.ts';
import { shownOutcome } from './outcome-rules.ts';
import { findPublication, listPublicationRows, type PublicationRecord } from './store.ts';

const page = 50;

async function toRow(tx: Tx, row: PublicationRecord) {
  const { found, said } = await readSaid(tx, row);
  return {
    said,
    ended: found.outcome,
    row: {
      ...{ id: row.id, caseId: row.case_id, caseNumber: found.number, field: row.field, state: row.state },
      ...{ question: row.question, answer: row.answer, revision: row.revision, consent: said.consent },
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
  const { row, said, ended } = await toRow(tx, found);
  const outcomeNow = shownOutcome(ended);
  const { told, left, nobodys } = await readFindings(tx, found, said);
  return {
    ...row,
    original: { question: said.question, answer: said.answer },
    ...{ masked: told, left, nobodys },
    reviewId: found.review_id,
    outcomeNow: outcomeNow === row.outcome ? null : outcomeNow,
  };
}
