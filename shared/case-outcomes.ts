import type { CaseOutcome } from './inbox.ts';

/** Ends in which the person was told something that they can be content with or not. */
export const answeredOutcomes: ReadonlySet<CaseOutcome> = new Set(['answered', 'adopted', 'not-adopted']);
