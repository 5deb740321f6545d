/** The platform's figures, each from its documents (README.md says which). */
export const TITLE_LONGEST = 32;
export const AUTHOR_LONGEST = 16;
export const DIGEST_LONGEST = 128;
/** HTML included; fewer than this. */
export const CONTENT_CHARACTERS_BELOW = 20_000;
export const CONTENT_BYTES_BELOW = 1_048_576;
export const SOURCE_URL_BYTES = 1024;
/** Body pictures: jpg or png, smaller than this. */
export const BODY_PICTURE_BYTES_BELOW = 1_048_576;
export const COVER_BYTES = 10 * 1_048_576;
/** A picture's address on the platform is longer than our `media:` mark by at most this. */
export const PICTURE_ADDRESS_EXTRA = 150;

/** `clientmsgid`: bytes, and how long the platform remembers it; an hour is left for clocks that differ. */
export const CLIENT_MSG_ID_BYTES = 32;
export const CLIENT_MSG_ID_SAFE_MS = 23 * 3_600_000;
/** A mass send that waits for the administrator fails after 30 minutes. */
export const CONFIRM_WITHIN_MS = 30 * 60_000;

/** Mass sends: of a subscription account a calendar day, of a service account a calendar month. */
export const MASS_SENDS_A_DAY = 1;
export const MASS_SENDS_A_MONTH = 4;

/** Publishing goes through a check that takes seconds, at times minutes; before this "not listed" proves nothing. */
export const SETTLE_MS = 180_000;

export const MESSAGE_WINDOW = { ms: 48 * 3_600_000, messages: 5 };
/** What people send is temporary material: three days. */
export const MESSAGE_FILES_KEPT_MS = 3 * 24 * 3_600_000;
/** 2048 bytes for a text message; 600 characters of Chinese stay below. From memory. */
export const MESSAGE_LONGEST = 600;
/** The documents name the error for a long reply and not the length; 600 is from memory. */
export const COMMENT_REPLY_LONGEST = 600;
/** `count` must be below 50. */
export const COMMENTS_PER_PAGE = 49;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Comments come in the first hours; afterwards asking often only burns calls. */
const POLL_PLAN: readonly { until: number; every: number }[] = [
  { until: 2 * HOUR, every: 5 * MINUTE },
  { until: DAY, every: 15 * MINUTE },
  { until: 7 * DAY, every: 2 * HOUR },
  { until: 30 * DAY, every: 12 * HOUR },
];

/** How often a post of this age is asked for comments, in milliseconds. */
export function pollEveryMs(postAgeMs: number): number {
  return POLL_PLAN.find((step) => postAgeMs < step.until)?.every ?? 2 * DAY;
}

/** Calls that polling costs in the next 24 hours, one call a poll, for posts of these ages. */
export function dailyPollCalls(postAgesMs: readonly number[]): number {
  return postAgesMs.reduce((sum, age) => sum + Math.ceil(DAY / pollEveryMs(age)), 0);
}
