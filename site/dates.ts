import { wallTime } from '#server/base/clock.ts';
import { html } from './html.ts';

/** '2026-11-23T09:05:00+08:00': what machines read, in the zone people here live in. */
export function isoTime(instant: Date): string {
  return `${wallTime(instant).replace(' ', 'T')}:00+08:00`;
}

/** `2026年11月23日`, with the time of day when asked, in a time element. */
export function timeElement(instant: Date, options: { withClock?: boolean } = {}): string {
  const [date, clock] = wallTime(instant).split(' ') as [string, string];
  const [year, month, day] = date.split('-').map(Number);
  const shown = `${year}年${month}月${day}日${options.withClock ? ` ${clock}` : ''}`;
  return html`<time datetime="${isoTime(instant)}">${shown}</time>`;
}

/** `11月27日（周五）` */
export function dayWords(instant: Date): string {
  const [year, month, day] = wallTime(instant).slice(0, 10).split('-').map(Number) as [
    number,
    number,
    number,
  ];
  return `${month}月${day}日（周${'日一二三四五六'[new Date(Date.UTC(year, month - 1, day)).getUTCDay()]}）`;
}

export function latest(...instants: Date[]): Date {
  return new Date(Math.max(...instants.map((instant) => instant.getTime())));
}
