/** What the platform allows. Sources and how sure each is: README.md. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const limits = {
  titleCharacters: 40,
  summaryCharacters: 200,
  /** Shorter texts need `picturesInstead` pictures. */
  bodyShortest: 200,
  bodyLongest: 40_000,
  picturesInstead: 3,
  pictureBytes: 5 * 1024 * 1024,
} as const;

export const waits = {
  busyMs: MINUTE_MS,
  /** The day's calls; asked again hourly, since nobody says when the platform's day begins. */
  quotaMs: HOUR_MS,
  notSentMs: MINUTE_MS / 2,
  /** A token was refused at the irreversible call: preparing again renews it. */
  renewMs: 5000,
  firstReviewMs: MINUTE_MS,
  reviewMs: 5 * MINUTE_MS,
} as const;
