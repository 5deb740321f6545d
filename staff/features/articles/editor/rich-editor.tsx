import type { Editor } from '@tiptap/core';
import { EditorContent, useEditor } from '@tiptap/react';
import { App } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { importWord } from '#shared/content.ts';
import type { Document } from '#shared/document.ts';
import { upload } from '../../../lib/call.ts';
import { fill, useWords } from '../../../lib/language.ts';
import { resumeFocus } from '../../../lib/session-gate.ts';
import { useSayError } from '../../../ui/say-error.ts';
import { MediaPicker } from '../../media/media-picker.tsx';
import { toDocument } from './document-json.ts';
import { editorExtensions } from './extensions.ts';
import { createPasting, type PasteReport } from './paste.ts';
import { editorTexts } from './texts.ts';
import { Toolbar } from './toolbar.tsx';

type RichEditorProps = {
  content: Document;
  /** A new number replaces what stands in the editor by `content` (another person's text was chosen). */
  edition: number;
  editable: boolean;
  onChange: (document: Document) => void;
  onBlur: () => void;
  /** The title of an imported document; false where the article has one already. */
  onTitle: (title: string) => boolean;
  onReady: (editor: Editor | null) => void;
};

export function RichEditor({
  content,
  edition,
  editable,
  onChange,
  onBlur,
  onTitle,
  onReady,
}: RichEditorProps) {
  const w = useWords(editorTexts);
  const { message } = App.useApp();
  const sayError = useSayError();
  const [importing, setImporting] = useState(false);
  const [picking, setPicking] = useState(false);
  const current = useRef<Editor | null>(null);

  // The editor keeps its first handlers; they reach the latest ones through here.
  const latest = useRef({
    onChange,
    onBlur,
    report: (_: PasteReport) => {},
    word: (_: File) => {},
    sayError,
  });
  latest.current = {
    onChange,
    onBlur,
    sayError,
    report: ({ missing, tables }) => {
      if (tables > 0) void message.info({ content: fill(w.tables, { count: tables }), duration: 8 });
      if (missing > 0)
        void message.warning({ content: fill(w.missingCount, { count: missing }), duration: 8 });
    },
    word: (file) => void readWord(file),
  };
  const pasting = useMemo(
    () =>
      createPasting({
        editor: () => current.current,
        onReport: (report) => latest.current.report(report),
        onError: (error) => latest.current.sayError(error),
        onWordFile: (file) => latest.current.word(file),
      }),
    [],
  );

  const editor = useEditor({
    extensions: editorExtensions,
    content,
    editable,
    shouldRerenderOnTransaction: false,
    editorProps: {
      attributes: {
        'aria-label': w.body,
        'data-testid': 'editor',
        class: 'prose-editor',
        spellcheck: 'false',
      },
      handlePaste: (_, event) => pasting.paste(event),
      handleDrop: (_, event, __, moved) => pasting.drop(event, moved),
    },
    onUpdate: ({ editor: e }) => latest.current.onChange(toDocument(e.getJSON())),
    onBlur: () => latest.current.onBlur(),
  });
  current.current = editor;

  async function readWord(file: File): Promise<void> {
    if (!editor) return;
    setImporting(true);
    try {
      const read = await upload(importWord, file, file.name);
      pasting.insertImported(editor, read.html);
      const left = read.title && !onTitle(read.title) ? [fill(w.titleLeft, { title: read.title })] : [];
      void message.success({
        content: [fill(w.imported, { name: file.name }), ...left, ...read.notes].join(' '),
        duration: 8,
      });
    } catch (error) {
      sayError(error);
    } finally {
      setImporting(false);
    }
  }

  useEffect(() => {
    onReady(editor);
    return () => onReady(null);
  }, [editor, onReady]);

  useEffect(() => {
    editor?.setEditable(editable, false);
  }, [editor, editable]);

  const shown = useRef(edition);
  useEffect(() => {
    if (!editor || shown.current === edition) return;
    shown.current = edition;
    editor.commands.setContent(content, { emitUpdate: false });
  }, [editor, edition, content]);

  // After signing in again the cursor stands where it stood: ProseMirror's own focus restores the selection.
  useEffect(() => {
    const resume = (event: Event) => {
      if (!(event.target instanceof Node) || !editor?.view.dom.isSameNode(event.target)) return;
      event.preventDefault();
      editor.commands.focus(null, { scrollIntoView: false });
    };
    document.addEventListener(resumeFocus, resume, true);
    return () => document.removeEventListener(resumeFocus, resume, true);
  }, [editor]);

  if (!editor) return null;
  return (
    <div className={editable ? 'rich rich-editable' : 'rich'}>
      {editable ? (
        <Toolbar
          editor={editor}
          importing={importing}
          onLibrary={() => setPicking(true)}
          onPictures={(files) => pasting.insertFiles(editor, files)}
          onWordFile={(file) => void readWord(file)}
        />
      ) : null}
      {picking ? (
        <MediaPicker
          kind="picture"
          onPick={({ id, url, alt }) => {
            setPicking(false);
            const attrs = { fileId: id, src: url, alt };
            editor.chain().focus().insertContent({ type: 'image', attrs }).run();
          }}
          onClose={() => setPicking(false)}
        />
      ) : null}
      <EditorContent editor={editor} data-placeholder={w.placeholder} />
    </div>
  );
}
