import { Button, Modal } from 'antd';
import { useState } from 'react';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { sayMoment } from '../../lib/time.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { plainText } from './editor/document-json.ts';
import { dropCopy, type KeptCopy, keptCopies } from './kept-copies.ts';
import { saveTexts } from './texts.ts';

/** The versions that were not chosen, one click away as long as they are kept. */
export function KeptCopiesLine({ articleId }: { articleId: string }) {
  const w = useWords(saveTexts);
  const lang = useLang();
  const { personId } = useMe();
  const [open, setOpen] = useState<KeptCopy | null>(null);
  const copies = keptCopies(personId, articleId);
  if (copies.length === 0) return null;
  const words = open ? `${open.draft.working.title}\n\n${plainText(open.draft.working.body)}` : '';
  return (
    <div className="row">
      {copies.map((copy) => (
        <Button key={copy.key} type="link" size="small" onClick={() => setOpen(copy)} data-testid="kept-copy">
          {fill(w.keptOther, { time: sayMoment(copy.at, lang) })}
        </Button>
      ))}
      <Modal
        open={open !== null}
        title={w.keptTitle}
        onCancel={() => setOpen(null)}
        footer={
          <div className="row">
            <CopyButton text={words} label={w.copyAll} size="middle" />
            <Button
              danger
              onClick={() => {
                if (open) dropCopy(open.key);
                setOpen(null);
              }}
            >
              {w.discardKept}
            </Button>
          </div>
        }
      >
        <div className="conflict-text prose">{words}</div>
      </Modal>
    </div>
  );
}
