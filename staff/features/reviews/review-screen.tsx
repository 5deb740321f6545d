import './reviews.css';
import { useNavigate } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useState } from 'react';
import { getReview, type ReviewView } from '#shared/review.ts';
import { useParam } from '../../lib/address.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemList } from '../../ui/problem-list.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { ToButton } from '../../ui/to.tsx';
import { Chain } from './chain.tsx';
import { Changes, EarlierRemarks } from './changes.tsx';
import { DecisionForm } from './decision-form.tsx';
import { GoesOut } from './goes-out.tsx';
import { ReviewStateMark } from './review-state-mark.tsx';
import { SectionsView } from './section-view.tsx';
import { reviewTexts } from './texts.ts';
import { useDecision } from './use-decision.ts';

export function ReviewScreen() {
  const reviewId = useParam('reviewId');
  const review = useRead(getReview, ['reviews'], { params: { reviewId } });
  // A new stage is a new decision, with empty fields.
  return (
    <Async reading={review}>{(data) => <ReviewDesk key={`${data.id}${data.stage}`} review={data} />}</Async>
  );
}

function ReviewDesk({ review }: { review: ReviewView }) {
  const w = useWords(reviewTexts);
  const lang = useLang();
  const navigate = useNavigate();
  const decision = useDecision(review, () => void navigate({ to: '/' }));
  const [whole, setWhole] = useState(review.changes === null);
  const mine = review.mine && review.state === 'open';
  return (
    <Page
      title={review.title}
      testId="review-desk"
      aside={
        <>
          <ReviewStateMark review={review} />
          <span className="quiet">
            {fill(w.submittedBy, { name: review.submittedByName, time: sayMoment(review.submittedAt, lang) })}
          </span>
          <GoesOut review={review} className="quiet" />
        </>
      }
      actions={
        review.subjectKind === 'article' ? (
          <ToButton to={`/articles/${review.subjectId}`}>{w.openArticle}</ToButton>
        ) : null
      }
    >
      <div className="columns">
        <div>
          {review.changes ? (
            <Section
              title={w.changesTitle}
              aside={
                <Segmented
                  value={whole ? 'whole' : 'changes'}
                  onChange={(value) => setWhole(value === 'whole')}
                  options={[
                    { value: 'changes', label: w.changesOnly },
                    { value: 'whole', label: <span data-testid="look-whole">{w.whole}</span> },
                  ]}
                />
              }
            >
              <EarlierRemarks review={review} />
              <Changes changes={review.changes} />
            </Section>
          ) : null}
          {whole ? (
            <section className="section">
              <SectionsView review={review} decision={decision} />
            </section>
          ) : null}
        </div>
        <div className="aside-sticky">
          <Section title={w.decide}>
            {mine ? <DecisionForm decision={decision} /> : <p className="quiet">{w.notMine}</p>}
          </Section>
          <Section title={w.findings}>
            {review.problems.length === 0 ? (
              <StateMark tone="good">{w.noFindings}</StateMark>
            ) : (
              <ProblemList problems={review.problems} />
            )}
          </Section>
          <Section title={w.chain}>
            <Chain review={review} />
          </Section>
        </div>
      </div>
    </Page>
  );
}
