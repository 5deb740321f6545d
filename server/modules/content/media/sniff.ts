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

/** What people send besides: recorded voices (AMR of phones, MP3) and PDF. Null: nothing that is kept. */
export function sniffSentKind(head: Buffer): MediaKind | 'audio' | 'document' | null {
  if (is(head, '#!AMR\n') || is(head, '#!AMR-WB\n') || is(head, 'ID3')) return 'audio';
  if (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2) return 'audio';
  return is(head, '%PDF-') ? 'document' : sniffKind(head);
}
