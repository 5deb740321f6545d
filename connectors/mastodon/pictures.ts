/** Uploading pictures: reversible, since an instance throws away what no post takes. */
import type { PackageMedia } from '#shared/package.ts';
import type { AccountSession, MediaReader, OnceStep, PlatformIds } from '../contract.ts';
import { asksAgain, call, type Failure, failureOf } from './client.ts';
import { ALT_CHARACTERS, PICTURE_KEPT_MS, waits } from './limits.ts';
import { NotPrepared } from './not-prepared.ts';
import { Picture } from './shapes.ts';

const UPLOAD_TIMEOUT_MS = 60_000;
/** A delivery that was put off for longer than this many times twelve hours has expired long before. */
const UPLOADS_AT_MOST = 60;

/**
 * Uploads one picture and waits until the instance has made it ready.
 * @returns its id on the instance
 * @throws {NotPrepared} `retry-later` while it is processed: the next run asks again, nothing sleeps here
 */
export async function offerPicture(
  session: AccountSession,
  picture: PackageMedia,
  media: MediaReader,
  once: OnceStep,
  place: number,
): Promise<string> {
  const { mediaId } = await uploadFresh(session, picture, media, once, place);
  // Saved once it is ready: an instance denies a picture that a post has taken, so it must not be asked again.
  await once(`picture-ready-${mediaId}`, () => askWhetherReady(session, mediaId));
  return mediaId;
}

async function uploadFresh(
  session: AccountSession,
  picture: PackageMedia,
  media: MediaReader,
  once: OnceStep,
  place: number,
): Promise<{ mediaId: string }> {
  for (let round = 0; round < UPLOADS_AT_MOST; round += 1) {
    const { mediaId = '', uploadedAt } = await once(`picture-${place}-${round}`, () =>
      upload(session, picture, media),
    );
    if (session.now().getTime() - Number(uploadedAt) < PICTURE_KEPT_MS) return { mediaId };
  }
  throw new NotPrepared({ kind: 'rejected', code: 'pictures-expired', reason: '图片多次过期，请重新提交' });
}

async function upload(
  session: AccountSession,
  picture: PackageMedia,
  media: MediaReader,
): Promise<PlatformIds> {
  const bytes = await media(picture.sha256);
  const multipart = new FormData();
  const file = new Blob([new Uint8Array(bytes)], { type: picture.mime });
  multipart.set('file', file, `${picture.sha256.slice(0, 12)}.${picture.mime.slice('image/'.length)}`);
  if (picture.alt) multipart.set('description', [...picture.alt].slice(0, ALT_CHARACTERS).join(''));
  const answer = await call(session, {
    method: 'POST',
    path: '/api/v2/media',
    multipart,
    timeoutMs: UPLOAD_TIMEOUT_MS,
  });
  if (answer.kind !== 'ok') throw new NotPrepared(failureOf(answer));
  const read = Picture.safeParse(answer.json);
  if (!read.success) throw new NotPrepared(asksAgain('unreadable-picture'));
  return { mediaId: read.data.id, uploadedAt: String(session.now().getTime()) };
}

/** 200 with an address is ready, 206 is not yet; 202 was the answer of the upload itself. */
async function askWhetherReady(session: AccountSession, mediaId: string): Promise<PlatformIds> {
  const answer = await call(session, { method: 'GET', path: `/api/v1/media/${encodeURIComponent(mediaId)}` });
  if (answer.kind !== 'ok') throw new NotPrepared(failureOf(answer));
  const read = Picture.safeParse(answer.json);
  if (!read.success) throw new NotPrepared(asksAgain('unreadable-picture'));
  if (answer.status !== 200 || !read.data.url) throw new NotPrepared(notReady);
  return { mediaId };
}

const notReady: Failure = {
  kind: 'retry-later',
  afterMs: waits.pictureMs,
  code: 'picture-not-ready',
  scope: 'account',
};
