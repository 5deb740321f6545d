/**
 * What may happen to a case, as a pure function: facts in, what changes and what the log says out. Operations read the
 * facts under the case's lock, ask here, and write what they are told; nothing else decides.
 */
import type { DispatchStep, SuperviseStep, WorkStep } from '#shared/case-steps.ts';
import type { CaseKind, CaseOutcome, CaseState, CaseUrgency, EndOutcome } from '#shared/inbox.ts';

export type CaseFacts = {
  id: string;
  state: CaseState;
  kind: CaseKind;
  urgency: CaseUrgency;
  outcome: CaseOutcome | null;
  mergedInto: string | null;
  pausedAt: Date | null;
  unitId: string | null;
  /** A section hands back what is not its business until then. */
  returnUntil: Date;
  answeredAt: Date | null;
  extension: 'asked' | 'granted' | 'refused' | null;
  extensionDays: number | null;
  extensionBy: string | null;
  /** Asked to close it without an answer, and nobody decided yet. */
  closing: { by: string; reason: string; outcome: EndOutcome | null } | null;
  /** It is or once was a complaint or a report: another kind is no way around its second pair of eyes. */
  complained: boolean;
  /** A second person reads what is told to the person, by the bureau's settings. */
  reviewed: boolean;
  /** Working days of its class, without an extension. */
  level: number;
  /** State before it was set aside (spam, merged); null when it is not. */
  stateBefore: CaseState | null;
  /** Cases that were merged into this one. */
  merged: number;
};

/** `target`: the state of the case that it goes into. */
export type MergeStep = Extract<DispatchStep, { step: 'merge' }> & { target: CaseState };
export type CloseStep = { step: 'close'; outcome: EndOutcome | null; reason: string };
/** By the person themselves, through their receipt. */
export type WithdrawStep = { step: 'withdraw' };
export type Step =
  | WorkStep
  | WithdrawStep
  | SuperviseStep
  | Exclude<DispatchStep, { step: 'add-helper' | 'remove-helper' | 'merge' }>
  | MergeStep
  | CloseStep;

/** Columns of `cases` that change; what is absent stays. `now` marks the moment of the step. */
export type Change = {
  state?: CaseState;
  outcome?: CaseOutcome | null;
  outcome_note?: string | null;
  merged_into?: string | null;
  paused_at?: Date | null;
  unit_id?: string | null;
  owner_id?: string | null;
  assigned_at?: Date | null;
  urgency?: CaseUrgency;
  extension?: 'asked' | 'granted' | 'refused';
  extension_days?: number;
  extension_by?: string | null;
  closing_by?: string | null;
  supervised_at?: Date;
  called_back_at?: Date;
  satisfaction?: number;
  satisfaction_note?: string | null;
  satisfaction_at?: Date;
  satisfaction_from?: 'call-back' | 'site' | 'message';
  closed_at?: Date | null;
  answered_at?: Date | null;
};
export type LoggedEvent = { event: string; detail: Record<string, unknown> };
export type Refusal =
  | 'closed'
  | 'not-open'
  | 'paused'
  | 'not-paused'
  | 'not-assigned'
  | 'return-window'
  | 'extension-used'
  | 'extension-too-long'
  | 'extension-not-asked'
  | 'extension-own'
  | 'closing-asked'
  | 'closing-not-asked'
  | 'closing-own'
  | 'reason-needed'
  | 'outcome-needed'
  | 'outcome-odd'
  | 'not-set-aside'
  | 'merge-self'
  | 'merge-ended'
  | 'merge-has-merged'
  | 'not-answered';
export type Verdict = { change: Change; events: LoggedEvent[] } | { refused: Refusal };

export const longestDays = 15;
const refused = (why: Refusal): Verdict => ({ refused: why });

/** Nobody of the office (null): the person themselves, through their receipt. */
type Who = { personId: string | null };

export function takeStep(facts: CaseFacts, step: Step, who: Who, at: Date): Verdict {
  switch (step.step) {
    case 'return':
      return handBack(facts, step.reason, at);
    case 'pause':
      if (facts.state !== 'open') return refused('not-open');
      if (facts.pausedAt) return refused('paused');
      return said({ paused_at: at }, 'paused', { reason: step.reason });
    case 'resume':
      if (!facts.pausedAt) return refused('not-paused');
      return said({ paused_at: null }, 'resumed', { reason: step.reason });
    case 'ask-extension':
      if (facts.state !== 'open') return refused('not-open');
      if (facts.extension === 'asked' || facts.extension === 'granted') return refused('extension-used');
      if (facts.level + step.days > longestDays) return refused('extension-too-long');
      return said(
        { extension: 'asked', extension_days: step.days, extension_by: who.personId },
        'extension-asked',
        { days: step.days, reason: step.reason },
      );
    case 'decide-extension':
      return decideExtension(facts, step, who);
    case 'decide-closing':
      return decideClosing(facts, step, who, at);
    case 'supervise':
      if (facts.state === 'closed') return refused('closed');
      return said({ supervised_at: at }, 'supervised', { note: step.note });
    case 'call-back':
      return callBack(facts, step, at);
    case 'set-urgency':
      if (facts.state === 'closed') return refused('closed');
      return said({ urgency: step.urgency }, 'urgency-set', {
        urgency: step.urgency,
        before: facts.urgency,
        reason: step.reason,
      });
    case 'close':
      return close(facts, step, who, at);
    case 'withdraw':
      if (facts.state !== 'open') return refused('not-open');
      return ended(
        facts,
        { state: 'closed', outcome: 'withdrawn', outcome_note: null, closed_at: at },
        'withdrawn',
        {},
      );
    case 'reopen':
      // What was set aside comes back by its own undo, which restores what was.
      if (facts.state === 'open' || facts.outcome === 'spam' || facts.mergedInto) return refused('not-open');
      return said(
        { state: 'open', outcome: null, outcome_note: null, closed_at: null, answered_at: null },
        'reopened',
        { reason: step.reason },
      );
    case 'mark-spam':
      return setAside(facts, { outcome: 'spam' }, at, 'spam-marked', { why: step.why, reason: step.reason });
    case 'merge':
      if (step.into === facts.id) return refused('merge-self');
      if (facts.merged > 0) return refused('merge-has-merged');
      // Whoever waits must not end in a case that nobody looks at any more.
      if (facts.state === 'open' && step.target !== 'open') return refused('merge-ended');
      return setAside(facts, { outcome: 'merged', merged_into: step.into }, at, 'merged', {
        into: step.into,
        reason: step.reason,
      });
    case 'unmark-spam':
      if (facts.outcome !== 'spam') return refused('not-set-aside');
      return bringBack(facts, 'spam-unmarked', { reason: step.reason });
    case 'unmerge':
      if (!facts.mergedInto) return refused('not-set-aside');
      return bringBack(facts, 'unmerged', { from: facts.mergedInto, reason: step.reason });
  }
}

function said(change: Change, event: string, detail: Record<string, unknown>): Verdict {
  return { change, events: [{ event, detail }] };
}

function handBack(facts: CaseFacts, reason: string, at: Date): Verdict {
  if (facts.state !== 'open') return refused('not-open');
  if (!facts.unitId) return refused('not-assigned');
  if (at > facts.returnUntil) return refused('return-window');
  return said({ unit_id: null, owner_id: null, assigned_at: null }, 'returned', {
    reason,
    unitId: facts.unitId,
  });
}

function decideExtension(
  facts: CaseFacts,
  step: Extract<SuperviseStep, { step: 'decide-extension' }>,
  who: Who,
): Verdict {
  if (facts.state !== 'open') return refused('not-open');
  if (facts.extension !== 'asked' || facts.extensionDays === null) return refused('extension-not-asked');
  if (facts.extensionBy === who.personId) return refused('extension-own');
  if (!step.grant && step.reason.length < 2) return refused('reason-needed');
  const detail = { days: facts.extensionDays, reason: step.reason };
  // The class may have changed since it was asked for.
  if (step.grant && facts.level + facts.extensionDays > longestDays) return refused('extension-too-long');
  return step.grant
    ? said({ extension: 'granted' }, 'extended', detail)
    : said({ extension: 'refused' }, 'extension-refused', detail);
}

function callBack(facts: CaseFacts, step: Extract<WorkStep, { step: 'call-back' }>, at: Date): Verdict {
  const answered =
    facts.state === 'answered' ||
    (facts.state === 'closed' && !isAside(facts) && facts.outcome !== 'withdrawn');
  if (!answered) return refused('not-answered');
  const { satisfaction, note } = step;
  const change: Change =
    satisfaction === null
      ? { called_back_at: at }
      : {
          ...{ called_back_at: at, satisfaction, satisfaction_at: at, satisfaction_from: 'call-back' },
          satisfaction_note: note || null,
        };
  return said(change, 'called-back', { satisfaction, note });
}

/** Nobody of the office lets a complaint rest alone. */
function close(facts: CaseFacts, step: CloseStep, who: Who, at: Date): Verdict {
  if (facts.state === 'closed') return refused('closed');
  const verdict = end(facts, step, at);
  if ('refused' in verdict || !needsTwo(facts, step.outcome)) return verdict;
  if (facts.closing) return refused('closing-asked');
  const { outcome, reason } = step;
  return said({ closing_by: who.personId }, 'closing-asked', { reason, outcome });
}

/** What ends without an answer to a complaint or a suggestion, and words to the person that a second one reads. */
export function needsTwo(
  facts: Pick<CaseFacts, 'state' | 'kind' | 'complained' | 'reviewed'>,
  outcome: EndOutcome | null,
): boolean {
  const told = outcome === 'adopted' || outcome === 'not-adopted';
  if (told) return facts.reviewed;
  return facts.state === 'open' && (facts.complained || facts.kind === 'suggestion');
}

function decideClosing(
  facts: CaseFacts,
  { grant, reason }: Extract<SuperviseStep, { step: 'decide-closing' }>,
  who: Who,
  at: Date,
): Verdict {
  const { closing } = facts;
  if (facts.state === 'closed' || !closing) return refused('closing-not-asked');
  if (closing.by === who.personId) return refused('closing-own');
  if (grant) return end(facts, { step: 'close', outcome: closing.outcome, reason: closing.reason }, at);
  if (reason.length < 2) return refused('reason-needed');
  return said({ closing_by: null }, 'closing-refused', { reason });
}

function end(facts: CaseFacts, { outcome, reason }: CloseStep, at: Date): Verdict {
  const answered = facts.state === 'answered';
  const isSuggestion = facts.kind === 'suggestion';
  // A suggestion ends in taken up or not, with the reason: the person is told, and it is published.
  if (isSuggestion && (outcome === null || outcome === 'answered')) return refused('outcome-needed');
  if (!isSuggestion && (outcome === 'adopted' || outcome === 'not-adopted')) return refused('outcome-odd');
  const ending = outcome ?? (answered ? 'answered' : 'no-answer');
  const change: Change = { state: 'closed', outcome: ending, outcome_note: reason, closed_at: at };
  return ended(facts, change, 'closed', { reason, answered, outcome: ending });
}

function ended(facts: CaseFacts, change: Change, event: string, detail: Record<string, unknown>): Verdict {
  const logged = { event, detail };
  return facts.pausedAt ? resumed(change, logged) : { change, events: [logged] };
}

/** Spam and duplicates leave the queue; what they were stands in the log, so that it can be restored. */
function setAside(
  facts: CaseFacts,
  aside: Pick<Change, 'outcome' | 'merged_into'>,
  at: Date,
  event: string,
  detail: Record<string, unknown>,
): Verdict {
  if (facts.state === 'closed') return refused('closed');
  const change: Change = { ...aside, state: 'closed', closed_at: at };
  return ended(facts, change, event, { ...detail, before: facts.state });
}

/** Whatever ends a case ends its pause, so that the log never holds a pause without an end. */
function resumed(change: Change, then: LoggedEvent): Verdict {
  return {
    change: { ...change, paused_at: null },
    events: [{ event: 'resumed', detail: {} }, then],
  };
}

function bringBack(facts: CaseFacts, event: string, detail: Record<string, unknown>): Verdict {
  const state = facts.stateBefore ?? 'open';
  return said({ state, outcome: null, outcome_note: null, merged_into: null, closed_at: null }, event, {
    ...detail,
    state,
  });
}

export function isAside(facts: Pick<CaseFacts, 'outcome'>): boolean {
  return facts.outcome === 'spam' || facts.outcome === 'merged';
}
