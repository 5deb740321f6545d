/**
 * What a chosen password must be: long, and not what somebody who knows the bureau would try first. No composition rules
 * (ASVS 6.2.5). Both sides ask this, so that the form says it before the server does.
 */
import { type Text, text } from './lang.ts';

export const passwordLength = { least: 12, most: 256 } as const;

export const passwordProblems = {
  'too-short': text('新密码至少 12 位', 'at least 12 characters are needed'),
  'too-long': text('新密码最多 256 位', 'at most 256 characters are allowed'),
  'holds-name': text('新密码不能包含用户名或姓名', 'it must not hold the user name or your name'),
  'too-common': text(
    '新密码太常见或太有规律，容易被猜到',
    'it is too common or too regular, hence easy to guess',
  ),
  same: text('新密码与现在的相同', 'it is the same as the present one'),
} as const satisfies Record<string, Text>;
export type PasswordProblem = keyof typeof passwordProblems;

/** Tried first by everybody, and first by those who know whose desk this is. Lower case. */
const words = [
  ...[
    'password',
    'passwd',
    'pass',
    'admin',
    'administrator',
    'root',
    'user',
    'guest',
    'test',
    'demo',
    'login',
  ],
  ...[
    'welcome',
    'letmein',
    'iloveyou',
    'woaini',
    'abc',
    'abcd',
    'abcdef',
    'abcdefg',
    'qwerty',
    'qwertyuiop',
    'qwe',
  ],
  ...[
    'asdf',
    'asdfgh',
    'asdfghjkl',
    'zxcv',
    'zxcvbnm',
    'qaz',
    'wsx',
    'edc',
    'qazwsx',
    'qazwsxedc',
    'changeme',
  ],
  ...['mima', 'denglu', 'guanli', 'guanliyuan', 'xitong', 'china', 'zhongguo', 'beijing', 'gov', 'cn', 'com'],
  ...['huisheng', 'renshe', 'rensheju', 'rsj', 'hrss', 'shebao', 'shebaoka', 'shebaoju', 'jiuye'],
  ...['laodong', 'rencai', 'yanglao', 'gongshang', 'shiye', 'yibao', 'zhengwu', 'zhengfu', 'bangong'],
  ...['密码', '登录', '管理员', '系统', '中国', '回声', '人社', '人社局', '社保', '社保卡', '社保局', '就业'],
  ...['劳动', '人才', '养老', '工伤', '失业', '政务', '政府', '办公室', '人力资源', '社会保障', '为人民服务'],
];
const fewestDifferent = 5;

/** @returns what is wrong with it, or null; `who` is the person it is for */
export function findPasswordProblem(
  password: string,
  who: { login: string; name: string },
): PasswordProblem | null {
  // As it is hashed: what looks different but counts as the same must not pass as different.
  const plain = password.normalize('NFKC').toLowerCase();
  const characters = [...plain];
  if (characters.length < passwordLength.least) return 'too-short';
  if (characters.length > passwordLength.most) return 'too-long';
  const names = [who.login, who.name].map((name) => name.normalize('NFKC').toLowerCase().trim());
  if (names.some((name) => name.length >= 2 && plain.includes(name))) return 'holds-name';
  if (new Set(characters).size < fewestDifferent) return 'too-common';
  // Digits and signs around a common word are what everybody adds; digits alone are a date, a telephone or an ID number.
  const letters = lettersOf(plain);
  const disguised = lettersOf(plain.replace(/[@013$5]/g, (sign) => disguises[sign] ?? sign));
  return letters === '' || isOfWords(letters) || isOfWords(disguised) ? 'too-common' : null;
}

const disguises: Readonly<Record<string, string>> = {
  '@': 'a',
  '0': 'o',
  '1': 'i',
  '3': 'e',
  $: 's',
  '5': 's',
};
const lettersOf = (text: string) => text.replace(/[^\p{L}]/gu, '');

/** Whether it is nothing but such words in a row. By hand: a regular expression of words within words can take for ever. */
function isOfWords(text: string): boolean {
  const ends = new Set([0]);
  for (let at = 0; at < text.length; at += 1) {
    if (!ends.has(at)) continue;
    for (const word of words) if (text.startsWith(word, at)) ends.add(at + word.length);
  }
  return ends.has(text.length);
}
