/** The stand-in's memory: plain JSON, one object per account. Times are epoch milliseconds of the sandbox clock. */
import { createHash } from 'node:crypto';
import type { World } from '../core/world.ts';

export const PLATFORM = 'weibo';

export type Post = {
  /** Decimal; below 2^53 today, yet clients are told to use `idstr`. */
  id: string;
  /** As sent. The API shows t.cn links instead unless the account says otherwise. */
  text: string;
  picture: string | null;
  at: number;
  /** Pictures after the first; the business interface takes nine. */
  more?: string[];
  deleted?: boolean;
  likes?: number;
  reposts?: number;
  reads?: number;
};

/** A post or comment of somebody else's that names the account. */
export type Mention = {
  id: string;
  uid: string;
  name: string;
  text: string;
  at: number;
  under: 'post' | 'comment';
};

export type Comment = {
  id: string;
  postId: string;
  uid: string;
  name: string;
  text: string;
  at: number;
  /** The comment that this one answers. */
  replyTo: string | null;
};

export type Person = {
  uid: string;
  name: string;
  /** Whether the person once granted this application access: the open API shows only their comments. */
  authorised: boolean;
  following: boolean;
  /** Last message, follow or mention; answers are taken for 48 hours after it. */
  lastContactAt: number | null;
};

export type ChatLine = { uid: string; from: 'person' | 'account'; text: string; at: number };

export type Token = { value: string; expiresAt: number; revoked: boolean };

export type WeiboAccount = {
  uid: string;
  appKey: string;
  appSecret: string;
  name: string;
  boundDomain: string;
  tokenLifeMs: number;
  /** Calls per user, application and day; posts per user and hour. */
  limits: { callsPerDay: number; postsPerHour: number };
  /** Whether read calls show `http://t.cn/…` or the link as it was sent; the documents show both. */
  timelineLinks: 'short' | 'long';
  /** Whether this application may call short_url/expand; the documents do not say. */
  expandAllowed: boolean;
  /** `authorised`: comments of people who never granted the application access are left out, as the platform does. */
  commentScope: 'all' | 'authorised';
  /** The documents show the error code both ways. */
  errorCodeAs: 'number' | 'string';
  push: { url: string } | null;
  /** Whether the application has the business interface, and there the reads of media accounts. */
  business: boolean;
  mediaReads: boolean;
  mentions?: Mention[];
  /** Pictures that were sent before their post, by the id they got. */
  pictures?: Record<string, string>;
  tokens: Token[];
  used: { day: string; calls: number };
  posts: Post[];
  comments: Comment[];
  people: Record<string, Person>;
  chat: ChatLine[];
  /** Pictures and voices that people sent, by `tovfid`. */
  sent?: Record<string, { sha256: string; kind: 'image' | 'voice' }>;
};

/** A grant that was given on the authorize page and not exchanged yet. */
export type Grant = { code: string; uid: string; redirectUri: string; expiresAt: number };

export type WeiboState = {
  nextId: number;
  accounts: Record<string, WeiboAccount>;
  grants: Grant[];
  /** By the code after `http://t.cn/`. */
  shortLinks: Record<string, string>;
};

const FIRST_ID = 5_200_000_000_000_000;

export function stateOf(world: World): WeiboState {
  return world.state<WeiboState>(PLATFORM, { nextId: 1, accounts: {}, grants: [], shortLinks: {} });
}

export function newId(world: World): string {
  world.changed();
  return String(FIRST_ID + stateOf(world).nextId++);
}

/** The same nickname is the same person on the whole platform. */
export function personCalled(account: WeiboAccount, name: string): Person {
  const digest = createHash('sha256').update(name).digest();
  const uid = String(2_000_000_000 + (digest.readUInt32BE(0) % 1_000_000_000));
  account.people[uid] ??= { uid, name, authorised: false, following: false, lastContactAt: null };
  return account.people[uid];
}

/** Calendar day in Beijing: `2026-11-23`. */
export const dayOf = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Fri Nov 20 10:00:00 +0800 2026`, the platform's way to write a time. */
export function platformTime(ms: number): string {
  const at = new Date(ms + 8 * 3_600_000);
  const clock = at.toISOString().slice(11, 19);
  const day = String(at.getUTCDate()).padStart(2, '0');
  return `${days[at.getUTCDay()]} ${months[at.getUTCMonth()]} ${day} ${clock} +0800 ${at.getUTCFullYear()}`;
}
