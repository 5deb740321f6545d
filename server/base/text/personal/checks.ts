/** Check digits and forms of personal numbers. All take plain ASCII without separators. */

const idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11643: the eighteenth character follows from the first seventeen (ISO 7064, MOD 11-2). */
export function hasIdCheck(id: string): boolean {
  const sum = idWeights.reduce((total, weight, at) => total + weight * Number(id[at]), 0);
  return id[17]?.toUpperCase() === '10X98765432'[sum % 11];
}

const provinces = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(
    ' ',
  ),
);

export const hasProvince = (id: string): boolean => provinces.has(id.slice(0, 2));

/** Eight digits YYYYMMDD that are a day on which somebody who lives could have been born. */
export function isBirthDay(digits: string): boolean {
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].map(Number);
  if (year! < 1900 || year! > 2040 || month! < 1 || month! > 12 || day! < 1) return false;
  return day! <= new Date(Date.UTC(year!, month!, 0)).getUTCDate();
}

/** Luhn: every bank card of the world passes; one number in ten does by chance. */
export function hasLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

const usccLetters = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const usccWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** GB 32100: the check character of a unified social credit code. */
export function hasUsccCheck(code: string): boolean {
  const values = [...code.toUpperCase()].map((letter) => usccLetters.indexOf(letter));
  if (values.length !== 18 || values.includes(-1)) return false;
  const sum = usccWeights.reduce((total, weight, at) => total + weight * values[at]!, 0);
  return values[17] === (31 - (sum % 31)) % 31;
}

const taiwanLetters = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';

/** The check digit of an identity number of Taiwan: a letter and nine digits. */
export function hasTaiwanCheck(id: string): boolean {
  const value = taiwanLetters.indexOf(id[0]!.toUpperCase()) + 10;
  const digits = [...id.slice(1)].map(Number);
  const sum = digits.slice(0, 8).reduce((total, digit, at) => total + digit * (8 - at), 0);
  return (Math.floor(value / 10) + (value % 10) * 9 + sum + digits[8]!) % 10 === 0;
}

/** The check digit of an identity card of Hong Kong: one or two letters and six digits, A for ten. Plain, without brackets. */
export function hasHongKongCheck(id: string): boolean {
  const signs = [...id.toUpperCase().padStart(9, ' ')];
  const value = (sign: string) => (sign === ' ' ? 36 : Number.parseInt(sign, 36));
  return signs.reduce((sum, sign, at) => sum + value(sign) * (9 - at), 0) % 11 === 0;
}
