import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { Remark, ReviewState } from '#shared/review.ts';
import type { ChainStage } from './chain.ts';

export async function findReview(tx: Tx, bureauId: string, reviewId: string, lock = false) {
  let query = tx
    .selectFrom('reviews')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('id', '=', reviewId);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  return row && asReview(row);
}

function asReview<T extends { chain: unknown; state: string }>(row: T) {
  return { ...row, chain: row.chain as ChainStage[], state: row.state as ReviewState };
}
export type ReviewRow = NonNullable<Awaited<ReturnType<typeof findReview>>>;

/** The open review of a subject, else its latest one. */
export async function findLatestReview(tx: Tx, bureauId: string, kind: string, subjectId: string) {
  const row = await tx
    .selectFrom('reviews')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('subject_kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .orderBy('submitted_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && asReview(row);
}

/** Whoever decides locks the review and then its subject; whoever takes the subject back does the same. */
export async function lockReviewOf(
  tx: Tx,
  bureauId: string,
  subject: { kind: string; id: string },
): Promise<void> {
  await tx
    .selectFrom('reviews')
    .select('id')
    .where('bureau_id', '=', bureauId)
    .where('subject_kind', '=', subject.kind)
    .where('subject_id', '=', subject.id)
    .orderBy('id')
    .forUpdate()
    .execute();
}

export async function listReviewRows(
  tx: Tx,
  bureauId: string,
  filter: { state?: ReviewState | undefined },
  limit: number,
) {
  let query = tx
    .selectFrom('reviews')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .orderBy('submitted_at', 'desc')
    .limit(limit);
  if (filter.state) query = query.where('state', '=', filter.state);
  return (await query.execute()).map(asReview);
}

export async function insertReview(
  tx: Tx,
  row: {
    bureau_id: string;
    id: string;
    subject_kind: string;
    subject_id: string;
    revision_id: string;
    subject_hash: Buffer;
    title: string;
    chain: readonly ChainStage[];
    submitted_by: string;
    not_before: Date | null;
    not_after: Date | null;
  },
): Promise<void> {
  await tx
    .insertInto('reviews')
    .values({ ...row, chain: JSON.stringify(row.chain) })
    .execute();
}

export async function updateReview(
  tx: Tx,
  bureauId: string,
  reviewId: string,
  change: { state: ReviewState; stage?: number },
): Promise<void> {
  await tx
    .updateTable('reviews')
    .set({
      ...change,
      ...(change.state === 'open' ? {} : { decided_at: sql<Date>`clock_timestamp()` }),
    })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', reviewId)
    .execute();
}

export async function insertDecision(
  tx: Tx,
  row: {
    bureau_id: string;
    id: string;
    review_id: string;
    stage: number;
    person_id: string;
    decision: 'approve' | 'return';
    note: string;
    remarks: readonly Remark[];
    subject_hash: Buffer;
  },
): Promise<void> {
  await tx
    .insertInto('review_decisions')
    .values({ ...row, remarks: JSON.stringify(row.remarks) })
    .execute();
}

export async function listDecisions(tx: Tx, bureauId: string, reviewId: string) {
  const rows = await tx
    .selectFrom('review_decisions')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('review_id', '=', reviewId)
    .orderBy('stage')
    .execute();
  return rows.map((row) => ({
    ...row,
    remarks: row.remarks as unknown as Remark[],
    decision: row.decision as 'approve' | 'return',
  }));
}

/**
 * What a person saw of this subject last, in an earlier review; else the review that was returned last, whoever did it.
 */
export async function findEarlierSight(tx: Tx, bureauId: string, review: ReviewRow, personId: string) {
  const row = await tx
    .selectFrom('review_decisions')
    .innerJoin('reviews', (join) =>
      join
        .onRef('reviews.bureau_id', '=', 'review_decisions.bureau_id')
        .onRef('reviews.id', '=', 'review_decisions.review_id'),
    )
    .select([
      'reviews.revision_id',
      'reviews.chain',
      'review_decisions.stage',
      'review_decisions.person_id',
      'review_decisions.decided_at',
    ])
    .where('review_decisions.bureau_id', '=', bureauId)
    .where('reviews.bureau_id', '=', bureauId)
    .where('reviews.subject_kind', '=', review.subject_kind)
    .where('reviews.subject_id', '=', review.subject_id)
    .where('reviews.submitted_at', '<', review.submitted_at)
    .where('reviews.revision_id', '!=', review.revision_id)
    .orderBy(sql`review_decisions.person_id = ${personId}`, 'desc')
    .orderBy('review_decisions.decided_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { ...row, chain: row.chain as unknown as ChainStage[] };
}

/** Remarks of the latest return before this review. */
export async function listEarlierRemarks(tx: Tx, bureauId: string, review: ReviewRow) {
  const row = await tx
    .selectFrom('review_decisions')
    .innerJoin('reviews', (join) =>
      join
        .onRef('reviews.bureau_id', '=', 'review_decisions.bureau_id')
        .onRef('reviews.id', '=', 'review_decisions.review_id'),
    )
    .select(['review_decisions.remarks', 'review_decisions.note', 'review_decisions.person_id'])
    .where('review_decisions.bureau_id', '=', bureauId)
    .where('reviews.bureau_id', '=', bureauId)
    .where('reviews.subject_kind', '=', review.subject_kind)
    .where('reviews.subject_id', '=', review.subject_id)
    .where('reviews.submitted_at', '<', review.submitted_at)
    .where('review_decisions.decision', '=', 'return')
    .orderBy('review_decisions.decided_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { personId: row.person_id, note: row.note, remarks: row.remarks as unknown as Remark[] };
}
