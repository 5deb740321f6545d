/** Videos: the file whole or in fragments, then one call with caption and cover. Processed and reviewed afterwards. */
import type { PackageMedia, PackagePayload } from '#shared/package.ts';
import type {
  AccountSession,
  MediaReader,
  OnceStep,
  Outcome,
  PlatformIds,
  RemotePublish,
} from '../contract.ts';
import { coverOf, videoOf } from '../fit-media.ts';
import { UploadLost, uploadInParts } from '../upload-steps.ts';
import { asksAgain, type Certain, call, callOnce, failureOf, NotPrepared, outcomeOf } from './client.ts';
import { compose, inspect } from './compose.ts';
import { limits, waits } from './limits.ts';
import { check } from './read-back.ts';
import { StartedUpload, VideoInfo } from './shapes.ts';
import { type Answer, exchange, type PlatformCall } from './wire.ts';

const UPLOAD_TIMEOUT_MS = 120_000;

export const publish: RemotePublish = {
  kind: 'remote',
  reaches: ['timeline'],
  carriesShortLink: true,
  needsVideo: true,
  // "Not there" is documented for the time right after publishing.
  topics: { most: limits.topics },
  settleMs: waits.readyMs,
  compose,
  inspect,
  prepare,
  submit,
  check,
};

async function prepare(
  session: AccountSession,
  payload: PackagePayload,
  media: MediaReader,
  once: OnceStep,
): Promise<{ kind: 'prepared'; ids: PlatformIds } | Certain> {
  const { problems } = inspect(payload, { shortLink: payload.shortLink, reach: payload.reach });
  const found = problems.find((problem) => problem.level === 'block');
  if (found) return { kind: 'rejected', code: `content-${found.field}`, reason: found.zh };
  const video = videoOf(payload.media);
  const cover = coverOf(payload.media);
  if (!video || !cover) return { kind: 'rejected', code: 'content-media', reason: '要有视频和封面' };
  try {
    // Asked every time: it is also what finds out that the token was refused, and renews it.
    jsonOf(await call(session, { method: 'GET', path: '/openapi/user_info' }));
    await media(cover.sha256);
    return { kind: 'prepared', ids: await uploadVideo(session, video, media, once) };
  } catch (error) {
    if (error instanceof NotPrepared) return error.failure;
    if (error instanceof UploadLost) return asksAgain('upload-lost');
    throw error;
  }
}

function uploadVideo(
  session: AccountSession,
  video: PackageMedia,
  media: MediaReader,
  once: OnceStep,
): Promise<PlatformIds> {
  const whole = video.size < limits.wholeBytes;
  const send = async (begun: PlatformIds, path: string, more: Pick<PlatformCall, 'query' | 'bytes'>) =>
    demandKnown(await onUploadHost(session, begun, { method: 'POST', path, ...more }));
  return uploadInParts({
    ...{ once, name: `video:${video.sha256}`, now: session.now, lifeMs: limits.uploadLifeMs },
    ...{ bytes: video.size, partBytes: whole ? video.size : limits.fragmentBytes },
    async begin() {
      const answer = await call(session, { method: 'POST', path: '/openapi/photo/start_upload' });
      const started = StartedUpload.safeParse(jsonOf(answer));
      if (!started.success) throw new NotPrepared(asksAgain('unreadable-upload'));
      return { uploadToken: started.data.upload_token, endpoint: started.data.endpoint };
    },
    async part(begun, at, from, to) {
      const bytes = await media.range(video.sha256, from, to);
      if (whole) await send(begun, '/api/upload', { bytes });
      else await send(begun, '/api/upload/fragment', { bytes, query: { fragment_id: at } });
    },
    async complete(begun, parts) {
      if (!whole) await send(begun, '/api/upload/complete', { query: { fragment_count: parts } });
      return { uploadToken: begun.uploadToken ?? '' };
    },
  });
}

/**
 * The documents write the upload host with plain http. On the platform https is tried first, and http only when https
 * provably carried nothing; a stand-in is where the base address is.
 */
async function onUploadHost(
  session: AccountSession,
  { endpoint = '', uploadToken = '' }: PlatformIds,
  request: PlatformCall,
): Promise<Answer> {
  const schemes = new URL(session.http.baseUrl).protocol === 'https:' ? ['https', 'http'] : ['http'];
  let answer: Answer = { kind: 'not-sent', code: 'no-endpoint' };
  for (const scheme of schemes) {
    answer = await exchange(session, {
      ...request,
      path: `${scheme}://${endpoint.replace(/\/+$/, '')}${request.path}`,
      query: { ...request.query, upload_token: uploadToken },
      timeoutMs: UPLOAD_TIMEOUT_MS,
    });
    if (answer.kind !== 'not-sent') break;
  }
  return answer;
}

function jsonOf(answer: Answer): unknown {
  if (answer.kind !== 'ok') throw new NotPrepared(failureOf(answer));
  return answer.json;
}

/** An upload that ended or never was is answered as a wrong parameter. */
function demandKnown(answer: Answer): void {
  if (answer.kind === 'refused' && answer.code === '100200100') throw new UploadLost();
  jsonOf(answer);
}

async function submit(
  session: AccountSession,
  payload: PackagePayload,
  { uploadToken }: PlatformIds,
  media: MediaReader,
): Promise<Outcome> {
  const cover = coverOf(payload.media);
  if (!uploadToken || !cover) return { ...asksAgain('not-prepared'), afterMs: waits.renewMs };
  const bytes = await media(cover.sha256);
  const answer = await callOnce(session, {
    method: 'POST',
    path: '/openapi/photo/publish',
    query: { upload_token: uploadToken },
    multipart() {
      const form = new FormData();
      const name = `cover.${cover.mime === 'image/png' ? 'png' : 'jpg'}`;
      form.set('caption', payload.body.value);
      form.set('cover', new Blob([new Uint8Array(bytes)], { type: cover.mime }), name);
      return form;
    },
  });
  if (answer.kind !== 'ok') return outcomeOf(answer);
  const video = VideoInfo.safeParse(answer.json);
  if (!video.success) return { kind: 'unknown', reason: '答复里没有作品编号 / no photo id in the answer' };
  return {
    kind: 'pending',
    ids: { photoId: video.data.id },
    checkAfterMs: waits.firstCheckMs,
    waitingFor: 'platform',
  };
}
