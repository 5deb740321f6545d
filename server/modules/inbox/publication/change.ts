/** Steps of an answer on its way to the public; the machine says which are possible, the lock keeps them apart. */
import { createHash } from 'node:crypto';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { lockReviewOf, openReview, voidReview } from '#server/modules/review/index.ts';
import { publicationStateLabels } from '#shared/publication.ts';
import { readFindings, readSaid } from './findings.ts';
import { nextState, type PublicationStep } from './machine.ts';
import { demandOutcome, shownOutcome } from './outcome-rules.ts';
import {
  findPublication,
  insertVersion,
  movePublication,
  type PublicationRecord,
  type PublicFacts,
  rewritePublication,
  saveNobodys,
} from './store.ts';

export const publicationKind = 'published-answer';

/** Locked, and the state it goes to. @throws {AppError} not-found, state-conflict */
async function begin(tx: Tx, bureauId: string, id: string, step: PublicationStep) {
  const row = await findPublication(tx, bureauId, id, true);
  if (!row) throw new AppError('not-found');
  const state = nextState(row.state, step);
  if (state === null) throw new AppError('state-conflict', { state: publicationStateLabels[row.state].zh });
  return { row, state };
}

/** The site's pages hang on the topic of what is published: they are made anew at once. */
function tell(app: App, tx: Tx, bureauId: string, shown: boolean): void {
  app.live.changed(tx, bureauId, 'cases');
  if (shown) app.live.changed(tx, bureauId, 'deliveries');
}

const subjectOf = (row: { id: string }) => ({ kind: publicationKind, id: row.id });

const factsOf = ({ kind, field, outcome }: PublicFacts): PublicFacts => ({ kind, field, outcome });

/** @throws {AppError} not-found, state-conflict, edit-conflict */
export async function editPublicationIn(
  app: App,
  tx: Tx,
  actor: Actor,
  id: string,
  words: { baseRevision: number; question: string; answer: string },
): Promise<{ revision: number }> {
  const { row, state } = await begin(tx, actor.bureauId, id, 'edit');
  demandRevision(row, words.baseRevision);
  const { question, answer } = words;
  const { found } = await readSaid(tx, row);
  const revision = await rewritePublication(tx, row, { question, answer }, { state, ...factsOf(found) });
  await record(tx, actor, 'published-answer.edited', subjectOf(row), { revision });
  tell(app, tx, actor.bureauId, false);
  return { revision };
}

/**
 * Words taken for a name or an address that are nobody's, or are somebody's after all.
 * @throws {AppError} not-found, state-conflict, edit-conflict, input-invalid for words that nothing was found in
 */
export async function markNobodysIn(
  app: App,
  tx: Tx,
  actor: Actor,
  id: string,
  { words, nobodys, baseRevision }: { words: string; nobodys: boolean; baseRevision: number },
): Promise<void> {
  const { bureauId } = actor;
  const { row } = await begin(tx, bureauId, id, 'edit');
  demandRevision(row, baseRevision);
  const others = row.nobodys.filter((one) => one !== words);
  if (nobodys) await demandMarkable(tx, row, words, others.length);
  await saveNobodys(tx, row, nobodys ? [...others, words] : others);
  // The words themselves may be somebody's name: they stand in the version that is checked, not in the log.
  await record(tx, actor, 'published-answer.nobodys', subjectOf(row), { nobodys, units: words.length });
  tell(app, tx, bureauId, false);
}

const mostNobodys = 50;

async function demandMarkable(tx: Tx, row: PublicationRecord, words: string, marked: number): Promise<void> {
  const { said } = await readSaid(tx, row);
  const { left } = await readFindings(tx, row, said);
  if (!left.some((one) => one.doubtful && one.words === words)) {
    throw new AppError('input-invalid', {
      problem:
        '文中没有这处疑似姓名或住址，请刷新后再试 / nothing like it is found in the text: load it again',
    });
  }
  if (marked >= mostNobodys) {
    throw new AppError('input-invalid', {
      problem: `最多确认 ${mostNobodys} 处，其余请改写 / at most ${mostNobodys}; write the rest in other words`,
    });
  }
}

function demandRevision(row: PublicationRecord, base: number): void {
  if (row.revision !== base) throw new AppError('edit-conflict', { name: '', revision: row.revision });
}

/**
 * Freezes the words for another person to check. They name nobody, also where the person agreed: what the form asks of them is
 * whether it may be published without what names them.
 * @throws {AppError} not-found, state-conflict, edit-conflict, personal-data-left, step-refused
 */
export async function submitPublicationIn(
  app: App,
  tx: Tx,
  actor: Actor,
  id: string,
  baseRevision: number,
): Promise<{ reviewId: string }> {
  const { bureauId, personId } = actor;
  const { row, state } = await begin(tx, bureauId, id, 'submit');
  demandRevision(row, baseRevision);
  const { found, said } = await readSaid(tx, row);
  demandOutcome(found);
  const { consent } = said;
  const { left } = await readFindings(tx, row, said);
  if (left.length > 0) {
    const kinds = [...new Set(left.map(({ kind }) => kind.zh))].join('、');
    throw new AppError('personal-data-left', { kinds });
  }
  if (row.question.trim() === '' || row.answer.trim() === '') {
    throw new AppError('input-invalid', { problem: '问题和答复都要有内容 / both parts need words' });
  }
  const facts = factsOf(found);
  const outcome = shownOutcome(facts.outcome);
  const hash = hashPublication({ ...row, outcome });
  const revisionId = await insertVersion(tx, { of: row, outcome, consent, hash, createdBy: personId });
  const reviewId = await openReview(app, tx, actor, {
    ...{ subjectKind: publicationKind, subjectId: id, revisionId, hash },
    // The number alone: titles of reviews reach robots and mails, and the person's words must not.
    ...{ title: `公开答复 ${found.number}`, class: 'answer' as const, notBefore: null, notAfter: null },
  });
  await movePublication(tx, row, { state, reviewId, facts });
  await record(tx, actor, 'published-answer.submitted', subjectOf(row), { reviewId, consent });
  tell(app, tx, bureauId, false);
  return { reviewId };
}

/** What a reviewer signs: the very words, whose page they go to, what in them is said to be nobody's name, and how it ended. */
export function hashPublication(row: {
  bureau_id: string;
  id: string;
  question: string;
  answer: string;
  nobodys: readonly string[];
  outcome: string | null;
}): Buffer {
  const nobodys = row.nobodys.length > 0 ? [row.nobodys] : [];
  const outcome = shownOutcome(row.outcome);
  const ended = outcome ? [{ outcome }] : [];
  const signed = JSON.stringify([row.bureau_id, row.id, row.question, row.answer, ...nobodys, ...ended]);
  return createHash('sha256').update(signed).digest();
}

/** @throws {AppError} not-found, state-conflict */
export async function takeBackPublicationIn(app: App, tx: Tx, actor: Actor, id: string): Promise<void> {
  // The review first, as whoever decides does.
  await lockReviewOf(tx, actor.bureauId, { kind: publicationKind, id });
  const { row, state } = await begin(tx, actor.bureauId, id, 'take-back');
  await voidReview(app, tx, actor, subjectOf(row), 'taken-back');
  await movePublication(tx, row, { state });
  await record(tx, actor, 'published-answer.taken-back', subjectOf(row), {});
  tell(app, tx, actor.bureauId, false);
}

/** @throws {AppError} not-found, state-conflict */
export async function withdrawPublicationIn(
  app: App,
  tx: Tx,
  actor: Actor,
  id: string,
  reason: string,
): Promise<void> {
  await lockReviewOf(tx, actor.bureauId, { kind: publicationKind, id });
  const { row, state } = await begin(tx, actor.bureauId, id, 'withdraw');
  await movePublication(tx, row, { state, withdrawnReason: reason });
  await voidReview(app, tx, actor, subjectOf(row), 'withdrawn');
  await record(tx, actor, 'published-answer.withdrawn', subjectOf(row), {});
  tell(app, tx, actor.bureauId, true);
}

/** @throws {AppError} not-found, state-conflict */
export async function declinePublicationIn(
  app: App,
  tx: Tx,
  actor: Actor,
  id: string,
  reason: string,
): Promise<void> {
  const { row, state } = await begin(tx, actor.bureauId, id, 'decline');
  await movePublication(tx, row, { state, declined: reason });
  // The reason may speak of the person: it stays with the draft.
  await record(tx, actor, 'published-answer.declined', subjectOf(row), {});
  tell(app, tx, actor.bureauId, false);
}

/** Runs in the transaction of the last approval: the approved words go public. @throws {AppError} step-refused */
export async function publishApproved(
  app: App,
  tx: Tx,
  actor: Actor,
  id: string,
  version: { question: string; answer: string; hash: Buffer },
): Promise<void> {
  const { row, state } = await begin(tx, actor.bureauId, id, 'approve');
  // The state keeps anybody from editing meanwhile; this keeps a mistake of ours from showing other words.
  if (!hashPublication(row).equals(version.hash)) throw new AppError('review-hash-stale');
  await demandSameEnd(tx, row);
  await movePublication(tx, row, { state, published: true });
  await record(tx, actor, 'published-answer.published', subjectOf(row), {
    hash: version.hash.toString('hex'),
  });
  tell(app, tx, actor.bureauId, true);
}

/** A suggestion may have been taken up anew while its end was being checked. */
async function demandSameEnd(tx: Tx, row: PublicationRecord): Promise<void> {
  const { found } = await readSaid(tx, row);
  if (shownOutcome(found.outcome) === shownOutcome(row.outcome)) return;
  throw new AppError('step-refused', {
    problem:
      '这件建议已重新办理，写好的结果不再算数，请退回 / the suggestion was taken up again and this end no longer holds: send it back',
  });
}

export async function reopenReturned(app: App, tx: Tx, actor: Actor, id: string): Promise<void> {
  const { row, state } = await begin(tx, actor.bureauId, id, 'return');
  await movePublication(tx, row, { state });
  tell(app, tx, actor.bureauId, false);
}
