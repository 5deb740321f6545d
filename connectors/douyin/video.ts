/** Uploading a video: in one piece, or in parts from 1 on; and the mark that says that it was handed in once. */
import type { PackageMedia } from '#shared/package.ts';
import type { AccountSession, MediaReader, OnceStep, PlatformIds } from '../contract.ts';
import { UploadLost, uploadInParts } from '../upload-steps.ts';
import { type Answer, asksAgain, failureOf, NotPrepared } from './answer.ts';
import { call } from './client.ts';
import { limits } from './limits.ts';
import { BegunUpload, UploadedVideo } from './shapes.ts';

const API = '/api/douyin/v1/video';
/** An upload id that ended or never was is answered as a wrong parameter. */
const LOST: readonly string[] = ['28001007', '2100005'];

/** @throws {NotPrepared} */
export async function uploadVideo(
  session: AccountSession,
  video: PackageMedia,
  media: MediaReader,
  once: OnceStep,
): Promise<PlatformIds> {
  const single = video.size <= limits.videoSingleBytes;
  try {
    return await uploadInParts({
      ...{ once, name: `video:${video.sha256}`, now: session.now, lifeMs: limits.uploadLifeMs },
      bytes: video.size,
      partBytes: single ? video.size : limits.videoPartBytes,
      smallestPart: limits.videoPartLeast,
      begin: () => (single ? Promise.resolve({}) : beginParts(session)),
      async part({ uploadId = '' }, at, from, to) {
        if (single) return;
        const bytes = await media.range(video.sha256, from, to);
        const answer = await call(session, {
          method: 'POST',
          path: `${API}/upload_video_part/`,
          query: { upload_id: uploadId, part_number: at + 1 },
          multipart: () => formOf(bytes, `part-${at + 1}.mp4`),
        });
        demandKnown(answer);
      },
      complete: ({ uploadId = '' }) =>
        single ? uploadWhole(session, video, media) : completeParts(session, uploadId),
      isUsable: async ({ uploadedId = '' }) => !(await usedVideos(session)).includes(uploadedId),
    });
  } catch (error) {
    if (error instanceof UploadLost) throw new NotPrepared(asksAgain('upload-lost'));
    throw error;
  }
}

async function beginParts(session: AccountSession): Promise<PlatformIds> {
  const answer = await call(session, { method: 'POST', path: `${API}/init_video_part_upload/`, json: {} });
  const begun = BegunUpload.safeParse(jsonOf(answer));
  if (!begun.success) throw new NotPrepared(asksAgain('unreadable-upload'));
  return { uploadId: begun.data.upload_id };
}

async function completeParts(session: AccountSession, uploadId: string): Promise<PlatformIds> {
  const answer = await call(session, {
    method: 'POST',
    path: `${API}/complete_video_part_upload/`,
    query: { upload_id: uploadId },
    json: {},
  });
  demandKnown(answer);
  return readVideo(answer);
}

async function uploadWhole(
  session: AccountSession,
  video: PackageMedia,
  media: MediaReader,
): Promise<PlatformIds> {
  const bytes = await media.range(video.sha256, 0, video.size);
  return readVideo(
    await call(session, {
      method: 'POST',
      path: `${API}/upload_video/`,
      multipart: () => formOf(bytes, `${video.sha256.slice(0, 16)}.mp4`),
    }),
  );
}

function readVideo(answer: Answer): PlatformIds {
  const uploaded = UploadedVideo.safeParse(jsonOf(answer));
  if (!uploaded.success) throw new NotPrepared(asksAgain('unreadable-video'));
  return { uploadedId: uploaded.data.video.video_id };
}

function jsonOf(answer: Answer): unknown {
  if (answer.kind !== 'ok') throw new NotPrepared(failureOf(answer));
  return answer.json;
}

function demandKnown(answer: Answer): void {
  if (answer.kind === 'refused' && LOST.includes(answer.code)) throw new UploadLost();
  jsonOf(answer);
}

function formOf(bytes: Buffer, name: string): FormData {
  const form = new FormData();
  form.set('video', new Blob([new Uint8Array(bytes)], { type: 'video/mp4' }), name);
  return form;
}

const USED = 'used-videos';
const KEEP_MS = 30 * 86_400_000;
const KEPT_MOST = 20;

/** Ids that went into a creating call, whatever came of it: the platform takes each once. */
async function usedVideos(session: AccountSession): Promise<string[]> {
  const stored = await session.tokens.get(USED, 0, async () => ({ token: '[]', expiresInMs: KEEP_MS }));
  return JSON.parse(stored) as string[];
}

/** Before the call, so that a crash in it is covered too. One call of an account is in flight at a time. */
export async function markVideoUsed(session: AccountSession, videoId: string): Promise<void> {
  const used = await usedVideos(session);
  await session.tokens.drop(USED, JSON.stringify(used));
  const token = JSON.stringify([...used.filter((id) => id !== videoId), videoId].slice(-KEPT_MOST));
  await session.tokens.get(USED, 0, async () => ({ token, expiresInMs: KEEP_MS }));
}
