const units: Readonly<Record<string, number>> = { 千: 1e3, 万: 1e4, w: 1e4, 亿: 1e8, k: 1e3 };
/** What people and platforms write where there is nothing to write. */
const blanks = new Set(['', '-', '--', '—', '——', '/', '无', 'n/a', '暂无']);

/**
 * A total as spreadsheets and platforms show it: `1,234`, `1.2万`, full-width digits, `10万+` (at least that much).
 * @returns the number; null for a blank, which is not zero; undefined for what is no total
 */
export function readTotal(written: string): number | null | undefined {
  const plain = written
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/(?<=\d)[,\s](?=\d)/g, '');
  if (blanks.has(plain)) return null;
  const match = /^(\d+(?:\.\d+)?)\s*([千万亿wk])?\+?$/.exec(plain);
  if (!match) return undefined;
  const value = Number(match[1]) * (units[match[2] ?? ''] ?? 1);
  const whole = Math.round(value);
  // 12.5 posts were read by nobody: most likely the wrong column.
  return Math.abs(value - whole) < 1e-6 && whole <= 9e12 ? whole : undefined;
}
