/** User, pictures, draft: everything that a reader of the site does not see. */
import type { PackageMedia, PackagePayload } from '#shared/package.ts';
import type { AccountSession, MediaReader, OnceStep, PlatformIds } from '../contract.ts';
import { asksAgain, call, type Failure, failureOf } from './client.ts';
import { inspect } from './compose.ts';
import { bodyPictures, slugFor, withAddresses } from './markup.ts';
import { NotPrepared } from './not-prepared.ts';
import { findOnSite } from './read-back.ts';
import { Picture, Post } from './shapes.ts';
import { readPublisher } from './user.ts';

const UPLOAD_TIMEOUT_MS = 60_000;

export async function prepare(
  session: AccountSession,
  payload: PackagePayload,
  media: MediaReader,
  once: OnceStep,
): Promise<{ kind: 'prepared'; ids: PlatformIds } | Failure> {
  const { problems } = inspect(payload, payload);
  const block = problems.find((problem) => problem.level === 'block');
  if (block) return { kind: 'rejected', code: `content-${block.field}`, reason: block.zh };
  try {
    const user = await once('user', () => askUser(session));
    const pictures: Record<string, string> = {};
    for (const picture of neededPictures(payload)) {
      Object.assign(pictures, await once(`picture-${picture.sha256}`, () => upload(session, picture, media)));
    }
    const draft = await once('draft', () => makeDraft(session, payload, pictures));
    return { kind: 'prepared', ids: { ...user, ...pictures, ...draft } };
  } catch (error) {
    if (error instanceof NotPrepared) return error.failure;
    throw error;
  }
}

async function askUser(session: AccountSession): Promise<PlatformIds> {
  const user = await readPublisher(session);
  if ('failure' in user) throw new NotPrepared(user.failure);
  return { userId: user.id };
}

const coverOf = ({ media }: PackagePayload): PackageMedia | undefined =>
  media.find((picture) => picture.role === 'cover');

/** The cover, and what the body shows. */
function neededPictures(payload: PackagePayload): PackageMedia[] {
  const shown = new Set(bodyPictures(payload.body.value));
  return payload.media.filter((picture) => picture === coverOf(payload) || shown.has(picture.sha256));
}

async function upload(
  session: AccountSession,
  picture: PackageMedia,
  media: MediaReader,
): Promise<PlatformIds> {
  const bytes = await media(picture.sha256);
  const multipart = new FormData();
  const file = new Blob([new Uint8Array(bytes)], { type: picture.mime });
  // No name that people could guess: the file can be read by its address before the post is out.
  const name = `${picture.sha256.slice(0, 24)}.${picture.mime.slice('image/'.length)}`;
  multipart.set('file', file, name);
  multipart.set('alt_text', picture.alt);
  const answer = await call(session, {
    method: 'POST',
    route: '/media',
    multipart,
    timeoutMs: UPLOAD_TIMEOUT_MS,
  });
  if (answer.kind !== 'ok') throw new NotPrepared(failureOf(answer));
  const read = Picture.safeParse(answer.json);
  if (!read.success) throw new NotPrepared(asksAgain('unreadable-picture'));
  return {
    [idKey(picture.sha256)]: read.data.id,
    [addressKey(picture.sha256)]: read.data.source_url,
  };
}

const idKey = (sha256: string): string => `picture-${sha256}`;
const addressKey = (sha256: string): string => `address-${sha256}`;

/** A draft made by an earlier run whose answer was lost is found by its slug and taken, so that none is left over. */
async function makeDraft(
  session: AccountSession,
  payload: PackagePayload,
  pictures: PlatformIds,
): Promise<PlatformIds> {
  const left = await findOnSite(session, payload.shortLink);
  if (left && 'kind' in left) {
    throw new NotPrepared(left.kind === 'unknown' ? asksAgain(left.reason) : left);
  }
  if (left) return { postId: left.id };
  const cover = coverOf(payload);
  const coverId = cover && pictures[idKey(cover.sha256)];
  const answer = await call(session, {
    method: 'POST',
    route: '/posts',
    json: {
      ...contentOf(payload, pictures),
      status: 'draft',
      slug: slugFor(payload.shortLink),
      comment_status: payload.openComments ? 'open' : 'closed',
      ...(coverId ? { featured_media: Number(coverId) } : {}),
      ...categoriesOf(session),
    },
  });
  if (answer.kind !== 'ok') throw new NotPrepared(failureOf(answer));
  const read = Post.safeParse(answer.json);
  if (!read.success) throw new NotPrepared(asksAgain('unreadable-draft'));
  return { postId: read.data.id };
}

function categoriesOf(session: AccountSession): { categories?: number[] } {
  const ids = (session.account.settings.categories ?? '').match(/\d+/g);
  return ids ? { categories: ids.map(Number) } : {};
}

/** What a reader sees, made from the package alone: the draft holds it, and the submission says it again. */
export function contentOf(
  payload: PackagePayload,
  ids: PlatformIds,
): { title: string; content: string; excerpt: string } {
  const addresses = new Map<string, string>();
  for (const sha256 of bodyPictures(payload.body.value)) {
    const address = ids[addressKey(sha256)];
    if (address) addresses.set(sha256, address);
  }
  return {
    title: payload.title ?? '',
    content: withAddresses(payload.body.value, addresses),
    excerpt: payload.digest ?? '',
  };
}
