import chineseDays from 'chinese-days';
import type { Tx } from '#server/base/database.ts';
import { replaceSeedRows } from './store.ts';
import { type ArrangedDay, addDays } from './working-days.ts';

/**
 * What the State Council arranged for one day, by the library's table; null where it arranged nothing. The library
 * answers for every date of every year by the weekday rule; only arranged days carry a name in three parts
 * ("Spring Festival,春节,4").
 */
export function arrangedDay(day: string): ArrangedDay | null {
  const { work, name } = chineseDays.getDayDetail(day);
  const holiday = name.split(',')[1];
  if (!holiday) return null;
  return { day, works: work, name: work ? `${holiday}调休上班` : holiday };
}

export function listArrangedDays(year: number): ArrangedDay[] {
  const days: ArrangedDay[] = [];
  for (let day = `${year}-01-01`; day.startsWith(String(year)); day = addDays(day, 1)) {
    const arranged = arrangedDay(day);
    if (arranged) days.push(arranged);
  }
  return days;
}

/**
 * Writes the arrangements of some years for a bureau. Days set by hand stay; years the library does not know yet
 * are left as they are, and `complete: false` tells people so.
 */
export async function seedWorkingDays(
  tx: Tx,
  bureauId: string,
  years: readonly number[],
): Promise<{ year: number; complete: boolean }[]> {
  const report: { year: number; complete: boolean }[] = [];
  for (const year of years) {
    const days = listArrangedDays(year);
    if (days.length > 0) await replaceSeedRows(tx, bureauId, year, days);
    report.push({ year, complete: days.length > 0 });
  }
  return report;
}
