/** The stand-in's memory: plain JSON, one object per account. Times are epoch milliseconds of the sandbox clock. */
import type { World } from '../core/world.ts';

export const PLATFORM = 'kuaishou';

export type Work = {
  photoId: string;
  caption: string;
  /** SHA-256 of the picture, or of a video's cover. */
  picture: string;
  /** Null for pictures that a person posted. */
  videoBytes: number | null;
  at: number;
  /** Until then nobody but the author sees it; null: until a person decides. */
  reviewedAt: number | null;
  views: number;
};

/** Both tokens of one exchange; a new pair voids the old one. The end of the refresh token is inherited. */
export type TokenPair = {
  access: string;
  refresh: string;
  expiresAt: number;
  refreshEndsAt: number;
  void: boolean;
};

export type Upload = { fragments: Record<string, number>; complete: boolean; used: boolean };

export type KuaishouAccount = {
  openId: string;
  name: string;
  appId: string;
  appSecret: string;
  scopes: string[];
  tokenLifeMs: number;
  refreshLifeMs: number;
  /** How long after publishing the platform itself does not find the work. */
  readyMs: number;
  reviewMs: number;
  fans: number;
  push: { url: string } | null;
  works: Work[];
  tokens: TokenPair[];
  uploads: Record<string, Upload>;
};

export type Consent = { code: string; openId: string; scopes: string[]; expiresAt: number };

export type KuaishouState = {
  nextId: number;
  accounts: Record<string, KuaishouAccount>;
  consents: Consent[];
};

export const stateOf = (world: World): KuaishouState =>
  world.state<KuaishouState>(PLATFORM, { nextId: 1, accounts: {}, consents: [] });

/** Works begin with `3x`; these say that they are none. */
export function newId(world: World, prefix: string): string {
  world.changed();
  return `${prefix}${String(stateOf(world).nextId++).padStart(6, '0')}`;
}

export const isPublic = (work: Work, now: number): boolean =>
  work.reviewedAt !== null && work.reviewedAt <= now;
