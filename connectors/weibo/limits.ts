/** What the platform allows, and how the reading of comments is spread over it. */
import type { KnownLimit } from '../contract.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Open API, ordinary application (wiki Rate-limiting, revision 16512). */
export const limits = {
  callsPerUserAndDay: 100,
  callsPerAddressAndHour: 15_000,
  postsPerUserAndHour: 30,
  /** Characters as `countCharacters` counts them. */
  postCharacters: 140,
  commentCharacters: 140,
  /** "Less than 300". */
  messageCharacters: 299,
  pictureBytes: 5 * 1024 * 1024,
  /** Business interface (wiki C/2/statuses/upload_url_text/biz). */
  businessCharacters: 2000,
  businessPictures: 9,
} as const;

/**
 * [age of the post up to, interval]. One poll is one call. Two posts a day cost fewer than 70 calls a day for ever,
 * so that 30 of the day's 100 remain for posting, read-back and answers.
 */
const pollingPlan: readonly (readonly [untilAgeMs: number, everyMs: number])[] = [
  [2 * HOUR_MS, 20 * MINUTE_MS],
  [12 * HOUR_MS, HOUR_MS],
  [2 * DAY_MS, 6 * HOUR_MS],
  [7 * DAY_MS, DAY_MS],
  [30 * DAY_MS, 3 * DAY_MS],
];

export function pollEveryMs(postAgeMs: number): number {
  return pollingPlan.find(([until]) => postAgeMs < until)?.[1] ?? 30 * DAY_MS;
}

/** Some of the day's calls are left for signing in and for a person's "check now". */
const callsLeftForPeople = 5;

export const knownLimits: readonly KnownLimit[] = [
  { scope: 'account', counts: 'posts', most: limits.postsPerUserAndHour, windowMs: HOUR_MS },
  {
    scope: 'account',
    counts: 'calls',
    most: limits.callsPerUserAndDay - callsLeftForPeople,
    windowMs: DAY_MS,
    setting: 'callsPerDay',
  },
];

/** Waits after a refusal for too many calls; the platform names none. */
export const waits = {
  busyMs: MINUTE_MS,
  hourlyMs: HOUR_MS,
  /** The day's limit; asked again hourly, since nobody says when the platform's day begins. */
  dailyMs: HOUR_MS,
  notSentMs: MINUTE_MS / 2,
} as const;
