/** From the bytes that were sent to the video that is kept: read, judged, cleaned, with its first frame. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { newId, newToken } from '#server/base/ids.ts';
import type { VideoFacts } from '#shared/media.ts';
import { keepPicture, type Origin, type ReadPicture, readPicture } from '../pictures.ts';
import { firstFrame, isThere, probeVideo, rewriteVideo } from './ffmpeg.ts';
import { blankMetadata, type Mp4, readMp4 } from './mp4.ts';
import { asStorageError } from './parts.ts';
import { insertFile, lockContent } from './store.ts';

/** What players and platforms take without converting. */
const codecs = ['h264', 'hevc', 'av1', 'vp9', 'mpeg4'];

export type CleanVideo = {
  sha256: string;
  size: number;
  width: number;
  height: number;
  durationMs: number;
  facts: VideoFacts;
  /** The first frame; null where ffmpeg is absent. */
  frame: ReadPicture | null;
};

/**
 * With ffmpeg the video is written anew without any metadata. Without it the boxes are read by this program, the known
 * places of metadata are overwritten in the file that was sent, and MOV is refused: it would have to be rewritten.
 * @throws {AppError} video-unreadable, video-convert-first, storage-full
 */
export async function keepVideo(app: App, path: string): Promise<CleanVideo> {
  // Whatever ffmpeg would forgive: a file cut short or with something behind it is refused.
  const boxes = await readMp4(path);
  const ffmpeg = app.config.ffmpeg;
  if (ffmpeg && (await isThere(ffmpeg))) return rewrite(app, ffmpeg, path);
  if (boxes.brand === 'qt  ' || !codecs.includes(boxes.codec)) throw new AppError('video-convert-first');
  await blankMetadata(path);
  return { ...(await store(app, path)), ...shapeOf(boxes, 'boxes', 'blanked'), frame: null };
}

async function rewrite(app: App, ffmpeg: string, path: string): Promise<CleanVideo> {
  const clean = `${path}.mp4`;
  await rewriteVideo(ffmpeg, path, clean);
  const probed = await probeVideo(ffmpeg, clean);
  if (!codecs.includes(probed.codec)) throw new AppError('video-convert-first');
  const frame = await readPicture(await firstFrame(ffmpeg, clean));
  return { ...(await store(app, clean)), ...shapeOf(probed, 'ffprobe', 'rewritten'), frame };
}

function shapeOf(
  read: Omit<Mp4, 'brand'>,
  source: VideoFacts['source'],
  metadata: VideoFacts['metadata'],
): Pick<CleanVideo, 'width' | 'height' | 'durationMs' | 'facts'> {
  const { width, height, durationMs, codec, audio, rotation } = read;
  return { width, height, durationMs, facts: { source, codec, audio, rotation, metadata } };
}

const store = (app: App, path: string) =>
  app.files.putStream(createReadStream(path, { highWaterMark: 1024 * 1024 })).catch((error: unknown) => {
    throw asStorageError(error);
  });

/** Registers it with its first frame as a picture of its own. @param origin.original sha256 of the bytes as they were sent */
export async function insertVideo(
  app: App,
  tx: Tx,
  video: CleanVideo,
  origin: Omit<Origin, 'cut'> & { original: string },
) {
  await lockContent(tx, video.sha256, 'keep');
  // Stored before the lock: had the last row of the same bytes just been removed, they would be gone.
  await stat(app.files.pathOf(video.sha256));
  const frame = { ...origin, name: `${origin.name} 首帧` };
  const cover = video.frame ? await keepPicture(app, tx, video.frame, frame) : null;
  return insertFile(tx, {
    bureau_id: origin.bureauId,
    id: newId(),
    kind: 'video',
    shelf: origin.shelf ?? 'library',
    sha256: video.sha256,
    original_sha256: origin.original,
    mime: 'video/mp4',
    size: video.size,
    width: video.width,
    height: video.height,
    name: origin.name.slice(0, 120),
    token: newToken(),
    duration_ms: video.durationMs,
    facts: video.facts,
    cover_id: cover?.id ?? null,
    created_by: origin.personId,
  });
}
