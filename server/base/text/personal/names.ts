/**
 * Names of people: with a dot between their parts, set wide ("王　明"), and all others by the likeliest reading of the text
 * as words and names. A surname alone ("张先生", "王局长") is no name: it is left.
 */
import { findDottedNames } from './dotted-names.ts';
import { announces, hintsOf, neighboursOf } from './name-hints.ts';
import { type FoundName, readNames } from './name-lattice.ts';
import type { Reading, Span } from './spans.ts';
import { givenCharacters, surnames } from './surnames.ts';

/** Stands where a number or an address was found: a name's best neighbour. */
const hidden = '\ue000';
/** Stands where a name was found that the reading of words must not see. */
const named = '\ue001';

/** @param found personal numbers and addresses: names are no part of them, and often stand beside them */
export function findNames(reading: Reading, found: readonly Span[]): Span[] {
  let text = hide(reading.folded, found, hidden);
  const dotted = findDottedNames(text, (start) => announces(text, start));
  text = hide(text, dotted, named);
  const first = readNames(text, hintsOf(text, dotted, reading.headingAt));
  const known = [...dotted, ...first];
  // Who stands beside somebody in a list is likelier somebody: once known, names make others.
  const names = known.length === 0 ? first : readNames(text, hintsOf(text, known, reading.headingAt));
  const wide = wideNames(text, [...dotted, ...names]);
  return [...dotted, ...names, ...wide].map(({ start, end }) => ({ type: 'NAME', start, end }));
}

/** Two characters pushed apart to be as wide as three, beside other names or after a word that announces one. */
function wideNames(text: string, known: readonly FoundName[]): FoundName[] {
  const found: FoundName[] = [];
  const taken = new Set(known.flatMap(({ start, end }) => [start, end - 1]));
  const isNeighbour = neighboursOf(text, known);
  for (const { 0: whole, 1: family, 2: given, index } of text.matchAll(
    /(?<![一-龥])([一-龥]) {1,2}([一-龥])(?![一-龥])/g,
  )) {
    const place = { start: index, end: index + whole.length };
    if (!surnames.has(family!) || !givenCharacters.has(given!) || taken.has(index)) continue;
    const last = found.slice(-1);
    if (announces(text, index) || isNeighbour(place) || neighboursOf(text, last)(place)) found.push(place);
  }
  return found;
}

function hide(text: string, found: readonly FoundName[], sign: string): string {
  let [rest, from] = ['', 0];
  for (const { start, end } of found.toSorted((a, b) => a.start - b.start)) {
    rest += text.slice(from, start) + sign.repeat(end - start);
    from = end;
  }
  return rest + text.slice(from);
}
