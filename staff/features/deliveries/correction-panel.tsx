import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import {
  beginCorrectionPost,
  type Correction,
  type CorrectionState,
  correctionStateLabels,
  type Elsewhere,
  listCorrections,
  withdrawCorrection,
} from '#shared/corrections.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Section } from '../../ui/page.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { CorrectionDialog } from './correction-dialog.tsx';
import { correctionTexts } from './correction-texts.ts';

/** Nothing where a correction would have no page to stand on, or one waits already. */
export function CorrectionButton({ articleId }: { articleId: string }) {
  const w = useWords(correctionTexts);
  const manages = useMay('delivery.manage');
  const [writing, setWriting] = useState(false);
  const reading = useRead(listCorrections, ['deliveries'], { params: { articleId } }, { enabled: manages });
  if (!manages || !reading.data?.mayAdd) return null;
  return (
    <>
      <Button onClick={() => setWriting(true)} data-testid="correct">
        {w.begin}
      </Button>
      {writing ? <CorrectionDialog articleId={articleId} onClose={() => setWriting(false)} /> : null}
    </>
  );
}

const tones = {
  reviewing: 'busy',
  returned: 'warn',
  published: 'good',
  withdrawn: 'quiet',
} as const satisfies Record<CorrectionState, Tone>;

/** Corrections of an article, newest first; silent where there never was one. */
export function CorrectionPanel({ articleId }: { articleId: string }) {
  const reading = useRead(listCorrections, ['deliveries'], { params: { articleId } });
  return (
    <>
      {(reading.data?.rows ?? []).map((correction) => (
        <OneCorrection
          key={correction.id}
          correction={correction}
          elsewhere={correction.state === 'published' ? reading.data!.elsewhere : []}
        />
      ))}
    </>
  );
}

type OneProps = { correction: Correction; elsewhere: readonly Elsewhere[] };

function OneCorrection({ correction, elsewhere }: OneProps) {
  const w = useWords(correctionTexts);
  const lang = useLang();
  const manages = useMay('delivery.manage');
  const { state, reviewId, publishedAt, returnNote, withdrawnReason } = correction;
  return (
    <Section
      title={w.title}
      testId="correction"
      aside={<StateMark tone={tones[state]}>{correctionStateLabels[state][lang]}</StateMark>}
    >
      <p className="correction-text">{correction.text}</p>
      <p className="quiet">
        {fill(w.by, { name: correction.createdByName, time: sayMoment(correction.createdAt, lang) })}
        {'　'}
        {fill(w.because, { reason: correction.reason })}
      </p>
      {publishedAt && state === 'published' ? (
        <p>{fill(w.shownSince, { time: sayMoment(publishedAt, lang) })}</p>
      ) : null}
      {returnNote ? <p>{fill(w.returned, { note: returnNote })}</p> : null}
      {withdrawnReason ? <p>{fill(w.withdrawnFor, { reason: withdrawnReason })}</p> : null}
      {elsewhere.length > 0 ? <OtherAccounts correctionId={correction.id} elsewhere={elsewhere} /> : null}
      <div className="row">
        {state === 'reviewing' && reviewId ? <To href={`/reviews/${reviewId}`}>{w.openReview}</To> : null}
        {manages && (state === 'reviewing' || state === 'published') ? (
          <TakeBack correctionId={correction.id} />
        ) : null}
      </div>
    </Section>
  );
}

function OtherAccounts({
  correctionId,
  elsewhere,
}: {
  correctionId: string;
  elsewhere: readonly Elsewhere[];
}) {
  const w = useWords(correctionTexts);
  const lang = useLang();
  const mayWrite = useMay('article.write');
  const navigate = useNavigate();
  const sayError = useSayError();
  const begin = useAction(() => call(beginCorrectionPost, { params: { correctionId } }), {
    topics: ['articles'],
    onDone: ({ articleId }) => void navigate({ to: '/articles/$articleId', params: { articleId } }),
    onFailed: sayError,
  });
  return (
    <>
      <p>{w.elsewhere}</p>
      <ul className="lines">
        {elsewhere.map((post) => (
          <li key={post.deliveryId} className="line" data-testid="correction-elsewhere">
            <span>
              <To href={`/deliveries/${post.deliveryId}`}>{post.accountName}</To>{' '}
              <span className="quiet">
                {post.platformName[lang]}　{post.byPlatform ? w.canWithdraw : w.byHand}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {mayWrite ? (
        <p>
          <Button
            loading={begin.isPending}
            onClick={() => begin.mutate(undefined)}
            data-testid="correction-post"
          >
            {w.post}
          </Button>
        </p>
      ) : null}
    </>
  );
}

function TakeBack({ correctionId }: { correctionId: string }) {
  const w = useWords(correctionTexts);
  return (
    <ReasonButton
      label={w.takeBack}
      title={w.takeBackTitle}
      explain={w.takeBackHelp}
      danger
      run={(reason) => call(withdrawCorrection, { params: { correctionId }, body: { reason } })}
      topics={['deliveries', 'reviews']}
      testId="correction-withdraw"
    />
  );
}
