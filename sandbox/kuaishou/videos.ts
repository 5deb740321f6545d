/** Videos: uploading whole or in fragments, publishing, what the account sees, deleting. */
import { randomBytes } from 'node:crypto';
import { sniffPicture } from '../core/media.ts';
import type { World } from '../core/world.ts';
import { type Call, type Fields, required, whole } from './call.ts';
import { Refusal } from './refusal.ts';
import { isPublic, type KuaishouAccount, newId, PLATFORM, stateOf, type Upload, type Work } from './state.ts';

const MB = 1024 * 1024;
const WHOLE_MOST = 10 * MB;
const COVER_MOST = 10 * MB;
const PAGE_MOST = 50;
/** Words that force an outcome. */
const REFUSED_AT_ONCE = '【平台拒绝的内容】';
const PUBLISHED = `${PLATFORM}.reviewed`;

/** `POST /openapi/photo/start_upload` */
export function startUpload({ account, endpoint }: Call): object {
  const upload_token = `3xu${randomBytes(12).toString('hex')}`;
  account.uploads[upload_token] = { fragments: {}, complete: false, used: false };
  return { upload_token, endpoint };
}

function uploadOf(world: World, fields: Fields): Upload {
  const token = required(fields, 'upload_token');
  for (const account of Object.values(stateOf(world).accounts)) {
    const upload = account.uploads[token];
    if (upload && !upload.used) return upload;
  }
  throw new Refusal(100200100);
}

/** `POST /api/upload` and `/api/upload/multipart` */
export function uploadWhole(world: World, fields: Fields, file: Buffer | null): object {
  const upload = uploadOf(world, fields);
  if (!file || file.length === 0 || file.length >= WHOLE_MOST) throw new Refusal(100200100);
  upload.fragments = { 0: file.length };
  upload.complete = true;
  return {};
}

/** `POST /api/upload/fragment`: numbered from 0; one may come again. */
export function uploadFragment(world: World, fields: Fields, file: Buffer | null): object {
  const upload = uploadOf(world, fields);
  if (!file || file.length === 0 || file.length > WHOLE_MOST) throw new Refusal(100200100);
  upload.fragments[whole(fields, 'fragment_id')] = file.length;
  return { size: file.length };
}

/** `GET /api/upload/resume`: what has arrived without a gap. */
export function resumeUpload(world: World, fields: Fields): object {
  const { fragments } = uploadOf(world, fields);
  let last = -1;
  while (fragments[last + 1] !== undefined) last += 1;
  return { existed: last >= 0, fragment_index: last };
}

/** `POST /api/upload/complete`: a missing fragment is refused. */
export function completeUpload(world: World, fields: Fields): object {
  const upload = uploadOf(world, fields);
  const count = whole(fields, 'fragment_count');
  const ids = Array.from({ length: count }, (_, id) => id);
  if (count === 0 || ids.some((id) => upload.fragments[id] === undefined)) throw new Refusal(100200100);
  upload.complete = true;
  return {};
}

/** `POST /openapi/photo/publish`: multipart caption and cover; the upload is used up. */
export function publishVideo({ world, account, fields, file }: Call): object {
  const upload = account.uploads[required(fields, 'upload_token')];
  if (!upload?.complete || upload.used) throw new Refusal(100200100);
  const caption = fields.caption ?? '';
  if (!file || !sniffPicture(file) || file.length >= COVER_MOST) throw new Refusal(100200100);
  if ([...caption].length > 500 || caption.includes(REFUSED_AT_ONCE)) throw new Refusal(100200100);
  upload.used = true;
  const now = world.clock.now();
  const work: Work = {
    ...{ photoId: newId(world, '3xsandbox'), caption, picture: world.media.keep(file) },
    videoBytes: Object.values(upload.fragments).reduce((sum, bytes) => sum + bytes, 0),
    ...{ at: now, reviewedAt: now + account.reviewMs, views: 0 },
  };
  account.works.push(work);
  append(world, account, 'publish.accepted', work, { caption, bytes: work.videoBytes });
  world.schedule.after(account.reviewMs, PUBLISHED, { openId: account.openId, photoId: work.photoId });
  return { video_info: describe(work, now) };
}

export function registerReview(world: World): void {
  world.schedule.handle(PUBLISHED, ({ openId, photoId }) => {
    const account = stateOf(world).accounts[String(openId)];
    const work = account?.works.find((candidate) => candidate.photoId === photoId);
    if (account && work) append(world, account, 'post.published', work, { caption: work.caption });
  });
}

function demandWork({ world, account, fields }: Call): Work {
  const photoId = required(fields, 'photo_id');
  const work = account.works.find((candidate) => candidate.photoId === photoId);
  // Right after publishing the platform does not find it itself.
  if (!work || (work.videoBytes !== null && world.clock.now() < work.at + account.readyMs))
    throw new Refusal(100120001);
  return work;
}

/** `GET /openapi/photo/info` */
export const showVideo = (call: Call): object => ({
  video_info: describe(demandWork(call), call.world.clock.now()),
});

/** `GET /openapi/photo/list`: newest first; the cursor is the last id of the page before. */
export function listVideos({ world, account, fields }: Call): object {
  const count = whole(fields, 'count', 20);
  if (count < 1 || count > PAGE_MOST) throw new Refusal(100200100);
  const all = account.works.toReversed();
  const begin = fields.cursor ? all.findIndex(({ photoId }) => photoId === fields.cursor) + 1 : 0;
  const now = world.clock.now();
  return { video_list: all.slice(begin, begin + count).map((work) => describe(work, now)) };
}

/** `GET /openapi/photo/count` */
export function countVideos({ world, account }: Call): object {
  const now = world.clock.now();
  const public_count = account.works.filter((work) => isPublic(work, now)).length;
  return { public_count, friend_count: 0, private_count: 0, all_count: account.works.length };
}

/** `POST /openapi/photo/delete` */
export function deleteVideo(call: Call): object {
  const { world, account } = call;
  const work = demandWork(call);
  account.works = account.works.filter((candidate) => candidate !== work);
  append(world, account, 'post.deleted', work, {});
  return {};
}

/** `GET /openapi/user_info` */
export const userInfo = ({ account }: Call): object => ({
  user_info: { name: account.name, sex: 'N', fan: account.fans, follow: 2, head: '', bigHead: '', city: '' },
});

const describe = (work: Work, now: number): object => ({
  photo_id: work.photoId,
  caption: work.caption,
  cover: 'https://p.example.com/cover.jpg',
  play_url: isPublic(work, now) ? 'https://v.example.com/play.mp4' : '',
  create_time: work.at,
  ...{ like_count: 5, comment_count: 2, view_count: work.views },
  pending: !isPublic(work, now),
});

function append(
  world: World,
  account: KuaishouAccount,
  kind: 'publish.accepted' | 'post.published' | 'post.deleted',
  work: Work,
  detail: Record<string, unknown>,
): void {
  world.ledger.append({ platform: PLATFORM, account: account.openId, kind, key: work.photoId, detail });
}
