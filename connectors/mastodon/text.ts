/** How an instance counts characters, and what its HTML says in plain words. Pure. */

const LINK = /https?:\/\/[\w.:-]+(?:\/[\w\-./?%&=~#+:@!$'*;,()]*)?/gi;
/** `@name@host` counts as `@name`; not after a letter or a slash, so that an e-mail address is no mention. */
const MENTION = /(?<![\p{L}\p{N}/=.])@([\w.-]*\w)(?:@[\w.-]+\w)?/gu;

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** What people see as characters; every link counts the same, a mention counts without its host. */
export function countCharacters(text: string, perLink: number): number {
  const links = text.match(LINK)?.length ?? 0;
  const rest = text.replaceAll(LINK, '').replaceAll(MENTION, '@$1');
  return links * perLink + countGraphemes(rest);
}

function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of graphemes.segment(text)) count += 1;
  return count;
}

/** Cuts between what people see as characters, and says so with an ellipsis. */
export function cut(text: string, longest: number): string {
  const pieces = [...graphemes.segment(text)].map(({ segment }) => segment);
  if (pieces.length <= longest) return text;
  const kept = pieces.slice(0, Math.max(0, longest - 1)).join('');
  return kept ? `${kept.replace(/[，、：；,:;\s]+$/, '')}…` : '';
}

/** Whom a text would notify. */
export const mentionsIn = (text: string): string[] => text.replaceAll(LINK, '').match(MENTION) ?? [];

/** The link itself, not one that merely begins like it. */
export function carriesLink(text: string, link: string): boolean {
  for (let at = text.indexOf(link); at >= 0; at = text.indexOf(link, at + 1)) {
    if (!/[\w-]/.test(text.charAt(at + link.length))) return true;
  }
  return false;
}

const entities: Readonly<Record<string, string>> = {
  ...{ lt: '<', gt: '>', quot: '"', amp: '&', apos: "'", nbsp: ' ' },
};

/** The words of a status; links come out whole, since their hidden parts are text too. */
export function plainText(html: string): string {
  return html
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll(/<\/p>\s*<p[^>]*>/gi, '\n\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
      if (name) return entities[name.toLowerCase()] ?? whole;
      const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    })
    .trim();
}

/** Instances write these in front of an answer to notify its reader. */
export const withoutMentions = (text: string): string =>
  text.replace(/^(?:@[^\s@]+(?:@\S+)?\s+)+/, '').trim();
