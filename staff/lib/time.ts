/** All times of the desk are wall time of Asia/Shanghai, whatever the computer is set to. */
import type { Lang } from '#shared/lang.ts';

const zone = 'Asia/Shanghai';

function partsOf(date: Date): Record<string, string> {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(date);
  return Object.fromEntries(parts.map((part) => [part.type, part.value]));
}

/** 'YYYY-MM-DD' of a moment. */
export function dayOf(moment: string | Date): string {
  const p = partsOf(new Date(moment));
  return `${p.year}-${p.month}-${p.day}`;
}

/** 'HH:mm' of a moment. */
export function clockOf(moment: string | Date): string {
  const p = partsOf(new Date(moment));
  return `${p.hour}:${p.minute}`;
}

/** 'YYYY-MM-DD HH:mm' of a moment. */
export function wallOf(moment: string | Date): string {
  return `${dayOf(moment)} ${clockOf(moment)}`;
}

export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

const weekdays = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
} as const satisfies Record<Lang, readonly string[]>;

function weekdayOf(day: string, lang: Lang): string {
  return weekdays[lang][new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '';
}

/** '10月8日 周三' or '8 Oct, Wed'; with the year where it is not this one. */
export function sayDay(day: string, lang: Lang, today = dayOf(new Date())): string {
  const [year = '', month = '', date = ''] = day.split('-');
  const foreign = year !== today.slice(0, 4);
  if (lang === 'zh')
    return `${foreign ? `${year}年` : ''}${Number(month)}月${Number(date)}日 ${weekdayOf(day, lang)}`;
  const name = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
  return `${weekdayOf(day, lang)} ${Number(date)} ${name}${foreign ? ` ${year}` : ''}`;
}

export function sayMoment(moment: string, lang: Lang): string {
  return `${sayDay(dayOf(moment), lang)} ${clockOf(moment)}`;
}

/** A planned wall time 'YYYY-MM-DD HH:mm' in words. */
export function sayWall(wall: string, lang: Lang): string {
  return `${sayDay(wall.slice(0, 10), lang)} ${wall.slice(11, 16)}`;
}

/** A length of time in the largest two fitting units. */
export function sayLength(seconds: number, lang: Lang): string {
  const units =
    lang === 'zh' ? (['天', '小时', '分钟', '秒'] as const) : ([' d', ' h', ' min', ' s'] as const);
  const sizes = [86_400, 3_600, 60, 1] as const;
  let rest = Math.max(0, Math.round(seconds));
  const said: string[] = [];
  sizes.forEach((size, index) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && said.length < 2) said.push(`${count}${units[index] ?? ''}`);
  });
  return said.length === 0 ? `0${units[3]}` : said.join(lang === 'zh' ? ' ' : ' ');
}
