import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { wallTime } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import type { ReviewRow, ReviewState, ReviewView } from '#shared/review.ts';
import { compareTexts } from './compare.ts';
import {
  findEarlierSight,
  findReview,
  listDecisions,
  listEarlierRemarks,
  listReviewRows,
  type ReviewRow as StoredReview,
} from './store.ts';
import type { RenderedSubject, ReviewSubject, ReviewSubjects } from './subject.ts';

const page = 200;

function isMine(review: StoredReview, actor: Actor, decidedBy: readonly string[]): boolean {
  const current = review.chain[review.stage];
  return (
    review.state === 'open' &&
    current !== undefined &&
    actor.roles.includes(current.role) &&
    review.submitted_by !== actor.personId &&
    !decidedBy.includes(actor.personId)
  );
}

function rowOf(
  review: StoredReview,
  mine: boolean,
  names: Map<string, string>,
  dueAt: ReadonlyMap<string, Date>,
): ReviewRow {
  return {
    id: review.id,
    subjectKind: review.subject_kind,
    subjectId: review.subject_id,
    title: review.title,
    state: review.state,
    stage: review.chain[review.stage]?.stage ?? 'final',
    submittedAt: review.submitted_at.toISOString(),
    submittedByName: names.get(review.submitted_by) ?? '',
    mine,
    plannedWall: review.not_before ? wallTime(review.not_before) : null,
    answerDueAt: dueAt.get(review.subject_id)?.toISOString() ?? null,
  };
}

/** Deadlines of what open reviews are about, by subject. */
async function findDueAt(
  tx: Tx,
  bureauId: string,
  subjects: ReviewSubjects,
  reviews: readonly StoredReview[],
): Promise<ReadonlyMap<string, Date>> {
  const open = Map.groupBy(
    reviews.filter((review) => review.state === 'open'),
    (review) => review.subject_kind,
  );
  const dueAt = new Map<string, Date>();
  for (const [kind, asked] of open) {
    const ids = asked.map((review) => review.subject_id);
    for (const [id, due] of (await subjects.get(kind)?.listDueAt?.(tx, bureauId, ids)) ?? [])
      dueAt.set(id, due);
  }
  return dueAt;
}

export async function listReviewViews(
  tx: Tx,
  actor: Actor,
  subjects: ReviewSubjects,
  filter: { mine?: string | undefined; state?: ReviewState | undefined },
): Promise<ReviewRow[]> {
  const state = filter.mine ? 'open' : filter.state;
  const reviews = await listReviewRows(tx, actor.bureauId, { state }, page);
  const names = await findPeopleNames(
    tx,
    reviews.map((review) => review.submitted_by),
  );
  const dueAt = await findDueAt(tx, actor.bureauId, subjects, reviews);
  const rows: ReviewRow[] = [];
  for (const review of reviews) {
    const decided = review.state === 'open' ? await listDecisions(tx, actor.bureauId, review.id) : [];
    const mine = isMine(
      review,
      actor,
      decided.map((decision) => decision.person_id),
    );
    if (!filter.mine || mine) rows.push(rowOf(review, mine, names, dueAt));
  }
  return rows;
}

/** @throws {AppError} not-found */
export async function getReviewView(
  app: App,
  tx: Tx,
  actor: Actor,
  subjects: ReviewSubjects,
  reviewId: string,
): Promise<ReviewView> {
  const review = await findReview(tx, actor.bureauId, reviewId);
  const subject = review && subjects.get(review.subject_kind);
  if (!review || !subject) throw new AppError('not-found');
  const decisions = await listDecisions(tx, actor.bureauId, reviewId);
  const earlier = await listEarlierRemarks(tx, actor.bureauId, review);
  const names = await findPeopleNames(tx, [
    review.submitted_by,
    ...decisions.map((decision) => decision.person_id),
    ...(earlier ? [earlier.personId] : []),
  ]);
  const rendered = await subject.render(app, tx, actor.bureauId, review.revision_id);
  return {
    ...rowOf(
      review,
      isMine(
        review,
        actor,
        decisions.map((decision) => decision.person_id),
      ),
      names,
      await findDueAt(tx, actor.bureauId, subjects, [review]),
    ),
    plannedWall: rendered.plannedWall,
    subjectHash: review.subject_hash.toString('hex'),
    chain: review.chain.map((step, index) => {
      const decision = decisions.find((candidate) => candidate.stage === index);
      return {
        ...step,
        decision: decision?.decision ?? null,
        personName: decision ? (names.get(decision.person_id) ?? '') : null,
        note: decision?.note ?? '',
        remarks: decision?.remarks ?? [],
        decidedAt: decision?.decided_at.toISOString() ?? null,
      };
    }),
    sections: rendered.sections,
    problems: rendered.problems,
    changes: await compareWithEarlier(app, tx, actor, subject, review, rendered),
    earlierRemarks: (earlier?.remarks ?? []).map((remark) => ({
      ...remark,
      personName: names.get(earlier!.personId) ?? '',
    })),
  };
}

async function compareWithEarlier(
  app: App,
  tx: Tx,
  actor: Actor,
  subject: ReviewSubject,
  review: StoredReview,
  rendered: RenderedSubject,
): Promise<ReviewView['changes']> {
  const sight = await findEarlierSight(tx, actor.bureauId, review, actor.personId);
  if (!sight) return null;
  const before = await subject.render(app, tx, actor.bureauId, sight.revision_id);
  const names = await findPeopleNames(tx, [sight.person_id]);
  return {
    since: {
      personName: names.get(sight.person_id) ?? '',
      at: sight.decided_at.toISOString(),
      stage: sight.chain[sight.stage]?.stage ?? 'final',
    },
    parts: compareTexts(before.texts, rendered.texts),
  };
}
