/**
 * The likeliest reading of a run of Chinese characters as words, places and names of people: the best path from its
 * beginning to its end, each step as likely as what it is (in natural logarithms). A name is found where the best path
 * has one.
 */
import { lexicon } from '../words/lexicon.ts';
import { trades } from './name-cues.ts';
import { beginsLikeName, logOfName, logOfTitled } from './name-odds.ts';

export type FoundName = { start: number; end: number };

/** What stands before and after a place in the text tells of a name there; 0 for nothing. */
export type Hints = {
  before(start: number): number;
  after(end: number): number;
  /** For a run of characters that is nothing but the name. */
  alone: number;
  /** Where nothing around says anything. */
  nowhere: number;
};

type Step = { from: number; to: number; score: number; name: boolean };

/** What stands in no name of a place or a firm. */
const little = '的在是被把给说将与和及到去向对从有不为以由请让叫找我你他她们这那住告诉欠骗';
const littleWords = new RegExp(`[${little}]`);
/** A firm or a house: two to four characters that it is called, what it does, what it is. No more: before it stand people. */
const firm = new RegExp(
  `^(?:(?![${little}])[一-龥]){2,4}?(?:${trades}){0,5}(?:公司|集团|合作社|酒店|医院|学校|中学|小学|大学|学院|幼儿园|小区|花园|广场|大厦|工地|项目部|工业园)`,
);
const [firmInText, characterOfFirm] = [Math.log(0.001), Math.log(1 / 120)];
const longestWord = 8;
const longestName = 4;
/** A place that no dictionary has: one to three characters of any kind and what places are called. */
const placeEnds = /[省市县区镇乡村路街巷里组庄湾屯寨坪冲坝桥寺庙厂店馆院校园桥港岭坡沟洞场营站堡]$/;
/** Lakes, estates, mountains: with two characters before them, or they are names of people as often. */
const longPlaceEnds = /(?:[一-龥]{2}[湖苑城庭岛府郡墅岭塘湾线站]|[一-龥]家山)$/;
const [placeInText, anyCharacter, longPlace] = [Math.log(0.002), Math.log(1 / 800), -4];

export function readNames(text: string, hints: Hints): FoundName[] {
  const found: FoundName[] = [];
  for (const { 0: run, index } of text.matchAll(/[一-龥]{2,}/g)) found.push(...readRun(run, index, hints));
  return found;
}

function readRun(run: string, offset: number, hints: Hints): FoundName[] {
  const steps = stepsOf(run, offset, hints);
  if (!steps.some((own) => own.some(({ name }) => name))) return [];
  return bestPath(steps)
    .filter(({ name }) => name)
    .map(({ from, to }) => ({ start: offset + from, end: offset + to }));
}

/** By where they begin. */
function stepsOf(run: string, offset: number, hints: Hints): Step[][] {
  const { logOf } = lexicon();
  const hint = (from: number, to: number) => {
    const around = hints.before(offset + from) + hints.after(offset + to);
    return around + (from === 0 && to === run.length ? hints.alone : around === 0 ? hints.nowhere : 0);
  };
  return Array.from({ length: run.length }, (_, from) => {
    const own: Step[] = [];
    const add = (to: number, score: number, name: boolean) => {
      if (score > Number.NEGATIVE_INFINITY) own.push({ from, to, score, name });
    };
    const somebody = beginsLikeName(run, from);
    for (let to = from + 1; to <= Math.min(from + longestWord, run.length); to += 1) {
      const text = run.slice(from, to);
      add(
        to,
        Math.max(logOf(text), logOfPlace(text), somebody ? logOfTitled(text) : Number.NEGATIVE_INFINITY),
        false,
      );
      if (!somebody || text.length < 2 || text.length > longestName) continue;
      const name = logOfName(text);
      if (name > Number.NEGATIVE_INFINITY) add(to, name + hint(from, to), true);
    }
    const house = firm.exec(run.slice(from, from + 20))?.[0].length ?? 0;
    if (house > 0) add(from + house, firmInText + house * characterOfFirm, false);
    return own;
  });
}

function logOfPlace(text: string): number {
  if (text.length < 2 || text.length > longestName) return Number.NEGATIVE_INFINITY;
  const place = (placeEnds.test(text) || longPlaceEnds.test(text)) && !littleWords.test(text);
  if (!place) return Number.NEGATIVE_INFINITY;
  return placeInText + (text.length - 1) * anyCharacter + (text.length > 3 ? longPlace : 0);
}

function bestPath(steps: readonly Step[][]): Step[] {
  const best = new Float64Array(steps.length + 1).fill(Number.NEGATIVE_INFINITY);
  const last: Step[] = [];
  best[0] = 0;
  for (const [from, own] of steps.entries()) {
    for (const step of own) {
      const score = best[from]! + step.score;
      if (score <= best[step.to]!) continue;
      best[step.to] = score;
      last[step.to] = step;
    }
  }
  const path: Step[] = [];
  for (let at = steps.length; at > 0; at = last[at]!.from) path.push(last[at]!);
  return path.reverse();
}
