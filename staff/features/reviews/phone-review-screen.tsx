import './reviews.css';
import { useNavigate } from '@tanstack/react-router';
import { Button, Collapse, Modal } from 'antd';
import { useState } from 'react';
import { getReview, type ReviewView } from '#shared/review.ts';
import { useParam } from '../../lib/address.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async, ErrorNotice } from '../../ui/async.tsx';
import { useDocumentTitle } from '../../ui/page.tsx';
import { ProblemList } from '../../ui/problem-list.tsx';
import { SafeFrame } from '../../ui/safe-frame.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { Chain } from './chain.tsx';
import { Changes, EarlierRemarks } from './changes.tsx';
import { NoteField, RemarkList } from './decision-form.tsx';
import { GoesOut } from './goes-out.tsx';
import { ReviewStateMark } from './review-state-mark.tsx';
import { SentenceView } from './sentence-view.tsx';
import { reviewTexts } from './texts.ts';
import { type Decision, useDecision } from './use-decision.ts';

/** The leader's page: one column, what changed first, two large buttons under the thumb. */
export function PhoneReviewScreen() {
  const reviewId = useParam('reviewId');
  const review = useRead(getReview, ['reviews'], { params: { reviewId } });
  return (
    <main className="phone-review">
      <Async reading={review}>
        {(data) => <PhoneReview key={`${data.id}${data.stage}`} review={data} />}
      </Async>
    </main>
  );
}

function PhoneReview({ review }: { review: ReviewView }) {
  const w = useWords(reviewTexts);
  const lang = useLang();
  const navigate = useNavigate();
  const decision = useDecision(review, () => void navigate({ to: '/' }));
  useDocumentTitle(review.title);
  const mine = review.mine && review.state === 'open';
  return (
    <div data-testid="phone-review">
      <To href="/">{`← ${w.backHome}`}</To>
      <h1>{review.title}</h1>
      <p className="phone-facts">
        <ReviewStateMark review={review} />
        <span>
          {fill(w.submittedBy, { name: review.submittedByName, time: sayMoment(review.submittedAt, lang) })}
        </span>
        <strong>
          <GoesOut review={review} />
        </strong>
      </p>
      {review.changes ? (
        <section className="section">
          <h2>{w.changesTitle}</h2>
          <EarlierRemarks review={review} />
          <Changes changes={review.changes} />
        </section>
      ) : null}
      <section className="section">
        {review.problems.length === 0 ? (
          <StateMark tone="good">{w.noFindings}</StateMark>
        ) : (
          <ProblemList problems={review.problems} />
        )}
      </section>
      <PhoneSections review={review} decision={decision} />
      <Collapse ghost items={[{ key: 'chain', label: w.chain, children: <Chain review={review} /> }]} />
      <To href={`/reviews/${review.id}`}>{w.openDesk}</To>
      {decision.error ? <ErrorNotice error={decision.error} /> : null}
      {mine ? <PhoneButtons decision={decision} /> : <p className="quiet">{w.notMine}</p>}
    </div>
  );
}

/** Where only the difference is to be confirmed, the whole text waits folded. */
function PhoneSections({ review, decision }: { review: ReviewView; decision: Decision }) {
  const w = useWords(reviewTexts);
  const lang = useLang();
  const [bySentence, setBySentence] = useState(false);
  const first = review.sections[0]?.key;
  return (
    <>
      <Collapse
        className="phone-sections"
        defaultActiveKey={review.changes === null && first ? [first] : []}
        items={review.sections.map((section) => ({
          key: section.key,
          label: section.heading[lang],
          children: (
            <div data-testid="review-section">
              {section.note ? <p className="quiet">{section.note[lang]}</p> : null}
              {bySentence ? (
                <SentenceView html={section.html} decision={decision} />
              ) : (
                <SafeFrame fit html={section.html} title={fill(w.preview, { name: section.heading[lang] })} />
              )}
            </div>
          ),
        }))}
      />
      <Button block onClick={() => setBySentence(!bySentence)}>
        {bySentence ? w.appearance : w.sentences}
      </Button>
    </>
  );
}

function PhoneButtons({ decision }: { decision: Decision }) {
  const w = useWords(reviewTexts);
  const [returning, setReturning] = useState(false);
  return (
    <div className="phone-buttons">
      <Button
        size="large"
        disabled={decision.busy}
        onClick={() => setReturning(true)}
        data-testid="phone-return"
      >
        {w.return}
      </Button>
      <Button
        size="large"
        type="primary"
        loading={decision.running === 'approve'}
        disabled={decision.busy}
        onClick={decision.approve}
        data-testid="phone-approve"
      >
        {w.approve}
      </Button>
      <Modal
        open={returning}
        title={w.returnTitle}
        okText={w.return}
        onOk={decision.giveBack}
        confirmLoading={decision.running === 'return'}
        okButtonProps={{ 'data-testid': 'phone-return-confirm' }}
        onCancel={() => setReturning(false)}
      >
        <RemarkList decision={decision} />
        <NoteField decision={decision} />
      </Modal>
    </div>
  );
}
