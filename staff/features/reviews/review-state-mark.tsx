import { type ReviewRow, type ReviewState, reviewStateLabels, stageLabels } from '#shared/review.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';
import { reviewTexts } from './texts.ts';

const tones = { open: 'busy', approved: 'good', returned: 'warn', voided: 'quiet' } as const satisfies Record<
  ReviewState,
  Tone
>;

/** An open review says which stage it stands at. */
export function ReviewStateMark({ review }: { review: Pick<ReviewRow, 'state' | 'stage'> }) {
  const w = useWords(reviewTexts);
  const lang = useLang();
  const word =
    review.state === 'open'
      ? fill(w.stageNow, { stage: stageLabels[review.stage][lang] })
      : reviewStateLabels[review.state][lang];
  return (
    <StateMark tone={tones[review.state]} testId="review-state" value={review.state}>
      {word}
    </StateMark>
  );
}
