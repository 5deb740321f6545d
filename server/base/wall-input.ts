import { fromWallTime } from './clock.ts';

const form =
  /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\sT]*(\d{1,2})\s*[:：时]\s*(\d{1,2})?(?:\s*[:：分]\s*\d{1,2}(?:\.\d+)?)?\s*[分秒]?)?$/;

/**
 * Wall time as people and spreadsheets write it (`2026/11/8 9:05`, `2026年11月8日`, seconds ignored) as 'YYYY-MM-DD HH:mm';
 * a day alone is its midnight. Null when it is no time.
 */
export function readWallTime(written: string): string | null {
  const match = form.exec(written.trim());
  if (!match) return null;
  const [, year, month, day, hour = '0', minute = '0'] = match;
  const two = (part: string) => part.padStart(2, '0');
  const wall = `${year}-${two(month!)}-${two(day!)} ${two(hour)}:${two(minute)}`;
  try {
    fromWallTime(wall);
    return wall;
  } catch {
    return null;
  }
}
