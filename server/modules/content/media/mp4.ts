/**
 * The boxes of an MP4 or MOV file (ISO/IEC 14496-12): enough to know what it is where ffmpeg is absent, to refuse what is
 * cut short or has something else behind it, and to blank the places where phones write who and where.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '#server/base/app-error.ts';

export type Mp4 = {
  brand: string;
  durationMs: number;
  /** Pixels as shown, after rotation. */
  width: number;
  height: number;
  /** Degrees clockwise. */
  rotation: number;
  codec: string;
  audio: string | null;
};

/** `at` and `end` are places in the file or in the buffer; the content begins at `body`. */
type Box = { type: string; at: number; body: number; end: number };

/** What may stand at the top of a file; anything else is no video or hides something. */
const topBoxes = new Set([
  ...['ftyp', 'styp', 'moov', 'mdat', 'free', 'skip', 'wide', 'uuid', 'udta', 'meta', 'pdin'],
  ...['moof', 'mfra', 'sidx', 'ssix', 'prft', 'emsg', 'pnot', 'PICT'],
]);
const moovLimit = 64 * 1024 * 1024;
const boxLimit = 200_000;
const trackLimit = 64;

const videoCodecs: Record<string, string> = {
  avc1: 'h264',
  avc3: 'h264',
  hvc1: 'hevc',
  hev1: 'hevc',
  av01: 'av1',
  vp09: 'vp9',
  mp4v: 'mpeg4',
};
const audioCodecs: Record<string, string> = { mp4a: 'aac', Opus: 'opus', 'ac-3': 'ac3', 'ec-3': 'eac3' };

const unreadable = () => new AppError('video-unreadable');

/** @throws {AppError} video-unreadable */
export async function readMp4(path: string): Promise<Mp4> {
  const file = await open(path, 'r');
  try {
    const top = await readTop(file);
    const brand = top[0]?.type === 'ftyp' ? await readText(file, top[0].body, 4) : '';
    const moov = top.find((box) => box.type === 'moov');
    if (!moov || !top.some((box) => box.type === 'mdat') || moov.end - moov.body > moovLimit)
      throw unreadable();
    return { brand, ...readMovie(await readBytes(file, moov.body, moov.end)) };
  } finally {
    await file.close();
  }
}

/**
 * Overwrites in place what names people, devices and positions: user data and metadata of file, movie and tracks, free
 * space, dates. No box moves, so the picture's places stay right. Tracks themselves are as they came.
 */
export async function blankMetadata(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    for (const box of await readTop(file)) {
      if (['udta', 'meta', 'uuid', 'free', 'skip'].includes(box.type)) await blank(file, box, 0);
      if (box.type === 'moov') await blankMovie(file, box);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

async function blankMovie(file: FileHandle, moov: Box): Promise<void> {
  const bytes = await readBytes(file, moov.body, moov.end);
  const sweep = async (boxes: Box[]): Promise<void> => {
    for (const box of boxes) {
      if (['udta', 'meta', 'uuid', 'free', 'skip'].includes(box.type)) await blank(file, box, moov.body);
      if (box.type === 'trak' || box.type === 'mdia') await sweep(childrenOf(bytes, box));
      if (['mvhd', 'tkhd', 'mdhd'].includes(box.type)) {
        const dates = Buffer.alloc(bytes[box.body] === 1 ? 16 : 8);
        await file.write(dates, 0, dates.length, moov.body + box.body + 4);
      }
    }
  };
  await sweep(boxesIn(bytes, 0, bytes.length));
}

async function blank(file: FileHandle, box: Box, offset: number): Promise<void> {
  await file.write(Buffer.from('free'), 0, 4, offset + box.at + 4);
  const zeros = Buffer.alloc(64 * 1024);
  for (let at = box.body; at < box.end; at += zeros.length) {
    await file.write(zeros, 0, Math.min(zeros.length, box.end - at), offset + at);
  }
}

/** The boxes must fill the file to its last byte: a tail is either a cut or a stowaway. */
async function readTop(file: FileHandle): Promise<Box[]> {
  const { size } = await file.stat();
  const boxes: Box[] = [];
  for (let at = 0; at < size; ) {
    if (boxes.length > boxLimit) throw unreadable();
    const box = readHeader(await readBytes(file, at, Math.min(at + 16, size)), 0, size - at);
    if (!topBoxes.has(box.type)) throw unreadable();
    boxes.push({ type: box.type, at, body: at + box.body, end: at + box.end });
    at += box.end;
  }
  return boxes;
}

/** @param room bytes from `at` to the end of what holds the box */
function readHeader(bytes: Buffer, at: number, room: number): Box {
  if (bytes.length - at < 8) throw unreadable();
  const short = bytes.readUInt32BE(at);
  const type = bytes.toString('latin1', at + 4, at + 8);
  if (short === 1 && bytes.length - at < 16) throw unreadable();
  const header = short === 1 ? 16 : 8;
  const size = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? room : short;
  if (size < header || size > room) throw unreadable();
  return { type, at, body: at + header, end: at + size };
}

/** One box holds few others: what is large in a film are the tables within them. */
const innerBoxLimit = 20_000;

function boxesIn(bytes: Buffer, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at < to; ) {
    if (boxes.length > innerBoxLimit) throw unreadable();
    // QuickTime ends lists of user data with four zero bytes.
    if (to - at < 8) break;
    const box = readHeader(bytes, at, to - at);
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

const childrenOf = (bytes: Buffer, box: Box): Box[] => boxesIn(bytes, box.body, box.end);

function findBox(bytes: Buffer, inside: Box, ...path: string[]): Box | undefined {
  return path.reduce<Box | undefined>(
    (box, type) => box && childrenOf(bytes, box).find((child) => child.type === type),
    inside,
  );
}

function readMovie(bytes: Buffer): Omit<Mp4, 'brand'> {
  const movie: Box = { type: 'moov', at: 0, body: 0, end: bytes.length };
  const tracks = childrenOf(bytes, movie).filter((box) => box.type === 'trak');
  if (tracks.length > trackLimit) throw unreadable();
  const of = (handler: string) => tracks.find((track) => handlerOf(bytes, track) === handler);
  const [video, sound] = [of('vide'), of('soun')];
  const mvhd = findBox(bytes, movie, 'mvhd');
  if (!video || !mvhd) throw unreadable();
  const shape = readShape(bytes, video);
  const lengths = [
    durationOf(bytes, mvhd),
    ...tracks.map((track) => durationOf(bytes, findBox(bytes, track, 'mdia', 'mdhd'))),
    fragmentsOf(bytes, movie, mvhd),
  ];
  const durationMs = lengths.find((length) => length > 0) ?? 0;
  if (durationMs <= 0 || shape.width <= 0 || shape.height <= 0) throw unreadable();
  const [picture, voice] = [sampleType(bytes, video), sound ? sampleType(bytes, sound) : null];
  return {
    ...shape,
    durationMs,
    codec: videoCodecs[picture] ?? picture.trim(),
    audio: voice && (audioCodecs[voice] ?? voice.trim()),
  };
}

function handlerOf(bytes: Buffer, track: Box): string {
  const box = findBox(bytes, track, 'mdia', 'hdlr');
  return box && box.end - box.body >= 12 ? bytes.toString('latin1', box.body + 8, box.body + 12) : '';
}

/** Of `mvhd` and `mdhd`: versions 0 and 1 differ in the width of dates and duration. Milliseconds; 0 when not said. */
function durationOf(bytes: Buffer, box: Box | undefined): number {
  if (!box || box.end - box.body < 32 - 12) return 0;
  const long = bytes[box.body] === 1;
  if (long && box.end - box.body < 32) return 0;
  const scale = bytes.readUInt32BE(box.body + (long ? 20 : 12));
  const length = long ? Number(bytes.readBigUInt64BE(box.body + 24)) : bytes.readUInt32BE(box.body + 16);
  if (scale === 0 || length >= (long ? 2 ** 53 : 0xffffffff)) return 0;
  return Math.round((length / scale) * 1_000);
}

/** Of a film in fragments the movie's header says 0, and `mehd` how long all of them are. */
function fragmentsOf(bytes: Buffer, movie: Box, mvhd: Box): number {
  const box = findBox(bytes, movie, 'mvex', 'mehd');
  if (!box || box.end - box.body < 8) return 0;
  const scale = bytes.readUInt32BE(mvhd.body + (bytes[mvhd.body] === 1 ? 20 : 12));
  return scale === 0 ? 0 : Math.round((bytes.readUInt32BE(box.end - 4) / scale) * 1_000);
}

function readShape(bytes: Buffer, track: Box): { width: number; height: number; rotation: number } {
  const box = findBox(bytes, track, 'tkhd');
  const start = box && box.body + (bytes[box.body] === 1 ? 52 : 40);
  if (!box || start === undefined || box.end - start < 44) throw unreadable();
  const [a, b] = [bytes.readInt32BE(start), bytes.readInt32BE(start + 4)];
  const rotation = (Math.round((Math.atan2(b, a) * 180) / Math.PI / 90) * 90 + 360) % 360;
  const width = Math.round(bytes.readUInt32BE(start + 36) / 65_536);
  const height = Math.round(bytes.readUInt32BE(start + 40) / 65_536);
  return rotation % 180 === 0 ? { width, height, rotation } : { width: height, height: width, rotation };
}

/** The four characters of the first sample entry. */
function sampleType(bytes: Buffer, track: Box): string {
  const box = findBox(bytes, track, 'mdia', 'minf', 'stbl', 'stsd');
  if (!box || box.end - box.body < 16) throw unreadable();
  return bytes.toString('latin1', box.body + 12, box.body + 16);
}

async function readBytes(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  for (let filled = 0; filled < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) throw unreadable();
    filled += bytesRead;
  }
  return bytes;
}

const readText = async (file: FileHandle, at: number, length: number): Promise<string> =>
  (await readBytes(file, at, at + length)).toString('latin1');
