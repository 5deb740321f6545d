/**
 * The last look at a group: what is left when the grams that nobody else uses are taken away, the name of the place or of
 * the affair. Who then says nothing that the others say shares only a name, and leaves; those who leave may be a group.
 */
import type { Vector } from '../learn/features.ts';

/** What falls apart further than that holds together nowhere. */
const mostParts = 50;
/** In a few messages everything is said by one group alone, and nothing can be told from that: `largest` of all. */
const cohesion = { exclusive: 1.3, least: 0.14, largest: 0.05 };

/**
 * @param frequency in how many messages each gram stands
 * @param sum all zero, as long as the vocabulary; it is given back all zero
 */
export function splitByMatter(
  group: readonly number[],
  matter: readonly Vector[],
  frequency: Int32Array,
  sum: Float64Array,
): number[][] {
  if (group.length > cohesion.largest * matter.length) return [[...group]];
  const own = new Map<number, number>();
  for (const at of group) for (const gram of matter[at]!.at) own.set(gram, (own.get(gram) ?? 0) + 1);
  const exclusive = (gram: number) => {
    const count = own.get(gram)!;
    return count > 1 && frequency[gram]! <= cohesion.exclusive * count + 1;
  };
  const bare = new Map(group.map((at) => [at, strip(matter[at]!, exclusive)]));
  const parts: number[][] = [];
  let rest = [...group];
  while (rest.length > 0) {
    if (parts.length === mostParts) return [...parts, ...rest.map((at) => [at])];
    const kept = keepNear(rest, bare, sum);
    parts.push(kept);
    const inside = new Set(kept);
    rest = rest.filter((at) => !inside.has(at));
  }
  return parts;
}

/** Sends away who is farthest from the others, again and again, until those that stay are near enough on average. */
function keepNear(group: readonly number[], bare: ReadonlyMap<number, Vector>, sum: Float64Array): number[] {
  const kept = group.map((at) => bare.get(at)!);
  const places = [...group];
  for (const one of kept) add(sum, one, 1);
  while (kept.length > 1) {
    const near = nearnessToOthers(kept, sum);
    if (near.reduce((total, value) => total + value, 0) / near.length >= cohesion.least) break;
    let worst = 0;
    for (let at = 1; at < near.length; at += 1) if (near[at]! < near[worst]!) worst = at;
    add(sum, kept[worst]!, -1);
    kept.splice(worst, 1);
    places.splice(worst, 1);
  }
  for (const at of group) for (const gram of bare.get(at)!.at) sum[gram] = 0;
  return places;
}

/**
 * Cosine of each to the sum of the others. That sum is the sum of all without the one, so that a group of thousands need not be
 * added up anew for each of them.
 */
function nearnessToOthers(kept: readonly Vector[], sum: Float64Array): Float64Array {
  const products = Float64Array.from(kept, ({ at, weight }) => {
    let product = 0;
    for (let k = 0; k < at.length; k += 1) product += sum[at[k]!]! * weight[k]!;
    return product;
  });
  const squared = products.reduce((total, value) => total + value, 0);
  return products.map((product, index) => {
    const own = kept[index]!.at.length === 0 ? 0 : 1;
    const others = squared - 2 * product + own;
    return others > 1e-9 ? (product - own) / Math.sqrt(others) : 0;
  });
}

function add(sum: Float64Array, { at, weight }: Vector, factor: 1 | -1): void {
  for (let k = 0; k < at.length; k += 1) sum[at[k]!]! += factor * weight[k]!;
}

function strip({ at, weight }: Vector, drop: (gram: number) => boolean): Vector {
  const keep = Array.from(at.keys()).filter((k) => !drop(at[k]!));
  const kept = Float32Array.from(keep, (k) => weight[k]!);
  const norm = Math.sqrt(kept.reduce((sum, value) => sum + value * value, 0)) || 1;
  return { at: Int32Array.from(keep, (k) => at[k]!), weight: kept.map((value) => value / norm) };
}
