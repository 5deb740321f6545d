import type { Editor } from '@tiptap/core';
import { useEditorState } from '@tiptap/react';
import { Button, Input, Popover } from 'antd';
import { useRef, useState } from 'react';
import { useWords } from '../../../lib/language.ts';
import { Field } from '../../../ui/field.tsx';
import { editorTexts } from './texts.ts';

type ToolbarProps = {
  editor: Editor;
  onLibrary: () => void;
  onPictures: (files: File[]) => void;
  onWordFile: (file: File) => void;
  importing: boolean;
};

type Word = keyof typeof editorTexts;
type Tool = { word: Word; active: (editor: Editor) => boolean; run: (editor: Editor) => void };

const tools: readonly Tool[] = [
  {
    word: 'paragraph',
    active: (e) => e.isActive('paragraph') && !e.isActive('listItem') && !e.isActive('blockquote'),
    run: (e) => e.chain().focus().setParagraph().run(),
  },
  {
    word: 'heading2',
    active: (e) => e.isActive('heading', { level: 2 }),
    run: (e) => e.chain().focus().toggleHeading({ level: 2 }).run(),
  },
  {
    word: 'heading3',
    active: (e) => e.isActive('heading', { level: 3 }),
    run: (e) => e.chain().focus().toggleHeading({ level: 3 }).run(),
  },
  { word: 'bold', active: (e) => e.isActive('bold'), run: (e) => e.chain().focus().toggleBold().run() },
  { word: 'italic', active: (e) => e.isActive('italic'), run: (e) => e.chain().focus().toggleItalic().run() },
  {
    word: 'underline',
    active: (e) => e.isActive('underline'),
    run: (e) => e.chain().focus().toggleUnderline().run(),
  },
  { word: 'strike', active: (e) => e.isActive('strike'), run: (e) => e.chain().focus().toggleStrike().run() },
  {
    word: 'bullet',
    active: (e) => e.isActive('bulletList'),
    run: (e) => e.chain().focus().toggleBulletList().run(),
  },
  {
    word: 'ordered',
    active: (e) => e.isActive('orderedList'),
    run: (e) => e.chain().focus().toggleOrderedList().run(),
  },
  {
    word: 'quote',
    active: (e) => e.isActive('blockquote'),
    run: (e) => e.chain().focus().toggleBlockquote().run(),
  },
  { word: 'center', active: (e) => e.isActive({ textAlign: 'center' }), run: toggleCentre },
  { word: 'rule', active: () => false, run: (e) => e.chain().focus().setHorizontalRule().run() },
];

function toggleCentre(editor: Editor): void {
  const textAlign = editor.isActive({ textAlign: 'center' }) ? null : 'center';
  const type = editor.isActive('heading') ? 'heading' : 'paragraph';
  editor.chain().focus().updateAttributes(type, { textAlign }).run();
}

/** Words, not riddles: every tool says its name. */
export function Toolbar({ editor, onPictures, onLibrary, onWordFile, importing }: ToolbarProps) {
  const w = useWords(editorTexts);
  const pictures = useRef<HTMLInputElement>(null);
  const word = useRef<HTMLInputElement>(null);
  const state = useEditorState({
    editor,
    selector: ({ editor: e }) => ({
      active: tools.map((tool) => tool.active(e)),
      canUndo: e.can().undo(),
      canRedo: e.can().redo(),
    }),
  });
  return (
    <div className="toolbar" role="toolbar" aria-label={w.toolbar}>
      {tools.map((tool, index) => (
        <Button
          key={tool.word}
          size="small"
          type={state.active[index] ? 'default' : 'text'}
          aria-pressed={state.active[index] ?? false}
          className={state.active[index] ? 'tool tool-on' : 'tool'}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => tool.run(editor)}
          data-testid={`tool-${tool.word}`}
        >
          {w[tool.word]}
        </Button>
      ))}
      <LinkTool editor={editor} />
      <Button
        size="small"
        type="text"
        className="tool"
        onClick={() => pictures.current?.click()}
        data-testid="tool-picture"
      >
        {w.picture}
      </Button>
      <Button size="small" type="text" className="tool" onClick={onLibrary} data-testid="tool-library">
        {w.library}
      </Button>
      <Button
        size="small"
        type="text"
        className="tool"
        disabled={!state.canUndo}
        onClick={() => editor.chain().focus().undo().run()}
      >
        {w.undo}
      </Button>
      <Button
        size="small"
        type="text"
        className="tool"
        disabled={!state.canRedo}
        onClick={() => editor.chain().focus().redo().run()}
      >
        {w.redo}
      </Button>
      <Button
        size="small"
        className="tool-word"
        loading={importing}
        onClick={() => word.current?.click()}
        data-testid="import-word"
      >
        {w.word}
      </Button>
      <input
        ref={pictures}
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp"
        multiple
        hidden
        aria-label={w.choosePicture}
        data-testid="picture-input"
        onChange={(event) => {
          onPictures([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <input
        ref={word}
        type="file"
        accept=".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        hidden
        aria-label={w.word}
        data-testid="word-input"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onWordFile(file);
          event.target.value = '';
        }}
      />
    </div>
  );
}

function LinkTool({ editor }: { editor: Editor }) {
  const w = useWords(editorTexts);
  const [open, setOpen] = useState(false);
  const [address, setAddress] = useState('');
  const active = useEditorState({ editor, selector: ({ editor: e }) => e.isActive('link') });
  const valid = /^(https?:\/\/\S+|tel:[\d+-]+|mailto:\S+)$/i.test(address.trim());
  const show = (next: boolean) => {
    if (next) setAddress(String(editor.getAttributes('link').href ?? 'https://'));
    setOpen(next);
  };
  const set = () => {
    if (!valid) return;
    editor.chain().focus().extendMarkRange('link').setLink({ href: address.trim() }).run();
    setOpen(false);
  };
  const form = (
    <div className="link-form">
      <Field label={w.linkAddress}>
        <Input
          value={address}
          onChange={(event) => setAddress(event.target.value)}
          onPressEnter={set}
          autoFocus
          data-testid="link-address"
        />
      </Field>
      {valid || address === 'https://' ? null : <p className="quiet">{w.linkWrong}</p>}
      <div className="row">
        <Button size="small" type="primary" disabled={!valid} onClick={set}>
          {w.linkSet}
        </Button>
        {active ? (
          <Button
            size="small"
            onClick={() => {
              editor.chain().focus().extendMarkRange('link').unsetLink().run();
              setOpen(false);
            }}
          >
            {w.linkRemove}
          </Button>
        ) : null}
      </div>
    </div>
  );
  return (
    <Popover content={form} trigger="click" open={open} onOpenChange={show} destroyOnHidden>
      <Button
        size="small"
        type={active ? 'default' : 'text'}
        className={active ? 'tool tool-on' : 'tool'}
        aria-pressed={active}
      >
        {w.link}
      </Button>
    </Popover>
  );
}
