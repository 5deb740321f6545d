import type { LinksCapability } from '../contract.ts';
import { douyinLinks, findFirstLink } from '../share-links.ts';

/** The number in an address is not the encrypted `item_id` that the interface goes by, so no id is read from it. */
export const links: LinksCapability = {
  find(pasted) {
    const url = findFirstLink(douyinLinks, pasted);
    return url ? { url, ids: {} } : null;
  },
};
