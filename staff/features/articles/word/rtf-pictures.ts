/**
 * Word's HTML names pictures by `file:///` paths that a browser may not open; the same clipboard carries them as hex
 * in RTF. (RTF 1.9.1, "Pictures": \pict, \pngblip, \jpegblip.)
 */
export type RtfPicture = { mime: 'image/png' | 'image/jpeg'; bytes: Uint8Array<ArrayBuffer> };

/** Groups whose pictures do not appear in the text, or repeat one that does. */
const besideTheText = [
  'nonshppict',
  'header',
  'headerl',
  'headerr',
  'headerf',
  'footer',
  'footerl',
  'footerr',
  'footerf',
  'listpicture',
  'background',
];

/**
 * The pictures of the text in reading order; null stands for one that is neither PNG nor JPEG (an EMF drawing), so
 * that the ones after it keep their places.
 */
export function picturesOfRtf(rtf: string): (RtfPicture | null)[] {
  const found: (RtfPicture | null)[] = [];
  walk(rtf, 0, found, false);
  return found;
}

/** Reads one group from its opening brace (or the whole text) and answers where it ends. */
function walk(rtf: string, from: number, found: (RtfPicture | null)[], hidden: boolean): number {
  let at = from;
  let skip = hidden;
  while (at < rtf.length) {
    const char = rtf[at];
    if (char === '{') {
      at = walk(rtf, at + 1, found, skip);
    } else if (char === '}') {
      return at + 1;
    } else if (char === '\\') {
      const word = controlWord(rtf, at);
      at += word.length;
      if (besideTheText.includes(word.name)) skip = true;
      if (word.name === 'bin') at += Math.max(0, word.value);
      if (word.name === 'pict') {
        const picture = readPicture(rtf, at);
        if (!skip) found.push(picture.picture);
        at = picture.end;
      }
    } else {
      at += 1;
    }
  }
  return at;
}

function controlWord(rtf: string, at: number): { name: string; value: number; length: number } {
  const match = /^\\([a-z]+)(-?\d+)? ?/i.exec(rtf.slice(at, at + 48));
  if (!match) return { name: '', value: 0, length: 2 };
  return { name: (match[1] ?? '').toLowerCase(), value: Number(match[2] ?? 0), length: match[0].length };
}

/** Inside `\pict`: control words and small groups first, then the hex up to the brace that closes the group. */
function readPicture(rtf: string, from: number): { picture: RtfPicture | null; end: number } {
  let at = from;
  let depth = 0;
  let mime: RtfPicture['mime'] | null = null;
  const hex: string[] = [];
  while (at < rtf.length) {
    const char = rtf[at];
    if (char === '}' && depth === 0) break;
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if (char === '\\') {
      const word = controlWord(rtf, at);
      if (depth === 0 && word.name === 'pngblip') mime = 'image/png';
      if (depth === 0 && word.name === 'jpegblip') mime = 'image/jpeg';
      at += word.length;
      continue;
    }
    if (depth === 0 && char !== '}') {
      const run = /^[\da-fA-F\s]+/.exec(rtf.slice(at, at + 65_536));
      if (run) {
        hex.push(run[0]);
        at += run[0].length;
        continue;
      }
    }
    at += 1;
  }
  const bytes = mime ? bytesOf(hex.join('').replace(/\s+/g, '')) : null;
  return { picture: mime && bytes ? { mime, bytes } : null, end: at };
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> | null {
  if (hex.length < 16 || hex.length % 2 !== 0) return null;
  const bytes = new Uint8Array(hex.length / 2);
  for (let index = 0; index < bytes.length; index += 1)
    bytes[index] = Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16);
  return bytes;
}
