import type { Lang } from '#shared/lang.ts';

export function sayWorkingDays(count: number, lang: Lang): string {
  if (lang === 'zh') return `${count} 个工作日`;
  return count === 1 ? '1 working day' : `${count} working days`;
}
