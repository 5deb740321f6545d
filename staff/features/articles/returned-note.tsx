import type { Article } from '#shared/content.ts';
import { fill, useWords } from '../../lib/language.ts';
import { articleTexts } from './texts.ts';

type ReturnedNoteProps = { review: NonNullable<Article['review']>; onQuote: (quote: string) => void };

/** Why the article came back, on top of the page; a remark leads to its sentence. */
export function ReturnedNote({ review, onQuote }: ReturnedNoteProps) {
  const w = useWords(articleTexts);
  return (
    <section className="returned" data-testid="returned-note">
      <p className="tight">
        <strong>{fill(w.returnedBy, { name: review.returnedByName ?? '' })}</strong>
        {review.returnNote}
      </p>
      {review.remarks.length > 0 ? (
        <>
          <ul>
            {review.remarks.map((remark) => (
              <li key={remark.quote + remark.note}>
                <button
                  type="button"
                  className="remark"
                  onClick={() => onQuote(remark.quote)}
                  data-testid="returned-remark"
                >
                  <q>{remark.quote}</q>
                  <span>{remark.note}</span>
                </button>
              </li>
            ))}
          </ul>
          <p className="quiet tight">{w.remarkFind}</p>
        </>
      ) : null}
    </section>
  );
}
