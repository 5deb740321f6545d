/** What the platform allows; figures marked ‡ are second-hand (README). */
import type { KnownLimit } from '../contract.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const limits = {
  /** Topics and mentions included; counted in UTF-16 units, the strictest reading. */
  textLength: 1000,
  picturesMost: 30,
  pictureBytes: 20 * 1024 * 1024,
  videoBytes: 4 * 1024 * 1024 * 1024,
  videoMs: 15 * MINUTE_MS,
  videoShortSide: 720,
  /** The platform advises parts above 50 MB; on a weak line a lost answer should cost less. */
  videoSingleBytes: 20 * 1024 * 1024,
  videoPartBytes: 20 * 1024 * 1024,
  videoPartLeast: 5 * 1024 * 1024,
  /** ‡ How long an upload in parts may be gone on with. */
  uploadLifeMs: 2 * HOUR_MS,
  /** Characters of a caption that are seen before it is unfolded; from memory. */
  shown: 55,
  /** ‡ */
  replyLength: 100,
  /** From memory: what the app's own box takes. */
  topics: 5,
  /** From memory: the app's own box takes more. */
  messageLength: 300,
  /** Entries a page of works, comments and replies. */
  pageSize: 20,
  /** ‡ A person's message may be answered for a day, six times. */
  messageWindow: { ms: DAY_MS, messages: 6 },
  /** How often a refresh token may be renewed. */
  renewals: 5,
  refreshLifeMs: 30 * DAY_MS,
} as const;

/** ‡ */
export const knownLimits: readonly KnownLimit[] = [
  { scope: 'account', counts: 'posts', most: 75, windowMs: DAY_MS },
];

/** [age of the post up to, interval]. One poll is one call and one more for each comment that was answered. */
const pollingPlan: readonly (readonly [untilAgeMs: number, everyMs: number])[] = [
  [2 * HOUR_MS, 10 * MINUTE_MS],
  [12 * HOUR_MS, 30 * MINUTE_MS],
  [2 * DAY_MS, 2 * HOUR_MS],
  [7 * DAY_MS, 6 * HOUR_MS],
  [30 * DAY_MS, DAY_MS],
];

export function pollEveryMs(postAgeMs: number): number {
  return pollingPlan.find(([until]) => postAgeMs < until)?.[1] ?? 7 * DAY_MS;
}

/** Reviews take minutes, sometimes hours. */
export function askAgainMs(ageMs: number): number {
  if (ageMs < MINUTE_MS) return 5_000;
  if (ageMs < 10 * MINUTE_MS) return 30_000;
  return ageMs < 2 * HOUR_MS ? 2 * MINUTE_MS : 15 * MINUTE_MS;
}

/** Waits after a refusal; the platform names none. */
export const waits = {
  busyMs: MINUTE_MS,
  quotaMs: HOUR_MS,
  renewMs: 1000,
  notSentMs: MINUTE_MS / 2,
} as const;

export const tokenMargins = {
  /** An access token lives 15 days; renewing it does not prolong the refresh token. */
  accessMs: 12 * HOUR_MS,
  /** What is left between preparing and sending. */
  submitMs: 10_000,
  /** A refresh token is renewed this long before its end: late, since only five renewals are allowed. */
  refreshMs: 7 * DAY_MS,
} as const;
