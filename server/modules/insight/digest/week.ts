/** Weeks of the digest: from Monday to Sunday in the zone of the product. */
import { fromWallTime } from '#server/base/clock.ts';

/** The Monday of the week that a day lies in. */
export function mondayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return addDays(day, -((date.getUTCDay() + 6) % 7));
}

export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** Half-open. */
export function rangeOfWeek(monday: string): { from: Date; to: Date } {
  return { from: fromWallTime(`${monday} 00:00`), to: fromWallTime(`${addDays(monday, 7)} 00:00`) };
}
