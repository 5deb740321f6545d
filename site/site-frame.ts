import type { PublicSite } from '#server/modules/publishing/index.ts';

/** Whose site a page belongs to and where that site lives. */
export type Site = PublicSite;

export const homePath = (site: Site) => site.base || '/';

/** What of a request changes the look of a page. */
export type View = { large: boolean };

/** What every page needs besides its own content. */
export type Frame = {
  site: Site;
  /** Without trailing slash. */
  publicUrl: string;
  view: View;
};
