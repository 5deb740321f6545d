import { type Text, text } from '#shared/lang.ts';
import { fill, useWords } from '../../lib/language.ts';

const texts = {
  byModel: text('依据', 'By'),
  sure: text('把握 {percent}%', '{percent}% sure'),
  guess: text('没有把握，未分业务；可能是“{field}”', 'Not sure, left open; perhaps “{field}”'),
} as const satisfies Record<string, Text>;

const wordsOf = (value: unknown): string[] =>
  // A mark alone may weigh with the model and says nothing to people.
  Array.isArray(value) ? value.filter((one) => typeof one === 'string' && /[\p{L}\p{N}]/u.test(one)) : [];

/** Why the program sorted words as it did: the words that decided, and how sure it was. */
export function SortingNote({ detail }: { detail: Record<string, unknown> }) {
  const w = useWords(texts);
  if (detail.automatic !== true) return null;
  const { field, kind } = (detail.words ?? {}) as { field?: unknown; kind?: unknown };
  const words = [...new Set([...wordsOf(field), ...wordsOf(kind), ...wordsOf(detail.urgencyWords)])];
  const sure = typeof detail.confidence === 'number' ? Math.round(detail.confidence * 100) : null;
  return (
    <div className="quiet" data-testid="sorting-note">
      {words.length > 0 ? (
        <>
          {w.byModel}{' '}
          {words.map((word) => (
            <span key={word} className="sorting-word">
              {word}
            </span>
          ))}
        </>
      ) : null}
      {typeof detail.guess === 'string' ? fill(w.guess, { field: detail.guess }) : null}
      {sure !== null && typeof detail.guess !== 'string' ? fill(w.sure, { percent: sure }) : null}
    </div>
  );
}
