import type { LinksCapability } from '../contract.ts';
import { addressPattern, findFirstLink, queryPattern } from '../share-links.ts';
import { fromBase62 } from './post-url.ts';

const patterns = [
  addressPattern(String.raw`(?:www\.)?weibo\.com/(?:\d{5,}|detail)/[A-Za-z\d]{6,}${queryPattern}`),
  addressPattern(String.raw`(?:m\.)?weibo\.c(?:n|om)/(?:status|detail)/[A-Za-z\d]{6,}${queryPattern}`),
  addressPattern(String.raw`m\.weibo\.cn/\d{5,}/[A-Za-z\d]{6,}${queryPattern}`),
];

/** The last part of the path is the post's id, in digits or in base 62. */
export const links: LinksCapability = {
  find(pasted, settings) {
    const url = findFirstLink(patterns, pasted);
    if (!url) return null;
    const [, owner = '', name = ''] = new URL(url).pathname.split('/');
    // Somebody else's post is not one of this account.
    if (/^\d+$/.test(owner) && settings.uid && owner !== settings.uid) return null;
    const postId = /^\d{14,}$/.test(name) ? name : fromBase62(name);
    return { url, ids: { postId } };
  },
};
