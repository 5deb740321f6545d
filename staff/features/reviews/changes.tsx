import { type ReviewView, stageLabels } from '#shared/review.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { sayMoment } from '../../lib/time.ts';
import { DiffText } from '../../ui/diff-text.tsx';
import { reviewTexts } from './texts.ts';

export function Changes({ changes }: { changes: NonNullable<ReviewView['changes']> }) {
  const w = useWords(reviewTexts);
  const lang = useLang();
  const { since } = changes;
  // A part without a change would only hide the ones that changed.
  const changed = changes.parts.filter((part) => part.diff.some((piece) => piece.kind !== 'same'));
  return (
    <div data-testid="review-changes">
      <p className="quiet">
        {fill(w.changesSince, {
          name: since.personName,
          time: sayMoment(since.at, lang),
          stage: stageLabels[since.stage][lang],
        })}
      </p>
      {changed.length === 0 ? <p>{w.noChanges}</p> : null}
      {changed.map((part) => (
        <section key={part.heading}>
          <h3 className="part-head">{part.heading}</h3>
          <DiffText parts={part.diff} />
        </section>
      ))}
    </div>
  );
}

export function EarlierRemarks({ review }: { review: ReviewView }) {
  const w = useWords(reviewTexts);
  if (review.earlierRemarks.length === 0) return null;
  return (
    <div data-testid="earlier-remarks">
      <h3 className="part-head">{w.earlier}</h3>
      <ul className="earlier">
        {review.earlierRemarks.map((remark) => (
          <li key={remark.quote + remark.note}>
            <q>{remark.quote}</q> {remark.note} <span className="quiet">{remark.personName}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
