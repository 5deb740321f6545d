/** What a file is, by its first bytes alone; neither its name nor what the sender calls it counts. */
import type { MediaKind } from '#shared/media.ts';

export const sniffBytes = 16;

const is = (head: Buffer, text: string, at = 0): boolean =>
  head.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'));

/** Brands of still pictures that share the container of videos. */
const stillBrands = ['heic', 'heix', 'hevc', 'heim', 'heis', 'mif1', 'msf1', 'avif', 'avis'];

/** Null: nothing that the library takes. Pictures are decoded and videos parsed before this is believed. */
export function sniffKind(head: Buffer): MediaKind | null {
  if (is(head, '\xff\xd8\xff') || is(head, '\x89PNG\r\n\x1a\n')) return 'picture';
  if (is(head, 'GIF87a') || is(head, 'GIF89a')) return 'picture';
  if (is(head, 'RIFF') && is(head, 'WEBP', 8)) return 'picture';
  if (is(head, 'ftyp', 4) && !stillBrands.includes(head.toString('latin1', 8, 12))) return 'video';
  return null;
}
