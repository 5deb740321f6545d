/** A package with a video is a video (稿件), every other an article (专栏). Both are hidden until they were reviewed. */
import type { PackageMedia, PackagePayload, VariantContent } from '#shared/package.ts';
import type {
  AccountSession,
  MediaReader,
  OnceStep,
  Outcome,
  PlatformIds,
  PublishCapability,
  RemotePublish,
} from '../contract.ts';
import { videoOf } from '../fit-media.ts';
import { asksAgain, call, callOnce, type Failure, failureOf, NotPrepared, outcomeOf } from './client.ts';
import { compose, coverOf, inspect } from './compose.ts';
import { limits, waits } from './limits.ts';
import { bodyPictures, withPictures } from './markup.ts';
import { check as checkArticle } from './read-back.ts';
import { AccountScopes, SubmittedArticle, UploadedPicture } from './shapes.ts';
import { prepareVideo, submitVideo } from './video.ts';
import { composeVideo, inspectVideo } from './video-compose.ts';
import { checkVideo } from './video-read-back.ts';

const UPLOAD_TIMEOUT_MS = 60_000;
/** One picture of the list that was uploaded, or one that the platform makes itself. */
const TEMPLATE = { withCover: '4', plain: '5' } as const;

export const publish: RemotePublish = {
  kind: 'remote',
  reaches: ['timeline'],
  carriesShortLink: true,
  // The list of one's own articles shows them from the moment they are handed in; the rest is caution.
  topics: { most: limits.videoTagsMost },
  settleMs: 180_000,
  compose: (master, context) => (videoOf(master.media) ? composeVideo : compose)(master, context),
  inspect: inspectWork,
  prepare,
  submit: (session, payload, ids) =>
    videoOf(payload.media) ? submitVideo(session, payload, ids) : submitArticle(session, payload, ids),
  check: (session, payload, ids, sentAt) =>
    (videoOf(payload.media) ? checkVideo : checkArticle)(session, payload, ids, sentAt),
};

function inspectWork(
  variant: VariantContent,
  context: Parameters<PublishCapability['inspect']>[1],
): ReturnType<PublishCapability['inspect']> {
  return (videoOf(variant.media) ? inspectVideo : inspect)(variant, context);
}

async function prepare(
  session: AccountSession,
  payload: PackagePayload,
  media: MediaReader,
  once: OnceStep,
): Promise<{ kind: 'prepared'; ids: PlatformIds } | Failure> {
  const { problems } = inspectWork(payload, { shortLink: payload.shortLink, reach: payload.reach });
  const block = problems.find((problem) => problem.level === 'block');
  if (block) return { kind: 'rejected', code: `content-${block.field}`, reason: block.zh };
  try {
    // Asked every time: it is also what finds out that the token was refused, and renews it.
    await proveOwner(session);
    if (videoOf(payload.media)) return await prepareVideo(session, payload, media, once);
    let ids: PlatformIds = {};
    for (const picture of picturesOf(payload)) {
      ids = { ...ids, ...(await once(nameOf(picture.sha256), () => upload(session, picture, media))) };
    }
    return { kind: 'prepared', ids };
  } catch (error) {
    if (error instanceof NotPrepared) return error.failure;
    throw error;
  }
}

/** A token of another account would publish there. */
async function proveOwner(session: AccountSession): Promise<void> {
  const answer = await call(session, { method: 'GET', path: '/arcopen/fn/user/account/scopes' });
  if (answer.kind !== 'ok') throw new NotPrepared(failureOf(answer));
  const read = AccountScopes.safeParse(answer.data);
  if (!read.success) throw new NotPrepared(asksAgain('unreadable-scopes'));
  const { openid } = session.credentials;
  if (openid && read.data.openid !== openid) {
    throw new NotPrepared({ kind: 'sign-in-again', code: 'token-of-another-account' });
  }
}

function picturesOf(payload: PackagePayload): PackageMedia[] {
  const cover = coverOf(payload.media);
  const shown = bodyPictures(payload.body.value);
  return payload.media.filter((picture) => picture === cover || shown.includes(picture.sha256));
}

const nameOf = (sha256: string): string => `picture:${sha256}`;

async function upload(
  session: AccountSession,
  picture: PackageMedia,
  media: MediaReader,
): Promise<PlatformIds> {
  const bytes = await media(picture.sha256);
  const name = `${picture.sha256}.${picture.mime === 'image/png' ? 'png' : 'jpg'}`;
  const answer = await call(session, {
    method: 'POST',
    path: '/arcopen/fn/article/upload/image',
    timeoutMs: UPLOAD_TIMEOUT_MS,
    multipart() {
      const form = new FormData();
      form.set('file', new Blob([new Uint8Array(bytes)], { type: picture.mime }), name);
      return form;
    },
  });
  if (answer.kind !== 'ok') throw new NotPrepared(failureOf(answer));
  const read = UploadedPicture.safeParse(answer.data);
  // The address goes into approved markup: nothing but an address may enter.
  if (!read.success) throw new NotPrepared(asksAgain('picture-address'));
  return { [nameOf(picture.sha256)]: read.data.url };
}

async function submitArticle(
  session: AccountSession,
  payload: PackagePayload,
  ids: PlatformIds,
): Promise<Outcome> {
  if (picturesOf(payload).some((picture) => !ids[nameOf(picture.sha256)]))
    return { ...asksAgain('not-prepared'), afterMs: waits.renewMs };
  const answer = await callOnce(session, {
    method: 'POST',
    path: '/arcopen/fn/article/add',
    multipart: () => articleForm(session, payload, ids),
  });
  if (answer.kind !== 'ok') return outcomeOf(answer);
  const article = SubmittedArticle.safeParse(answer.data);
  if (!article.success)
    return { kind: 'unknown', reason: '答复里没有专栏编号 / no article id in the answer' };
  return {
    kind: 'pending',
    ids: { articleId: article.data.id },
    checkAfterMs: waits.firstReviewMs,
    waitingFor: 'platform',
  };
}

function articleForm(session: AccountSession, payload: PackagePayload, ids: PlatformIds): FormData {
  const cover = coverOf(payload.media);
  const fields: Record<string, string> = {
    title: payload.title ?? '',
    category: session.account.settings.category ?? '',
    template_id: cover ? TEMPLATE.withCover : TEMPLATE.plain,
    summary: payload.digest ?? '',
    content: withPictures(payload.body.value, (sha256) => ids[nameOf(sha256)] ?? ''),
    // Whether a text is an original work is for a person to declare.
    original: '0',
    up_closed_reply: payload.openComments ? '0' : '1',
  };
  if (cover) fields.image_urls = ids[nameOf(cover.sha256)] ?? '';
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}
