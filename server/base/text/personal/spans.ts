/** What a finder of personal data reads and reports. Places are UTF-16 units of the text as it was given. */
import { cellAt, cellsOf } from './tables.ts';

const personalTypes = [
  'NAME',
  'PHONE',
  'SERVICE_PHONE',
  'ID_CARD',
  'ID_CARD_15',
  'HK_ID',
  'TW_ID',
  'PASSPORT',
  'DRIVER_LICENSE',
  'MILITARY_ID',
  'SOCIAL_SECURITY',
  'BANK_CARD',
  'PLATE',
  'EMAIL',
  'CHAT_ID',
  'QQ',
  'BIRTH_DATE',
  'ADDRESS',
  'POSTCODE',
  'USCC',
] as const;
export type PersonalType = (typeof personalTypes)[number];

export type Span = { type: PersonalType; start: number; end: number };

/** The text as finders see it: as long as the original, unit by unit, so that places need no translation. */
export type Reading = {
  folded: string;
  /** The same with tabs, which part numbers that stand in cells side by side. */
  parted: string;
  /** The units before a place, at most `reach`; in a cell of a table the heading of its column and what the cell has before. */
  before(place: number, reach: number): string;
  /** The units after a place, at most `reach`; in a cell of a table to its end. */
  after(place: number, reach: number): string;
  /** What the column of the cell that begins there is called. */
  headingAt(place: number): string | undefined;
};

const chineseDigits: Readonly<Record<string, string>> = {
  ...{ 〇: '0', 零: '0', 一: '1', 幺: '1', 壹: '1', 二: '2', 三: '3', 四: '4', 五: '5' },
  ...{ 六: '6', 七: '7', 八: '8', 九: '9' },
};

/** Full-width signs become ASCII, spaces of every kind a plain one, long runs of Chinese digits Arabic ones. */
export function read(text: string): Reading {
  const parted = text
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u00a0\u2000-\u200d\u202f\u3000\ufeff]/g, ' ')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    // A number that is dictated: nobody writes seven digits in a row this way but to hide or to spell one.
    .replace(/[〇零一幺壹二三四五六七八九]{7,}/g, (run) =>
      [...run].map((digit) => chineseDigits[digit]).join(''),
    );
  const folded = parted.replaceAll('\t', ' ');
  const cells = cellsOf(parted);
  return {
    folded,
    parted,
    before(place, reach) {
      const from = Math.max(0, place - reach);
      const cell = cellAt(cells, place);
      if (!cell || cell.start <= from) return folded.slice(from, place);
      return `${cell.heading}:${folded.slice(cell.start, place)}`.slice(-reach);
    },
    after: (place, reach) =>
      folded.slice(place, Math.min(place + reach, cellAt(cells, place)?.end ?? folded.length)),
    headingAt: (place) => {
      const cell = cellAt(cells, place);
      return cell?.start === place ? cell.heading : undefined;
    },
  };
}
