/** The address of a post: the interface gives ids only. */
import type { AccountSession } from '../contract.ts';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** `https://weibo.com/<uid>/<id in base 62>`; another base address (a stand-in) has its posts below itself. */
export function postUrl(session: AccountSession, postId: string): string {
  const { baseUrl } = session.http;
  const site = new URL(baseUrl).hostname === 'api.weibo.com' ? 'https://weibo.com' : baseUrl;
  return `${site}/${session.account.settings.uid ?? ''}/${toBase62(postId)}`;
}

/** Groups of seven decimal digits from the right, each but the first four base-62 digits wide (from memory). */
export function toBase62(id: string): string {
  const groups: string[] = [];
  for (let end = id.length; end > 0; end -= 7)
    groups.unshift(encode(Number(id.slice(Math.max(0, end - 7), end))));
  return groups.map((group, at) => (at === 0 ? group : group.padStart(4, '0'))).join('');
}

function encode(value: number): string {
  return (value >= 62 ? encode(Math.floor(value / 62)) : '') + DIGITS.charAt(value % 62);
}

/** The way back: groups of four base-62 digits from the right, each seven decimal digits wide. */
export function fromBase62(name: string): string {
  const groups: string[] = [];
  for (let end = name.length; end > 0; end -= 4) {
    const group = [...name.slice(Math.max(0, end - 4), end)];
    groups.unshift(String(group.reduce((value, digit) => value * 62 + DIGITS.indexOf(digit), 0)));
  }
  return groups.map((group, at) => (at === 0 ? group : group.padStart(7, '0'))).join('');
}
