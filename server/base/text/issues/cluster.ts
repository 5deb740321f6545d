/**
 * Groups of messages about one issue. Two vectors a message: all it says, and what it says without names of places. A
 * message belongs to a group when both are near the group's centre, so that neither a place alone nor a kind of trouble
 * alone makes an issue. Who shares a key with the group (a name, or a rare phrase of titles) may say it in other words;
 * who shares none must say nearly the same. Candidates come from an inverted index over the weightiest n-grams.
 */
import type { Vector } from '../learn/features.ts';
import { isName } from './keys.ts';

export type IssueVectors = {
  whole: readonly Vector[];
  matter: readonly Vector[];
  /** Names and rare phrases of each message, as numbers. */
  keys: readonly ReadonlySet<number>[];
  /** Size of the vocabulary. */
  size: number;
};

/** How near is near: cosines, with a shared key and without. Chosen on 4,326 messages, see docs/understanding.md. */
const nearness = {
  pair: { shared: { whole: 0.13, matter: 0.04 }, apart: { whole: 0.3, matter: 0.25 } },
  join: { shared: { whole: 0.17, matter: 0.1 }, apart: { whole: 0.4, matter: 0.35 } },
  merge: {
    named: { whole: 0.135, matter: 0.05 },
    shared: { whole: 0.25, matter: 0.15 },
    apart: { whole: 0.6, matter: 0.55 },
  },
};

const indexedGrams = 40;
/**
 * What more messages say than this tells nothing; a share of all where there are very many, so that an issue of a thousand
 * is still found. Of a gram only the latest messages are looked at, which keeps the work in step with their number.
 */
const commonGram = { least: 300, share: 0.02 };
const lookedAt = 300;
const sharedGrams = 3;
const rounds = 3;
/** A group's key is one that this share of its messages holds. */
const keyShare = 0.4;

/** @returns groups of at least two messages, as places in the input */
export function cluster(vectors: IssueVectors): number[][] {
  const neighbours = findNeighbours(vectors);
  let groups = seedGroups(neighbours);
  for (let round = 0; round < rounds; round += 1) {
    groups = mergeGroups(assign(vectors, groups, neighbours), vectors, neighbours);
  }
  return groups.filter((group) => group.length > 1);
}

type Neighbour = { at: number; near: number };

const overlaps = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean => {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const key of small) if (large.has(key)) return true;
  return false;
};

function findNeighbours({ whole, matter, keys, size }: IssueVectors): Neighbour[][] {
  const postings: number[][] = Array.from({ length: size }, () => []);
  const tops = whole.map((vector) => heaviest(vector, indexedGrams));
  tops.forEach((top, at) => {
    for (const gram of top) postings[gram]!.push(at);
  });
  const seen = new Int32Array(whole.length);
  const result: Neighbour[][] = whole.map(() => []);
  const longest = Math.max(commonGram.least, commonGram.share * whole.length);
  /** How much of each posting lies before the message at hand. */
  const before = new Int32Array(size);
  const [denseWhole, denseMatter] = [new Float32Array(size), new Float32Array(size)];
  for (let at = 0; at < whole.length; at += 1) {
    const touched: number[] = [];
    for (const gram of tops[at]!) {
      const posting = postings[gram]!;
      const end = before[gram]!;
      before[gram]! += 1;
      if (posting.length > longest) continue;
      for (let place = Math.max(0, end - lookedAt); place < end; place += 1) {
        const other = posting[place]!;
        if (seen[other]! === 0) touched.push(other);
        seen[other]! += 1;
      }
    }
    const likely = touched.filter((other) => seen[other]! >= sharedGrams);
    for (const other of touched) seen[other] = 0;
    if (likely.length === 0) continue;
    spread(denseWhole, whole[at]!, 1);
    spread(denseMatter, matter[at]!, 1);
    for (const other of likely) {
      const limit = overlaps(keys[at]!, keys[other]!) ? nearness.pair.shared : nearness.pair.apart;
      const near = dot(denseWhole, whole[other]!);
      if (near < limit.whole || dot(denseMatter, matter[other]!) < limit.matter) continue;
      result[at]!.push({ at: other, near });
      result[other]!.push({ at, near });
    }
    spread(denseWhole, whole[at]!, 0);
    spread(denseMatter, matter[at]!, 0);
  }
  return result;
}

/** The best connected message first takes its neighbours with it. */
function seedGroups(neighbours: readonly Neighbour[][]): number[][] {
  const degree = neighbours.map((list) => list.reduce((sum, { near }) => sum + near, 0));
  const order = degree.map((_, at) => at).sort((a, b) => degree[b]! - degree[a]! || a - b);
  const taken = new Uint8Array(neighbours.length);
  const groups: number[][] = [];
  for (const at of order) {
    if (taken[at]) continue;
    const group = [at, ...neighbours[at]!.map((one) => one.at).filter((other) => !taken[other])];
    for (const member of group) taken[member] = 1;
    groups.push(group);
  }
  return groups;
}

/** Every message goes to the nearest centre among its own and its neighbours' groups, or stands alone. */
function assign(
  vectors: IssueVectors,
  groups: readonly number[][],
  neighbours: readonly Neighbour[][],
): number[][] {
  const { whole, matter, keys, size } = vectors;
  const best = whole.map(() => ({ group: -1, near: 0 }));
  const [denseWhole, denseMatter] = [new Float32Array(size), new Float32Array(size)];
  groups.forEach((group, index) => {
    if (group.length < 2) return;
    const centre = centreOf(group, vectors, denseWhole);
    const options = new Set(group);
    for (const at of group) for (const one of neighbours[at]!) options.add(one.at);
    spread(denseWhole, centre.whole, 1);
    spread(denseMatter, centre.matter, 1);
    for (const at of options) {
      const limit = overlaps(keys[at]!, centre.keys) ? nearness.join.shared : nearness.join.apart;
      const [nearWhole, nearMatter] = [dot(denseWhole, whole[at]!), dot(denseMatter, matter[at]!)];
      if (nearWhole < limit.whole || nearMatter < limit.matter) continue;
      const near = nearWhole + nearMatter;
      if (near > best[at]!.near) best[at] = { group: index, near };
    }
    spread(denseWhole, centre.whole, 0);
    spread(denseMatter, centre.matter, 0);
  });
  const next: number[][] = groups.map(() => []);
  const alone: number[][] = [];
  for (const [at, { group }] of best.entries()) {
    if (group === -1) alone.push([at]);
    else next[group]!.push(at);
  }
  return [...next.filter((group) => group.length > 0), ...alone];
}

function mergeGroups(
  groups: number[][],
  vectors: IssueVectors,
  neighbours: readonly Neighbour[][],
): number[][] {
  const groupOf = new Int32Array(vectors.whole.length);
  groups.forEach((group, index) => {
    for (const at of group) groupOf[at] = index;
  });
  const [denseWhole, denseMatter] = [new Float32Array(vectors.size), new Float32Array(vectors.size)];
  const centres = groups.map((group) => (group.length > 1 ? centreOf(group, vectors, denseWhole) : null));
  const byKey = new Map<number, number[]>();
  centres.forEach((centre, index) => {
    for (const key of centre?.keys ?? []) byKey.set(key, [...(byKey.get(key) ?? []), index]);
  });
  const parent = groups.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) at = parent[at]!;
    return at;
  };
  groups.forEach((group, index) => {
    const centre = centres[index];
    if (!centre) return;
    const linked = new Set(group.flatMap((at) => neighbours[at]!.map((one) => groupOf[one.at]!)));
    for (const key of centre.keys) for (const other of byKey.get(key) ?? []) linked.add(other);
    spread(denseWhole, centre.whole, 1);
    spread(denseMatter, centre.matter, 1);
    for (const other of linked) {
      const theirs = centres[other];
      if (!theirs || root(other) === root(index)) continue;
      const common = [...centre.keys].filter((key) => theirs.keys.has(key));
      const kind = common.some(isName) ? 'named' : common.length > 0 ? 'shared' : 'apart';
      const limit = nearness.merge[kind];
      if (dot(denseWhole, theirs.whole) < limit.whole || dot(denseMatter, theirs.matter) < limit.matter)
        continue;
      parent[root(other)] = root(index);
    }
    spread(denseWhole, centre.whole, 0);
    spread(denseMatter, centre.matter, 0);
  });
  const merged = new Map<number, number[]>();
  groups.forEach((group, index) => {
    const key = root(index);
    const list = merged.get(key);
    if (list) list.push(...group);
    else merged.set(key, [...group]);
  });
  return [...merged.values()];
}

type Centre = { whole: Vector; matter: Vector; keys: ReadonlySet<number> };

function centreOf(
  group: readonly number[],
  { whole, matter, keys }: IssueVectors,
  dense: Float32Array,
): Centre {
  const counts = new Map<number, number>();
  for (const at of group) for (const key of keys[at]!) counts.set(key, (counts.get(key) ?? 0) + 1);
  const least = Math.max(2, keyShare * group.length);
  return {
    whole: mean(
      group.map((at) => whole[at]!),
      dense,
    ),
    matter: mean(
      group.map((at) => matter[at]!),
      dense,
    ),
    keys: new Set([...counts].filter(([, count]) => count >= least).map(([key]) => key)),
  };
}

/**
 * The mean of vectors, of length one.
 * @param dense all zero, as long as the vocabulary; it is given back all zero
 */
export function mean(vectors: readonly Vector[], dense: Float32Array): Vector {
  const touched: number[] = [];
  for (const { at, weight } of vectors)
    for (let k = 0; k < at.length; k += 1) {
      const gram = at[k]!;
      if (dense[gram] === 0) touched.push(gram);
      dense[gram]! += weight[k]!;
    }
  const at = Int32Array.from(touched);
  const weight = new Float32Array(at.length);
  let norm = 0;
  for (let k = 0; k < at.length; k += 1) {
    const value = dense[at[k]!]!;
    weight[k] = value;
    norm += value * value;
    dense[at[k]!] = 0;
  }
  const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0;
  for (let k = 0; k < at.length; k += 1) weight[k]! *= scale;
  return { at, weight };
}

/** Of two vectors whose places need not be in order. */
export function cosines(centre: Vector, vectors: readonly Vector[], dense: Float32Array): number[] {
  spread(dense, centre, 1);
  const found = vectors.map((vector) => dot(dense, vector));
  spread(dense, centre, 0);
  return found;
}

function heaviest({ at, weight }: Vector, count: number): number[] {
  const order = Array.from(at.keys()).sort((a, b) => weight[b]! - weight[a]!);
  return order.slice(0, count).map((place) => at[place]!);
}

function spread(dense: Float32Array, { at, weight }: Vector, factor: 0 | 1): void {
  for (let k = 0; k < at.length; k += 1) dense[at[k]!] = weight[k]! * factor;
}

function dot(dense: Float32Array, { at, weight }: Vector): number {
  let sum = 0;
  for (let k = 0; k < at.length; k += 1) sum += dense[at[k]!]! * weight[k]!;
  return sum;
}
