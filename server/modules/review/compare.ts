import { diffChars, diffLines } from 'diff';
import type { DiffPart } from '#shared/review.ts';

type Texts = readonly { heading: string; text: string }[];

/** A comparison of 20,000 characters with scattered changes takes about 50 ms; beyond this whole lines are compared. */
const timeoutMs = 300;
/** Unchanged text kept on each side of a change, in characters: enough to know the sentence. */
const context = 24;

/** Character by character, paired by heading; parts without a change are left out. */
export function compareTexts(before: Texts, after: Texts): { heading: string; diff: DiffPart[] }[] {
  const earlier = new Map(before.map((part) => [part.heading, part.text]));
  const headings = [...after.map((part) => part.heading), ...before.map((part) => part.heading)];
  const later = new Map(after.map((part) => [part.heading, part.text]));
  return [...new Set(headings)]
    .map((heading) => ({ heading, diff: compareText(earlier.get(heading) ?? '', later.get(heading) ?? '') }))
    .filter((part) => part.diff.some((piece) => piece.kind !== 'same'));
}

export function compareText(before: string, after: string): DiffPart[] {
  const changes = diffChars(before, after, { timeout: timeoutMs }) ?? diffLines(before, after);
  const parts = changes.map(
    (change): DiffPart => ({
      kind: change.added ? 'added' : change.removed ? 'removed' : 'same',
      text: change.value,
    }),
  );
  return parts.map((part, index) =>
    part.kind === 'same' ? { ...part, text: shorten(part.text, index > 0, index < parts.length - 1) } : part,
  );
}

function shorten(text: string, keepStart: boolean, keepEnd: boolean): string {
  const kept = (keepStart ? context : 0) + (keepEnd ? context : 0);
  if (text.length <= kept + 2) return text;
  return `${keepStart ? text.slice(0, context) : ''} … ${keepEnd ? text.slice(-context) : ''}`;
}
