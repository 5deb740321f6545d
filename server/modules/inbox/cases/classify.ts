import type { CaseKind } from '#shared/inbox.ts';
import { isPraise } from './praise.ts';
import { type CaseField, courtesyWords, fieldWords, kindWords } from './words.ts';

export type Classification = {
  kind: CaseKind;
  field: CaseField | null;
  /** The words of the text that decided, so that a person can see why. */
  words: { kind: string[]; field: string[] };
};

/** A field must gather this much weight; a single hint decides nothing. */
const enough = 2;
/** A longer text is more than a courtesy, whatever it ends with. */
const longestCourtesy = 30;

const allFieldWords = fieldWords.flatMap(([, words]) => Object.keys(words));

/** What a message wants and where it belongs, by words alone; a person may always set it otherwise. */
export function classify(text: string): Classification {
  const plain = text.replaceAll(/\s+/g, '');
  if (isCourtesy(plain)) {
    return {
      kind: 'thanks',
      field: null,
      words: { kind: courtesyWords.filter((word) => plain.includes(word)), field: [] },
    };
  }
  const field = classifyField(plain);
  const decided = kindWords
    .map(([kind, words]) => ({ kind, words: words.filter((word) => plain.includes(word)) }))
    .find(({ words }) => words.length > 0);
  return {
    // Words about a field without any wish are most often a question put briefly ("失业金领取条件").
    kind: decided?.kind ?? (field.field ? 'consult' : 'other'),
    field: field.field,
    words: { kind: decided?.words ?? [], field: field.words },
  };
}

/**
 * Nothing but thanks, a sign or an emotion: it needs no new clock when it follows an answer.
 * An empty text is not one: a picture or a voice may hold a question.
 */
export function isCourtesy(text: string): boolean {
  if (isPraise(text)) return true;
  const plain = text.replaceAll(/\s+/g, '');
  if (plain === '' || [...plain].length > longestCourtesy) return false;
  // Platforms write their stickers as [微笑] or /:rose.
  const bare = plain.replaceAll(/\[[^\]]{1,8}\]|\/:[\w-]{1,12}/g, '').replaceAll(/[^\p{L}\p{N}?？]/gu, '');
  if (bare === '') return true;
  if (/[?？]/.test(bare) || !courtesyWords.some((word) => bare.includes(word))) return false;
  const wishes = kindWords.some(([, words]) => words.some((word) => bare.includes(word)));
  return !wishes && classifyField(bare).field === null;
}

function classifyField(text: string): { field: CaseField | null; words: string[] } {
  const found = new Set(findLongest(text, allFieldWords));
  let best: { field: CaseField | null; words: string[]; weight: number } = {
    field: null,
    words: [],
    weight: enough - 1,
  };
  for (const [field, weights] of fieldWords) {
    const words = Object.keys(weights).filter((word) => found.has(word));
    const weight = words.reduce((sum, word) => sum + weights[word]!, 0);
    if (weight > best.weight) best = { field, words, weight };
  }
  return { field: best.field, words: best.words };
}

/** Words that occur in the text, the longest first, none inside the place of a longer one. */
function findLongest(text: string, words: readonly string[]): string[] {
  let rest = text;
  const found: string[] = [];
  for (const word of words.toSorted((a, b) => b.length - a.length)) {
    if (!rest.includes(word)) continue;
    found.push(word);
    rest = rest.replaceAll(word, '\n');
  }
  return found;
}
