/**
 * Groups of a small window. A few hundred short messages don't tell which words are common in a bureau: 养老金, 工资, 补贴 look as
 * rare there as the name of an affair. So what is common is told from outside, by the invented messages and by the dictionary,
 * and a word that nobody else says counts too: two people who share 补贴 alone share little. Every pair can be looked at, so
 * groups grow from the nearest pair on, as long as both are near enough.
 */
import { seedMessages } from '../message-seeds.ts';
import { withoutCourtesies } from '../retrieval.ts';
import { lexicon } from '../words/lexicon.ts';

/** All chosen on two invented weeks and on parts of a city's 4,326 messages, see docs/understanding.md. */
const limits = {
  /** Cosine of two groups' sums. */
  near: 0.1,
  /** Mean product of their pairs: what big groups of long stories have in common is no issue. */
  pairs: 0.04,
  /** Of those that name the same place: what they say of it must be a little alike … */
  matter: 0.05,
  /** … and those that name different ones need be so much nearer. */
  elsewhere: 0.5,
  /** A group's places are those that this share of it names. */
  placed: 0.4,
};

/** An invented message says as much about what is common as so many of the window. */
const seedWeight = 3;
/** A gram of three characters holds two of two that say the same. */
const longGram = 0.5;
/** Minus the logarithm of a word's share of all words; who is rarer is no word of every day. */
const rareWord = 13;
const titleWeight = 3;
/** What it is about is said at once; what follows is the story. */
const readUnits = 100;
/** Pleading, hurry and the rest of asking are about nothing. */
const pleas = /麻烦|回复|重视|尽快|多久|可以|需要|哪些|谁管|管不管|一直|已经|现在|还没有?|没有|我们|你们|急/g;

export type FewMessages = {
  /** Folded, all that each says. */
  whole: readonly FewMessage[];
  /** The same without names of places and groups. */
  matter: readonly FewMessage[];
  named: readonly (readonly string[])[];
};
type FewMessage = { title: string; text: string };
type Grams = ReadonlyMap<string, number>;

/** @returns groups of at least two messages, as places in the input */
export function clusterFew({ whole, matter, named }: FewMessages): number[][] {
  const wholes = whole.map(countWords);
  const weigh = weighAgainst(wholes);
  const alike = {
    whole: cosinesOfAll(wholes.map(weigh)),
    matter: cosinesOfAll(matter.map((one) => weigh(countWords(one)))),
  };
  return grow(alike, named).filter((group) => group.length > 1);
}

function countWords({ title, text }: FewMessage): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (part: string, weight: number) => {
    for (const run of withoutCourtesies(part).replaceAll(pleas, '\n').split('\n'))
      for (const length of [2, 3])
        for (let at = 0; at + length <= run.length; at += 1) {
          const gram = run.slice(at, at + length);
          counts.set(gram, (counts.get(gram) ?? 0) + weight);
        }
  };
  count(title, titleWeight);
  count(text.slice(0, readUnits), 1);
  return counts;
}

let seeds: Map<string, number> | undefined;

/** In how many invented messages each gram stands. */
function seedCounts(): Map<string, number> {
  seeds ??= inHowMany(seedMessages.map(({ text }) => countWords({ title: '', text })));
  return seeds;
}

function inHowMany(texts: readonly Grams[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const grams of texts) for (const gram of grams.keys()) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  return counts;
}

/** Sublinear tf × idf over the window and the invented messages together, less for words of every day; of length one. */
function weighAgainst(texts: readonly Grams[]): (grams: Grams) => Grams {
  const [own, common, words] = [inHowMany(texts), seedCounts(), lexicon()];
  const all = texts.length + seedWeight * seedMessages.length;
  const weightOf = (gram: string): number => {
    const said = (own.get(gram) ?? 0) + seedWeight * (common.get(gram) ?? 0);
    // What is no word is minus infinity, and weighs in full.
    const rare = Math.min(1, -words.logOf(gram) / rareWord);
    return (gram.length > 2 ? longGram : 1) * rare * (Math.log((1 + all) / (1 + said)) + 1);
  };
  return (grams) => {
    const weighed = [...grams].map(
      ([gram, count]) => [gram, (1 + Math.log(count)) * weightOf(gram)] as const,
    );
    const norm = Math.sqrt(weighed.reduce((sum, [, weight]) => sum + weight * weight, 0)) || 1;
    return new Map(weighed.map(([gram, weight]) => [gram, weight / norm]));
  };
}

/** Products of all pairs, by way of who says a gram. */
function cosinesOfAll(vectors: readonly Grams[]): Float64Array[] {
  const products = vectors.map(() => new Float64Array(vectors.length));
  const said = new Map<string, number[]>();
  for (const [at, vector] of vectors.entries())
    for (const [gram, weight] of vector) {
      const others = said.get(gram) ?? [];
      others.push(at);
      said.set(gram, others);
      for (const other of others) products[at]![other]! += weight * vectors[other]!.get(gram)!;
    }
  for (let at = 0; at < vectors.length; at += 1)
    for (let other = 0; other < at; other += 1) products[other]![at] = products[at]![other]!;
  return products;
}

type Products = { whole: Float64Array[]; matter: Float64Array[] };
type Growing = { products: Products; groups: (number[] | null)[]; places: ReadonlySet<string>[] };

/**
 * The nearest two groups become one until none are near enough.
 * @param products written over: what two groups share is the sum over their pairs, so rows are added up where groups meet
 */
function grow(products: Products, named: readonly (readonly string[])[]): number[][] {
  const groups: (number[] | null)[] = named.map((_, at) => [at]);
  const growing: Growing = { products, groups, places: named.map((names) => new Set(names)) };
  const best = groups.map((_, at) => findNearest(growing, at));
  for (;;) {
    let into = -1;
    for (const [at, { other, near }] of best.entries())
      if (groups[at] && other !== -1 && (into === -1 || near > best[into]!.near)) into = at;
    if (into === -1) return groups.filter((group) => group !== null);
    const from = best[into]!.other;
    groups[into]!.push(...groups[from]!);
    groups[from] = null;
    growing.places[into] = placesOf(groups[into]!, named);
    addRows(products.whole, into, from);
    addRows(products.matter, into, from);
    for (const [at, group] of groups.entries()) {
      if (group === null) continue;
      const { other } = best[at]!;
      if (at === into || other === into || other === from) {
        best[at] = findNearest(growing, at);
        continue;
      }
      const near = nearness(growing, at, into);
      if (near > Math.max(limits.near, best[at]!.near)) best[at] = { other: into, near };
    }
  }
}

function findNearest(growing: Growing, one: number): { other: number; near: number } {
  const best = { other: -1, near: limits.near };
  for (let other = 0; other < growing.groups.length; other += 1) {
    if (other === one || growing.groups[other] === null) continue;
    const near = nearness(growing, one, other);
    if (near > best.near) [best.other, best.near] = [other, near];
  }
  return best;
}

/** Neither a place alone nor a kind of trouble alone makes an issue: both what is said and where must be near. */
function nearness({ products, groups, places }: Growing, one: number, other: number): number {
  const pairs = groups[one]!.length * groups[other]!.length;
  if (products.matter[one]![other]! < limits.pairs * pairs && !share(places[one]!, places[other]!)) return 0;
  const [whole, matter] = [products.whole, products.matter].map((sums) => {
    const size = Math.sqrt(sums[one]![one]! * sums[other]![other]!);
    return size > 0 ? sums[one]![other]! / size : 0;
  });
  const near = Math.min(whole!, matter!);
  if (places[one]!.size === 0 || places[other]!.size === 0) return near;
  if (!share(places[one]!, places[other]!)) return near * limits.elsewhere;
  return near < limits.matter ? 0 : (whole! + matter!) / 2;
}

function share(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const name of one) if (other.has(name)) return true;
  return false;
}

function addRows(sums: readonly Float64Array[], into: number, from: number): void {
  const own = sums[into]![into]! + sums[from]![from]! + 2 * sums[into]![from]!;
  for (let at = 0; at < sums.length; at += 1) {
    sums[into]![at]! += sums[from]![at]!;
    sums[at]![into] = sums[into]![at]!;
  }
  sums[into]![into] = own;
}

function placesOf(group: readonly number[], named: readonly (readonly string[])[]): Set<string> {
  const counts = new Map<string, number>();
  for (const at of group)
    for (const name of new Set(named[at])) counts.set(name, (counts.get(name) ?? 0) + 1);
  const most = [...counts].filter(([, count]) => count >= limits.placed * group.length);
  return new Set(most.map(([name]) => name));
}
