import { unzipSync } from 'fflate';
import mammoth from 'mammoth';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import type { FileView } from '#shared/media.ts';
import { type ReadPicture, readPicture, storePicture } from './pictures.ts';

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

/** Unpacked bytes of a document that is still read; a real one with fifty pictures has a tenth of it. */
const unpackedLimit = 200 * 1024 * 1024;

/** A few kilobytes can unpack to gigabytes: the sizes in the archive's directory are added up before anything is unpacked. */
function refuseBomb(bytes: Buffer): void {
  let total = 0;
  unzipSync(bytes, {
    filter: (file) => {
      total += file.originalSize;
      return false;
    },
  });
  if (total > unpackedLimit) throw new AppError('file-type-refused');
}

/** The words of a heading as mammoth writes it: tags out, its four entities back. */
const plainOf = (html: string): string =>
  html
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .trim();

export type ReadWord = { title: string; html: string; pictures: ReadPicture[]; notes: string[] };

const placeOf = (at: number) => `word-picture:${at}`;

/**
 * Reads a .docx into title, simple HTML and its pictures, before any transaction. The HTML is not trusted as source: the editor
 * parses it into the closed document schema.
 * @throws {AppError} file-type-refused
 */
export async function readWordDocument(bytes: Buffer): Promise<ReadWord> {
  const pictures: ReadPicture[] = [];
  const notes: string[] = [];
  const convertImage = mammoth.images.imgElement(async (image) => {
    try {
      const picture = await readPicture(await image.readAsBuffer());
      return { src: placeOf(pictures.push(picture) - 1) };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'file-type-refused') throw error;
      notes.push('有一张图片的格式不支持（可能是矢量图），请另存为图片后拖入。');
      return { src: '' };
    }
  });
  try {
    refuseBomb(bytes);
    const { value } = await mammoth.convertToHtml(
      { buffer: bytes },
      { styleMap, convertImage, externalFileAccess: false },
    );
    const title = /^\s*<h1>(.*?)<\/h1>/s.exec(value);
    const body = title ? value.slice(title[0].length) : value;
    return {
      title: plainOf(title?.[1] ?? '').slice(0, 120),
      html: body.replace(/<img[^>]*src=""[^>]*>/g, ''),
      pictures,
      notes,
    };
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('file-type-refused', {}, error);
  }
}

/** Stores the pictures of a document that was read; the HTML refers to them by `data-file-id`. */
export async function storeWordDocument(
  app: App,
  tx: Tx,
  actor: Actor,
  { title, html, pictures, notes }: ReadWord,
): Promise<{ title: string; html: string; files: FileView[]; notes: string[] }> {
  const files: FileView[] = [];
  for (const picture of pictures) files.push(await storePicture(app, tx, actor, picture, 'Word 图片'));
  const placed = html.replace(/src="word-picture:(\d+)"/g, (place, at: string) => {
    const file = files[Number(at)];
    return file ? `src="${file.url}" data-file-id="${file.id}"` : place;
  });
  return { title, html: placed, files, notes };
}
