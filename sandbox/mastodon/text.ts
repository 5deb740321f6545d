/** How the platform counts a text and turns it into HTML. */
const LINK = /https?:\/\/[\w.:-]+(?:\/[\w\-./?%&=~#+:@!$'*;,()]*)?/gi;
const MENTION = /(?<![\p{L}\p{N}/=.])@([\w.-]*\w)(?:@([\w.-]+\w))?/gu;
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

export function countCharacters(text: string, perLink: number): number {
  const rest = text.replaceAll(LINK, '').replaceAll(MENTION, '@$1');
  return (text.match(LINK)?.length ?? 0) * perLink + [...graphemes.segment(rest)].length;
}

/** Paragraphs, breaks, links with their hidden parts, mentions: as the real server writes them. */
export function toHtml(text: string): string {
  const pieces: string[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    pieces.push(withMentions(escapeText(text.slice(at, match.index))), anchor(match[0]));
    at = match.index + match[0].length;
  }
  pieces.push(withMentions(escapeText(text.slice(at))));
  const paragraphs = pieces
    .join('')
    .trim()
    .split(/\n{2,}/);
  return paragraphs.map((words) => `<p>${words.replaceAll('\n', '<br />')}</p>`).join('');
}

function anchor(link: string): string {
  const [scheme = ''] = /^https?:\/\/(?:www\.)?/.exec(link) ?? [];
  const rest = link.slice(scheme.length);
  const [shown, hidden] = [escapeText(rest.slice(0, 30)), escapeText(rest.slice(30))];
  const more = hidden ? 'ellipsis' : '';
  return `<a href="${escapeText(link)}" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">${scheme}</span><span class="${more}">${shown}</span><span class="invisible">${hidden}</span></a>`;
}

const withMentions = (html: string): string =>
  html.replaceAll(
    MENTION,
    (_whole, name: string, host?: string) =>
      `<span class="h-card" translate="no"><a href="https://${host ?? 'instance.example'}/@${name}" class="u-url mention">@<span>${name}</span></a></span>`,
  );

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
