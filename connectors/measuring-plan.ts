/** How often the figures of a post are worth a call: they move in the first days and then hardly any more. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** [age of the post up to, interval] */
const plan: readonly (readonly [untilAgeMs: number, everyMs: number])[] = [
  [6 * HOUR_MS, HOUR_MS],
  [2 * DAY_MS, 6 * HOUR_MS],
  [7 * DAY_MS, 12 * HOUR_MS],
  [30 * DAY_MS, DAY_MS],
  [90 * DAY_MS, 7 * DAY_MS],
];

/** Null after ninety days. */
export const measureEveryMs = (postAgeMs: number): number | null =>
  plan.find(([until]) => postAgeMs < until)?.[1] ?? null;
