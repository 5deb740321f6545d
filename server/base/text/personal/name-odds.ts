/** How likely a row of characters is as somebody's name, set against the words that it may be made of. */
import { lexicon } from '../words/lexicon.ts';
import { givenCharacters, seldomSurnames, surnames } from './surnames.ts';

/** Shares of all words of a text: about seven in a thousand are full names. */
const nameInText = Math.log(0.007);
const titledInText = Math.log(0.000_5);
/** By how many characters the given name has; a surname of each parent before it is a fashion of late. */
const shares = { one: Math.log(0.2), two: Math.log(0.78), bothParents: Math.log(0.02) } as const;
/** Frequency of the surname at a place of the list that `surnames` is, by Zipf's law with the measured 7 % of 王. */
const surnameAt = (rank: number) => Math.log(0.3 / (rank + 4));
const [seldomSurname, doubleSurname] = [Math.log(0.000_25), Math.log(0.000_8)];

type Characters = { first: Counts; second: Counts; only: Counts };
type Counts = { of: Map<string, number>; all: number };

const ranks = new Map(
  [...surnames].filter((family) => family.length === 1).map((family, at) => [family, at]),
);
/** Little words: in a name far more seldom than behind one. */
const seldomGiven = new Set(
  '打的了在是我你他她它们这那有不没也都就还又和与及或于从到对向把被让给为因所以但而且如果吗呢吧啊哦呀嘛请问您说讲手身年月日男由当将曾已经能会可需要想去做办应投诉举报咨询求助申公司厂店局村镇县区市省街号家房费钱款持独拿用系后仲案任签收名着干处人占仍诉早随说只报才又过再却则各某每并其此即且使叫吃带找看未查发补缴领欠拖辞告帮催受住称离丢失借退取存停付卡账帐证票',
);
let counted: Characters | undefined;

/** Characters of given names, counted in those that the dictionary knows. */
function characters(): Characters {
  if (counted) return counted;
  const empty = (): Counts => ({ of: new Map(), all: 0 });
  counted = { first: empty(), second: empty(), only: empty() };
  const add = (counts: Counts, unit: string) => {
    counts.of.set(unit, (counts.of.get(unit) ?? 0) + 1);
    counts.all += 1;
  };
  for (const text of lexicon().people) {
    const [family = '', first = '', second = ''] = text;
    if (!ranks.has(family)) continue;
    if (text.length === 3) {
      add(counted.first, first);
      add(counted.second, second);
    } else if (text.length === 2) add(counted.only, first);
  }
  return counted;
}

/** Half from the dictionary's many and mostly old names, half from the list, which has the names of the young. */
function logOfGiven({ of, all }: Counts, unit: string): number {
  const dictionary = seldomGiven.has(unit) ? 1e-6 : ((of.get(unit) ?? 0) + 0.05) / (all + 400);
  const listed = givenCharacters.has(unit) ? 1 / givenCharacters.size : 1e-6;
  return Math.log((dictionary + listed) / 2);
}

function logOfSurname(family: string): number {
  if (family.length === 2) return doubleSurname;
  return seldomSurnames.has(family) ? seldomSurname : surnameAt(ranks.get(family)!);
}

export function beginsLikeName(text: string, at: number): boolean {
  return surnames.has(text[at]!) || surnames.has(text.slice(at, at + 2));
}

/** @returns natural logarithm of how often this very name is to be expected; minus infinity for what is none */
export function logOfName(text: string): number {
  // "联系人：苏工" is an engineer whose name is Su, even where a name was announced.
  const titled = text.length === 2 && engineers.has(text[1]!);
  return leaders.has(text) || titled ? Number.NEGATIVE_INFINITY : Math.max(logOfMade(text), logOfKnown(text));
}

const engineers = new Set('工总');

/** They stand in every second speech, and are nobody's secret. */
const leaders = new Set('毛泽东 周恩来 刘少奇 邓小平 江泽民 胡锦涛 习近平'.split(' '));

/** A name made of a surname, or of one of each parent, and given characters. */
function logOfMade(text: string): number {
  const { first, second, only } = characters();
  const logOfPair = (pair: string) => logOfGiven(first, pair[0]!) + logOfGiven(second, pair[1]!);
  let best = Number.NEGATIVE_INFINITY;
  for (const length of [1, 2]) {
    const [family, own] = [text.slice(0, length), text.slice(length)];
    if (!surnames.has(family)) continue;
    if (own.length === 1) best = Math.max(best, logOfSurname(family) + shares.one + logOfGiven(only, own));
    if (own.length === 2) best = Math.max(best, logOfSurname(family) + shares.two + logOfPair(own));
  }
  if (text.length === 4 && ranks.has(text[0]!) && ranks.has(text[1]!)) {
    const parents = logOfSurname(text[0]!) + logOfSurname(text[1]!);
    best = Math.max(best, parents + shares.bothParents + logOfPair(text.slice(2)));
  }
  return nameInText + best;
}

/**
 * Of somebody whom the dictionary knows: a namesake here is as likely as not. Two characters are a word or a place first
 * (岳阳), but for those after one of the most frequent surnames.
 */
function logOfKnown(text: string): number {
  const { isPerson, logOf } = lexicon();
  const given = text.slice(surnames.has(text.slice(0, 2)) ? 2 : 1);
  const likely = given !== '' && [...given].every((unit) => givenCharacters.has(unit));
  if (!likely || !isPerson(text)) return Number.NEGATIVE_INFINITY;
  const wordFirst = text.length === 2 && ranks.get(text[0]!)! >= mostFrequent;
  return logOf(text) + (wordFirst ? rareAsName : 0);
}
const mostFrequent = 20;
const rareAsName = -3;

const titles = new Set(
  '先生 女士 小姐 同志 老师 师傅 医生 律师 法官 警官 大夫 护士 局长 副局长 科长 副科长 处长 股长 所长 副所长 站长 院长 校长 主任 副主任 书记 副书记 县长 副县长 市长 镇长 乡长 村长 支书 队长 组长 班长 厂长 店长 经理 总经理 老板 总 工 主席 部长 会计 教授 大爷 大妈 阿姨 大姐 大哥 奶奶 爷爷 叔叔 伯伯 某 某某'.split(
    ' ',
  ),
);

/** A surname and what its bearer is called, which names nobody: 张先生, 王局长. */
export function logOfTitled(text: string): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const length of [1, 2])
    if (surnames.has(text.slice(0, length)) && titles.has(text.slice(length)))
      best = Math.max(best, titledInText + logOfSurname(text.slice(0, length)));
  return best;
}
