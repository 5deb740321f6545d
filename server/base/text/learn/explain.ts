/** Which stretches of a text decided: the weights of all n-grams, laid back over the places where they stand. */
import { eachGram } from './features.ts';
import { foldWithOrigin } from './fold.ts';

export type Word = {
  text: string;
  part: 'title' | 'detail';
  /** UTF-16 units of that part as it was given. */
  start: number;
  end: number;
  /** Share of all that spoke for the label. */
  share: number;
};

const mostWords = 5;
const longestWord = 8;

/** @param weigh what an n-gram's hash says for the label; 0 when it is unknown */
export function decidingWords(
  message: { title: string; detail: string },
  weigh: (hash: number) => number,
): Word[] {
  const words = (['title', 'detail'] as const).flatMap((part) => wordsOf(message[part], part, weigh));
  const total = words.reduce((sum, { share }) => sum + share, 0);
  const seen = new Set<string>();
  return words
    .sort((a, b) => b.share - a.share)
    .filter(({ text }) => !seen.has(text) && seen.add(text))
    .slice(0, mostWords)
    .map((word) => ({ ...word, share: word.share / total }));
}

function wordsOf(text: string, part: Word['part'], weigh: (hash: number) => number): Word[] {
  const { folded, origin } = foldWithOrigin(text);
  const says = new Float64Array(folded.length);
  eachGram(folded, (hash, start, length) => {
    const each = weigh(hash) / length;
    for (let at = start; at < start + length; at += 1) says[at]! += each;
  });
  const mean = says.reduce((sum, value) => sum + Math.max(0, value), 0) / Math.max(1, folded.length);
  const words: Word[] = [];
  for (let start = 0; start < folded.length; ) {
    let end = start;
    let share = 0;
    while (end < folded.length && end - start < longestWord && says[end]! > mean && isWord(folded[end]!)) {
      share += says[end]!;
      end += 1;
    }
    if (end - start > 1) {
      const [from, to] = [origin[start]!, origin[end - 1]! + 1];
      words.push({ text: text.slice(from, to), part, start: from, end: to, share });
    }
    start = Math.max(end, start + 1);
  }
  return words;
}

const isWord = (unit: string): boolean => /[\p{L}\p{N}]/u.test(unit);
