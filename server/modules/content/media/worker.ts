/** Looks for complete uploads, and each hour clears away what was left behind and what nothing uses any more. */
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { log } from '#server/base/log.ts';
import { record } from '#server/modules/audit/index.ts';
import { keptDays } from './library.ts';
import { removeOrphans, removeParts } from './parts.ts';
import { processNextUpload } from './process-upload.ts';
import { deleteUnusedFile, forgetRemoval, listDueRemovals, listUnusedFiles, lockContent } from './store.ts';
import { deleteOldUploads, listUploadIds } from './upload-store.ts';

const lookMs = 1_000;
const housekeepingMs = 3_600_000;
/** Over a weekend an upload that was broken off can be gone on with. */
const uploadHours = 72;
/** A backup that began before the last row went may still copy the bytes. */
const removalHours = 24;

export function startMediaWorker(app: App): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const look = async () => {
    try {
      while (!stopped && (await processNextUpload(app)));
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'uploads not looked at');
    }
    if (!stopped) timer = setTimeout(start, lookMs);
  };
  const start = () => {
    running = look();
  };
  start();
  const housekeeping = setInterval(() => {
    cleanMedia(app).catch((error: Error) => log.warn({ error: error.message }, 'media not tidied'));
  }, housekeepingMs);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      clearInterval(housekeeping);
      await running;
    },
  };
}

export async function cleanMedia(app: App): Promise<void> {
  const { database } = app;
  for (const id of await database.withWorker((tx) => deleteOldUploads(tx, uploadHours)))
    await removeParts(app, id);
  await removeOrphans(app, await database.withWorker(listUploadIds));
  for (const file of await database.withWorker((tx) => listUnusedFiles(tx, keptDays)))
    await deleteFile(app, file).catch((error: Error) =>
      // Somebody began to use it in this very moment.
      log.info({ file: file.id, error: error.message }, 'an unused file stays'),
    );
  for (const removal of await database.withWorker((tx) => listDueRemovals(tx, removalHours)))
    await database.withWorker(async (tx) => {
      await lockContent(tx, removal.sha256, 'remove');
      if (await forgetRemoval(tx, removal.bureau_id, removal.sha256)) await app.files.remove(removal.sha256);
    });
}

async function deleteFile(app: App, file: { bureau_id: string; id: string }): Promise<void> {
  await app.database.withWorker(async (tx) => {
    const gone = await deleteUnusedFile(tx, file.bureau_id, file.id);
    if (!gone) return;
    const detail = { sha256: gone.sha256, unusedDays: keptDays };
    await record(tx, systemActor(file.bureau_id), 'media.deleted', { kind: 'file', id: file.id }, detail);
    app.live.changed(tx, file.bureau_id, 'media');
  });
}
