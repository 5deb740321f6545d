/**
 * What a message may share with others before wording matters less: names of places and groups, and phrases of titles
 * that are rare enough to be the name of an affair ("58车贷"). Neither must be common: a name half the town says is none.
 */
import { eachGram } from '../learn/features.ts';

const phraseUnits = 4;
/** Of all messages; with few messages at least this many. */
const commonShare = 0.02;
const commonLeast = 30;
const phraseShare = 0.005;

/**
 * @param names of each message
 * @param titles folded
 */
export function keysOf(names: readonly (readonly string[])[], titles: readonly string[]): Set<number>[] {
  const numbers = new Map<string, number>();
  const named = names.map((list) => new Set(list.map((name) => numberOf(numbers, name))));
  const phrased = titles.map((title) => {
    const phrases = new Set<number>();
    // Negative numbers are phrases: they never meet a name's.
    eachGram(title, (hash) => phrases.add(-1 - hash), { from: phraseUnits, to: phraseUnits });
    return phrases;
  });
  const most = Math.max(commonLeast, commonShare * titles.length);
  const mostPhrases = Math.max(commonLeast, phraseShare * titles.length);
  const [rareNames, rarePhrases] = [rareOf(named, most), rareOf(phrased, mostPhrases)];
  return titles.map((_, at) => {
    const keys = new Set<number>();
    for (const name of named[at]!) if (rareNames.has(name)) keys.add(name);
    for (const phrase of phrased[at]!) if (rarePhrases.has(phrase)) keys.add(phrase);
    return keys;
  });
}

/** Keys of names are not negative, those of phrases are. */
export const isName = (key: number): boolean => key >= 0;

function numberOf(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name) ?? numbers.size;
  numbers.set(name, known);
  return known;
}

/** In at least two messages and at most in `most`. */
function rareOf(sets: readonly ReadonlySet<number>[], most: number): Set<number> {
  const counts = new Map<number, number>();
  for (const set of sets) for (const one of set) counts.set(one, (counts.get(one) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > 1 && count <= most).map(([one]) => one));
}
