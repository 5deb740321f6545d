/**
 * The life of a delivery, pure. Every change of state in the database goes through `store.ts` `moveDelivery`, which
 * refuses what this table does not allow.
 */
import type { DeliveryState } from '#shared/publishing.ts';

const next = {
  planned: [
    'due',
    'preparing',
    'prepared',
    'handed-off',
    'published',
    'held',
    'cancelled',
    'expired',
    'failed',
  ],
  due: ['preparing', 'prepared', 'handed-off', 'published', 'held', 'cancelled', 'expired', 'failed'],
  preparing: ['prepared', 'due', 'rejected', 'failed', 'held', 'cancelled', 'expired'],
  prepared: ['submitting', 'due', 'held', 'cancelled', 'expired', 'failed'],
  // Between the commit of `submitting` and its answer nobody may cancel or hold: the post may be out.
  submitting: ['pending', 'published', 'rejected', 'due', 'failed', 'unknown'],
  pending: ['published', 'rejected', 'failed', 'unknown'],
  unknown: ['published', 'pending', 'rejected', 'due', 'cancelled', 'failed'],
  'handed-off': ['published', 'cancelled', 'expired', 'held'],
  // The platform tells that somebody posted it all the same (`dispatch/late-word.ts`).
  held: ['due', 'planned', 'cancelled', 'expired', 'published'],
  published: ['withdrawn'],
  failed: ['due', 'cancelled'],
  rejected: [],
  withdrawn: [],
  // Nobody here can bring these back; only the platform's own word says that the post is out after all.
  cancelled: ['published'],
  expired: ['published'],
} as const satisfies Record<DeliveryState, readonly DeliveryState[]>;

export function mayMove(from: DeliveryState, to: DeliveryState): boolean {
  return (next[from] as readonly DeliveryState[]).includes(to);
}

/** States that can still lead to a post without a person's word. */
export const notYetOut = [
  'planned',
  'due',
  'preparing',
  'prepared',
  'held',
  'failed',
  'handed-off',
] as const satisfies readonly DeliveryState[];

/** States in which the post may or does stand on the platform. */
export const maybeOut = [
  'submitting',
  'pending',
  'unknown',
  'published',
] as const satisfies readonly DeliveryState[];

const minute = 60_000;

export type LateVerdict = 'go' | 'hold' | 'expire';

/**
 * What becomes of a post whose time has passed (DESIGN §5.7): up to 15 minutes late it goes out, up to 24 hours it is
 * held for one click, later it expires. "Even if late" goes out within the 24 hours, but never between 22:00 and 07:00.
 * @param hour hour of the wall clock in Asia/Shanghai, 0–23
 */
export function judgeLateness(lateMs: number, evenIfLate: boolean, hour: number): LateVerdict {
  if (lateMs <= 15 * minute) return 'go';
  if (lateMs > 24 * 60 * minute) return 'expire';
  const quiet = hour >= 22 || hour < 7;
  return evenIfLate && !quiet ? 'go' : 'hold';
}

/**
 * The same for a post that was there at its time and was made to wait by the platform, or for certainty: only what is
 * missed after `resumeAt` counts as missed. A day after its own time it expires all the same.
 */
export function judgeDelay(
  post: { dueAt: Date; resumeAt: Date | null; evenIfLate: boolean },
  now: Date,
  hour: number,
): LateVerdict {
  const lateMs = now.getTime() - post.dueAt.getTime();
  const missedMs = Math.min(lateMs, now.getTime() - (post.resumeAt?.getTime() ?? Number.NEGATIVE_INFINITY));
  if (judgeLateness(lateMs, post.evenIfLate, hour) === 'expire') return 'expire';
  return judgeLateness(missedMs, post.evenIfLate, hour);
}

/**
 * "Not listed" counts only when the platform had time to list it: the settling time after the call, and again after the
 * first absence. A person who asks earlier changes nothing.
 */
export function judgeAbsence(
  post: { submittedAt: Date | null; absences: number; absentAt: Date | null },
  settleMs: number,
  now: Date,
): { verdict: 'too-early'; waitMs: number } | { verdict: 'first' | 'send-again' } {
  const since = (post.absences > 0 && post.absentAt) || post.submittedAt || now;
  const waitMs = settleMs - (now.getTime() - since.getTime());
  if (waitMs > 0) return { verdict: 'too-early', waitMs };
  return { verdict: post.absences === 0 ? 'first' : 'send-again' };
}

/** Reasons to be due again that are not "missed while down". */
export const resumable: ReadonlySet<string> = new Set(['limit', 'absent-twice', 'own-key']);

/** Waiting time before the n-th retry (n from 1): 5 s doubling to 5 min, in milliseconds. */
export function backoffMs(n: number): number {
  return Math.min(5_000 * 2 ** Math.max(0, n - 1), 5 * minute);
}
