/**
 * Two kinds of credential speak to the platform: an ordinary application (`open`), and one with the business interface
 * (`business`, bought or granted to media and government), whose calls end in `/biz` and lie on a host of their own.
 */
import type { AccountSession } from '../contract.ts';

type Settings = Readonly<Record<string, string>>;

export const isBusiness = (settings: Settings): boolean => settings.kind === 'business';

/** @param name as the documents name the call: `comments/show` */
export function apiPath(session: AccountSession, name: string): string {
  if (!isBusiness(session.account.settings)) return `/2/${name}.json`;
  const path = `/2/${name}/biz.json`;
  // A stand-in has everything below one address.
  return new URL(session.http.baseUrl).hostname === 'api.weibo.com' ? `https://c.api.weibo.com${path}` : path;
}
