/**
 * The link that opens Douyin's editor on a phone with media, title and topics filled in. Signed with a ticket of the
 * application; the person looks and taps "publish". Pure. Source: developer.open-douyin.com, share-to-h5 and schema-demo.
 */
import { createHash } from 'node:crypto';

const ADDRESS = 'snssdk1128://openplatform/share';

export type Signing = { nonce: string; ticket: string /** Epoch seconds. */; timestamp: string };

/** md5 over three raw values in this order; nothing is URL-encoded. */
export const signTicket = ({ nonce, ticket, timestamp }: Signing): string =>
  createHash('md5').update(`nonce_str=${nonce}&ticket=${ticket}&timestamp=${timestamp}`).digest('hex');

/** Keys sorted, values by encodeURIComponent: the app reads `+` as a plus, so a blank must be `%20`. */
export function encodeSchema(params: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(params)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  return `${ADDRESS}?${pairs.join('&')}`;
}

export type Share = {
  clientKey: string;
  signing: Signing;
  /** Comes back in the push `create_video` as `share_id`. */
  shareId: string;
  /** What the work says; the app's own name for it. */
  title: string;
  shortTitle?: string;
  hashtags: readonly string[];
  /** Public https addresses: the app fetches them itself. */
  media: { kind: 'video'; url: string } | { kind: 'pictures'; urls: readonly string[] };
};

/** @throws {RangeError} without media, or with an address the app could not fetch */
export function shareSchema(share: Share): string {
  const { clientKey, signing, shareId, title, shortTitle, hashtags, media } = share;
  return encodeSchema({
    share_type: 'h5',
    client_key: clientKey,
    nonce_str: signing.nonce,
    timestamp: signing.timestamp,
    signature: signTicket(signing),
    state: shareId,
    title,
    ...(shortTitle ? { short_title: shortTitle } : {}),
    ...(hashtags.length > 0 ? { hashtag_list: JSON.stringify(hashtags) } : {}),
    ...mediaParams(media, (urls) => JSON.stringify(urls)),
    // Straight to the publishing page goes a single video only; pictures open in the editor.
    ...(media.kind === 'video' ? { share_to_publish: '1' } : {}),
  });
}

/** @param list how several addresses are written: as JSON in a link, as they are in JSON */
export function mediaParams<T>(
  media: Share['media'],
  list: (urls: readonly string[]) => T,
): Record<string, string | T> {
  const urls = media.kind === 'video' ? [media.url] : media.urls;
  const [first] = urls;
  if (!first || urls.some((url) => !url.startsWith('https://')))
    throw new RangeError('素材须是公网 https 地址。Media must be public https addresses.');
  if (media.kind === 'video') return { video_path: first };
  return urls.length === 1 ? { image_path: first } : { image_list_path: list(urls) };
}
