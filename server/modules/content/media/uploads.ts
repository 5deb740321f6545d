/** Uploads in parts: each part is on the disk before it is acknowledged, so a sender goes on wherever it was cut off. */
import { open } from 'node:fs/promises';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { afterCommit, type Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { log } from '#server/base/log.ts';
import { record } from '#server/modules/audit/index.ts';
import { type ErrorCode, errorBody } from '#shared/errors.ts';
import { type MediaItem, partLimit, type Upload } from '#shared/media.ts';
import { getMediaView } from './library.ts';
import { demandRoom, partPath, removeParts, sizeOnDisk, writePart } from './parts.ts';
import { sniffBytes, sniffKind } from './sniff.ts';
import { findByOriginal } from './store.ts';
import {
  changeUpload,
  deleteUpload,
  findOpenUpload,
  findUpload,
  insertUpload,
  listOwnUploads,
  type UploadRecord,
} from './upload-store.ts';

const megabyte = 1024 * 1024;

export const viewUpload = (row: UploadRecord): Upload => ({
  id: row.id,
  name: row.name,
  size: row.size,
  received: row.received,
  state: row.state as Upload['state'],
  problem: row.problem ? errorBody(row.problem as ErrorCode).message : null,
  fileId: row.file_id,
  wasThere: row.was_there,
  fingerprint: row.fingerprint,
});

/** @throws {AppError} file-too-large, storage-full */
export async function beginUploadFor(
  app: App,
  tx: Tx,
  actor: Actor,
  file: { name: string; size: number; sha256?: string | undefined; fingerprint: string },
): Promise<{ upload: Upload | null; existing: MediaItem | null }> {
  refuseTooLarge(file.size, Math.max(app.config.videoLimit, app.config.pictureLimit));
  const known = file.sha256 ? await findByOriginal(tx, actor.bureauId, file.sha256) : undefined;
  if (known) return { upload: null, existing: await getMediaView(tx, actor.bureauId, known.id) };
  const begun = await findOpenUpload(tx, actor, file);
  if (begun) return { upload: viewUpload(await matchDisk(app, tx, begun)), existing: null };
  await demandRoom(app, file.size);
  const row = await insertUpload(tx, {
    bureau_id: actor.bureauId,
    id: newId(),
    created_by: actor.personId,
    name: file.name,
    size: file.size,
    sha256: file.sha256 ?? null,
    fingerprint: file.fingerprint,
  });
  return { upload: viewUpload(row), existing: null };
}

function refuseTooLarge(size: number, limit: number): void {
  if (size > limit) throw new AppError('file-too-large', { limit: Math.floor(limit / megabyte) });
}

/** After a restore, or where a disk lost something, the row believes more than there is. */
async function matchDisk(app: App, tx: Tx, row: UploadRecord): Promise<UploadRecord> {
  if (row.state !== 'open') return row;
  const there = await sizeOnDisk(app, row.id);
  return there >= row.received ? row : changeUpload(tx, row, { received: there });
}

/** @throws {AppError} upload-gone */
async function demandUpload(tx: Tx, actor: Actor, uploadId: string, lock = false): Promise<UploadRecord> {
  const row = await findUpload(tx, actor, uploadId, lock);
  if (!row) throw new AppError('upload-gone');
  return row;
}

export async function listUploadViews(tx: Tx, actor: Actor): Promise<Upload[]> {
  return (await listOwnUploads(tx, actor)).map(viewUpload);
}

export async function getUploadView(app: App, tx: Tx, actor: Actor, uploadId: string): Promise<Upload> {
  return viewUpload(await matchDisk(app, tx, await demandUpload(tx, actor, uploadId)));
}

/**
 * A part that is here already is passed over: its answer was lost. The first bytes decide what the file is and so how
 * large it may be; what the library never takes is refused before the rest is sent.
 * @throws {AppError} upload-gone, upload-offset, input-invalid, media-type-refused, file-too-large, storage-full
 */
export async function putPart(
  app: App,
  tx: Tx,
  actor: Actor,
  uploadId: string,
  offset: number,
  bytes: Buffer,
): Promise<{ received: number }> {
  const row = await matchDisk(app, tx, await demandUpload(tx, actor, uploadId, true));
  const end = offset + bytes.length;
  if (bytes.length === 0 || bytes.length > partLimit || end > row.size)
    throw new AppError('input-invalid', { problem: '分片大小不对 / the size of the part is wrong' });
  if (row.state !== 'open' || end <= row.received) return { received: row.received };
  if (offset !== row.received) throw new AppError('upload-offset', { received: row.received });
  if (offset === 0) refuseUnfit(app, bytes, row.size);
  await writePart(app, uploadId, offset, bytes);
  await changeUpload(tx, row, { received: end });
  return { received: end };
}

function refuseUnfit(app: App, head: Buffer, size: number): void {
  const kind = head.length < Math.min(size, sniffBytes) ? null : sniffKind(head);
  if (!kind) throw new AppError('media-type-refused');
  refuseTooLarge(size, kind === 'picture' ? app.config.pictureLimit : app.config.videoLimit);
}

/** Hands the file to the worker. Asked again it says how that stands. @throws {AppError} upload-gone, upload-incomplete */
export async function finishUploadFor(app: App, tx: Tx, actor: Actor, uploadId: string): Promise<Upload> {
  const row = await matchDisk(app, tx, await demandUpload(tx, actor, uploadId, true));
  if (row.state !== 'open') return viewUpload(row);
  if (row.received < row.size)
    throw new AppError('upload-incomplete', { received: row.received, size: row.size });
  return viewUpload(await changeUpload(tx, row, { state: 'received' }));
}

/** @throws {AppError} upload-gone */
export async function cancelUploadFor(app: App, tx: Tx, actor: Actor, uploadId: string): Promise<void> {
  const row = await demandUpload(tx, actor, uploadId, true);
  await deleteUpload(tx, row);
  await record(tx, actor, 'upload.cancelled', { kind: 'upload', id: uploadId }, { received: row.received });
  afterCommit(tx, () => {
    removeParts(app, uploadId).catch((error: Error) =>
      log.warn({ error: error.message }, 'upload not removed'),
    );
  });
}

/** The first bytes of what was received. */
export async function readHead(app: App, uploadId: string): Promise<Buffer> {
  const file = await open(partPath(app, uploadId), 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffBytes), 0, sniffBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
