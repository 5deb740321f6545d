/**
 * The last look at a group: what is left when the grams that nobody else uses are taken away, the name of the place or of
 * the affair. Who then says nothing that the others say shares only a name, and leaves; those who leave may be a group.
 */
import type { Vector } from '../learn/features.ts';
import { cosines, mean } from './cluster.ts';

/** In a few messages everything is said by one group alone, and nothing can be told from that: `largest` of all. */
const cohesion = { exclusive: 1.3, least: 0.14, largest: 0.05 };

/** @param frequency in how many messages each gram stands */
export function splitByMatter(
  group: readonly number[],
  matter: readonly Vector[],
  frequency: Int32Array,
): number[][] {
  const dense = new Float32Array(frequency.length);
  if (group.length > cohesion.largest * matter.length) return [[...group]];
  const own = new Map<number, number>();
  for (const at of group) for (const gram of matter[at]!.at) own.set(gram, (own.get(gram) ?? 0) + 1);
  const exclusive = (gram: number) => {
    const count = own.get(gram)!;
    return count > 1 && frequency[gram]! <= cohesion.exclusive * count + 1;
  };
  const bare = new Map(group.map((at) => [at, strip(matter[at]!, exclusive)]));
  const parts: number[][] = [];
  for (let rest = [...group]; rest.length > 0; ) {
    const kept = keepNear(rest, bare, dense);
    parts.push(kept);
    const inside = new Set(kept);
    rest = rest.filter((at) => !inside.has(at));
  }
  return parts;
}

/** Sends away who is farthest from the others, again and again, until those that stay are near enough on average. */
function keepNear(
  group: readonly number[],
  bare: ReadonlyMap<number, Vector>,
  dense: Float32Array,
): number[] {
  const kept = [...group];
  while (kept.length > 1) {
    const near = kept.map((at) => nearnessToOthers(at, kept, bare, dense));
    const worst = near.indexOf(Math.min(...near));
    if (near.reduce((sum, value) => sum + value, 0) / near.length >= cohesion.least) break;
    kept.splice(worst, 1);
  }
  return kept;
}

function nearnessToOthers(
  at: number,
  group: readonly number[],
  bare: ReadonlyMap<number, Vector>,
  dense: Float32Array,
): number {
  const others = mean(
    group.filter((other) => other !== at).map((other) => bare.get(other)!),
    dense,
  );
  return cosines(others, [bare.get(at)!], dense)[0]!;
}

function strip({ at, weight }: Vector, drop: (gram: number) => boolean): Vector {
  const keep = Array.from(at.keys()).filter((k) => !drop(at[k]!));
  const kept = Float32Array.from(keep, (k) => weight[k]!);
  const norm = Math.sqrt(kept.reduce((sum, value) => sum + value * value, 0)) || 1;
  return { at: Int32Array.from(keep, (k) => at[k]!), weight: kept.map((value) => value / norm) };
}
