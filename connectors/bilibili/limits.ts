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
  videoTitle: 80,
  videoDescription: 250,
  /** All tags together, with their commas. */
  videoTags: 200,
  /** Second-hand: more are refused. */
  videoTagsMost: 10,
  videoTag: 20,
  videoBytes: 4 * 1024 * 1024 * 1024,
  videoMs: 5 * 3_600_000,
  videoShortSide: 480,
  /** The platform takes 100 MB in one piece; parts can be gone on with. */
  videoSingleBytes: 16 * 1024 * 1024,
  /** Fixed by the platform. */
  videoPartBytes: 8 * 1024 * 1024,
  /** How long an upload lives is not documented. */
  uploadLifeMs: 2 * 3_600_000,
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
