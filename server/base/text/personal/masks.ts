/** How each kind of personal data is masked: enough stays that the person concerned knows their own. */
import type { PersonalType } from './spans.ts';

/** Found and reported, and left standing. */
export const notPersonal: ReadonlySet<PersonalType> = new Set(['SERVICE_PHONE', 'USCC', 'POSTCODE']);

/** Characters that stay at both ends, by kind; separators stay too. Source of phone and ID: the publishing rules. */
const ends: Readonly<Partial<Record<PersonalType, readonly [number, number]>>> = {
  NAME: [1, 0],
  PHONE: [3, 4],
  ID_CARD: [2, 3],
  ID_CARD_15: [2, 3],
  DRIVER_LICENSE: [2, 3],
  BANK_CARD: [0, 4],
  PASSPORT: [1, 2],
  HK_ID: [1, 0],
  TW_ID: [1, 2],
  MILITARY_ID: [2, 1],
  SOCIAL_SECURITY: [0, 3],
  PLATE: [2, 1],
  CHAT_ID: [1, 1],
  QQ: [1, 1],
};

/** @param keep units at the beginning that stay in any case (the coarse part of an address) */
export function maskSpan(type: PersonalType, value: string, keep: number): string {
  if (type === 'EMAIL')
    return value.replace(/^(.)([^@]*)/, (_all, first: string, rest: string) => first + stars(rest));
  if (type === 'ADDRESS') return value.slice(0, keep) + stars(value.slice(keep));
  if (type === 'BIRTH_DATE') return value.replaceAll(/[0-9０-９]/g, '*');
  const [head, tail] = ends[type] ?? [0, 0];
  const country =
    type === 'PHONE' ? (/^[(（]?[+＋]? ?(?:00)?[8８][6６][)）]?[ -]*(?=1|１)/.exec(value)?.[0] ?? '') : '';
  const body = value.slice(country.length);
  const signs = [...body].filter(isSign).length;
  let seen = 0;
  return (
    country +
    [...body]
      .map((sign) => {
        if (!isSign(sign)) return sign;
        seen += 1;
        return seen <= head || seen > signs - tail ? sign : '*';
      })
      .join('')
  );
}

const isSign = (sign: string): boolean => /[\p{L}\p{N}]/u.test(sign);
const stars = (text: string): string => text.replaceAll(/[^\s]/gu, (sign) => '*'.repeat(sign.length));
