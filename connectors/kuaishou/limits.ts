/** What the platform allows; figures marked † are from memory (README). */

const MINUTE_MS = 60_000;
const MB = 1024 * 1024;

export const limits = {
  /** † Topics included; counted in characters that people see. */
  /** From memory: what the app's own box takes. */
  topics: 4,
  caption: 500,
  /** † What a folded caption shows. */
  shown: 40,
  coverBytes: 10 * MB,
  /** † The documents name no limit of the whole video. */
  videoBytes: 2 * 1024 * MB,
  videoMs: 10 * MINUTE_MS,
  videoShortSide: 720,
  /** Smaller files go in one request. */
  wholeBytes: 10 * MB,
  fragmentBytes: 8 * MB,
  /** How long an upload lives is not documented. */
  uploadLifeMs: 2 * 60 * MINUTE_MS,
  pageSize: 30,
} as const;

export const waits = {
  busyMs: MINUTE_MS,
  notSentMs: MINUTE_MS / 2,
  renewMs: 1000,
  firstCheckMs: 5_000,
  /** "Not there" is "not yet" for so long after publishing. */
  readyMs: 10 * MINUTE_MS,
} as const;

/** Processing takes minutes. */
export function askAgainMs(ageMs: number): number {
  if (ageMs < MINUTE_MS) return 5_000;
  if (ageMs < 10 * MINUTE_MS) return 30_000;
  return ageMs < 120 * MINUTE_MS ? 2 * MINUTE_MS : 15 * MINUTE_MS;
}
