import type { LinksCapability, PlatformIds } from '../contract.ts';
import { addressPattern, findFirstLink, queryPattern } from '../share-links.ts';

const patterns = [
  addressPattern(String.raw`(?:www\.|m\.)?bilibili\.com/(?:read/(?:mobile/)?cv|opus/)\d+/?${queryPattern}`),
  addressPattern(String.raw`(?:www\.|m\.)?bilibili\.com/read/mobile\?id=\d+`),
  addressPattern(String.raw`(?:www\.|m\.)?bilibili\.com/video/(?:BV\w{10}|av\d+)/?${queryPattern}`),
  addressPattern(String.raw`t\.bilibili\.com/\d+`),
  addressPattern(String.raw`b23\.tv/\w{6,}`),
];

/** An article's number stands in its address; a short link hides it. */
export const links: LinksCapability = {
  find(pasted) {
    const url = findFirstLink(patterns, pasted);
    if (!url) return null;
    const articleId = /\/cv(\d+)/.exec(url)?.[1];
    const ids: PlatformIds = articleId ? { articleId } : {};
    return { url, ids };
  },
};
