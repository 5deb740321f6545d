/** The worker's part of an upload: what is complete is compared, recognised, cleaned and put into the library. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { record } from '#server/modules/audit/index.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import { keepPicture, readPicture } from '../pictures.ts';
import { partPath, removeParts, sizeOnDisk } from './parts.ts';
import { sniffKind } from './sniff.ts';
import { findByOriginal } from './store.ts';
import { changeUpload, claimUpload, renewLease, type UploadRecord } from './upload-store.ts';
import { readHead } from './uploads.ts';
import { insertVideo, keepVideo } from './video.ts';

const leaseSeconds = 60;

type Kept = { id: string; isNew: boolean };

/** False when nothing waits. A worker that dies leaves its lease to run out; the next one begins again. */
export async function processNextUpload(app: App): Promise<boolean> {
  const upload = await app.database.withWorker((tx) => claimUpload(tx, leaseSeconds));
  if (!upload) return false;
  const lease = setInterval(
    () => {
      app.database
        .withWorker((tx) => renewLease(tx, upload, leaseSeconds))
        .catch((error: Error) => log.warn({ error: error.message }, 'lease of an upload not renewed'));
    },
    (leaseSeconds * 1_000) / 3,
  );
  try {
    const keep = await prepare(app, upload);
    await app.database.withWorker(async (tx) => settle(app, tx, upload, await keep(tx)));
  } catch (error) {
    await fail(app, upload, error);
  } finally {
    clearInterval(lease);
  }
  await removeParts(app, upload.id);
  return true;
}

/** All that takes time, before the transaction. What comes back writes the row. */
async function prepare(app: App, upload: UploadRecord): Promise<(tx: Tx) => Promise<Kept>> {
  const path = partPath(app, upload.id);
  if ((await sizeOnDisk(app, upload.id)) !== upload.size) throw new AppError('upload-damaged');
  const original = await hashFile(path);
  if (upload.sha256 && upload.sha256 !== original) throw new AppError('upload-damaged');
  const known = await app.database.withWorker((tx) => findByOriginal(tx, upload.bureau_id, original));
  if (known) return async () => ({ id: known.id, isNew: false });
  const origin = { bureauId: upload.bureau_id, personId: upload.created_by, name: upload.name };
  const kind = sniffKind(await readHead(app, upload.id));
  if (!kind) throw new AppError('media-type-refused');
  if (kind === 'video') {
    const video = await keepVideo(app, path);
    return (tx) => insertVideo(app, tx, video, { ...origin, original });
  }
  const picture = await readPicture(await readFile(path));
  return (tx) => keepPicture(app, tx, picture, origin);
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function settle(app: App, tx: Tx, upload: UploadRecord, kept: Kept): Promise<void> {
  await changeUpload(tx, upload, {
    state: 'done',
    file_id: kept.id,
    was_there: !kept.isNew,
    leased_until: null,
  });
  const names = await findPeopleNames(tx, [upload.created_by]);
  await record(
    tx,
    { personId: upload.created_by, name: names.get(upload.created_by) ?? '', bureauId: upload.bureau_id },
    'media.added',
    { kind: 'file', id: kept.id },
    { size: upload.size, wasThere: !kept.isNew },
  );
  app.live.changed(tx, upload.bureau_id, 'media');
}

/** Every failure has an end that the sender sees; what we did not expect is in the log too. */
async function fail(app: App, upload: UploadRecord, error: unknown): Promise<void> {
  const known = error instanceof AppError;
  if (!known) log.error({ upload: upload.id, error: (error as Error).message }, 'an upload failed');
  const code = known ? error.code : 'upload-damaged';
  const problem = code === 'file-type-refused' ? 'media-type-refused' : code;
  await app.database.withWorker(async (tx) => {
    await changeUpload(tx, upload, { state: 'failed', problem, leased_until: null });
    app.live.changed(tx, upload.bureau_id, 'media');
  });
}
