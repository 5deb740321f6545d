import { douyinLinks, findFirstLink } from '../share-links.ts';

/** The first post address in whatever was pasted; null when there is none. */
export const findLink = (pasted: string): string | null => findFirstLink(douyinLinks, pasted);
