import { roleLabel } from '#shared/people.ts';
import { type ReviewView, stageLabels } from '#shared/review.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { sayMoment } from '../../lib/time.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { reviewTexts } from './texts.ts';

/** Who decided what, and when; who is next. */
export function Chain({ review }: { review: ReviewView }) {
  return (
    <ol className="chain" data-testid="review-chain">
      {review.chain.map((link) => (
        <ChainLink
          key={link.stage}
          link={link}
          current={review.state === 'open' && link.stage === review.stage}
        />
      ))}
    </ol>
  );
}

function ChainLink({ link, current }: { link: ReviewView['chain'][number]; current: boolean }) {
  const w = useWords(reviewTexts);
  const lang = useLang();
  return (
    <li
      data-testid={`stage-${link.stage}`}
      data-decision={link.decision ?? ''}
      aria-current={current ? 'step' : undefined}
    >
      <strong>{stageLabels[link.stage][lang]}</strong>
      {link.decision === 'approve' ? <StateMark tone="good">{w.approved}</StateMark> : null}
      {link.decision === 'return' ? <StateMark tone="warn">{w.returned}</StateMark> : null}
      {link.decision === null ? (
        <StateMark tone={current ? 'busy' : 'quiet'}>
          {current ? fill(w.waiting, { role: roleLabel(link.role, lang) }) : w.notYet}
        </StateMark>
      ) : null}
      {link.personName && link.decidedAt ? (
        <span className="quiet">
          {link.personName} {sayMoment(link.decidedAt, lang)}
        </span>
      ) : null}
      {link.note ? <p className="prose chain-note">{link.note}</p> : null}
      {link.remarks.map((remark) => (
        <p key={remark.quote + remark.note} className="chain-note">
          <q>{remark.quote}</q> {remark.note}
        </p>
      ))}
    </li>
  );
}
