import { type NodeViewProps, NodeViewWrapper } from '@tiptap/react';
import { Button, Input } from 'antd';
import { useWords } from '../../../lib/language.ts';
import { StateMark } from '../../../ui/state-mark.tsx';
import { missingPicture } from './missing-picture.ts';
import { editorTexts } from './texts.ts';

type PictureAttrs = { fileId: string | null; src: string | null; alt: string | null; pending: string | null };

/** The picture with its description asked right under it. */
export function PictureView({ node, updateAttributes, deleteNode, editor, selected }: NodeViewProps) {
  const w = useWords(editorTexts);
  const { src, alt, pending } = node.attrs as PictureAttrs;
  if (pending) {
    return (
      <NodeViewWrapper className="picture picture-waiting" data-testid="picture-waiting">
        {pending === missingPicture ? (
          <>
            <StateMark tone="warn">{w.missing}</StateMark>
            <Button size="small" onClick={deleteNode}>
              {w.removePicture}
            </Button>
          </>
        ) : (
          <StateMark tone="busy">{w.uploading}</StateMark>
        )}
      </NodeViewWrapper>
    );
  }
  return (
    <NodeViewWrapper className={selected ? 'picture picture-selected' : 'picture'} data-testid="picture">
      <img src={src ?? ''} alt={alt ?? ''} data-drag-handle="" />
      {editor.isEditable ? (
        <div className="picture-alt">
          <Input
            size="small"
            value={alt ?? ''}
            maxLength={200}
            placeholder={w.alt}
            aria-label={w.alt}
            status={alt ? undefined : 'warning'}
            onChange={(event) => updateAttributes({ alt: event.target.value })}
            data-testid="picture-alt"
          />
          <Button size="small" onClick={deleteNode}>
            {w.removePicture}
          </Button>
        </div>
      ) : (
        <p className="quiet">{alt}</p>
      )}
    </NodeViewWrapper>
  );
}
