/**
 * Files that people send or put beside a case. Pictures and videos are encoded anew, voices converted where ffmpeg is there,
 * PDF looked through; what a file is, its first bytes say. They stand on the inbox's shelf.
 */
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { sha256Hex } from '#server/base/canonical.ts';
import type { Tx } from '#server/base/database.ts';
import { newId, newToken } from '#server/base/ids.ts';
import { runInThread, ThreadTimeout } from '#server/base/threads.ts';
import { convertVoice, isThere } from '../media/ffmpeg.ts';
import { demandRoom, partPath, removeParts } from '../media/parts.ts';
import { sniffBytes, sniffSentKind } from '../media/sniff.ts';
import { insertFile, lockContent } from '../media/store.ts';
import { insertVideo, keepVideo } from '../media/video.ts';
import { keepPicture, readPicture } from '../pictures.ts';
import type { PdfProblem } from './inspect-pdf.ts';

export type SentFrom = { bureauId: string; personId: string | null; name: string };
/** Writes the row in the caller's transaction. */
export type KeepSent = (tx: Tx, from: SentFrom) => Promise<{ id: string }>;

/** Also what a platform's answer may have. */
export const sentFileLimit = 10 * 1024 * 1024;
const inspectPdfWithinMs = 20_000;
const inspectPdfThread = new URL('./inspect-pdf-thread.ts', import.meta.url);

/**
 * All that takes time, before any transaction.
 * @throws {AppError} sent-file-type-refused, sent-file-damaged, file-type-refused, file-too-large, pdf-active, pdf-locked, pdf-unreadable, video-unreadable,
 *   video-convert-first, storage-full
 */
export async function readSentFile(app: App, bytes: Buffer): Promise<KeepSent> {
  if (bytes.length > sentFileLimit)
    throw new AppError('file-too-large', { limit: sentFileLimit / 1024 / 1024 });
  const kind = sniffSentKind(bytes.subarray(0, sniffBytes));
  switch (kind) {
    case 'picture': {
      const picture = await readPicture(bytes);
      return (tx, from) => keepPicture(app, tx, picture, { ...from, shelf: 'inbox' });
    }
    case 'video':
      return readVideo(app, bytes);
    case 'audio':
      return readVoice(app, bytes);
    case 'document':
      await refuseActivePdf(bytes);
      return (tx, from) => keepAsIs(app, tx, bytes, { ...from, kind, mime: 'application/pdf' });
    default:
      throw new AppError('sent-file-type-refused');
  }
}

/** Lies beside the uploads under way for as long as it is worked on. */
async function onDisk<T>(app: App, bytes: Buffer, work: (path: string) => Promise<T>): Promise<T> {
  const id = newId();
  const path = partPath(app, id);
  await demandRoom(app, bytes.length);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(path, bytes, { mode: 0o600 });
    return await work(path);
  } finally {
    await removeParts(app, id);
  }
}

async function readVideo(app: App, bytes: Buffer): Promise<KeepSent> {
  const video = await onDisk(app, bytes, (path) => keepVideo(app, path));
  const original = sha256Hex(bytes);
  return (tx, from) => insertVideo(app, tx, video, { ...from, original, shelf: 'inbox' });
}

/** Phones record AMR, which no browser plays: without ffmpeg it is kept for saving. */
async function readVoice(app: App, bytes: Buffer): Promise<KeepSent> {
  const format = bytes.subarray(0, 5).toString('latin1') === '#!AMR' ? 'amr' : 'mp3';
  const { ffmpeg } = app.config;
  const kind = 'audio';
  if (!ffmpeg || !(await isThere(ffmpeg))) {
    const mime = format === 'amr' ? 'audio/amr' : 'audio/mpeg';
    return (tx, from) => keepAsIs(app, tx, bytes, { ...from, kind, mime });
  }
  const { sha256, size } = await onDisk(app, bytes, async (path) => {
    const to = `${path}.mp4`;
    try {
      await convertVoice(ffmpeg, { from: path, to, format });
      return await app.files.putStream(createReadStream(to));
    } finally {
      await rm(to, { force: true });
    }
  });
  return (tx, from) =>
    insertKept(app, tx, { ...from, kind, mime: 'audio/mp4', sha256, size, original: sha256Hex(bytes) });
}

/** @throws {AppError} sent-file-damaged, pdf-active, pdf-locked, pdf-unreadable */
async function refuseActivePdf(bytes: Buffer): Promise<void> {
  const problem = await runInThread<Uint8Array, PdfProblem | null>(inspectPdfThread, bytes, {
    timeoutMs: inspectPdfWithinMs,
  }).catch((error: unknown) => {
    if (error instanceof ThreadTimeout) return 'pdf-unreadable' as const;
    throw error;
  });
  if (problem) throw new AppError(problem);
}

type AsIs = SentFrom & { kind: 'audio' | 'document'; mime: string };

async function keepAsIs(app: App, tx: Tx, bytes: Buffer, file: AsIs) {
  const sha256 = sha256Hex(bytes);
  await lockContent(tx, sha256, 'keep');
  await app.files.put(bytes);
  return insertKept(app, tx, { ...file, sha256, size: bytes.length, original: sha256 });
}

async function insertKept(app: App, tx: Tx, file: AsIs & { sha256: string; size: number; original: string }) {
  await lockContent(tx, file.sha256, 'keep');
  // Stored before the lock: had the last row of the same bytes just been removed, they would be gone.
  await stat(app.files.pathOf(file.sha256));
  return insertFile(tx, {
    bureau_id: file.bureauId,
    id: newId(),
    kind: file.kind,
    shelf: 'inbox',
    sha256: file.sha256,
    original_sha256: file.original,
    mime: file.mime,
    size: file.size,
    width: null,
    height: null,
    name: file.name.slice(0, 120),
    token: newToken(),
    created_by: file.personId,
  });
}
