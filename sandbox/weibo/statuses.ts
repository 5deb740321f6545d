/** Posts: sharing, the account's own time line, counts, the account itself. */
import { sniffPicture } from '../core/media.ts';
import type { World } from '../core/world.ts';
import { type Call, required } from './call.ts';
import { Refusal } from './refusal.ts';
import { newId, PLATFORM, type Post, platformTime, type WeiboAccount } from './state.ts';
import { countCharacters, expand, isUnderDomain, linksIn, withShortLinks } from './text.ts';

const HOUR_MS = 3_600_000;
const PICTURE_LIMIT = 5 * 1024 * 1024;
const TIMELINE_LENGTH = 5;
const ADDRESS = /^(\d{1,3}\.){3}\d{1,3}$|^[\da-f:]+:[\da-f:]*$/i;

/** `POST /2/statuses/share.json`: the only way an ordinary application may post. */
export function share(call: Call): unknown {
  const { account, world, fields, file } = call;
  const text = required(fields, 'status');
  if (!ADDRESS.test(required(fields, 'rip'))) throw new Refusal(10008);
  const now = world.clock.now();
  const lastHour = account.posts.filter((post) => now - post.at < HOUR_MS);
  if (lastHour.length >= account.limits.postsPerHour) throw new Refusal(10024);
  examine(account, text);
  const picture = file ? keepPicture(world, file) : null;
  return publishPost(call, text, picture === null ? [] : [picture]);
}

/** @throws {Refusal} 20019 when the last post says the same */
export function publishPost({ account, world }: Call, text: string, pictures: string[]): unknown {
  if (livePosts(account).at(-1)?.text === text) throw new Refusal(20019);
  const [picture = null, ...more] = pictures;
  const post: Post = { id: newId(world), text, picture, at: world.clock.now(), more };
  account.posts.push(post);
  world.ledger.append({
    platform: PLATFORM,
    account: account.uid,
    kind: 'post.published',
    key: post.id,
    detail: { text, picture, pictures: pictures.length, links: linksIn(text) },
  });
  return describePost(world, account, post);
}

export const livePosts = (account: WeiboAccount): Post[] => account.posts.filter((post) => !post.deleted);

/** `POST /2/statuses/destroy.json`: tells the post that it deleted. */
export function destroy({ account, world, fields }: Call): unknown {
  const id = required(fields, 'id');
  const post = livePosts(account).find((candidate) => candidate.id === id);
  if (!post) throw new Refusal(20101);
  post.deleted = true;
  world.ledger.append({
    platform: PLATFORM,
    account: account.uid,
    kind: 'post.deleted',
    key: id,
    detail: {},
  });
  return describePost(world, account, post);
}

function examine(account: WeiboAccount, text: string): void {
  if (text.trim() === '') throw new Refusal(20008);
  if (countCharacters(text) > 140) throw new Refusal(20012);
  // The documents say "no #topic#" without a code for it; 10008 is the nearest one.
  if (/#[^#\s][^#]*#/.test(text)) throw new Refusal(10008);
  if (!linksIn(text).some((link) => isUnderDomain(link, account.boundDomain))) throw new Refusal(10017);
}

export function keepPicture(world: World, bytes: Buffer): string {
  const mime = sniffPicture(bytes);
  if (mime === null || mime === 'image/bmp') throw new Refusal(20005);
  if (bytes.length >= PICTURE_LIMIT) throw new Refusal(20006);
  return world.media.keep(bytes);
}

/** `GET /2/statuses/user_timeline.json`: the caller's own five newest posts, whatever is asked for. */
export function userTimeline({ account, world, fields }: Call): unknown {
  if (fields.uid !== undefined && fields.uid !== account.uid) throw new Refusal(10014);
  const newest = livePosts(account).toReversed().slice(0, TIMELINE_LENGTH);
  return {
    statuses: newest.map((post) => describePost(world, account, post)),
    previous_cursor: 0,
    next_cursor: 0,
    total_number: livePosts(account).length,
  };
}

/** `GET /2/statuses/count.json?ids=` */
export function countStatuses({ account, fields }: Call): unknown {
  const ids = required(fields, 'ids').split(',');
  if (ids.length > 100) throw new Refusal(10008);
  return livePosts(account)
    .filter((post) => ids.includes(post.id))
    .map((post) => ({
      id: Number(post.id),
      comments: account.comments.filter((comment) => comment.postId === post.id).length,
      reposts: post.reposts ?? 0,
      attitudes: post.likes ?? 0,
    }));
}

/** `GET /2/users/show.json` of the caller itself. */
export function showUser({ account, fields }: Call): unknown {
  if (fields.uid !== undefined && fields.uid !== account.uid) throw new Refusal(10014);
  return describeAccount(account);
}

/** `GET /2/short_url/expand.json?url_short=`, repeated up to 20 times. */
export function expandLinks({ account, world, fields }: Call): unknown {
  if (!account.expandAllowed) throw new Refusal(10014);
  const asked = required(fields, 'url_short').split(',');
  return {
    urls: asked.map((link) => {
      const long = expand(world, link);
      return { result: long !== null, url_short: link, url_long: long ?? '', type: 0 };
    }),
  };
}

export function describeAccount(account: WeiboAccount): Record<string, unknown> {
  return {
    ...describeUser(account.uid, account.name),
    followers_count: Object.values(account.people).filter((person) => person.following).length,
    friends_count: 0,
    statuses_count: livePosts(account).length,
    verified: true,
  };
}

export const describeUser = (uid: string, name: string): Record<string, unknown> => ({
  id: Number(uid),
  idstr: uid,
  screen_name: name,
  name,
});

export function describePost(world: World, account: WeiboAccount, post: Post): Record<string, unknown> {
  const shown = account.timelineLinks === 'short' ? withShortLinks(world, post.text) : post.text;
  return {
    created_at: platformTime(post.at),
    id: Number(post.id),
    mid: post.id,
    idstr: post.id,
    text: escapeText(shown),
    source: '<a href="https://example.gov.cn" rel="nofollow">模拟应用</a>',
    favorited: false,
    truncated: false,
    pic_ids: post.picture ? [post.picture.slice(0, 32)] : [],
    reposts_count: post.reposts ?? 0,
    comments_count: account.comments.filter((comment) => comment.postId === post.id).length,
    attitudes_count: post.likes ?? 0,
    user: describeAccount(account),
  };
}

/** The API gives texts ready for a page. */
const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
