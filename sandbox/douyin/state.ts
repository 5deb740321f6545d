/** The stand-in's memory: plain JSON, one object per account. Times are epoch milliseconds of the sandbox clock. */
import { createHash } from 'node:crypto';
import type { World } from '../core/world.ts';

export const PLATFORM = 'douyin';

export type Item = {
  /** Enciphered: `@…=`, with `+` and `/` in it. */
  id: string;
  /** The plain id, 19 digits. */
  videoId: string;
  text: string;
  /** SHA-256 of each picture, in order. */
  pictures: string[];
  /** Size of the video; null for pictures. */
  videoBytes: number | null;
  at: number;
  review: 'waiting' | 'passed' | 'refused';
  plays: number;
  pinned: boolean;
};

export type Comment = {
  id: string;
  itemId: string;
  userId: string;
  name: string;
  text: string;
  at: number;
  /** The comment that this one answers. */
  replyTo: string | null;
  likes?: number;
};

export type Person = { openId: string; name: string; following: boolean };

export type ChatLine = {
  openId: string;
  from: 'person' | 'account';
  msgId: string;
  text: string;
  at: number;
  /** Answers given to this very message. */
  answers: number;
};

export type AccessToken = { value: string; expiresAt: number; revoked: boolean };
export type RefreshToken = { value: string; expiresAt: number; renewals: number; revoked: boolean };

export type DouyinAccount = {
  openId: string;
  clientKey: string;
  clientSecret: string;
  name: string;
  /** What the application was granted and the person ticked. */
  scopes: string[];
  tokenLifeMs: number;
  refreshLifeMs: number;
  /** How often a refresh token may be renewed before somebody must sign in again. */
  renewLimit: number;
  reviewDelayMs: number;
  /** Since 2024-12-13 the platform leaves `is_reviewed` and `video_status` out of its lists. */
  stateFields: boolean;
  postsPerDay: number;
  /** The documents show codes both ways. */
  errorCodeAs: 'number' | 'string';
  push: { url: string } | null;
  access: AccessToken[];
  refresh: RefreshToken[];
  images: Record<string, string>;
  /** Uploaded videos by their id; each makes one work. */
  videos: Record<string, { bytes: number; sha256: string; used: boolean }>;
  /** Uploads in parts, from 1. */
  uploads: Record<string, { until: number; parts: Record<string, number> }>;
  fans: number;
  items: Item[];
  comments: Comment[];
  people: Record<string, Person>;
  chat: ChatLine[];
};

export type Grant = { code: string; openId: string; scopes: string[]; expiresAt: number };
/** Application-level tokens: `clt.…` and the tickets made with them. */
export type AppToken = { value: string; clientKey: string; expiresAt: number };

/** A share that was asked for, and what the short link of a QR code opens. */
export type Share = { shareId: string; clientKey: string };
export type ShortLink = { token: string; clientKey: string; until: number; given: Record<string, string> };

export type DouyinState = {
  nextId: number;
  accounts: Record<string, DouyinAccount>;
  grants: Grant[];
  clientTokens: AppToken[];
  tickets: AppToken[];
  shares: Share[];
  links: ShortLink[];
};

export function stateOf(world: World): DouyinState {
  return world.state<DouyinState>(PLATFORM, {
    nextId: 1,
    accounts: {},
    grants: [],
    clientTokens: [],
    tickets: [],
    shares: [],
    links: [],
  });
}

export function nextNumber(world: World): number {
  world.changed();
  return stateOf(world).nextId++;
}

/** `@…=`: 44 base64 characters after the mark. */
export function sealedId(world: World, what: string): string {
  return `@${createHash('sha256')
    .update(`${what} ${nextNumber(world)}`)
    .digest('base64')}`;
}

/** The same nickname is the same person on the whole platform. */
export function personCalled(account: DouyinAccount, name: string): Person {
  const digest = createHash('sha256').update(name).digest('hex');
  const openId = [8, 12, 16, 20, 32].map((end, at, ends) => digest.slice(ends[at - 1] ?? 0, end)).join('-');
  account.people[openId] ??= { openId, name, following: false };
  return account.people[openId];
}

/** One conversation a person; the platform's own id of it. */
export const conversationOf = (account: DouyinAccount, openId: string): string =>
  `@${createHash('sha256').update(`${account.openId} ${openId}`).digest('base64')}`;
