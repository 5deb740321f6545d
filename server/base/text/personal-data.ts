/**
 * Finds personal data in a text and masks it. Everything that the product makes public goes through here. The same
 * text always gives the same answer, and a person can say why.
 */
import { findAddresses } from './personal/addresses.ts';
import { maskSpan, notPersonal } from './personal/masks.ts';
import { announces } from './personal/name-hints.ts';
import { findNames } from './personal/names.ts';
import { finders } from './personal/numbers.ts';
import { type PersonalType, type Reading, read, type Span } from './personal/spans.ts';

type Masked = { masked: string; spans: Span[] };

/**
 * The text with its personal data masked, as long as it was, and what was found, in order. Numbers of firms and
 * services (SERVICE_PHONE, USCC, POSTCODE) are reported and left as they are: they belong to nobody in person.
 * @param nobodys words that look like somebody's name or address and, as the bureau says, are nobody's; not where a word
 *   before them announces a person ("我叫…")
 */
export function maskPersonalData(text: string, nobodys: ReadonlySet<string> = none): Masked {
  const reading = read(text);
  const places = findPlaces(reading).filter(
    ({ type, start, end }) =>
      !(doubtful.has(type) && nobodys.has(text.slice(start, end)) && !announces(reading.folded, start)),
  );
  let masked = '';
  let from = 0;
  for (const place of places) {
    const value = text.slice(place.start, place.end);
    masked += text.slice(from, place.start);
    masked += notPersonal.has(place.type)
      ? value
      : maskSpan(place.type, value, (place.keep ?? place.start) - place.start);
    from = place.end;
  }
  return {
    masked: masked + text.slice(from),
    spans: places.map(({ type, start, end }) => ({ type, start, end })),
  };
}

/** A number is somebody's or it is no such number; of these a person may know better. */
export const doubtful: ReadonlySet<PersonalType> = new Set(['NAME', 'ADDRESS']);
const none: ReadonlySet<string> = new Set();

type Place = Span & { keep?: number };

/** Numbers alone: names and addresses cost ten times as much. */
export function findNumbers(text: string): Span[] {
  return findPlacesOfNumbers(read(text), new Uint8Array(text.length));
}

function findPlacesOfNumbers(reading: Reading, taken: Uint8Array): Place[] {
  const places: Place[] = [];
  for (const { pattern, judge } of finders) {
    for (const { 0: found, index } of reading.parted.matchAll(pattern)) {
      const type = judge(reading, index, found);
      if (type) take(places, taken, { type, start: index, end: index + found.length });
    }
  }
  return places;
}

/** No two overlap: who comes first, stays. */
function take(places: Place[], taken: Uint8Array, place: Place): void {
  if (place.end <= place.start || taken.subarray(place.start, place.end).includes(1)) return;
  taken.fill(1, place.start, place.end);
  places.push(place);
}

/** Numbers first, as they are surest; then addresses, then names. */
function findPlaces(reading: Reading): Place[] {
  const taken = new Uint8Array(reading.folded.length);
  const places = findPlacesOfNumbers(reading, taken);
  for (const address of findAddresses(reading)) {
    take(places, taken, address);
    const postcode = /^[ ,]{1,2}([0-9]{6})(?![0-9])/.exec(reading.after(address.end, 9));
    if (postcode) {
      const end = address.end + postcode[0].length;
      take(places, taken, { type: 'POSTCODE', start: end - 6, end });
    }
  }
  const near = places.filter(({ type }) => !notPersonal.has(type));
  for (const name of findNames(reading, near)) take(places, taken, name);
  return places.sort((a, b) => a.start - b.start);
}
