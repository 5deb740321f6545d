import type { TaskState } from '#shared/tasks.ts';

/** The life of a task done by hand, pure. What is claimed waits for a second person however late it gets. */
const next = {
  pending: ['opened', 'claimed', 'verified', 'expired', 'cancelled'],
  opened: ['claimed', 'verified', 'expired', 'cancelled'],
  claimed: ['verified', 'returned', 'cancelled'],
  returned: ['claimed', 'verified', 'expired', 'cancelled'],
  verified: [],
  expired: [],
  cancelled: [],
} as const satisfies Record<TaskState, readonly TaskState[]>;

export function mayMoveTask(from: TaskState, to: TaskState): boolean {
  return (next[from] as readonly TaskState[]).includes(to);
}

/** States in which something is still to be done, or to be checked. */
export const openTaskStates = ['pending', 'opened', 'claimed', 'returned'] as const satisfies TaskState[];
