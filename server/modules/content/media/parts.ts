/** The bytes of uploads under way: `<data>/uploads/<id>`, appended to and synced part by part. */
import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now } from '#server/base/clock.ts';

/** Left free for the database, whatever is uploaded. */
const reserveBytes = 512 * 1024 * 1024;

const folderOf = (app: App): string => join(app.config.dataDir, 'uploads');
export const partPath = (app: App, uploadId: string): string => join(folderOf(app), uploadId);

/**
 * Twice the size: what was sent and what is made of it lie side by side for a while.
 * @throws {AppError} storage-full
 */
export async function demandRoom(app: App, bytes: number): Promise<void> {
  await mkdir(folderOf(app), { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(folderOf(app));
  if (bavail * bsize < bytes * 2 + reserveBytes) throw new AppError('storage-full');
}

/** How many bytes are really there: after a restore the rows are back and the parts are not. */
export async function sizeOnDisk(app: App, uploadId: string): Promise<number> {
  return (await stat(partPath(app, uploadId)).catch(() => null))?.size ?? 0;
}

/** Synced before it is acknowledged. What lies beyond `offset` from a part that was cut off is overwritten. @throws {AppError} storage-full */
export async function writePart(app: App, uploadId: string, offset: number, bytes: Buffer): Promise<void> {
  await mkdir(folderOf(app), { recursive: true, mode: 0o700 });
  const file = await open(partPath(app, uploadId), offset === 0 ? 'w' : 'r+', 0o600);
  try {
    await file.write(bytes, 0, bytes.length, offset);
    await file.truncate(offset + bytes.length);
    await file.sync();
  } catch (error) {
    throw asStorageError(error);
  } finally {
    await file.close();
  }
}

export function asStorageError(error: unknown): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT' ? new AppError('storage-full', {}, error) : error;
}

/** What was sent, and what was being made of it. */
export async function removeParts(app: App, uploadId: string): Promise<void> {
  await rm(partPath(app, uploadId), { force: true });
  await rm(`${partPath(app, uploadId)}.mp4`, { force: true });
}

/** Files that no upload owns any more; a young one may belong to a transaction not yet committed. */
export async function removeOrphans(app: App, known: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folderOf(app)).catch(() => [] as string[])) {
    if (known.has(name.replace(/\.mp4$/, ''))) continue;
    const path = join(folderOf(app), name);
    const found = await stat(path).catch(() => null);
    if (found && now().getTime() - found.mtimeMs > 3_600_000) await rm(path, { force: true });
  }
}
