import type { ReviewRow } from '#shared/review.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { sayMoment, sayWall } from '../../lib/time.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { reviewTexts } from './texts.ts';

/** What an approval sets off, and until when somebody waits for it; nothing once it is decided. */
export function GoesOut({ review, className }: { review: ReviewRow; className?: string }) {
  const w = useWords(reviewTexts);
  const lang = useLang();
  if (review.state !== 'open') return null;
  if (review.answerDueAt) {
    const late = new Date(review.answerDueAt).getTime() < Date.now();
    const words = fill(late ? w.answerLate : w.answerBy, { time: sayMoment(review.answerDueAt, lang) });
    return (
      <span className={className} data-testid="review-due">
        {late ? <StateMark tone="bad">{words}</StateMark> : words}
      </span>
    );
  }
  const atOnce = review.subjectKind === 'article' ? w.atOnce : w.atOnceOther;
  return (
    <span className={className}>
      {review.plannedWall ? fill(w.goesOut, { time: sayWall(review.plannedWall, lang) }) : atOnce}
    </span>
  );
}
