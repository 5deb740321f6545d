/** How the platform counts characters, finds links and shortens them. */
import { createHash } from 'node:crypto';
import type { World } from '../core/world.ts';
import { stateOf } from './state.ts';

const LINK = /https?:\/\/[\w.:-]+(?:\/[\w\-./?%&=~#+:@!$'*;,()]*)?/gi;
/** What one shortened link counts, in half characters (from memory: `http://t.cn/` and what follows). */
const LINK_HALVES = 20;

export const linksIn = (text: string): string[] => text.match(LINK) ?? [];

/** Latin-1 counts a half, everything else one; a pair of surrogates counts two. */
export function countCharacters(text: string): number {
  const links = linksIn(text);
  const rest = text.replace(LINK, '');
  let halves = links.length * LINK_HALVES;
  for (let at = 0; at < rest.length; at += 1) halves += rest.charCodeAt(at) <= 0xff ? 1 : 2;
  return Math.ceil(halves / 2);
}

export function shorten(world: World, link: string): string {
  const digest = createHash('sha256').update(link).digest('base64url').replaceAll(/[-_]/g, 'A');
  const code = `A${digest.slice(0, 7)}`;
  const { shortLinks } = stateOf(world);
  if (shortLinks[code] !== link) {
    shortLinks[code] = link;
    world.changed();
  }
  return `http://t.cn/${code}`;
}

export function expand(world: World, shortLink: string): string | null {
  const code = /^https?:\/\/t\.cn\/(\w+)$/.exec(shortLink)?.[1];
  return (code && stateOf(world).shortLinks[code]) || null;
}

export function withShortLinks(world: World, text: string): string {
  return text.replace(LINK, (link) => (expand(world, link) ? link : shorten(world, link)));
}

/** True for the domain itself and everything under it; ports do not count. */
export function isUnderDomain(link: string, domain: string): boolean {
  if (!URL.canParse(link)) return false;
  const { hostname } = new URL(link);
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The id as it stands in a post's address: groups of seven decimal digits from the right, in base 62. */
export function addressOfId(id: string): string {
  const groups: string[] = [];
  for (let end = id.length; end > 0; end -= 7) groups.unshift(id.slice(Math.max(0, end - 7), end));
  return groups.map((group, at) => base62(Number(group)).padStart(at === 0 ? 1 : 4, '0')).join('');
}

function base62(value: number): string {
  const head = value >= 62 ? base62(Math.floor(value / 62)) : '';
  return head + DIGITS[value % 62];
}
