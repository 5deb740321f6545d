/** The platform's calendar day, Beijing time, as its statistics name it: `2026-11-20`. */
const ZONE_MS = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

export const dayOf = (at: Date): string => new Date(at.getTime() + ZONE_MS).toISOString().slice(0, 10);

export const beginOf = (day: string): Date => new Date(Date.parse(`${day}T00:00:00Z`) - ZONE_MS);
export const endOf = (day: string): Date => new Date(beginOf(day).getTime() + DAY_MS);

export const dayBefore = (day: string, days = 1): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);

/** The last day whose figures the platform has: yesterday, from 8 o'clock on. */
export function lastReadyDay(now: Date): string {
  const today = dayOf(now);
  const isReady = now.getTime() >= beginOf(today).getTime() + 8 * 3_600_000;
  return dayBefore(today, isReady ? 1 : 2);
}
