/**
 * Whether a PDF is plain paper. What runs, starts or carries something (scripts, launched programs, forms that send,
 * embedded files) is found by its name, wherever that stands: in the open, in compressed objects, or written with `#`.
 * What cannot be looked through is refused. This is no virus scanner: files are handed out for saving only.
 */
import { constants, inflateSync } from 'node:zlib';

export type PdfProblem = 'sent-file-damaged' | 'pdf-locked' | 'pdf-active' | 'pdf-unreadable';

const activeNames = [
  'JavaScript',
  'Launch',
  'EmbeddedFile',
  'EmbeddedFiles',
  'RichMedia',
  'XFA',
  'SubmitForm',
  'ImportData',
  'GoToE',
];
const active = new RegExp(`/(?:${activeNames.join('|')})(?![A-Za-z0-9])`);
const locked = /\/Encrypt(?![A-Za-z0-9])/;
/** Seldom used today, and objects could hide behind them. */
const oldFilters = /\/(?:LZWDecode|ASCII85Decode|ASCIIHexDecode|RunLengthDecode)(?![A-Za-z0-9])/;
/** Objects in a stream whose bytes are differences to the line before. */
const packedObjects = /\/(?:First|ObjStm)(?![A-Za-z0-9])/;
const predicted = /\/Predictor(?![A-Za-z0-9])/;

const megabyte = 1024 * 1024;
/** Inflated bytes: a page of text has kilobytes, a scanned one some megabytes. */
const streamLimit = 64 * megabyte;
const wholeLimit = 256 * megabyte;
const deepest = 3;
/** A dictionary of a stream is shorter. */
const headLimit = 16 * 1024;

/** Takes up to some seconds for large files: meant for a thread. @returns null when nothing was found */
export function inspectPdf(bytes: Uint8Array): PdfProblem | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = withoutHashes(file.toString('latin1'));
  if (!/^%PDF-[12]\.\d/.test(text) || !text.includes('%%EOF')) return 'sent-file-damaged';
  if (locked.test(text)) return 'pdf-locked';
  if (active.test(text)) return 'pdf-active';
  if (oldFilters.test(text)) return 'pdf-unreadable';
  return inspectStreams(file);
}

function inspectStreams(file: Buffer): PdfProblem | null {
  let left = wholeLimit;
  for (let at = file.indexOf('stream'); at >= 0; at = file.indexOf('stream', at + 6)) {
    // `endstream` ends one; the word itself begins none.
    if (file.toString('latin1', Math.max(0, at - 3), at) === 'end') continue;
    const head = headBefore(file, at);
    if (packedObjects.test(head) && predicted.test(head)) return 'pdf-unreadable';
    // To the end of the file: what is packed says itself where it ends, and may hold the word that seems to end it.
    const found = inspectPacked(file.subarray(startOf(file, at + 6)), {
      left,
      depth: deepest,
      saysPacked: /\/Fl(?:ateDecode)?(?![A-Za-z0-9])/.test(head),
    });
    if (typeof found === 'string') return found;
    left -= found;
  }
  return null;
}

/** The dictionary of a stream: from where its object begins. */
function headBefore(file: Buffer, at: number): string {
  const text = withoutHashes(file.toString('latin1', Math.max(0, at - headLimit), at));
  const begins = [...text.matchAll(/\d\s+obj(?![A-Za-z0-9])/g)].at(-1);
  return begins ? text.slice(begins.index) : text;
}

/** A line end parts the word from the bytes; some readers pass over spaces before it. */
function startOf(file: Buffer, after: number): number {
  let at = after;
  while (file[at] === 32 || file[at] === 9) at += 1;
  if (file[at] === 13) at += 1;
  return file[at] === 10 ? at + 1 : at;
}

/** @returns how many bytes came out, or what was found in them */
function inspectPacked(
  packed: Buffer,
  { left, depth, saysPacked }: { left: number; depth: number; saysPacked: boolean },
): number | PdfProblem {
  if (!beginsPacked(packed))
    return saysPacked && !packed.subarray(0, 11).toString('latin1').trim().startsWith('endstream')
      ? 'pdf-unreadable'
      : 0;
  const inflated = inflate(packed, Math.min(streamLimit, left));
  // A reader would show what came out before the damage.
  if (inflated === 'too-much' || (inflated === 'damaged' && saysPacked)) return 'pdf-unreadable';
  if (inflated === 'damaged') return 0;
  const text = withoutHashes(inflated.toString('latin1'));
  if (active.test(text)) return 'pdf-active';
  if (oldFilters.test(text)) return 'pdf-unreadable';
  if (depth === 0) return inflated.length;
  const inner = inspectPacked(inflated, {
    left: left - inflated.length,
    depth: depth - 1,
    saysPacked: false,
  });
  return typeof inner === 'string' ? inner : inflated.length + inner;
}

/** The two bytes with which zlib begins. */
const beginsPacked = (bytes: Buffer): boolean =>
  bytes.length >= 2 && (bytes[0]! & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;

function inflate(packed: Buffer, limit: number): Buffer | 'too-much' | 'damaged' {
  try {
    // What is there is taken, even where the end is missing.
    return inflateSync(packed, { maxOutputLength: limit, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-much' : 'damaged';
  }
}

/** Names may write any letter as `#` and two hexadecimal digits. */
function withoutHashes(text: string): string {
  if (!text.includes('#')) return text;
  return text.replace(/#([0-9A-Fa-f]{2})/g, (_hash, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
