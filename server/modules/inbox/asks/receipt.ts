/** What a person can do with a receipt and its code: read, add, rate, withdraw. No account, no cookie. */
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { hasLeft, maskAddress, spend } from '#server/base/guard/rate.ts';
import { record } from '#server/modules/audit/index.ts';
import { listUnitsOf } from '#server/modules/people/index.ts';
import { answeredOutcomes } from '#shared/case-outcomes.ts';
import { type SpamKind, spamKinds } from '#shared/case-steps.ts';
import type { CaseKind, CaseOutcome, CaseState } from '#shared/inbox.ts';
import { dropReviewingReply } from '../answers/take-back.ts';
import { reopenCase, tellReopened, unsatisfiedReason, wasReopened } from '../cases/rate.ts';
import {
  findCaseIdOf,
  findCaseOfConversation,
  insertEvent,
  listConversationIds,
  listEvents,
  lockConversationsOf,
  updateCase,
} from '../cases/store.ts';
import { takeStepIn } from '../cases/take-step.ts';
import { recordInbound } from '../intake/record-inbound.ts';
import { askLimits, demandFit, demandLength } from './limits.ts';
import { digestOf, isCodeOf, readCode, receiptLength } from './receipt-code.ts';
import { findReceipt, listSaid, type ReceiptRow } from './store.ts';

export type ReceiptKey = { receipt: string; code: string /** For counting wrong tries. */; from: string };

export type ReceiptView = {
  bureauId: string;
  receipt: string;
  number: string;
  kind: CaseKind;
  state: CaseState;
  receivedAt: Date;
  /** Null while the office waits for the person, and once it is answered. */
  dueAt: Date | null;
  /** The office asked something and waits. */
  waitsForPerson: boolean;
  unitName: string | null;
  said: { by: 'person' | 'bureau'; text: string; at: Date; pictures: number }[];
  outcome: CaseOutcome | null;
  outcomeNote: string | null;
  /** Why it is no message for this office; null where it is one. */
  spam: SpamKind | null;
  satisfaction: number | null;
  may: { add: boolean; rate: boolean; withdraw: boolean };
};

const wrongByAddress = { purpose: 'receipt-wrong', limit: 10, windowMs: 10 * 60_000 };
const wrongByReceipt = { purpose: 'receipt-tried', limit: 30, windowMs: 24 * 3_600_000 };
const rated = { purpose: 'receipt-rate', limit: 10, windowMs: 3_600_000 };
const added = { purpose: 'receipt-add', limit: 20, windowMs: 3_600_000 };
/** From 2 down a person is not satisfied, and says why: the case is taken up again. */
const unsatisfied = 2;

/** @throws {AppError} receipt-unknown, too-many-tries */
export async function readReceipt(app: App, key: ReceiptKey): Promise<ReceiptView> {
  const row = await verify(app, key);
  return app.database.withWorker((tx) => viewOf(tx, row));
}

/** @throws {AppError} receipt-unknown, too-many-tries, text-too-short, text-too-long, receipt-ended; nothing is kept then */
export async function addToReceipt(
  app: App,
  key: ReceiptKey,
  words: { key: string; text: string },
): Promise<ReceiptView> {
  const row = await verify(app, key);
  const text = words.text.trim();
  demandLength(text);
  return app.database.withVisitor(async (tx) => {
    if (isOver(await lockWhole(tx, row))) throw new AppError('receipt-ended');
    await spend(tx, row.receipt, added);
    await recordInbound(tx, {
      ...{ bureauId: row.bureau_id, accountId: null, kind: row.kind, deliveryId: null, text },
      // The same form sent twice is one word; other words from it are another.
      ...{ threadKey: row.thread_key, platformId: `add:${row.receipt}:${words.key}:${digestOf(text)}` },
      person: { key: row.person_key, name: row.person_name },
      ...{ attachment: null, at: now(), window: null },
    });
    app.live.changed(tx, row.bureau_id, 'cases');
    return viewOf(tx, row);
  });
}

/** @throws {AppError} receipt-unknown, too-many-tries; text-too-long, receipt-unanswered */
export async function rateReceipt(
  app: App,
  key: ReceiptKey,
  rating: { satisfaction: number; note: string },
): Promise<ReceiptView> {
  const row = await verify(app, key);
  const note = rating.note.trim();
  demandFit(note, askLimits.ratingNote);
  return app.database.withVisitor(async (tx) => {
    await spend(tx, row.receipt, rated);
    const found = await lockWhole(tx, row);
    const { satisfaction } = rating;
    if (!isAnswered(found)) throw new AppError('receipt-unanswered');
    const ref = { bureauId: row.bureau_id, caseId: found.id };
    await updateCase(tx, row.bureau_id, found.id, {
      ...{ satisfaction, satisfaction_note: note || null, satisfaction_at: now(), satisfaction_from: 'site' },
    });
    await insertEvent(tx, ref, 'rated', { detail: { satisfaction, note } });
    // The words stay with the case, which can be erased.
    await record(
      tx,
      systemActor(row.bureau_id),
      'case.rated',
      { kind: 'case', id: found.id },
      { satisfaction },
    );
    if (satisfaction <= unsatisfied && note !== '') {
      await takeStepIn(app, tx, systemActor(row.bureau_id), found.id, { step: 'reopen', reason: note });
    } else if (satisfaction <= unsatisfied && !(await wasReopened(tx, row.bureau_id, found.id))) {
      // As in a private message: without words it is taken up again once, and its owner asks what is missing.
      const word = { at: now(), answeredAt: found.answered_at ?? found.received_at };
      await reopenCase(tx, ref, word, unsatisfiedReason);
      await tellReopened(app, tx, row.bureau_id, found.id);
    }
    app.live.changed(tx, row.bureau_id, 'cases');
    return viewOf(tx, row);
  });
}

/** @throws {AppError} receipt-unknown, too-many-tries, receipt-ended, receipt-shared, receipt-busy */
export async function withdrawReceipt(app: App, key: ReceiptKey): Promise<ReceiptView> {
  const row = await verify(app, key);
  const { bureau_id: bureauId, id: conversationId } = row;
  return app.database.withVisitor(async (tx) => {
    const caseId = await findCaseIdOf(tx, bureauId, conversationId);
    if (!caseId) throw new AppError('receipt-unknown');
    // It is no longer this person's alone: others wait for its answer.
    if (await isShared(tx, bureauId, caseId)) throw new AppError('receipt-shared');
    // The review before the case, as whoever decides it does. What is refused below undoes this too.
    await dropReviewingReply(app, tx, { bureauId, caseId });
    const found = await lockWhole(tx, row);
    if (found.state !== 'open' || found.id !== caseId) throw new AppError('receipt-ended');
    if (await isShared(tx, bureauId, found.id)) throw new AppError('receipt-shared');
    try {
      await takeStepIn(app, tx, systemActor(bureauId), found.id, { step: 'withdraw' });
    } catch (error) {
      // An answer was handed in at this very moment: the next try takes it back too.
      throw error instanceof AppError && error.code === 'answer-under-way'
        ? new AppError('receipt-busy')
        : error;
    }
    return viewOf(tx, row);
  });
}

/** A wrong try is counted in a transaction of its own, which stands although the answer is a refusal. */
async function verify(app: App, { receipt, code, from }: ReceiptKey): Promise<ReceiptRow> {
  const typed = readCode(receipt);
  const address = maskAddress(app, from);
  const row = await app.database.withWorker(async (tx) => {
    if (!(await hasLeft(tx, address, wrongByAddress))) return 'too-many' as const;
    const found = typed.length === receiptLength ? await findReceipt(tx, typed) : undefined;
    if (found && !(await hasLeft(tx, typed, wrongByReceipt))) return 'too-many' as const;
    if (found && isCodeOf(app, { receipt: typed, hash: found.receipt_code_hash }, readCode(code)))
      return found;
    await spend(tx, address, wrongByAddress);
    if (found) await spend(tx, typed, wrongByReceipt);
    return null;
  });
  if (row === 'too-many') throw new AppError('too-many-tries', { minutes: wrongByAddress.windowMs / 60_000 });
  if (!row) throw new AppError('receipt-unknown');
  return row;
}

/** All conversations of its case, then the case, as everybody does who changes both. */
async function lockWhole(tx: Tx, row: ReceiptRow) {
  const caseId = await findCaseIdOf(tx, row.bureau_id, row.id);
  if (caseId) await lockConversationsOf(tx, row.bureau_id, [caseId]);
  return lockCase(tx, row);
}

async function lockCase(tx: Tx, row: ReceiptRow) {
  const found = await findCaseOfConversation(tx, row.bureau_id, row.id);
  if (!found) throw new AppError('receipt-unknown');
  return found;
}

type Ended = { state: string; outcome: string | null };
/** Told something, by an answer or by what became of a suggestion. */
const isAnswered = ({ state, outcome }: Ended): boolean =>
  state === 'answered' || (state === 'closed' && answeredOutcomes.has(outcome as CaseOutcome));
/** Neither the person nor the office goes on with it. */
const isOver = ({ outcome }: Ended): boolean => outcome === 'withdrawn' || outcome === 'spam';

/** Merged with what somebody else asked. */
const isShared = async (tx: Tx, bureauId: string, caseId: string): Promise<boolean> =>
  (await listConversationIds(tx, bureauId, caseId)).length > 1;

/** As the log says; whoever marked it by a program that told no kind is taken to have seen advertising. */
async function spamKindOf(tx: Tx, bureauId: string, caseId: string): Promise<SpamKind> {
  const events = await listEvents(tx, bureauId, caseId);
  const why = events.findLast(({ event }) => event === 'spam-marked')?.detail.why;
  return spamKinds.find((kind) => kind === why) ?? 'advert';
}

async function viewOf(tx: Tx, row: ReceiptRow): Promise<ReceiptView> {
  const found = await lockCase(tx, row);
  const state = found.state as CaseState;
  const said = await listSaid(tx, row.bureau_id, row.id);
  const unit = (await listUnitsOf(tx, row.bureau_id)).find(({ id }) => id === found.unit_id);
  const open = state === 'open';
  return {
    ...{ bureauId: row.bureau_id, receipt: row.receipt, number: found.number, state },
    kind: found.kind as CaseKind,
    receivedAt: found.received_at,
    dueAt: open ? found.due_at : null,
    waitsForPerson: open && found.paused_at !== null,
    unitName: unit?.name ?? null,
    said: said.map(({ direction, ...words }) => ({
      ...{ by: direction === 'in' ? ('person' as const) : ('bureau' as const), text: words.text },
      ...{ at: words.at, pictures: words.pictures },
    })),
    outcome: found.outcome as CaseOutcome | null,
    outcomeNote: found.outcome_note,
    spam: found.outcome === 'spam' ? await spamKindOf(tx, row.bureau_id, found.id) : null,
    satisfaction: found.satisfaction,
    may: {
      add: !isOver(found),
      rate: isAnswered(found),
      withdraw: open && !(await isShared(tx, row.bureau_id, found.id)),
    },
  };
}
