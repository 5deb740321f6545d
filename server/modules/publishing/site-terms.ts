/**
 * How text becomes search terms, for pages and for queries alike: character bigrams for Chinese (no dictionary that
 * could drift from what is stored), whole words for Latin letters and digits.
 */
const han = '[\\p{Script=Han}〇]';
const runs = new RegExp(`(${han}+)|((?:(?!${han})[\\p{L}\\p{M}\\p{N}])+)`, 'gu');

/** A longer word is no word; PostgreSQL refuses lexemes over 2 KB. */
const longestWord = 64;
/** Code units of one page that are searched: a tsvector may hold 1 MB. */
const longestText = 60_000;

/** NFKC and lower case: full-width １２３３３ and 12333 are the same word. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};
const blockTags = /<\/?(?:p|h\d|li|ul|ol|blockquote|figure|figcaption|table|tr|t[dh]|div|br|hr)\b[^>]*>/gi;

/**
 * The text of clean HTML, a line a block. Inline tags leave no gap: a bold word stays part of its sentence, and its
 * bigrams stay whole.
 */
export function plainText(html: string): string {
  return html
    .replace(blockTags, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(
      /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi,
      (whole, decimal, hex, name: string | undefined) => {
        if (name) return entities[name.toLowerCase()] ?? whole;
        const point = decimal ? Number(decimal) : Number.parseInt(hex, 16);
        return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      },
    )
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ *\n\s*/g, '\n')
    .toWellFormed()
    .trim();
}

/**
 * The distinct terms to store for a page. The last character of each Chinese run stands alone as well, so that the
 * prefix search for a single character finds it wherever it is.
 */
export function indexTerms(text: string): string[] {
  const terms = new Set<string>();
  for (const [, chinese, word] of fold(text.slice(0, longestText)).matchAll(runs)) {
    if (word !== undefined) terms.add(word.slice(0, longestWord));
    if (chinese === undefined) continue;
    const characters = Array.from(chinese);
    for (let at = 1; at < characters.length; at += 1) terms.add(characters[at - 1]! + characters[at]!);
    terms.add(characters.at(-1)!);
  }
  return [...terms];
}

/** For a query of the indexed terms (`tsquery`): as it stands, whatever signs it holds. */
export const quoteTerm = (term: string): string => `'${term.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** Whatever holds one of the terms. */
export const anyTerm = (terms: readonly string[]): string => terms.map(quoteTerm).join(' | ');

/** `prefix` marks a single Chinese character: it is looked for as the beginning of a bigram. */
export type QueryTerm = { text: string; prefix: boolean };

/** What makes a question of it and says nothing about the matter. */
const questionWords = /请问|为什么|怎么(?:办(?!理))?|怎样|如何|什么|哪里|哪儿|哪些|多少|[吗呢]/gu;

/** Terms of a query, in its order, without question words unless it has nothing else; over 32 say nothing new. */
export function queryTerms(query: string): QueryTerm[] {
  const folded = fold(query);
  const terms = readTerms(folded.replace(questionWords, ' '));
  return (terms.length > 0 ? terms : readTerms(folded)).slice(0, 32);
}

function readTerms(folded: string): QueryTerm[] {
  const terms = new Map<string, QueryTerm>();
  for (const [, chinese, word] of folded.matchAll(runs)) {
    if (word !== undefined)
      terms.set(word.slice(0, longestWord), { text: word.slice(0, longestWord), prefix: false });
    if (chinese === undefined) continue;
    const characters = Array.from(chinese);
    if (characters.length === 1) terms.set(chinese, { text: chinese, prefix: true });
    for (let at = 1; at < characters.length; at += 1) {
      const bigram = characters[at - 1]! + characters[at]!;
      terms.set(bigram, { text: bigram, prefix: false });
    }
  }
  return [...terms.values()];
}

export function countOccurrences(text: string, term: string): number {
  let count = 0;
  for (let at = text.indexOf(term); at !== -1; at = text.indexOf(term, at + 1)) count += 1;
  return count;
}

/** Text in parts; `hit` parts are what the query found. */
export type MarkedText = { text: string; hit: boolean }[];

/** Marks every place of the terms in the text; touching and overlapping places become one. */
export function markTerms(text: string, terms: readonly QueryTerm[]): MarkedText {
  const { folded, origin } = foldWithOrigin(text);
  const hit = new Uint8Array(text.length);
  for (const { text: term } of terms) {
    for (let at = folded.indexOf(term); at !== -1; at = folded.indexOf(term, at + 1)) {
      hit.fill(1, origin[at]!, origin[at + term.length]!);
    }
  }
  const parts: MarkedText = [];
  for (let start = 0, at = 1; at <= text.length; at += 1) {
    if (at < text.length && hit[at] === hit[start]) continue;
    parts.push({ text: text.slice(start, at), hit: hit[start] === 1 });
    start = at;
  }
  return parts;
}

/** Folds character by character, so that each place in the folded text knows where it came from. */
function foldWithOrigin(text: string): { folded: string; origin: number[] } {
  const origin: number[] = [];
  let folded = '';
  let from = 0;
  for (const character of text) {
    const piece = fold(character);
    for (let unit = 0; unit < piece.length; unit += 1) origin.push(from);
    folded += piece;
    from += character.length;
  }
  origin.push(from);
  return { folded, origin };
}

/** The stretch of about `length` characters in which most different terms stand, marked. */
export function excerpt(text: string, terms: readonly QueryTerm[], length = 90): MarkedText {
  const flat = text.replace(/\s+/g, ' ').trim();
  const start = bestStart(flat, terms, length);
  const end = Math.min(flat.length, start + length);
  const cut = flat.slice(...wholeCharacters(flat, start, end));
  const parts = markTerms(cut, terms);
  if (start > 0) parts.unshift({ text: '…', hit: false });
  if (end < flat.length) parts.push({ text: '…', hit: false });
  return parts;
}

function bestStart(text: string, terms: readonly QueryTerm[], length: number): number {
  const { folded, origin } = foldWithOrigin(text);
  const places: { at: number; term: number }[] = [];
  terms.forEach(({ text: term }, index) => {
    let found = 0;
    for (let at = folded.indexOf(term); at !== -1 && found < 50; at = folded.indexOf(term, at + 1)) {
      places.push({ at: origin[at]!, term: index });
      found += 1;
    }
  });
  places.sort((a, b) => a.at - b.at);
  let best = { start: 0, different: 0 };
  for (const [index, place] of places.entries()) {
    const seen = new Set<number>();
    for (let next = index; next < places.length && places[next]!.at < place.at + length - 20; next += 1) {
      seen.add(places[next]!.term);
    }
    if (seen.size > best.different) best = { start: place.at, different: seen.size };
  }
  // A little of what stands before makes the hit readable.
  const wanted = best.start < length - 30 ? 0 : best.start - 15;
  return Math.max(0, Math.min(wanted, text.length - length));
}

/** Moves both ends so that no surrogate pair is cut. */
function wholeCharacters(text: string, start: number, end: number): [number, number] {
  const inside = (at: number) => at > 0 && at < text.length && /[\uDC00-\uDFFF]/.test(text[at]!);
  return [inside(start) ? start - 1 : start, inside(end) ? end - 1 : end];
}
