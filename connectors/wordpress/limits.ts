/** The platform sets hardly any limits; these keep a page usable. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const limits = {
  /** Our own: the platform's column takes more, themes do not. */
  titleCharacters: 200,
  digestCharacters: 500,
  /** The column of comments holds 65,525 bytes (wp_get_comment_fields_max_lengths); at most four a character. */
  commentCharacters: 16_000,
} as const;

/** How long a call may still be under way after its answer was lost: PHP's own limit is 30 s, hosts give a minute. */
export const SETTLE_MS = 60_000;

/** [age of the post up to, interval]. The site is the bureau's own: one small call costs nobody anything. */
const pollingPlan: readonly (readonly [untilAgeMs: number, everyMs: number])[] = [
  [DAY_MS, 5 * MINUTE_MS],
  [7 * DAY_MS, 30 * MINUTE_MS],
  [90 * DAY_MS, 6 * HOUR_MS],
];

export function pollEveryMs(postAgeMs: number): number {
  return pollingPlan.find(([until]) => postAgeMs < until)?.[1] ?? DAY_MS;
}

export const waits = {
  busyMs: MINUTE_MS,
  notSentMs: MINUTE_MS / 2,
  /** The platform takes one comment in fifteen seconds from a person without moderation rights. */
  floodMs: 15_000,
  longestMs: DAY_MS,
} as const;
