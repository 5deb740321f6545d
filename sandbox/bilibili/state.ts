/** The stand-in's memory: plain JSON, one object per account. Times are epoch milliseconds of the sandbox clock. */
import type { World } from '../core/world.ts';

export const PLATFORM = 'bilibili';

export type Article = {
  /** The number after `cv`. */
  id: number;
  title: string;
  summary: string;
  content: string;
  category: number;
  templateId: number;
  imageUrls: string[];
  closedReply: boolean;
  state: 'in-review' | 'passed' | 'refused';
  reason: string;
  at: number;
  publishedAt: number | null;
};

/** A file on its way: parts by their number, from 1. Only what proves them is kept. */
export type Upload = {
  single: boolean;
  parts: Record<string, { bytes: number; sha256: string }>;
  complete: boolean;
  used: boolean;
};

export type Video = {
  bvid: string;
  title: string;
  desc: string;
  tag: string;
  tid: number;
  cover: string;
  bytes: number;
  state: 'in-review' | 'passed' | 'refused';
  reason: string;
  at: number;
  publishedAt: number | null;
  views: number;
};

/** Both tokens of one exchange. A refresh token works once; the access token then goes on until its end. */
export type TokenPair = {
  access: string;
  refresh: string;
  expiresAt: number;
  refreshUsed: boolean;
  revoked: boolean;
};

export type BilibiliAccount = {
  openid: string;
  appKey: string;
  appSecret: string;
  name: string;
  scopes: string[];
  tokenLifeMs: number;
  /** The documents show a moment in `expires_in`, integrators a life in seconds. */
  expiresInAs: 'moment' | 'life';
  /** What the list and its page are called; two copies of the documents differ. */
  listAs: 'articles' | 'list';
  /** How long the review takes; null: a person decides on the page. */
  reviewMs: number | null;
  push: { url: string } | null;
  tokens: TokenPair[];
  articles: Article[];
  /** By upload token. */
  uploads: Record<string, Upload>;
  videos: Video[];
  followers: number;
};

/** A grant that was given on the consent page and not exchanged yet. */
export type Consent = { code: string; openid: string; expiresAt: number };

export type BilibiliState = {
  nextId: number;
  accounts: Record<string, BilibiliAccount>;
  consents: Consent[];
  /** Nonces of the last ten minutes, by when they were seen. */
  nonces: Record<string, number>;
};

const FIRST_ID = 31_000_000;

export const stateOf = (world: World): BilibiliState =>
  world.state<BilibiliState>(PLATFORM, { nextId: 1, accounts: {}, consents: [], nonces: {} });

export function newId(world: World): number {
  world.changed();
  return FIRST_ID + stateOf(world).nextId++;
}

/** `BV` and ten characters. */
export const newBvid = (world: World): string => `BV1sb${String(newId(world)).slice(1).padStart(7, '0')}`;

export const imageAddress = (sha256: string, extension: string): string =>
  `https://article.biliimg.example/bfs/article/${sha256}.${extension}`;

/** The hash inside an address that this platform gave; null for any other. */
export const imageHash = (url: string): string | null =>
  /^https:\/\/article\.biliimg\.example\/bfs\/article\/([0-9a-f]{64})\.(?:jpg|png)$/.exec(url)?.[1] ?? null;
