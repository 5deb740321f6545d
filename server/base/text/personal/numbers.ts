/** Finders of personal numbers. What is found first keeps its place, so their order is part of the rules. */
import {
  hasHongKongCheck,
  hasIdCheck,
  hasLuhn,
  hasProvince,
  hasTaiwanCheck,
  hasUsccCheck,
  isBirthDay,
} from './checks.ts';
import { cues, namesOrder, namesThing } from './cues.ts';
import type { PersonalType, Reading } from './spans.ts';

export type Finder = {
  pattern: RegExp;
  /** Null when it only looks like one. */
  judge(reading: Reading, start: number, found: string): PersonalType | null;
};

const has = (reading: Reading, start: number, cue: RegExp) => cue.test(reading.before(start, 24));
const bare = (found: string) => found.replaceAll(/[^0-9a-z]/gi, '');
const alone = `(?<![0-9A-Za-z])`;
const ends = `(?![0-9A-Za-z])`;
/** Between the digits of one number. */
const gap = String.raw`[ \-._·]{0,2}`;

const email: Finder = {
  pattern: /(?<![\w.+-])[a-z0-9][\w.+-]{0,63} ?@ ?(?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,12}(?![a-z0-9])/gi,
  judge: () => 'EMAIL',
};

const creditCode: Finder = {
  pattern: new RegExp(`${alone}[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}${ends}`, 'gi'),
  judge(reading, start, found) {
    if (has(reading, start, cues.uscc)) return 'USCC';
    if (!/^(?:1[1239]|5[1239]|9[123]|Y1|N[123]|A1|G1)/i.test(found) || !hasUsccCheck(found)) return null;
    // Of eighteen plain digits one number in thirty passes by chance: the place must be a real one too.
    const plain = !/[A-WYZ]/i.test(found);
    return plain && (!hasProvince(found.slice(2)) || namesThing(reading, start)) ? null : 'USCC';
  },
};

const identity: Finder = {
  pattern: new RegExp(`(?<![0-9])[0-9](?:${gap}[0-9]){16}${gap}[0-9Xx]${ends}`, 'g'),
  judge(reading, start, found) {
    const id = bare(found);
    const birth = isBirthDay(id.slice(6, 14));
    const checked = birth && hasIdCheck(id);
    const stuck = /[A-Za-z]$/.test(reading.before(start, 1));
    if (stuck && !checked) return null;
    if (has(reading, start, cues.driver)) return 'DRIVER_LICENSE';
    if (has(reading, start, cues.id)) return birth || checked ? 'ID_CARD' : null;
    if (checked) return 'ID_CARD';
    const plain = !namesThing(reading, start) && !has(reading, start, cues.bank);
    return birth && hasProvince(id) && plain ? 'ID_CARD' : null;
  },
};

const oldIdentity: Finder = {
  pattern: new RegExp(`${alone}[1-8][0-9]{14}${ends}`, 'g'),
  judge(reading, start, id) {
    if (!isBirthDay(`19${id.slice(6, 12)}`) || !hasProvince(id)) return null;
    if (has(reading, start, cues.driver)) return 'DRIVER_LICENSE';
    if (has(reading, start, cues.id)) return 'ID_CARD_15';
    return namesThing(reading, start) || has(reading, start, cues.bank) ? null : 'ID_CARD_15';
  },
};

const licenceFile: Finder = {
  pattern: new RegExp(`${alone}[0-9]{12}${ends}`, 'g'),
  judge: (reading, start) => (has(reading, start, cues.driver) ? 'DRIVER_LICENSE' : null),
};

const mobile: Finder = {
  pattern: new RegExp(
    String.raw`(?<![0-9])(?:(?:\(\+ ?86\)|\+ ?86)${gap}|(?<![A-Za-z])(?:0086|86)${gap})?(?:1[3-9][0-9]${gap}[0-9]{4}${gap}[0-9]{4}|1[3-9][0-9]-?[0-9]{3}-?[0-9]{5}|1[3-9][0-9]{2}-?[0-9]{3}-?[0-9]{4}|1 ?[3-9](?: ?[0-9]){9})${ends}`,
    'g',
  ),
  judge(reading, start, found) {
    if (
      /[A-Za-z][ :]?$/.test(reading.before(start, 2)) &&
      !has(reading, start, /(?:tel|phone|mobile|[:： ])[: ]?$/i)
    )
      return has(reading, start, cues.chat) ? 'CHAT_ID' : null;
    if (has(reading, start, cues.qq)) return 'QQ';
    // An amount or an hour goes on with a decimal or a unit.
    if (/^ ?(?:\.\d|元|万|人|件|次)/.test(reading.after(start + found.length, 2))) return null;
    return namesOrder(reading, start) ? null : 'PHONE';
  },
};

/** Of a line with further ones behind it; "转3号键" is a key to press. */
const inner = String.raw`(?:-|转接?(?:分机号?|内线)?|分机号?|内线|ext\.?):? ?[0-9]{1,6}(?![0-9])(?! ?号?键)`;
const extension = String.raw`(?:[ ,]?${inner}| ?\(${inner}\))`;

const landline: Finder = {
  pattern: new RegExp(
    String.raw`(?<![0-9A-Za-z])(?:(?:\+?86${gap})?(?:\(0(?:10|2[0-9]|[3-9][0-9]{2})\)|0(?:10|2[0-9]|[3-9][0-9]{2}))[ \-]{0,2}|\+86[ \-]?\(?(?:10|2[0-9]|[3-9][0-9]{2})\)?[ \-])[1-9][0-9]{2,3}[ \-]?[0-9]{4}${extension}?${ends}`,
    'g',
  ),
  judge(reading, start, found) {
    // In one run of digits it may as well be the number of a paper or an account.
    const other =
      /^\d+$/.test(found) &&
      !has(reading, start, cues.phone) &&
      (namesThing(reading, start) || isSocial(reading, start));
    return namesOrder(reading, start) || other ? null : 'PHONE';
  },
};

const service: Finder = {
  pattern: new RegExp(
    `${alone}[48]00(?:[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}|[0-9][ -][0-9]{3}[ -][0-9]{3})${ends}`,
    'g',
  ),
  judge: (reading, start, found) =>
    bare(found).length === 10 &&
    (/[ -]/.test(found) || has(reading, start, cues.phone) || has(reading, start, cues.service))
      ? 'SERVICE_PHONE'
      : null,
};

/** Of banks, insurers and authorities: 95588, 12333. Everywhere but right after what it is, only a number. */
const shortService: Finder = {
  pattern: new RegExp(`${alone}(?:95[0-9]{3}|95[0-9]{6}|1[02][0-9]{3}|96[0-9]{3,4})${ends}`, 'g'),
  judge: (reading, start) => (has(reading, start, cues.hotline) ? 'SERVICE_PHONE' : null),
};

/** A number without area code is one only after a word that says so. */
const localLine: Finder = {
  pattern: new RegExp(`${alone}[2-8][0-9]{2,3}[ -]?[0-9]{4}(?:-[0-9]{1,4})?${ends}`, 'g'),
  judge: (reading, start) =>
    !namesThing(reading, start) &&
    /(?:电话|座机|固话|tel)[^0-9,.;，。；、\n]{0,6}$/i.test(reading.before(start, 12))
      ? 'PHONE'
      : null,
};

const bankCard: Finder = {
  pattern: new RegExp(`${alone}[0-9](?:[ -]?[0-9]){11,18}${ends}`, 'g'),
  judge(reading, start, found) {
    const digits = bare(found);
    if (isSocial(reading, start)) return 'SOCIAL_SECURITY';
    if (/^(\d)\1+$/.test(digits)) return null;
    const said =
      has(reading, start, cues.bank) ||
      /^(?:这|的|那)?[张个]?(?:卡|账户|帐户|账号)/.test(reading.after(start + found.length, 5));
    if (said && !namesOrder(reading, start)) return 'BANK_CARD';
    const known = /^(?:62|60|9558|4367)/.test(digits) || (/^[345]/.test(digits) && digits.length === 16);
    return known && digits.length > 15 && hasLuhn(digits) && !namesThing(reading, start) ? 'BANK_CARD' : null;
  },
};

/** "社保卡服务中心电话" announces a telephone, "社保卡银行账号" a bank's number. */
const isSocial = (reading: Reading, start: number): boolean =>
  has(reading, start, cues.social) && !/电话|热线|手机|金融|银行/.test(reading.before(start, 8));

/** In groups of four, before a group can be taken for the beginning of a telephone number. */
const groupedCard: Finder = {
  ...bankCard,
  pattern: new RegExp(`${alone}[0-9]{4}([ -])[0-9]{4}\\1[0-9]{4}\\1[0-9]{3,4}(?:\\1[0-9]{1,4})?${ends}`, 'g'),
};

const socialNumber: Finder = {
  pattern: new RegExp(`${alone}[A-Z]{0,2}[0-9]{6,20}${ends}`, 'gi'),
  judge: (reading, start) => (isSocial(reading, start) ? 'SOCIAL_SECURITY' : null),
};

const passport: Finder = {
  pattern: new RegExp(`${alone}[A-Z]{1,2} ?[0-9]{7,10}${ends}`, 'gi'),
  judge(reading, start, found) {
    if (has(reading, start, cues.passport)) return 'PASSPORT';
    if (/^[A-Z][1289]\d{8}$/i.test(found)) {
      const said = has(reading, start, cues.id) || /台湾/.test(reading.before(start, 10));
      return said || (hasTaiwanCheck(found) && !namesThing(reading, start)) ? 'TW_ID' : null;
    }
    const shaped = /^(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7})$/.test(found);
    return shaped && !namesThing(reading, start) ? 'PASSPORT' : null;
  },
};

const hongKong: Finder = {
  pattern: new RegExp(
    String.raw`${alone}(?:(?:[A-Z]{1,2}[0-9]{6}|[157][0-9]{6}) ?\([0-9A]\)|[A-Z]{1,2}[0-9]{6}[0-9A]${ends})`,
    'gi',
  ),
  judge: (reading, start, found) =>
    found.includes('(') ||
    (has(reading, start, cues.hongKong) &&
      !has(reading, start, cues.passport) &&
      (has(reading, start, cues.id) || hasHongKongCheck(found)))
      ? 'HK_ID'
      : null,
};

const plate: Finder = {
  pattern: new RegExp(
    String.raw`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-Z] ?[·.\- ]? ?(?:[0-9A-HJ-NP-Z]{6}|[0-9A-HJ-NP-Z]{4}[0-9A-HJ-NP-Z挂学警港澳])${ends}`,
    'gi',
  ),
  judge: (_reading, _start, found) => (/\d/.test(found) ? 'PLATE' : null),
};

const military: Finder = {
  // Which sign stands first says the command, the service or the staff that gave it.
  pattern: /[一-龥]字第? ?[0-9]{4,10} ?号?/g,
  judge(reading, start, found) {
    const said =
      has(reading, start, cues.military) ||
      /^的?(?:军官|士官|士兵|文职|军人|警官)证/.test(reading.after(start + found.length, 4));
    if (said || /^军/.test(found)) return 'MILITARY_ID';
    // Papers of courts and offices look alike, but a place or a year stands before them and they have fewer digits.
    const form = /^[南北东西中兰沈济成广空海武参政后装文士联火]字第 ?[0-9]{6,8} ?号$/.test(found);
    const loose = /[一-龥)\]〕](?<![持是为号码证])$/.test(reading.before(start, 1));
    const other = namesThing(reading, start) || has(reading, start, cues.uscc);
    return form && !loose && !other ? 'MILITARY_ID' : null;
  },
};

const postcode: Finder = {
  pattern: new RegExp(`${alone}[0-9]{6}${ends}`, 'g'),
  judge: (reading, start) => (has(reading, start, cues.postcode) ? 'POSTCODE' : null),
};

const account: Finder = {
  pattern: new RegExp(`${alone}[A-Za-z0-9][A-Za-z0-9_-]{4,19}${ends}`, 'g'),
  judge(reading, start, found) {
    if (/^\d{5,11}$/.test(found) && has(reading, start, cues.qq)) return 'QQ';
    return /^(?:[a-z][\w-]{5,19}|\d{6,12})$/i.test(found) && has(reading, start, cues.chat)
      ? 'CHAT_ID'
      : null;
  },
};

const birthDate: Finder = {
  pattern:
    /(?<![0-9])(?:19|20)[0-9]{2}(?: ?年 ?[0-9]{1,2} ?月(?: ?[0-9]{1,2} ?[日号])?|[-/.][0-9]{1,2}[-/.][0-9]{1,2})(?![0-9])/g,
  judge(reading, start, found) {
    const said = /(?:出生(?:日期|年月日?|时间|于)?|生日|生于)[^0-9，。；\n]{0,4}$/.test(
      reading.before(start, 10),
    );
    return said || /^(?:出?生(?!效|产|活|育|成)|出世)/.test(reading.after(start + found.length, 2))
      ? 'BIRTH_DATE'
      : null;
  },
};

export const finders: readonly Finder[] = [
  email,
  hongKong,
  identity,
  creditCode,
  oldIdentity,
  service,
  shortService,
  groupedCard,
  mobile,
  landline,
  passport,
  plate,
  military,
  birthDate,
  licenceFile,
  bankCard,
  socialNumber,
  postcode,
  account,
  localLine,
];
