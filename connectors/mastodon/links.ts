import type { LinksCapability } from '../contract.ts';

/** A post lies at its own instance; the last number of its address is its id there. */
export const links: LinksCapability = {
  find(pasted, settings) {
    const host = URL.canParse(settings.instanceUrl ?? '') ? new URL(settings.instanceUrl!).host : null;
    for (const [candidate] of pasted.matchAll(/https?:\/\/[\w\-.:@/%]+/gi)) {
      if (!URL.canParse(candidate)) continue;
      const url = new URL(candidate);
      const [, owner, postId] =
        /^\/(?:@|users\/)([\w.-]+)\/(?:statuses\/)?(\d{5,})\/?$/.exec(url.pathname) ?? [];
      const own = (settings.username ?? '').replace(/^@/, '').toLowerCase();
      if (url.host === host && postId && owner?.toLowerCase() === own)
        return { url: `${url.origin}${url.pathname.replace(/\/$/, '')}`, ids: { postId } };
    }
    return null;
  },
};
