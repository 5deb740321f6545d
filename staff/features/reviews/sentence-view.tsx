import { Button, Input } from 'antd';
import { useMemo, useState } from 'react';
import { useWords } from '../../lib/language.ts';
import { keyed } from '../../ui/keyed.ts';
import { sentencesOfHtml } from './sentences.ts';
import { reviewTexts } from './texts.ts';
import type { Decision } from './use-decision.ts';

type Chosen = { place: string; block: string; sentence: string };

/** The text without its dress: every sentence is a button, so a remark needs neither mouse nor selecting. */
export function SentenceView({ html, decision }: { html: string; decision: Decision }) {
  const blocks = useMemo(() => sentencesOfHtml(html), [html]);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  return (
    <div className="sentences" data-testid="sentences">
      {keyed(blocks, (sentences) => sentences.join('')).map(({ key: block, item: sentences }) => (
        <p key={block}>
          {keyed(sentences, (sentence) => sentence).map(({ key, item: sentence }) => {
            const place = block + key;
            const remarked = decision.remarks.some((remark) => remark.quote === sentence.slice(0, 500));
            return (
              <button
                key={key}
                type="button"
                className={remarked ? 'sentence sentence-remarked' : 'sentence'}
                aria-pressed={chosen?.place === place}
                onClick={() => setChosen(chosen?.place === place ? null : { place, block, sentence })}
                data-testid="sentence"
              >
                {sentence}
              </button>
            );
          })}
          {chosen?.block === block ? (
            <RemarkForm
              key={chosen.place}
              onAdd={(note) => {
                decision.addRemark({ quote: chosen.sentence.slice(0, 500), note });
                setChosen(null);
              }}
            />
          ) : null}
        </p>
      ))}
    </div>
  );
}

function RemarkForm({ onAdd }: { onAdd: (note: string) => void }) {
  const w = useWords(reviewTexts);
  const [note, setNote] = useState('');
  return (
    <span className="remark-form">
      <Input.TextArea
        autoFocus
        value={note}
        maxLength={500}
        autoSize
        aria-label={w.remarkOn}
        placeholder={w.remarkOn}
        onChange={(event) => setNote(event.target.value)}
        data-testid="remark-note"
      />
      <Button disabled={note.trim() === ''} onClick={() => onAdd(note.trim())} data-testid="remark-add">
        {w.remarkAdd}
      </Button>
    </span>
  );
}
