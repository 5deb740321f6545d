import { diffLines } from 'diff';
import { Button, Modal } from 'antd';
import { useMemo } from 'react';
import { errorText } from '../../lib/call-error.ts';
import { useLang, useWords } from '../../lib/language.ts';
import type { Draft } from './draft.ts';
import { plainText } from './editor/document-json.ts';
import { saveTexts } from './texts.ts';

type ConflictDialogProps = { mine: Draft; theirs: Draft; cause: unknown; onChoose: (choice: 'mine' | 'theirs') => void };

const wordsOf = (draft: Draft) => `${draft.working.title}\n${draft.working.digest}\n\n${plainText(draft.working.body)}\n`;

/** Two texts side by side; choosing one loses neither. */
export function ConflictDialog({ mine, theirs, cause, onChoose }: ConflictDialogProps) {
  const w = useWords(saveTexts);
  const lang = useLang();
  const parts = useMemo(() => diffLines(wordsOf(theirs), wordsOf(mine)), [mine, theirs]);
  return (
    <Modal open title={w.conflictTitle} width={1040} footer={null} closable={false} keyboard={false} mask={{ closable: false }}>
      <p>{cause ? errorText(cause)[lang] : null}</p>
      <p className="quiet">{w.conflictHelp}</p>
      <div className="conflict" data-testid="edit-conflict">
        <section>
          <h3>{w.theirs}</h3>
          <div className="conflict-text prose">
            {parts.filter((part) => !part.added).map((part, index) => <Piece key={`${index}t`} text={part.value} as={part.removed ? 'del' : 'span'} />)}
          </div>
          <Button onClick={() => onChoose('theirs')} data-testid="use-theirs">
            {w.useTheirs}
          </Button>
        </section>
        <section>
          <h3>{w.mine}</h3>
          <div className="conflict-text prose">
            {parts.filter((part) => !part.removed).map((part, index) => <Piece key={`${index}m`} text={part.value} as={part.added ? 'ins' : 'span'} />)}
          </div>
          <Button type="primary" onClick={() => onChoose('mine')} data-testid="use-mine">
            {w.useMine}
          </Button>
        </section>
      </div>
    </Modal>
  );
}

/** Neither text is "deleted" here, so the difference is marked by a bar, not struck out. */
function Piece({ text, as }: { text: string; as: 'ins' | 'del' | 'span' }) {
  return as === 'span' ? <span>{text}</span> : <mark className="differs">{text}</mark>;
}
