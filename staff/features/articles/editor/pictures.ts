/** Pictures on their way into the text: a place is held at once, the file follows. */
import type { Editor } from '@tiptap/core';
import { uploadFile } from '#shared/content.ts';
import { upload } from '../../../lib/call.ts';
import { newKey } from '../../../lib/request.ts';
import type { PastedPicture } from '../word/clean-word.ts';
import { picturesOfRtf } from '../word/rtf-pictures.ts';
import { missingPicture } from './missing-picture.ts';

export type PictureJob = { id: string; file: Blob | null; name: string };

const largest = 20 * 1024 * 1024;

export function isPicture(file: File): boolean {
  return file.type.startsWith('image/');
}

export function jobsOfFiles(files: readonly File[]): PictureJob[] {
  return files.filter(isPicture).map((file) => ({ id: newKey(), file, name: file.name || 'picture' }));
}

function blobOfDataUrl(src: string): Blob | null {
  const match = /^data:(image\/[\w.+-]+);base64,(.*)$/s.exec(src);
  if (!match) return null;
  try {
    const bytes = Uint8Array.from(atob((match[2] ?? '').replace(/\s+/g, '')), (char) => char.charCodeAt(0));
    return new Blob([bytes], { type: match[1] ?? '' });
  } catch {
    return null;
  }
}

/**
 * One job for each pasted picture. Pictures named by a path of the author's disk are taken from the RTF beside them,
 * first to first, second to second.
 */
export function jobsOfPaste(pictures: readonly PastedPicture[], rtf: string): PictureJob[] {
  const fromRtf = rtf === '' ? [] : picturesOfRtf(rtf);
  let nextInRtf = 0;
  return pictures.map(({ src }) => {
    const id = newKey();
    if (src.startsWith('data:')) return { id, file: blobOfDataUrl(src), name: 'picture' };
    if (!/^https?:/i.test(src)) {
      const found = fromRtf[nextInRtf++] ?? null;
      return { id, file: found ? new Blob([found.bytes], { type: found.mime }) : null, name: 'picture' };
    }
    // Another site's picture can neither be read by the browser nor be used without asking its owner.
    return { id, file: null, name: 'picture' };
  });
}

function setPicture(editor: Editor, id: string, attrs: Record<string, unknown>): void {
  if (editor.isDestroyed) return;
  const { tr } = editor.state;
  editor.state.doc.descendants((node, position) => {
    if (node.type.name === 'image' && node.attrs.pending === id)
      tr.setNodeMarkup(position, undefined, { ...node.attrs, ...attrs });
  });
  // Undo must not bring back a place that waits for a file for ever.
  if (tr.docChanged) editor.view.dispatch(tr.setMeta('addToHistory', false));
}

/** True while some picture has no stored file: it would silently be missing from what is submitted. */
export function hasUnstoredPictures(editor: Editor): boolean {
  let found = false;
  editor.state.doc.descendants((node) => {
    if (node.type.name === 'image' && node.attrs.fileId === null) found = true;
    return !found;
  });
  return found;
}

/** Sends the files one after another; answers how many found no way in. */
export async function sendPictures(
  editor: Editor,
  jobs: readonly PictureJob[],
  onError: (error: unknown) => void,
): Promise<number> {
  let missing = 0;
  for (const job of jobs) {
    const stored =
      job.file && job.file.size <= largest
        ? await upload(uploadFile, job.file, job.name).catch((error: unknown) => {
            onError(error);
            return null;
          })
        : null;
    if (stored) {
      setPicture(editor, job.id, { fileId: stored.id, src: stored.url, pending: null });
    } else {
      missing += 1;
      setPicture(editor, job.id, { pending: missingPicture });
    }
  }
  return missing;
}
