/** What may become of an answer on its way to the public, as a pure function. */
import type { PublicationState } from '#shared/publication.ts';

export type PublicationStep =
  | 'edit'
  | 'submit'
  | 'take-back'
  | 'approve'
  | 'return'
  /** A public one comes down; the page is gone at once. */
  | 'withdraw'
  /** A draft that nobody is to read: said with the reason, so that it waits for nobody. */
  | 'decline';

const table = {
  draft: { edit: 'draft', submit: 'reviewing', decline: 'declined' },
  reviewing: { 'take-back': 'draft', return: 'draft', approve: 'published' },
  published: { withdraw: 'withdrawn' },
  // What came down may be mended and put up again, through the same check.
  withdrawn: { edit: 'draft' },
  declined: { edit: 'draft' },
} as const satisfies Record<PublicationState, Partial<Record<PublicationStep, PublicationState>>>;

/** The state after a step; null when the step is not possible from here. */
export function nextState(state: PublicationState, step: PublicationStep): PublicationState | null {
  return (table[state] as Partial<Record<PublicationStep, PublicationState>>)[step] ?? null;
}
