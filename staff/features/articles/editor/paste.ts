import type { Editor } from '@tiptap/core';
import { cleanHtml } from '../word/clean-word.ts';
import { isPicture, jobsOfFiles, jobsOfPaste, type PictureJob, sendPictures } from './pictures.ts';

export type PasteReport = { tables: number; missing: number };

export type PastePorts = {
  editor: () => Editor | null;
  onReport: (report: PasteReport) => void;
  onError: (error: unknown) => void;
  onWordFile: (file: File) => void;
};

function placeHolders(jobs: readonly PictureJob[]): string {
  return jobs.map((job) => `<img data-pending="${job.id}">`).join('');
}

function isWordFile(file: File): boolean {
  return /\.docx?$/i.test(file.name);
}

/** What the editor does with a paste or a drop; `true` means that it is taken care of. */
export function createPasting(ports: PastePorts) {
  let inner = false; // Our own call of `pasteHTML` comes through the same door.

  const pasteHtml = (editor: Editor, html: string, event?: ClipboardEvent) => {
    inner = true;
    try {
      editor.view.pasteHTML(html, event);
    } finally {
      inner = false;
    }
  };
  const send = async (editor: Editor, jobs: readonly PictureJob[], tables: number) => {
    const missing = await sendPictures(editor, jobs, ports.onError);
    if (missing > 0 || tables > 0) ports.onReport({ missing, tables });
  };

  function paste(event: ClipboardEvent): boolean {
    const editor = ports.editor();
    const data = event.clipboardData;
    if (inner || editor === null || data === null) return false;
    const html = data.getData('text/html');
    const files = [...data.files].filter(isPicture);
    // From inside the editor: ProseMirror knows its own slices best.
    if (html.includes('data-pm-slice')) return false;
    const cleaned = html === '' ? null : cleanHtml(html);
    const words = cleaned?.html.replace(/<[^>]*>/g, '').trim() ?? '';
    if (files.length > 0 && words === '') {
      insertFiles(editor, files);
      return true;
    }
    if (cleaned === null || cleaned.html === '') return false;
    const jobs = jobsOfPaste(cleaned.pictures, data.getData('text/rtf'));
    const marked = cleaned.html.replace(
      /data-pending="(\d+)"/g,
      (_, index: string) => `data-pending="${jobs[Number(index)]?.id ?? ''}"`,
    );
    pasteHtml(editor, marked, event);
    void send(editor, jobs, cleaned.tables);
    return true;
  }

  function insertFiles(editor: Editor, files: readonly File[], position?: number): void {
    const jobs = jobsOfFiles(files);
    if (jobs.length === 0) return;
    editor
      .chain()
      .focus()
      .insertContentAt(position ?? editor.state.selection.to, placeHolders(jobs))
      .run();
    void send(editor, jobs, 0);
  }

  function drop(event: DragEvent, moved: boolean): boolean {
    const editor = ports.editor();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (moved || editor === null || files.length === 0) return false;
    event.preventDefault();
    const word = files.find(isWordFile);
    if (word) ports.onWordFile(word);
    const at = editor.view.posAtCoords({ left: event.clientX, top: event.clientY });
    insertFiles(editor, files.filter(isPicture), at?.pos);
    return true;
  }

  /** Content that the server made from a Word file: its pictures are stored already. */
  function insertImported(editor: Editor, html: string): void {
    const cleaned = cleanHtml(html).html;
    if (editor.isEmpty) editor.commands.setContent(cleaned, { emitUpdate: true });
    else editor.chain().focus().insertContent(cleaned).run();
  }

  return { paste, drop, insertFiles, insertImported };
}
