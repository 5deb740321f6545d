import type { Role } from '#shared/people.ts';
import type { Stage } from '#shared/review.ts';

export type ChainStage = { stage: Stage; role: Role };

const first: ChainStage = { stage: 'first', role: 'reviewer-first' };
const second: ChainStage = { stage: 'second', role: 'reviewer-second' };
const final: ChainStage = { stage: 'final', role: 'reviewer-final' };

/** 三审三校 for what matters, two stages for the ordinary: a county office has three people (domain rules §3). */
export const chains = {
  ordinary: [first, final],
  important: [first, second, final],
  /** One person who did not write it: an answer waits for somebody. */
  answer: [first],
} as const satisfies Record<string, readonly ChainStage[]>;

export type DecisionCheck = {
  state: string;
  stage: number;
  chain: readonly ChainStage[];
  submittedBy: string;
  subjectHash: string;
  /** People who decided earlier stages of this review. */
  decidedBy: readonly string[];
};

export type Refusal =
  | 'state-conflict'
  | 'review-hash-stale'
  | 'forbidden'
  | 'review-own-work'
  | 'review-same-person'
  | 'review-note-needed';

/** Pure: may this person make this decision now? Null when yes. */
export function refuseDecision(
  review: DecisionCheck,
  decision: {
    stage: Stage;
    subjectHash: string;
    decision: 'approve' | 'return';
    note: string;
    remarks: readonly unknown[];
  },
  actor: { personId: string; roles: readonly Role[] },
): Refusal | null {
  const current = review.chain[review.stage];
  if (review.state !== 'open' || current?.stage !== decision.stage) return 'state-conflict';
  if (decision.subjectHash !== review.subjectHash) return 'review-hash-stale';
  if (!actor.roles.includes(current.role)) return 'forbidden';
  if (actor.personId === review.submittedBy) return 'review-own-work';
  if (review.decidedBy.includes(actor.personId)) return 'review-same-person';
  if (decision.decision === 'return' && !decision.note && decision.remarks.length === 0)
    return 'review-note-needed';
  return null;
}

/** Pure: the state after a decision that was allowed. */
export function afterDecision(
  review: Pick<DecisionCheck, 'stage' | 'chain'>,
  decision: 'approve' | 'return',
): { state: 'open' | 'approved' | 'returned'; stage: number } {
  if (decision === 'return') return { state: 'returned', stage: review.stage };
  const last = review.stage === review.chain.length - 1;
  return last ? { state: 'approved', stage: review.stage } : { state: 'open', stage: review.stage + 1 };
}
