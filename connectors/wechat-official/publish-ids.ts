/** Ids out of the platform's answers. */
import type { PlatformIds } from '#connectors/contract.ts';
import type { Json } from './client.ts';

/** Ids are kept as strings whatever the platform sends; absent and empty ones are left out. */
export function idsFrom(body: Json, names: Record<string, string>): Record<string, string> {
  const pairs = Object.entries(names).map(
    ([ours, theirs]) => [ours, String(body[theirs] ?? '').trim()] as const,
  );
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
}

/** The long form of an article's address carries `mid`, which is the `msg_data_id` that comments go by. */
export function withMid(ids: PlatformIds, url: string | null): PlatformIds {
  if (ids.msgDataId || !url || !URL.canParse(url)) return ids;
  const mid = new URL(url).searchParams.get('mid');
  return mid ? { ...ids, msgDataId: mid } : ids;
}

/** The first article's address inside `{item: [{article_url}]}`; `item` may stand alone instead of in a list. */
export function firstUrl(list: unknown, urlKey: string): string | null {
  const item = asObject(list)?.item;
  const url = asObject(Array.isArray(item) ? item[0] : item)?.[urlKey];
  return typeof url === 'string' && url.trim() !== '' ? url.trim() : null;
}

const asObject = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null ? (value as Json) : undefined;
