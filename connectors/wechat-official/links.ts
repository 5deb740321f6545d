import type { LinksCapability } from '#connectors/contract.ts';
import { addressPattern, findFirstLink, queryPattern } from '#connectors/share-links.ts';
import { withMid } from './publish-ids.ts';

const patterns = [
  addressPattern(String.raw`mp\.weixin\.qq\.com/s/[\w-]{16,}${queryPattern}`),
  addressPattern(String.raw`mp\.weixin\.qq\.com/s\?[\w\-.%&=~+:@!$/]*\bmid=\d+[\w\-.%&=~+:@!$/]*`),
];

/** The short form of an address carries no id; the long one the message's. */
export const links: LinksCapability = {
  find(pasted) {
    const url = findFirstLink(patterns, pasted);
    return url ? { url, ids: withMid({}, url) } : null;
  },
};
