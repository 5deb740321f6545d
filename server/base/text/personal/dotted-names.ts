/**
 * Names with a dot between their parts, as Uighurs, Kazakhs, Yi and others write them: 阿依古丽·买买提. Where such a name
 * begins and ends in running text say the characters that sounds are written with, set against the words around.
 */
import { lexicon } from '../words/lexicon.ts';
import type { FoundName } from './name-lattice.ts';

/** Written for their sound. */
const sounds = new Set(
  '阿艾爱巴买麦提尼江尔汗古丽热合曼木依明库班吐逊萨亚森肉孜图贡卡德赛玉素甫瓦力克哈比迪如则再娜帕夏祖菲娅布都拉吾斯坎拜米苏莱穆罕默托乎呼达吉马沙西里扎伊山加丁霍努别叶恒特乌兰雅其格仁敖登勒楞卓玛次旦增多平措央金白索朗洛桑才让青毛太嘎曲海来日约伍苦呷果各洪火目且乃什色石史洼瓦乌牛机孙俄博的杜卜不那扬外生奥奇代地波琼朋玉哥热甲若贡觉尕藏南贾戈根顿格措姆益西邓珠泽绒娃夺曼罕萨江艳香叫腊保应龙帅岩坎罕温',
);
/** Sounds too, but behind a name rather words of the sentence. */
const goesOnWith = new Set('来日的都和不让那且机生地白外平才各多应');
const [sound, noSound] = [Math.log(1 / 40), -12];
/** Before a name, though some are sounds. */
const leadsTo = new Set('的和与让请由给找跟同向对为是被把叫了里有');
const horizon = 6;

/** @param announced whether a word that announces a name ends there: then any characters may be one */
export function findDottedNames(text: string, announced: (start: number) => boolean): FoundName[] {
  const found: FoundName[] = [];
  for (const { index } of text.matchAll(/(?<=[一-龥]{2})[·•・](?=[一-龥]{2})/g)) {
    const left = /[一-龥]{2,14}$/.exec(text.slice(Math.max(0, index - 14), index))![0];
    const right = /^[一-龥]{2,14}/.exec(text.slice(index + 1, index + 15))![0];
    const first = beginOf(left);
    const second = endOf(right);
    const start = index - first;
    const parts = left.slice(left.length - first) + right.slice(0, second);
    const sounding = [...parts].filter((unit) => sounds.has(unit)).length;
    if (sounding * 3 < parts.length * 2 && !announced(start)) continue;
    const end = index + 1 + second;
    // With two dots the second half of one is the first of the next.
    const last = found.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else found.push({ start, end });
  }
  return found;
}

/** @returns how many characters before the dot belong to the name */
function beginOf(left: string): number {
  const from = Math.max(0, left.length - horizon - 2);
  return likeliest(2, Math.min(6, left.length), (length) => {
    const at = left.length - length;
    return at < from || leadsTo.has(left[at]!)
      ? Number.NEGATIVE_INFINITY
      : soundOf(left.slice(at)) + wordsOf(left.slice(from, at));
  });
}

function endOf(right: string): number {
  const until = Math.min(right.length, horizon + 2);
  return likeliest(2, Math.min(6, right.length), (length) =>
    length > until
      ? Number.NEGATIVE_INFINITY
      : soundOf(right.slice(0, length), 2) + wordsOf(right.slice(length, until)),
  );
}

function likeliest(from: number, to: number, score: (length: number) => number): number {
  let best = { length: from, score: Number.NEGATIVE_INFINITY };
  for (let length = from; length <= to; length += 1)
    if (score(length) > best.score) best = { length, score: score(length) };
  return best.length;
}

/** @param strictFrom from this character on those count as words that may be words */
function soundOf(text: string, strictFrom = text.length): number {
  return [...text].reduce(
    (sum, unit, at) =>
      sum + (sounds.has(unit) && !(at >= strictFrom && goesOnWith.has(unit)) ? sound : noSound),
    0,
  );
}

function wordsOf(text: string): number {
  const { logOf } = lexicon();
  const best = new Float64Array(text.length + 1).fill(Number.NEGATIVE_INFINITY);
  best[0] = 0;
  for (let from = 0; from < text.length; from += 1)
    for (let to = from + 1; to <= text.length; to += 1)
      best[to] = Math.max(best[to]!, best[from]! + logOf(text.slice(from, to)));
  return best[text.length]!;
}
