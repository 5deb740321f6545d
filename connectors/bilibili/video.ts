/** Handing in a video: the file in one piece or in parts, the cover, then the one call. */
import type { PackageMedia, PackagePayload } from '#shared/package.ts';
import type { AccountSession, MediaReader, OnceStep, Outcome, PlatformIds } from '../contract.ts';
import { coverOf, videoOf } from '../fit-media.ts';
import { UploadLost, uploadInParts } from '../upload-steps.ts';
import { asksAgain, call, callOnce, type Failure, failureOf, NotPrepared, outcomeOf } from './client.ts';
import { limits, waits } from './limits.ts';
import { BegunUpload, SubmittedVideo, UploadedPicture } from './shapes.ts';
import { tagsOf } from './video-compose.ts';
import { type Answer, addressOn, exchange } from './wire.ts';

const UPLOAD_TIMEOUT_MS = 120_000;
/** The platform's word for an upload that it does not know (any more). */
const UNKNOWN_UPLOAD = '127022';

/** @throws {NotPrepared} */
export async function prepareVideo(
  session: AccountSession,
  payload: PackagePayload,
  media: MediaReader,
  once: OnceStep,
): Promise<{ kind: 'prepared'; ids: PlatformIds } | Failure> {
  const video = videoOf(payload.media);
  const cover = coverOf(payload.media);
  if (!video || !cover) return { kind: 'rejected', code: 'content-media', reason: '视频要有一张封面图' };
  if (!session.account.settings.tid) {
    const reason = '账号设置里没有视频分区编号 / the account has no section for videos (tid)';
    return { kind: 'rejected', code: 'no-section', reason };
  }
  const { uploadToken = '' } = await uploadVideo(session, video, media, once);
  const { coverUrl = '' } = await once(`cover:${cover.sha256}`, () => uploadCover(session, cover, media));
  return { kind: 'prepared', ids: { uploadToken, coverUrl } };
}

async function uploadVideo(
  session: AccountSession,
  video: PackageMedia,
  media: MediaReader,
  once: OnceStep,
): Promise<PlatformIds> {
  const single = video.size <= limits.videoSingleBytes;
  try {
    return await uploadInParts({
      ...{ once, name: `video:${video.sha256}`, now: session.now, lifeMs: limits.uploadLifeMs },
      ...{ bytes: video.size, partBytes: single ? video.size : limits.videoPartBytes },
      async begin() {
        const answer = await call(session, {
          method: 'POST',
          path: '/arcopen/fn/archive/video/init',
          json: { name: `${video.sha256.slice(0, 16)}.mp4`, utype: single ? '1' : '0' },
        });
        const begun = BegunUpload.safeParse(dataOf(answer));
        if (!begun.success) throw new NotPrepared(asksAgain('unreadable-upload'));
        return { uploadToken: begun.data.upload_token };
      },
      async part({ uploadToken = '' }, at, from, to) {
        // Neither signed nor with the account's token: the upload's own token is what this host asks for.
        const answer = await exchange(session, {
          method: 'POST',
          path: addressOn(session, 'upload', single ? '/video/v2/upload' : '/video/v2/part/upload'),
          query: { upload_token: uploadToken, ...(single ? {} : { part_number: at + 1 }) },
          bytes: await media.range(video.sha256, from, to),
          secrets: ['upload_token'],
          timeoutMs: UPLOAD_TIMEOUT_MS,
        });
        demandDone(answer);
      },
      async complete({ uploadToken = '' }) {
        if (!single) {
          const answer = await call(session, {
            method: 'POST',
            path: '/arcopen/fn/archive/video/complete',
            query: { upload_token: uploadToken },
            timeoutMs: UPLOAD_TIMEOUT_MS,
          });
          demandDone(answer);
        }
        return { uploadToken };
      },
    });
  } catch (error) {
    if (error instanceof UploadLost) throw new NotPrepared(asksAgain('upload-lost'));
    throw error;
  }
}

function dataOf(answer: Answer): unknown {
  if (answer.kind !== 'ok') throw new NotPrepared(failureOf(answer));
  return answer.data;
}

function demandDone(answer: Answer): void {
  if (answer.kind === 'refused' && answer.code === UNKNOWN_UPLOAD) throw new UploadLost();
  dataOf(answer);
}

async function uploadCover(
  session: AccountSession,
  cover: PackageMedia,
  media: MediaReader,
): Promise<PlatformIds> {
  const bytes = await media(cover.sha256);
  const answer = await call(session, {
    method: 'POST',
    path: '/arcopen/fn/archive/cover/upload',
    timeoutMs: UPLOAD_TIMEOUT_MS,
    multipart() {
      const form = new FormData();
      const name = `cover.${cover.mime === 'image/png' ? 'png' : 'jpg'}`;
      form.set('file', new Blob([new Uint8Array(bytes)], { type: cover.mime }), name);
      return form;
    },
  });
  const read = UploadedPicture.safeParse(dataOf(answer));
  if (!read.success) throw new NotPrepared(asksAgain('cover-address'));
  return { coverUrl: read.data.url };
}

export async function submitVideo(
  session: AccountSession,
  payload: PackagePayload,
  { uploadToken, coverUrl }: PlatformIds,
): Promise<Outcome> {
  if (!uploadToken || !coverUrl) return { ...asksAgain('not-prepared'), afterMs: waits.renewMs };
  const answer = await callOnce(session, {
    method: 'POST',
    path: '/arcopen/fn/archive/add-by-utoken',
    query: { upload_token: uploadToken },
    json: {
      title: payload.title ?? '',
      cover: coverUrl,
      tid: Number(session.account.settings.tid),
      desc: payload.body.value,
      tag: tagsOf(payload.body.value),
      // Videos of the bureau's own; what was made by others is handed in on the platform by hand.
      ...{ copyright: 1, no_reprint: 1, source: '' },
    },
  });
  if (answer.kind !== 'ok') return outcomeOf(answer);
  const video = SubmittedVideo.safeParse(answer.data);
  if (!video.success) return { kind: 'unknown', reason: '答复里没有稿件编号 / no resource id in the answer' };
  return {
    kind: 'pending',
    ids: { resourceId: video.data.resource_id },
    checkAfterMs: waits.firstReviewMs,
    waitingFor: 'platform',
  };
}
