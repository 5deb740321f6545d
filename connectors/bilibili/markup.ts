/**
 * Master HTML → plain article HTML. Which elements the platform keeps is not documented, so only the plainest are sent:
 * an allow-list; what is not named is unwrapped and its text stays. Pictures stay `media:<sha256>` until they are sent.
 */
const KEPT = new Set([
  ...['p', 'h2', 'h3', 'ul', 'ol', 'li', 'blockquote', 'figure', 'figcaption'],
  ...['strong', 'em', 'u', 's', 'br', 'hr', 'img'],
]);
/** Tables become lines: a row is a paragraph. */
const RENAMED: Readonly<Record<string, string>> = {
  ...{ h1: 'h2', h4: 'h3', h5: 'h3', h6: 'h3', b: 'strong', i: 'em', del: 's', tr: 'p' },
};
const VOID = new Set(['br', 'hr', 'img']);
const DROPPED_WITH_CONTENT =
  /<(script|style|iframe|object|form|template|svg|math)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi;
const MEDIA_MARK = /media:([0-9a-f]{64})/g;

/** Pictures that the body really shows, each once, in order. */
export function bodyPictures(html: string): string[] {
  return [...new Set([...html.matchAll(MEDIA_MARK)].map((match) => match[1] ?? ''))];
}

/** @param addressOf the uploaded picture's address by its hash */
export function withPictures(html: string, addressOf: (sha256: string) => string): string {
  return html.replaceAll(MEDIA_MARK, (_mark, sha256: string) => addressOf(sha256));
}

const entities: Readonly<Record<string, string>> = {
  ...{ lt: '<', gt: '>', quot: '"', amp: '&', nbsp: ' ', '#39': "'" },
};

/** The words without their markup; a tag parts nothing, so that an address cut by one is whole again. */
export function wordsOf(html: string): string {
  return html
    .replaceAll(TAG, '')
    .replaceAll(/&(lt|gt|quot|amp|nbsp|#39);/g, (_whole, name: string) => entities[name] ?? '');
}

type Open = { name: string; link: string | null; from: number };

export function plainMarkup(html: string): string {
  const clean = html.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '').replaceAll(DROPPED_WITH_CONTENT, '');
  const written: string[] = [];
  const open: Open[] = [];
  let at = 0;
  for (const tag of clean.matchAll(TAG)) {
    if (tag.index > at) written.push(escapeText(clean.slice(at, tag.index)));
    at = tag.index + tag[0].length;
    const name = nameOf(tag[2] ?? '');
    if (tag[1]) close(name, open, written);
    else begin(name, tag[3] ?? '', open, written);
  }
  written.push(escapeText(clean.slice(at)));
  while (open.length > 0) close(open.at(-1)?.name ?? '', open, written);
  return written.join('');
}

const nameOf = (name: string): string => RENAMED[name.toLowerCase()] ?? name.toLowerCase();

function begin(name: string, attributes: string, open: Open[], written: string[]): void {
  if (name === 'a') {
    open.push({ name, link: attribute(attributes, 'href'), from: written.length });
  } else if (name === 'td' || name === 'th') {
    if (written.at(-1) !== '<p>') written.push('　');
  } else if (name === 'img') {
    const src = attribute(attributes, 'src') ?? '';
    const alt = escapeText(attribute(attributes, 'alt') ?? '').replaceAll('"', '&quot;');
    if (/^media:[0-9a-f]{64}$/.test(src)) written.push(`<img src="${src}" alt="${alt}">`);
  } else if (KEPT.has(name)) {
    written.push(`<${name}>`);
    if (!VOID.has(name)) open.push({ name, link: null, from: written.length });
  }
}

/** Closes what stands open above it too, so that the result is balanced whatever came in. */
function close(name: string, open: Open[], written: string[]): void {
  if (!open.some((element) => element.name === name)) return;
  for (let last = open.pop(); last; last = open.pop()) {
    const words = written.slice(last.from).join('');
    written.push(last.name === 'a' ? writtenOut(last.link, words) : `</${last.name}>`);
    if (last.name === name) return;
  }
}

/** Links to other sites are taken away by the platform: the address is written out so that it is not lost. */
function writtenOut(href: string | null, words: string): string {
  return href && /^https?:\/\//i.test(href) && !words.includes(href) ? `（${escapeText(href)}）` : '';
}

function attribute(attributes: string, name: string): string | null {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(
    attributes,
  );
  return match ? (match[1] ?? match[2] ?? match[3] ?? '') : null;
}

const escapeText = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
