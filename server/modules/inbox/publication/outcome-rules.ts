/** Pure rules about what became of a suggestion. */
import { AppError } from '#server/base/app-error.ts';
import type { CaseOutcome } from '#shared/inbox.ts';

/** The outcome as far as the site shows it: that a question was answered is seen by its answer. */
export const shownOutcome = (outcome: string | null): CaseOutcome | null =>
  outcome === 'adopted' || outcome === 'not-adopted' ? outcome : null;

/** @throws {AppError} step-refused while it is not said what became of a suggestion */
export function demandOutcome(found: { kind: string; outcome: string | null }): void {
  if (found.kind !== 'suggestion' || found.outcome !== null) return;
  throw new AppError('step-refused', {
    problem:
      '建议请先办结，选择“采纳”或“不采纳”并写明理由 / close the suggestion first: adopted or not, and why',
  });
}
