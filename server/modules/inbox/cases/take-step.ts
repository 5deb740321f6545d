/** Carries out what the machine allows: facts under lock, the step, the deadline anew, log and audit in one transaction. */
import type { Actor, SystemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { listUnitsOf } from '#server/modules/people/index.ts';
import { loadCalendar } from '#server/modules/planning/index.ts';
import type { DispatchStep } from '#shared/case-steps.ts';
import { type CaseOutcome, type CaseState, caseStateLabels, replyStateLabels } from '#shared/inbox.ts';
import { queueNotice } from '../answers/queue-notice.ts';
import { needsReview } from '../answers/review-need.ts';
import { findUnsettled } from '../answers/store.ts';
import { prepareOutcomeIn } from '../publication/outcome.ts';
import { shownOutcome } from '../publication/outcome-rules.ts';
import { loadSettings } from '../settings/store.ts';
import { putHelper, removeHelper } from './beside-store.ts';
import { deriveDeadline, rangeOf, returnBy, workingDayAfter } from './deadline.ts';
import { demandHandler } from './handlers.ts';
import { type CaseFacts, type Change, type MergeStep, type Refusal, type Step, takeStep } from './machine.ts';
import { giveBackTo, takeOver } from './merging.ts';
import { extensionNotice, suggestionNotice } from './notice-texts.ts';
import { refusals } from './refusals.ts';
import {
  type CaseChange,
  findCase,
  findCaseForChange,
  insertEvent,
  insertEvents,
  listEvents,
  lockConversationsOf,
  readFacts,
  updateCase,
} from './store.ts';
import { tellColleagues } from './tell-colleagues.ts';
import { targetsOf } from './who-hears.ts';

/** Steps after which the clock runs otherwise than before. */
const movesClock = new Set(['pause', 'resume', 'decide-extension', 'reopen', 'unmark-spam', 'unmerge']);
/** Steps that end a case: not while an answer is on its way to somebody. */
const ends = new Set(['close', 'mark-spam', 'merge', 'withdraw']);

/** As a person asks for it; what the other case is, is read under its lock. */
type Asked = Exclude<Step, MergeStep> | Omit<MergeStep, 'target'>;

/** Steps of whoever handles the case. */
const handledBy: ReadonlySet<string> = new Set([
  ...['return', 'pause', 'resume', 'ask-extension', 'call-back', 'close'],
]);

/** @throws {AppError} not-found, state-conflict, step-refused, case-of-others, answer-under-way */
export async function takeStepIn(
  app: App,
  tx: Tx,
  actor: Actor | SystemActor,
  caseId: string,
  step: Asked,
): Promise<void> {
  const { bureauId, personId } = actor;
  // Parting reaches into the other case too; which one it is may change until the lock is held, and then it is none.
  const parts =
    step.step === 'unmerge' ? ((await findCase(tx, bureauId, caseId))?.merged_into ?? null) : null;
  const other = step.step === 'merge' ? step.into : parts;
  const cases = other ? [caseId, other].toSorted() : [caseId];
  await lockConversationsOf(tx, bureauId, cases);
  // Two who merge either way at once take the cases in one order.
  const locked = new Map<string, Awaited<ReturnType<typeof lockCase>>>();
  for (const id of cases) locked.set(id, await lockCase(tx, bureauId, id));
  const found = locked.get(caseId)!;
  if (actor.personId !== null && handledBy.has(step.step)) demandHandler(actor, found);
  if (step.step === 'merge') demandTarget(locked.get(step.into)!);
  if (ends.has(step.step)) await demandSettled(tx, bureauId, caseId);
  const log = await listEvents(tx, bureauId, caseId);
  const facts = await readFacts(tx, found, log, await readGround(tx, found, log));
  const at = now();
  const asked = step.step === 'merge' ? { ...step, target: locked.get(step.into)!.state as CaseState } : step;
  const verdict = takeStep(facts, asked, actor, at);
  if ('refused' in verdict) throw refusalOf(verdict.refused, facts);
  const { events } = verdict;
  const logged = events.map(({ event, detail }) => ({
    event,
    // Two events of one step keep their order by their ids; one moment for both.
    at,
    actorId: personId,
    detail,
  }));
  const times = await timesAfter(tx, bureauId, step, facts, [...log, ...logged], verdict.change);
  // Before the case changes: what is closed takes no notice any more.
  const told =
    actor.personId === null
      ? {}
      : await tell(app, tx, actor, caseId, step, {
          days: facts.extensionDays,
          dueAt: times.due_at ?? null,
          outcome: verdict.change.outcome ?? null,
          outcomeNote: verdict.change.outcome_note ?? null,
          log,
        });
  await updateCase(tx, bureauId, caseId, { ...verdict.change, ...times });
  const last = logged.at(-1)!;
  await insertEvents(tx, { bureauId, caseId }, [
    ...logged.slice(0, -1),
    { ...last, detail: { ...last.detail, ...told } },
  ]);
  if (step.step === 'merge') await takeOver(tx, actor, { from: caseId, into: step.into }, log);
  if (parts) await giveBackTo(tx, actor, { from: caseId, into: parts });
  // 采纳与不采纳都公开: nobody has to think of it.
  if (actor.personId !== null && shownOutcome(verdict.change.outcome ?? null)) {
    await prepareOutcomeIn(app, tx, actor, caseId);
  }
  // Reasons may speak of the citizen: they stay with the case, which can be erased.
  const audit = Object.fromEntries(
    Object.entries(last.detail).filter(([key]) => !['reason', 'note'].includes(key)),
  );
  await record(tx, actor, `case.${last.event}`, { kind: 'case', id: caseId }, audit);
  await tellColleagues(app, tx, actor, found, {
    event: last.event,
    to: targetsOf(found, last.event, facts, step),
  });
  app.live.changed(tx, bureauId, 'cases');
}

/** What the machine judges by beside the case itself: the calendar and the bureau's settings. */
async function readGround(
  tx: Tx,
  found: Awaited<ReturnType<typeof lockCase>>,
  log: Parameters<typeof deriveDeadline>[0],
): Promise<Pick<CaseFacts, 'returnUntil' | 'reviewed'>> {
  const range = rangeOf(log);
  const calendar = await loadCalendar(tx, found.bureau_id, range.from, range.to);
  const { settings } = await loadSettings(tx, found.bureau_id);
  return {
    returnUntil: returnBy(found.assigned_at ?? found.received_at, calendar),
    reviewed: needsReview(settings.answerReview, found),
  };
}

async function lockCase(tx: Tx, bureauId: string, caseId: string) {
  const found = await findCaseForChange(tx, bureauId, caseId);
  if (!found) throw new AppError('not-found');
  return found;
}

function demandTarget(target: { outcome: string | null }): void {
  if (target.outcome === 'merged' || target.outcome === 'spam') {
    throw new AppError('state-conflict', { state: caseStateLabels.closed.zh });
  }
}

async function demandSettled(tx: Tx, bureauId: string, caseId: string): Promise<void> {
  const unsettled = await findUnsettled(tx, bureauId, { caseId });
  if (!unsettled) return;
  throw new AppError('answer-under-way', { state: replyStateLabels[unsettled.state].zh });
}

function refusalOf(why: Refusal, facts: CaseFacts): AppError {
  const [zh, en] = refusals[why];
  if (why === 'closed' || why === 'not-open') {
    return new AppError('state-conflict', { state: caseStateLabels[facts.state as CaseState].zh });
  }
  return new AppError('step-refused', { problem: `${zh} / ${en}` });
}

/** The deadline as the log now says, and by when somebody must have taken up what was handed back. */
async function timesAfter(
  tx: Tx,
  bureauId: string,
  step: Asked,
  facts: CaseFacts,
  log: Parameters<typeof deriveDeadline>[0],
  change: Change,
): Promise<Pick<CaseChange, 'due_at' | 'triage_due_at'>> {
  const range = rangeOf(log);
  if (step.step === 'return') {
    const calendar = await loadCalendar(tx, bureauId, range.from, range.to);
    const { settings } = await loadSettings(tx, bureauId);
    return { triage_due_at: workingDayAfter(now(), settings.triageDays, calendar) };
  }
  if (step.step === 'pause') return { due_at: null };
  // Whatever ends a pause gives the deadline back: a case that was late stays late.
  const resumed = facts.pausedAt !== null && change.paused_at === null;
  if (!resumed && (!movesClock.has(step.step) || (change.state ?? facts.state) !== 'open')) return {};
  const calendar = await loadCalendar(tx, bureauId, range.from, range.to);
  const paused = facts.pausedAt !== null && !resumed;
  return { due_at: paused ? null : deriveDeadline(log, calendar).dueAt };
}

type Known = {
  days: number | null;
  /** As it is after the step. */
  dueAt: Date | null;
  outcome: CaseOutcome | null;
  outcomeNote: string | null;
  log: readonly { event: string; detail: Record<string, unknown> }[];
};

/** What the person is told of a step, where their channel still takes it. */
async function tell(
  app: App,
  tx: Tx,
  actor: Actor,
  caseId: string,
  step: Asked,
  known: Known,
): Promise<{ told?: number }> {
  const words = noticeOf(step, known);
  return words === null ? {} : { told: await queueNotice(app, tx, actor, caseId, words) };
}

function noticeOf(step: Asked, { days, dueAt, outcome, outcomeNote, log }: Known): string | null {
  if (step.step === 'pause') return step.question || null;
  if (step.step === 'decide-extension' && step.grant && days !== null) {
    // Why, in the words of whoever asked: what a leader adds is for colleagues.
    const asked = log.findLast(({ event }) => event === 'extension-asked')?.detail.reason;
    return extensionNotice({ days, reason: typeof asked === 'string' ? asked : '', dueAt });
  }
  // In the words of whoever closed it or asked to.
  if (outcome === 'adopted' || outcome === 'not-adopted') return suggestionNotice(outcome, outcomeNote ?? '');
  return null;
}

/** @throws {AppError} not-found; input-invalid when the unit is not of this bureau */
export async function changeHelpersIn(
  app: App,
  tx: Tx,
  actor: Actor,
  caseId: string,
  step: Extract<DispatchStep, { step: 'add-helper' | 'remove-helper' }>,
): Promise<void> {
  const { bureauId, personId } = actor;
  const found = await lockCase(tx, bureauId, caseId);
  if (found.state === 'closed') throw new AppError('state-conflict', { state: caseStateLabels.closed.zh });
  if (!(await listUnitsOf(tx, bureauId)).some((unit) => unit.id === step.unitId)) {
    throw new AppError('input-invalid', { problem: '没有这个科室 / there is no such section' });
  }
  const adds = step.step === 'add-helper';
  if (adds)
    await putHelper(tx, bureauId, caseId, { unitId: step.unitId, note: step.note, addedBy: personId });
  else await removeHelper(tx, bureauId, caseId, step.unitId);
  const event = adds ? 'helper-added' : 'helper-removed';
  await tellColleagues(app, tx, actor, found, { event, to: [{ kind: 'unit', id: step.unitId }] });
  const detail = { unitId: step.unitId, ...(adds ? { note: step.note } : {}) };
  await insertEvent(tx, { bureauId, caseId }, event, { actorId: personId, detail });
  await record(tx, actor, `case.${event}`, { kind: 'case', id: caseId }, { unitId: step.unitId });
  app.live.changed(tx, bureauId, 'cases');
}
