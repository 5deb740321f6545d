/**
 * Which addresses outbound calls may reach. Names are checked twice: the literal host before connecting (`net`
 * never calls `lookup` for a literal, so a lookup hook alone lets most spellings of loopback through), and every
 * address that the name resolves to, on the very list from which the socket is then opened.
 */
import { type LookupAddress, lookup as lookUpName } from 'node:dns';
import { BlockList, isIP, isIPv4, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { groupsOf, lastV4 } from './addresses.ts';
import { OutboundError } from './outbound-error.ts';

// IANA special-purpose registries (RFC 6890 and successors), multicast, and cloud metadata outside them.
const forbiddenV4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // CGNAT; holds 100.100.100.200, the metadata address of Alibaba Cloud
  ['127.0.0.0', 8],
  ['168.63.129.16', 32], // Azure host agent: a public address that answers inside only
  ['169.254.0.0', 16], // link-local; holds 169.254.169.254
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Inside 2000::/3; everything outside it is refused as a whole. */
const forbiddenV6: readonly [string, number][] = [
  ['2001::', 23], // Teredo, ORCHID …
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4 carries an IPv4 address of anyone's choice
  ['3fff::', 20],
];

const v4 = blockList(forbiddenV4, 'ipv4');
const v6 = blockList(forbiddenV6, 'ipv6');
const globalUnicast = blockList([['2000::', 3]], 'ipv6');
const mappedV4 = blockList([['::ffff:0:0', 96]], 'ipv6');
const nat64 = blockList([['64:ff9b::', 96]], 'ipv6');

function blockList(ranges: readonly [string, number][], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of ranges) list.addSubnet(net, prefix, family);
  return list;
}

/** True when no outbound call may reach the address. `address` is an IP literal without brackets. */
export function isForbiddenAddress(address: string): boolean {
  const bare = address.split('%')[0]!;
  if (isIPv4(bare)) return v4.check(bare, 'ipv4');
  if (isIP(bare) !== 6) return true;
  // Both forms end up at the IPv4 address in their last 32 bits, so that one decides.
  if (mappedV4.check(bare, 'ipv6') || nat64.check(bare, 'ipv6'))
    return v4.check(lastV4(groupsOf(bare)!), 'ipv4');
  return !globalUnicast.check(bare, 'ipv6') || v6.check(bare, 'ipv6');
}

export type AddressPolicy = {
  /** Everything may be reached: the stand-ins on this machine. */
  allowPrivate: boolean;
  /** `host:port` entries that an operator opened by hand, lower-case. */
  allowedHosts: ReadonlySet<string>;
};

/** An undici connector that opens sockets to permitted addresses only. Refusals are `before-write`. */
export function createGuardedConnector(policy: AddressPolicy, timeoutMs: number): buildConnector.connector {
  const open = buildConnector({ timeout: timeoutMs, allowH2: false, autoSelectFamily: true });
  const guarded = buildConnector({
    timeout: timeoutMs,
    allowH2: false,
    autoSelectFamily: true,
    lookup: guardedLookup,
  });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    const port = options.port || (options.protocol === 'https:' ? '443' : '80');
    if (policy.allowPrivate || policy.allowedHosts.has(`${host}:${port}`)) return open(options, callback);
    if (isIP(host) !== 0 && isForbiddenAddress(host)) return callback(refused(host), null);
    guarded({ ...options, hostname: host }, (error, socket) => {
      if (error) return callback(error, null);
      const reached = socket.remoteAddress;
      if (reached !== undefined && !isForbiddenAddress(reached)) return callback(null, socket);
      socket.destroy();
      callback(refused(reached ?? host), null);
    });
  };
}

/** One forbidden address among several refuses the name: it may be an attempt at rebinding. */
const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookUpName(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return callback(error, []);
    const bad = addresses.find((found) => isForbiddenAddress(found.address));
    if (bad) return callback(refused(`${hostname} (${bad.address})`), []);
    if (options.all) return callback(null, addresses);
    const [first] = addresses;
    callback(null, first?.address ?? '', first?.family ?? 4);
  });
};

function refused(where: string): OutboundError {
  return new OutboundError(
    'before-write',
    'ADDRESS_REFUSED',
    new Error(`内网地址，拒绝访问：${where}。A private address; refused.`),
  );
}
