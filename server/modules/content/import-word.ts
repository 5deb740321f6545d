import mammoth from 'mammoth';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import type { FileView } from '#shared/content.ts';
import { storePicture } from './pictures.ts';

/** Heading 1 is the article's title; what lies below fits the editor's two levels. */
const styleMap = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='标题'] => h1:fresh",
  "p[style-name='Heading 1'] => h2:fresh",
  "p[style-name='Heading 2'] => h2:fresh",
  "p[style-name='Heading 3'] => h3:fresh",
  "p[style-name='heading 1'] => h2:fresh",
  "p[style-name='heading 2'] => h2:fresh",
  "p[style-name='heading 3'] => h3:fresh",
];

/**
 * Reads a .docx into title and simple HTML; its pictures are stored and referred to by `data-file-id`. The HTML is not
 * trusted as source: the editor parses it into the closed document schema.
 * @throws {AppError} file-type-refused
 */
export async function importWordDocument(
  app: App,
  tx: Tx,
  actor: Actor,
  bytes: Buffer,
): Promise<{ title: string; html: string; files: FileView[]; notes: string[] }> {
  const files: FileView[] = [];
  const notes: string[] = [];
  const convertImage = mammoth.images.imgElement(async (image) => {
    try {
      const file = await storePicture(app, tx, actor, await image.readAsBuffer(), 'Word 图片');
      files.push(file);
      return { src: file.url, 'data-file-id': file.id };
    } catch {
      notes.push('有一张图片的格式不支持（可能是矢量图），请另存为图片后拖入。');
      return { src: '' };
    }
  });
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: bytes },
      { styleMap, convertImage, externalFileAccess: false },
    );
    const title = /^\s*<h1>(.*?)<\/h1>/s.exec(value);
    const body = title ? value.slice(title[0].length) : value;
    return {
      title: (title?.[1] ?? '')
        .replace(/<[^>]+>/g, '')
        .trim()
        .slice(0, 120),
      html: body.replace(/<img[^>]*src=""[^>]*>/g, ''),
      files,
      notes,
    };
  } catch (error) {
    throw new AppError('file-type-refused', {}, error);
  }
}
