/** What an instance allows by default, and how the reading of replies is spread. An instance may allow other values. */
import type { KnownLimit } from '../contract.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What decides whether a post is taken; read from `/api/v2/instance` before every post. */
export type PostLimits = {
  /** Graphemes, as people see characters. */
  characters: number;
  /** What any link counts, however long it is. */
  charactersPerLink: number;
  pictures: number;
  pictureBytes: number;
};

/** Mastodon's own values; an editor sees these, since an instance cannot be asked in a pure function. */
export const defaultLimits: PostLimits = {
  characters: 500,
  charactersPerLink: 23,
  pictures: 4,
  pictureBytes: 16 * 1024 * 1024,
};

/** Longest description of a picture (MediaAttachment, Mastodon 4). */
export const ALT_CHARACTERS = 1500;

/** An instance remembers a key for 3,600 s from acceptance (post_status_service.rb); ten minutes are left unused. */
export const KEY_HOLDS_MS = 50 * MINUTE_MS;

/**
 * How long after a lost answer the call may still be under way on the instance. Sending the key again before its
 * first use has ended raced into two posts until February 2026 (mastodon pull 37879).
 */
export const SETTLE_MS = 60 * SECOND_MS;

/** An instance removes pictures that no post took after about a day; half of that is trusted. */
export const PICTURE_KEPT_MS = 12 * HOUR_MS;

/** [age of the post up to, interval]. 300 calls in five minutes are allowed, so that one call a poll costs little. */
const pollingPlan: readonly (readonly [untilAgeMs: number, everyMs: number])[] = [
  [2 * HOUR_MS, 2 * MINUTE_MS],
  [DAY_MS, 10 * MINUTE_MS],
  [7 * DAY_MS, HOUR_MS],
  [30 * DAY_MS, 6 * HOUR_MS],
];

export function pollEveryMs(postAgeMs: number): number {
  return pollingPlan.find(([until]) => postAgeMs < until)?.[1] ?? DAY_MS;
}

/** The general limit of an account; a few calls are left for what is under way. */
export const knownLimits: readonly KnownLimit[] = [
  { scope: 'account', counts: 'calls', most: 280, windowMs: 5 * MINUTE_MS },
];

export const waits = {
  busyMs: MINUTE_MS,
  /** Pictures are made ready within seconds. */
  pictureMs: 3 * SECOND_MS,
  notSentMs: MINUTE_MS / 2,
  /** The window of the general limit, for a 429 that names no time. */
  limitedMs: 5 * MINUTE_MS,
  longestMs: DAY_MS,
} as const;
