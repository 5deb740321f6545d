/**
 * Texts as sparse vectors of hashed character n-grams. No dictionary and no segmenter: what a bureau's citizens call
 * things is learnt from their own messages. Everything lies in typed arrays, so that ten thousand messages are read in
 * seconds and a model goes into one buffer.
 */
/** Lengths of n-grams, in UTF-16 units. Five and more only repeat what four say, and double the memory. */
export const gramLengths = { from: 1, to: 4 };
export type GramLengths = typeof gramLengths;

/** One text as a vector: places in the vocabulary, ascending, and their weights. */
export type Vector = { at: Int32Array; weight: Float32Array };

/** Calls back for each n-gram with its hash and where it stands in the folded text. */
export function eachGram(
  folded: string,
  take: (hash: number, start: number, length: number) => void,
  lengths: GramLengths = gramLengths,
): void {
  for (let start = 0; start < folded.length; start += 1) {
    let hash = 0x811c9dc5;
    const end = Math.min(folded.length, start + lengths.to);
    for (let at = start; at < end; at += 1) {
      const unit = folded.charCodeAt(at);
      // A boundary belongs to no n-gram: fields and sentences don't run into one another.
      if (unit === boundary) break;
      hash = mix(hash, unit);
      const length = at - start + 1;
      if (length >= lengths.from) take(hash, start, length);
    }
  }
}

/** Separates parts of a text that n-grams must not span. */
const boundary = 0x0a;

/** FNV-1a by 16-bit units with a stronger finish; 32 bits keep a million n-grams apart but for some hundred pairs. */
function mix(hash: number, unit: number): number {
  let next = Math.imul(hash ^ unit, 0x01000193);
  next = Math.imul(next ^ (next >>> 15), 0x85ebca6b);
  return (next ^ (next >>> 13)) >>> 0;
}

export type Counts = { hashes: Uint32Array; counts: Float32Array };

/** A folded part of a message; an n-gram in it counts `weight` times. */
export type Part = { folded: string; weight: number };

/** N-grams of a message, ascending by hash, with how often each stands in it. */
export function countGrams(parts: readonly Part[], lengths: GramLengths = gramLengths): Counts {
  const size = parts.reduce((sum, { folded }) => sum + folded.length * lengths.to, 0);
  // Hash and part in one double, so that the native sort of a typed array can be used.
  const all = new Float64Array(size);
  let used = 0;
  for (const [part, { folded }] of parts.entries())
    eachGram(
      folded,
      (hash) => {
        all[used++] = hash * parts.length + part;
      },
      lengths,
    );
  const sorted = all.subarray(0, used).sort();
  const hashes = new Uint32Array(used);
  const counts = new Float32Array(used);
  let last = -1;
  for (const value of sorted) {
    const hash = Math.floor(value / parts.length);
    if (last < 0 || hashes[last] !== hash) hashes[++last] = hash;
    counts[last]! += parts[value % parts.length]!.weight;
  }
  return { hashes: hashes.slice(0, last + 1), counts: counts.slice(0, last + 1) };
}

/** The n-grams a model knows, ascending by hash, with their inverse document frequencies. */
export type Vocabulary = { hashes: Uint32Array; idf: Float32Array; find(hash: number): number };

/** Keeps n-grams that stand in at least `leastTexts` texts: what only one message says teaches nothing. */
export function buildVocabulary(texts: readonly Counts[], leastTexts: number): Vocabulary {
  const total = texts.reduce((sum, { hashes }) => sum + hashes.length, 0);
  const all = new Uint32Array(total);
  let used = 0;
  for (const { hashes } of texts) {
    all.set(hashes, used);
    used += hashes.length;
  }
  all.sort();
  const hashes: number[] = [];
  const idf: number[] = [];
  for (let from = 0; from < total; ) {
    let to = from + 1;
    while (to < total && all[to] === all[from]) to += 1;
    if (to - from >= leastTexts) {
      hashes.push(all[from]!);
      idf.push(Math.log((1 + texts.length) / (1 + to - from)) + 1);
    }
    from = to;
  }
  return openVocabulary(Uint32Array.from(hashes), Float32Array.from(idf));
}

/** Builds the table that finds a hash: open addressing, half full. */
export function openVocabulary(hashes: Uint32Array, idf: Float32Array): Vocabulary {
  const bits = Math.max(4, Math.ceil(Math.log2(hashes.length * 2 + 2)));
  const mask = 2 ** bits - 1;
  const table = new Int32Array(mask + 1).fill(-1);
  for (let at = 0; at < hashes.length; at += 1) {
    let slot = hashes[at]! & mask;
    while (table[slot] !== -1) slot = (slot + 1) & mask;
    table[slot] = at;
  }
  const find = (hash: number): number => {
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = table[slot]!;
      if (at === -1 || hashes[at] === hash) return at;
    }
  };
  return { hashes, idf, find };
}

/** Sublinear tf × idf, of length one. */
export function toVector({ hashes, counts }: Counts, vocabulary: Vocabulary): Vector {
  const at = new Int32Array(hashes.length);
  const weight = new Float32Array(hashes.length);
  let used = 0;
  let norm = 0;
  for (let index = 0; index < hashes.length; index += 1) {
    const place = vocabulary.find(hashes[index]!);
    if (place === -1) continue;
    const value = (1 + Math.log(counts[index]!)) * vocabulary.idf[place]!;
    at[used] = place;
    weight[used++] = value;
    norm += value * value;
  }
  const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0;
  for (let index = 0; index < used; index += 1) weight[index]! *= scale;
  return { at: at.subarray(0, used), weight: weight.subarray(0, used) };
}
