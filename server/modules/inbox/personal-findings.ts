/** What in a text may name a person, in words for those who decide. */
import type { Tx } from '#server/base/database.ts';
import { doubtful, maskPersonalData } from '#server/base/text/personal-data.ts';
import { listServicePhones } from '#server/modules/services/index.ts';
import { type Text, text } from '#shared/lang.ts';
import { loadSettings } from './settings/store.ts';

/** Numbers of firms and services belong to nobody in person, and names of companies stay as they are. */
const nobodys = new Set(['SERVICE_PHONE', 'USCC', 'POSTCODE']);

const labels: Readonly<Record<string, Text>> = {
  NAME: text('姓名', 'name'),
  PHONE: text('电话', 'telephone'),
  ID_CARD: text('身份证号', 'identity number'),
  ID_CARD_15: text('身份证号', 'identity number'),
  HK_ID: text('港澳证件号', 'Hong Kong or Macau identity number'),
  TW_ID: text('台湾证件号', 'Taiwan identity number'),
  PASSPORT: text('护照号', 'passport number'),
  DRIVER_LICENSE: text('驾驶证号', 'driving licence'),
  MILITARY_ID: text('军官证号', 'military identity number'),
  SOCIAL_SECURITY: text('社保卡号', 'social security number'),
  BANK_CARD: text('银行卡号', 'bank card'),
  PLATE: text('车牌号', 'number plate'),
  EMAIL: text('邮箱', 'e-mail address'),
  CHAT_ID: text('聊天账号', 'chat account'),
  QQ: text('QQ 号', 'QQ number'),
  BIRTH_DATE: text('出生日期', 'date of birth'),
  ADDRESS: text('住址', 'address'),
};

export type Found = { kind: Text; words: string; doubtful: boolean };

/** What may stand in public. */
export type Ours = {
  /** Telephone numbers of the office, as their digits. */
  numbers: ReadonlySet<string>;
  /** Words that look like somebody's name or address and are nobody's, as the bureau set. */
  words: ReadonlySet<string>;
};

/** Numbers on the cards of services; several on one card are parted by whatever is neither a digit nor a dash. */
export async function loadOurs(tx: Tx, bureauId: string): Promise<Ours> {
  const phones = await listServicePhones(tx, bureauId);
  return {
    numbers: new Set(phones.flatMap((phone) => phone.match(/\d[\d -]{3,}\d/g) ?? []).map(digitsOf)),
    words: await loadNobodys(tx, bureauId),
  };
}

export async function loadNobodys(tx: Tx, bureauId: string): Promise<ReadonlySet<string>> {
  return new Set((await loadSettings(tx, bureauId)).settings.nobodys);
}

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** The text without what names a person, and what that was. */
export function maskForPublic(words: string, ours: Ours): { masked: string; found: Found[] } {
  const { masked, spans } = maskPersonalData(words, ours.words);
  const isOwn = ({ type, start, end }: (typeof spans)[number]) =>
    type === 'PHONE' && ours.numbers.has(digitsOf(words.slice(start, end)));
  return {
    // As long as the text: what is the office's own is put back where it stood.
    masked: spans
      .filter(isOwn)
      .reduce(
        (text, { start, end }) => text.slice(0, start) + words.slice(start, end) + text.slice(end),
        masked,
      ),
    found: spans
      .filter((span) => !nobodys.has(span.type) && !isOwn(span))
      .map(({ type, start, end }) => ({
        kind: labels[type] ?? text('个人信息', 'personal data'),
        words: words.slice(start, end),
        doubtful: doubtful.has(type),
      }))
      // What is masked already is seen as what it was, and is nothing to mend.
      .filter(({ words: value }) => !value.includes('*')),
  };
}

/** A name once told is a name wherever it stands: what is found in one part is masked in all. */
export function maskTogether(parts: readonly string[], ours: Ours): { masked: string[]; found: Found[] } {
  const read = parts.map((part) => maskForPublic(part, ours));
  const found = read.flatMap((one) => one.found);
  const masks = longestFirst(found).map(({ words }) => ({ words, mask: hide(words) }));
  return {
    found,
    masked: read.map(({ masked }) =>
      masks.reduce((text, { words, mask }) => text.replaceAll(words, mask), masked),
    ),
  };
}

/** What still stands in a text of what was told elsewhere, beside what is found in the text itself. */
export function findLeft(text: string, told: readonly Found[], ours: Ours): Found[] {
  const { found } = maskForPublic(text, ours);
  const known = told.filter(({ words }) => text.includes(words) && !found.some((one) => one.words === words));
  return [...found, ...longestFirst(known)];
}

/** Parted: what a colleague said to be nobody's, and the rest. Of a number nobody can say so. */
export function partNobodys(
  found: readonly Found[],
  nobodys: readonly string[],
): { left: Found[]; nobodys: Found[] } {
  const isNobodys = ({ doubtful, words }: Found) => doubtful && nobodys.includes(words);
  return { left: found.filter((one) => !isNobodys(one)), nobodys: found.filter(isNobodys) };
}

/** The first sign stays, so that the person concerned knows their own. */
const hide = (words: string) => {
  const [first = '', ...rest] = words;
  return first + '*'.repeat(rest.length);
};

/** A single sign would mask half the text. */
const longestFirst = (found: readonly Found[]): Found[] =>
  [...new Map(found.map((one) => [one.words, one])).values()]
    .filter(({ words }) => [...words].length > 1)
    .toSorted((a, b) => b.words.length - a.words.length);
