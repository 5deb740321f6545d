/** Short steps between the article's HTML and the site's. Pure. */

const MEDIA_MARK = /media:([0-9a-f]{64})/g;

/** Pictures that the body really shows, each once, in order. */
export function bodyPictures(html: string): string[] {
  return [...new Set([...html.matchAll(MEDIA_MARK)].map((match) => match[1] ?? ''))];
}

/** `media:<sha256>` becomes the address that the site gave; a picture without one stays as it is. */
export function withAddresses(html: string, addresses: ReadonlyMap<string, string>): string {
  return html.replaceAll(MEDIA_MARK, (mark, sha256: string) => {
    const address = addresses.get(sha256);
    return address ? address.replaceAll('&', '&amp;').replaceAll('"', '%22') : mark;
  });
}

/** The link itself, not one that merely begins like it. */
export function carriesLink(text: string, link: string): boolean {
  for (let at = text.indexOf(link); at >= 0; at = text.indexOf(link, at + 1)) {
    if (!/[\w-]/.test(text.charAt(at + link.length))) return true;
  }
  return false;
}

/** What distinguishes one short link from another, as the site writes it in an address. */
export function slugFor(shortLink: string): string {
  const token = new URL(shortLink).pathname.split('/').at(-1) ?? '';
  return `hs-${token.toLowerCase().replaceAll(/[^a-z\d]+/g, '-')}`;
}

/** Words of an answer as the HTML that a comment is; the site would take bare `<` for the beginning of a tag. */
export const asMarkup = (text: string): string =>
  text.trim().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const entities: Readonly<Record<string, string>> = {
  ...{ lt: '<', gt: '>', quot: '"', amp: '&', apos: "'", nbsp: ' ' },
};

export function plainText(html: string): string {
  return html
    .replaceAll(/<br\s*\/?>\n?/gi, '\n')
    .replaceAll(/<\/p>\s*<p[^>]*>/gi, '\n\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
      if (name) return entities[name.toLowerCase()] ?? whole;
      const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    })
    .trim();
}

/**
 * The same words, whatever the site made of quotes, dashes, dots and blanks in showing them (wptexturize turns
 * `"` into `“`, `--` into `–`, `...` into `…`).
 */
export function sameWords(theirs: string, ours: string): boolean {
  return bare(theirs) === bare(ours);
}

const bare = (text: string): string => text.normalize('NFKC').replaceAll(/[\s\p{P}\p{S}]+/gu, '');
