/** Addresses of the internet as numbers: the same one has many spellings, and only its parts can be compared. */
import { isIPv4, isIPv6 } from 'node:net';

/** Eight groups of 16 bits; null for what is no IPv6 address. A zone (`fe80::1%eth0`) is left out. */
export function groupsOf(address: string): number[] | null {
  const bare = address.split('%')[0]!;
  if (!isIPv6(bare)) return null;
  // The URL parser writes the canonical form: a dotted end as groups, one `::` for the longest run of zeros.
  const [head = '', tail] = new URL(`http://[${bare}]/`).hostname.slice(1, -1).split('::');
  const read = (part: string) =>
    part.split(':').flatMap((group) => (group ? [Number.parseInt(group, 16)] : []));
  if (tail === undefined) return read(head);
  const [first, last] = [read(head), read(tail)];
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

/** The IPv4 address in the last 32 bits. */
export const lastV4 = (groups: readonly number[]): string =>
  groups
    .slice(-2)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');

/**
 * What one subscriber has for themselves: an IPv4 address, or the /64 of an IPv6 address. An IPv4 address that came as IPv6
 * (`::ffff:203.0.113.7`) is IPv4.
 */
export function networkOf(address: string): string {
  if (isIPv4(address)) return address;
  const groups = groupsOf(address);
  if (!groups) return address;
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return lastV4(groups);
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}
