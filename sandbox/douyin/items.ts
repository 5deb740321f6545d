/** Works (图文, 视频): pictures, creating, the review that follows, and what the lists tell. */
import { sniffPicture } from '../core/media.ts';
import type { World } from '../core/world.ts';
import { type Call, text, texts, whole } from './call.ts';
import { Refusal } from './refusal.ts';
import { type DouyinAccount, type Item, nextNumber, PLATFORM, sealedId, stateOf } from './state.ts';

const TEXT_LIMIT = 1000;
const PICTURES_MOST = 30;
const PICTURE_BYTES = 20 * 1024 * 1024;
const PAGE_MOST = 20;
const DAY_MS = 24 * 3_600_000;
/** Words that force an outcome. */
const REFUSED_AT_ONCE = '【平台拒绝的内容】';
const REFUSED_BY_REVIEW = '【审核不通过】';
const REVIEW = `${PLATFORM}.review`;

/** `POST /api/douyin/v1/video/upload_image/` */
export function uploadImage({ world, account, file }: Call): object {
  if (!file || file.length > PICTURE_BYTES || !sniffPicture(file)) throw new Refusal(2100005);
  const id = sealedId(world, 'image');
  account.images[id] = world.media.keep(file);
  append(world, account, 'media.uploaded', id, { sha256: account.images[id] });
  return { image: { image_id: id, width: 360, height: 360 } };
}

/** `POST /api/douyin/v1/video/create_image_text/`: seen by its author only until it is reviewed. */
export function createImageText({ world, account, fields }: Call): object {
  const words = text(fields, 'text');
  const images = texts(fields, 'image_list');
  if (images.length === 0 || images.length > PICTURES_MOST) throw new Refusal(28001007);
  const pictures = images.map((id) => account.images[id]);
  if (pictures.some((sha256) => sha256 === undefined)) throw new Refusal(2100005);
  const item = createItem({ world, account }, words, pictures as string[], null);
  return { item_id: item.id, video_id: item.videoId };
}

/** A work of a call: counted for the day, seen by its author only, reviewed later. */
export function createItem(
  { world, account }: Pick<Call, 'world' | 'account'>,
  words: string,
  pictures: string[],
  videoBytes: number | null,
): Item {
  if (words.length > TEXT_LIMIT || words.includes(REFUSED_AT_ONCE)) throw new Refusal(28001007);
  const now = world.clock.now();
  const lastDay = account.items.filter((item) => now - item.at < DAY_MS);
  if (lastDay.length >= account.postsPerDay) throw new Refusal(28003017);
  const item = addItem(world, account, words, pictures, videoBytes);
  append(world, account, 'publish.accepted', item.id, {
    ...{ text: words, pictures },
    ...(videoBytes === null ? {} : { videoBytes }),
  });
  world.schedule.after(account.reviewDelayMs, REVIEW, { openId: account.openId, itemId: item.id });
  return item;
}

function addItem(
  world: World,
  account: DouyinAccount,
  words: string,
  pictures: string[],
  videoBytes: number | null = null,
): Item {
  const item: Item = {
    id: sealedId(world, 'item'),
    videoId: String(7_215_132_967_188_970_000n + BigInt(nextNumber(world))),
    text: words,
    pictures,
    videoBytes,
    at: world.clock.now(),
    review: 'waiting',
    plays: 0,
    pinned: false,
  };
  account.items.push(item);
  return item;
}

/** A work that was there before: out, reviewed, made by hand. */
export function seedItem(world: World, account: DouyinAccount, words: string): Item {
  const item = addItem(world, account, words, []);
  item.review = 'passed';
  world.changed();
  return item;
}

export function registerReview(world: World): void {
  world.schedule.handle(REVIEW, ({ openId, itemId }) => {
    const account = stateOf(world).accounts[String(openId)];
    const item = account?.items.find(({ id }) => id === itemId);
    if (account && item?.review === 'waiting')
      decideReview(world, account, item, !item.text.includes(REFUSED_BY_REVIEW));
  });
}

function decideReview(world: World, account: DouyinAccount, item: Item, passes: boolean): void {
  item.review = passes ? 'passed' : 'refused';
  if (passes) append(world, account, 'post.published', item.id, { text: item.text });
  world.changed();
}

/** `POST /api/douyin/v1/video/video_data/`: those of the asked works that are the caller's own. */
export function describeItems({ account, fields }: Call): object {
  const asked = texts(fields, 'item_ids');
  return {
    list: account.items.filter(({ id }) => asked.includes(id)).map((item) => describe(account, item)),
  };
}

/** `GET /api/douyin/v1/video/video_list/`: pinned works first, then the newest; the cursor is opaque. */
export function listItems({ account, fields }: Call): object {
  const count = whole(fields, 'count', 10);
  if (count < 1 || count > PAGE_MOST) throw new Refusal(2100005);
  const begin = whole(fields, 'cursor', 0);
  const all = account.items.toSorted((a, b) => Number(b.pinned) - Number(a.pinned) || b.at - a.at);
  const end = begin + count;
  const list = all.slice(begin, end).map((item) => describe(account, item));
  return { cursor: Math.min(end, all.length), has_more: end < all.length, list };
}

function describe(account: DouyinAccount, item: Item): object {
  // 1 and 5 are public, 2 unfit for the public, 4 under review (bulletin of 2024-11-15).
  const status = { waiting: 4, passed: 5, refused: 2 }[item.review];
  const comments = account.comments.filter(({ itemId }) => itemId === item.id).length;
  return {
    item_id: item.id,
    title: item.text,
    cover: 'https://p3-dy.example.com/cover.jpeg',
    create_time: Math.floor(item.at / 1000),
    is_top: item.pinned,
    media_type: item.videoBytes === null ? 2 : 4,
    share_url: `https://www.iesdouyin.com/share/video/${item.videoId}?region=CN&mid=${item.videoId}`,
    ...(account.stateFields ? { is_reviewed: item.review !== 'waiting', video_status: status } : {}),
    statistics: {
      play_count: item.plays,
      digg_count: 0,
      comment_count: comments,
      share_count: 0,
      forward_count: 0,
      download_count: 0,
    },
  };
}

function append(
  world: World,
  account: DouyinAccount,
  kind: 'media.uploaded' | 'publish.accepted' | 'post.published',
  key: string,
  detail: Record<string, unknown>,
): void {
  world.ledger.append({ platform: PLATFORM, account: account.openId, kind, key, detail });
}
