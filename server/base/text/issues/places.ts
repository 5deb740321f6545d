/**
 * The same trouble at many places is many issues. A group that most of its messages put somewhere, but not at one place,
 * is parted by what they name; who names nothing, or what nobody else in the group names, stays apart.
 */
import type { Vector } from '../learn/features.ts';
import { cosines, mean } from './cluster.ts';

/** So many of a group name a place … */
const placed = 0.6;
/** … and fewer than so many of those the same one. */
const together = 0.4;
const smallest = 4;
/** Cosine of what is said from which on two parts at one place are one. */
const alike = 0.2;

/**
 * Parts such groups, and brings together parts of different groups that name the same place and say much the same.
 * @param named what each message of all names
 */
export function partByPlace(
  groups: readonly (readonly number[])[],
  named: readonly (readonly string[])[],
  matter: readonly Vector[],
  size: number,
): number[][] {
  const whole: number[][] = [];
  const parted: number[][] = [];
  for (const group of groups) {
    const parts = splitByPlace(group, named);
    (parts.length > 1 ? parted : whole).push(...parts);
  }
  const dense = new Float32Array(size);
  const byName = new Map<string, number[][]>();
  const met: number[][] = [];
  for (const part of parted.sort((a, b) => b.length - a.length)) {
    const names = new Set(part.flatMap((at) => named[at]!));
    const own = part.map((at) => matter[at]!);
    const host = [...names]
      .flatMap((name) => byName.get(name) ?? [])
      .find((other) => cosines(mean(own, dense), [matter[other[0]!]!], dense)[0]! >= alike);
    if (host) host.push(...part);
    else {
      met.push(part);
      for (const name of names) byName.set(name, [...(byName.get(name) ?? []), part]);
    }
  }
  return [...whole, ...met];
}

function splitByPlace(group: readonly number[], named: readonly (readonly string[])[]): number[][] {
  if (group.length < smallest) return [[...group]];
  const members = new Map<string, number[]>();
  for (const at of group)
    for (const name of new Set(named[at])) members.set(name, [...(members.get(name) ?? []), at]);
  const naming = group.filter((at) => named[at]!.length > 0);
  const most = Math.max(0, ...[...members.values()].map((list) => list.length));
  if (naming.length < placed * group.length || most >= together * naming.length) return [[...group]];
  const parts: number[][] = [];
  const taken = new Set<number>();
  // The name that most share first: a message that names two places goes where more others are.
  for (const list of [...members.values()].sort((a, b) => b.length - a.length)) {
    const part = list.filter((at) => !taken.has(at));
    if (part.length < 2) continue;
    for (const at of part) taken.add(at);
    parts.push(part);
  }
  const alone = naming.filter((at) => !taken.has(at)).map((at) => [at]);
  return [...parts, ...alone, group.filter((at) => named[at]!.length === 0)].filter(
    (part) => part.length > 0,
  );
}
