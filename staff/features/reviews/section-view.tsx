import { Segmented, Tabs } from 'antd';
import { useState } from 'react';
import type { ReviewView } from '#shared/review.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { SafeFrame } from '../../ui/safe-frame.tsx';
import { SentenceView } from './sentence-view.tsx';
import { reviewTexts } from './texts.ts';
import type { Decision } from './use-decision.ts';

type Look = 'appearance' | 'sentences';

/** The variants one after another: as they will look, or sentence by sentence. */
export function SectionsView({ review, decision }: { review: ReviewView; decision: Decision }) {
  const w = useWords(reviewTexts);
  const lang = useLang();
  const [look, setLook] = useState<Look>('appearance');
  return (
    <>
      <Segmented<Look>
        value={look}
        onChange={setLook}
        options={[
          { value: 'appearance', label: w.appearance },
          { value: 'sentences', label: <span data-testid="look-sentences">{w.sentences}</span> },
        ]}
      />
      <Tabs
        items={review.sections.map((section) => ({
          key: section.key,
          label: section.heading[lang],
          children: (
            <div data-testid="review-section">
              {section.note ? <p className="quiet">{section.note[lang]}</p> : null}
              {look === 'appearance' ? (
                <SafeFrame fit html={section.html} title={fill(w.preview, { name: section.heading[lang] })} />
              ) : (
                <SentenceView html={section.html} decision={decision} />
              )}
            </div>
          ),
        }))}
      />
    </>
  );
}
