import { fromWallTime, wallDate, wallTime } from '#server/base/clock.ts';
import type { Urgency } from '#shared/notices.ts';

/** What happens within this time goes out as one message. */
export const gatherMs = 3 * 60_000;
export const mostTries = 8;
const dayMs = 86_400_000;
const [quietFrom, quietUntil] = [22, 7];

/** Urgent at once, day and night; the rest gathered, and from 22 to 7 o'clock not before 7. */
export function goesOutAt(now: Date, urgency: Urgency): Date {
  if (urgency === 'urgent') return now;
  const gathered = new Date(now.getTime() + gatherMs);
  const hour = Number(wallTime(gathered).slice(11, 13));
  if (hour >= quietUntil && hour < quietFrom) return gathered;
  const morning = hour >= quietFrom ? new Date(gathered.getTime() + dayMs) : gathered;
  return fromWallTime(`${wallDate(morning)} 0${quietUntil}:00`);
}

/** After the n-th try failed: 30 s, doubling to half an hour. */
export function backoffMs(tries: number): number {
  return Math.min(30 * 60_000, 30_000 * 2 ** (tries - 1));
}
