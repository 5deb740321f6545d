import type { LinksCapability, PlatformIds } from '../contract.ts';

/** Any page below the site's own address; only the plain form carries the post's id. */
export const links: LinksCapability = {
  find(pasted, settings) {
    if (!URL.canParse(settings.siteUrl ?? '')) return null;
    const site = new URL(settings.siteUrl!);
    const folder = site.pathname.replace(/\/$/, '');
    for (const [candidate] of pasted.matchAll(/https?:\/\/[\w\-./%?&=~:]+/gi)) {
      const url = URL.canParse(candidate) ? new URL(candidate.replace(/[.?&:]+$/, '')) : null;
      if (!url || url.host !== site.host || !url.pathname.startsWith(`${folder}/`)) continue;
      const postId = url.searchParams.get('p');
      // The home page is no post.
      if (!postId && url.pathname === `${folder}/`) continue;
      const ids: PlatformIds = postId && /^\d+$/.test(postId) ? { postId } : {};
      return { url: url.href, ids };
    }
    return null;
  },
};
