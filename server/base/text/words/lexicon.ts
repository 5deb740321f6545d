/**
 * How often Chinese words stand in running text: the dictionary of jieba (`word frequency kind` a line), read when it is
 * first asked for, and kept in 6 MB of plain arrays.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fieldWords, places } from './own-words.ts';

export type Lexicon = {
  /**
   * Natural logarithm of a word's share of all words; minus infinity for what is no word. Every single character is one.
   */
  logOf(text: string): number;
  /** Whether the dictionary takes a word for somebody's name, known or not. Noisy: places and titles are among them. */
  isPerson(text: string): boolean;
  /** What it takes for names and seldom met: those are no words. */
  people: readonly string[];
};

const slots = 1 << 19;
/** Longer entries are sayings. */
const longest = 8;
/**
 * What the dictionary holds for somebody's name and counted as often is a word of every day, a place or somebody whom
 * everybody knows: 阳光, 岳阳, 毛泽东.
 */
const knownFrom = 60;
/** Of our own words, in occurrences of the dictionary's sixty million. */
const [nowAndThen, seldom] = [600, 200];

let loaded: Lexicon | undefined;

export function lexicon(): Lexicon {
  loaded ??= load();
  return loaded;
}

function load(): Lexicon {
  const keys = new Float64Array(slots);
  const frequencies = new Float32Array(slots);
  const people: string[] = [];
  let total = 0;
  const put = (word: string, frequency: number) => {
    const key = keyOf(word);
    let at = slotOf(key);
    while (keys[at] !== 0 && keys[at] !== key) at = (at + 1) % slots;
    keys[at] = key;
    frequencies[at] = frequency;
  };
  for (const { word, frequency, kind } of readEntries()) {
    total += frequency;
    const person = /^nr(?!t)/.test(kind) && word.length > 1;
    if (person && frequency < knownFrom) people.push(word);
    else put(word, person ? -frequency : frequency);
  }
  for (const word of fieldWords) put(word, nowAndThen);
  for (const place of places) put(place, seldom);
  /** 0 for what is no word, below it for somebody's name. */
  const find = (text: string): number => {
    const key = keyOf(text);
    for (let at = slotOf(key); keys[at] !== 0; at = (at + 1) % slots)
      if (keys[at] === key) return frequencies[at]!;
    return 0;
  };
  const logTotal = Math.log(total);
  const unknown = Math.log(0.5) - logTotal;
  return {
    people,
    isPerson: (text) => find(text) < 0,
    logOf(text) {
      const frequency = Math.abs(find(text));
      if (frequency > 0) return Math.log(frequency) - logTotal;
      return text.length === 1 ? unknown : Number.NEGATIVE_INFINITY;
    },
  };
}

type Entry = { word: string; frequency: number; kind: string };

/** Words of Chinese characters alone. Line by line: the file as one string would take twenty times what is kept of it. */
function* readEntries(): Generator<Entry> {
  const bytes = readFileSync(createRequire(import.meta.url).resolve('@node-rs/jieba/dict.txt'));
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    const line = bytes.toString('utf8', from, end === -1 ? bytes.length : end);
    from = end === -1 ? bytes.length : end + 1;
    const space = line.indexOf(' ');
    const [word, rest] = [line.slice(0, space), line.slice(space + 1).trimEnd()];
    if (space < 1 || space > longest || !/^[一-龥]+$/.test(word)) continue;
    const [frequency = '', kind = ''] = rest.split(' ');
    yield { word, frequency: Number(frequency), kind };
  }
}

/** Two hashes side by side in 53 bits: among 300,000 words two that share one are not to be expected. Never 0. */
function keyOf(word: string): number {
  let [low, high] = [17, 29];
  for (let at = 0; at < word.length; at += 1) {
    low = (Math.imul(low, 31) + word.charCodeAt(at)) >>> 0;
    high = (Math.imul(high, 131) + word.charCodeAt(at)) >>> 0;
  }
  return (high & 0x1f_ffff) * 0x1_0000_0000 + low + 1;
}

function slotOf(key: number): number {
  const mixed = Math.imul(key | 0, 0x9e37_79b1);
  return (mixed ^ (mixed >>> 15)) & (slots - 1);
}
