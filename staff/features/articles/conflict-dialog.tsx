import { Button, Modal } from 'antd';
import { type Change, diffLines } from 'diff';
import { useMemo } from 'react';
import { errorText } from '../../lib/call-error.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { keyed } from '../../ui/keyed.ts';
import type { Draft } from './draft.ts';
import { plainText } from './editor/document-json.ts';
import { saveTexts } from './texts.ts';

type ConflictDialogProps = {
  mine: Draft;
  theirs: Draft;
  cause: unknown;
  onChoose: (choice: 'mine' | 'theirs') => void;
};

const wordsOf = (draft: Draft) =>
  `${draft.working.title}\n${draft.working.digest}\n\n${plainText(draft.working.body)}\n`;

/** Two texts side by side; choosing one loses neither. */
export function ConflictDialog({ mine, theirs, cause, onChoose }: ConflictDialogProps) {
  const w = useWords(saveTexts);
  const lang = useLang();
  const parts = useMemo(() => diffLines(wordsOf(theirs), wordsOf(mine)), [mine, theirs]);
  return (
    <Modal
      open
      title={w.conflictTitle}
      width={1040}
      footer={null}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
    >
      <p>{cause ? errorText(cause)[lang] : null}</p>
      <p className="quiet">{w.conflictHelp}</p>
      <div className="conflict" data-testid="edit-conflict">
        <section>
          <h3>{w.theirs}</h3>
          <div className="conflict-text prose">
            <Pieces parts={parts.filter((part) => !part.added)} />
          </div>
          <Button onClick={() => onChoose('theirs')} data-testid="use-theirs">
            {w.useTheirs}
          </Button>
        </section>
        <section>
          <h3>{w.mine}</h3>
          <div className="conflict-text prose">
            <Pieces parts={parts.filter((part) => !part.removed)} />
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
function Pieces({ parts }: { parts: readonly Change[] }) {
  return keyed(parts, (part) => part.value).map(({ key, item }) =>
    item.added || item.removed ? (
      <mark key={key} className="differs">
        {item.value}
      </mark>
    ) : (
      <span key={key}>{item.value}</span>
    ),
  );
}
