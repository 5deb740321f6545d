/**
 * Master HTML → the HTML an article carries. The platform drops style sheets, ids, scripts and outside links and
 * keeps inline styles, so the whole look lives in `style` attributes. An allow-list: what is not named here is
 * unwrapped, its text stays. Pictures stay `media:<sha256>`.
 */

const INK = '#2b2f36';
const ACCENT = '#23608f';

const STYLES: Readonly<Record<string, string>> = {
  p: `margin:0 0 16px;line-height:1.8;font-size:16px;color:${INK};text-align:justify`,
  h2: `margin:28px 0 12px;padding-left:10px;border-left:4px solid ${ACCENT};font-size:18px;line-height:1.5;font-weight:bold;color:${INK}`,
  h3: `margin:24px 0 10px;font-size:17px;line-height:1.5;font-weight:bold;color:${ACCENT}`,
  ul: `margin:0 0 16px;padding-left:22px;font-size:16px;line-height:1.8;color:${INK}`,
  ol: `margin:0 0 16px;padding-left:22px;font-size:16px;line-height:1.8;color:${INK}`,
  li: 'margin:0 0 6px',
  blockquote: `margin:0 0 16px;padding:10px 14px;background:#f3f6f9;border-left:3px solid ${ACCENT};color:#4a5058;font-size:15px;line-height:1.8`,
  table: 'width:100%;border-collapse:collapse;margin:0 0 16px;font-size:15px;line-height:1.6',
  thead: '',
  tbody: '',
  tr: '',
  th: 'border:1px solid #cfd6de;padding:6px 8px;background:#f3f6f9;text-align:left',
  td: 'border:1px solid #cfd6de;padding:6px 8px;vertical-align:top',
  figure: 'margin:0 0 16px;text-align:center',
  figcaption: 'margin-top:6px;font-size:14px;line-height:1.6;color:#6b7280',
  strong: 'font-weight:bold',
  em: 'font-style:italic',
  u: 'text-decoration:underline',
  s: 'text-decoration:line-through',
  sup: '',
  sub: '',
  br: '',
  hr: 'border:0;border-top:1px solid #dde2e8;margin:24px 0',
  img: 'display:block;max-width:100%;height:auto;margin:0 auto 16px',
};

/** Words for the same thing: an article's title is the platform's, so its own headings begin one step lower. */
const RENAMED: Readonly<Record<string, string>> = {
  h1: 'h2',
  h4: 'h3',
  h5: 'h3',
  h6: 'h3',
  b: 'strong',
  i: 'em',
};
const VOID = new Set(['br', 'hr', 'img']);
const DROPPED_WITH_CONTENT =
  /<(script|style|iframe|object|form|template|svg|math)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi;
const MEDIA_ADDRESS = /^media:[0-9a-f]{64}$/;

export function styleMarkup(html: string): string {
  const clean = html.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '').replaceAll(DROPPED_WITH_CONTENT, '');
  const written: string[] = [];
  const open: { name: string; link: string | null; from: number }[] = [];
  let at = 0;
  for (const tag of clean.matchAll(TAG)) {
    written.push(plain(clean.slice(at, tag.index)));
    at = tag.index + tag[0].length;
    const name = rename(tag[2] ?? '');
    if (tag[1]) closeElement(name, open, written);
    else openElement(name, tag[3] ?? '', open, written);
  }
  written.push(plain(clean.slice(at)));
  while (open.length > 0) closeElement(open.at(-1)?.name ?? '', open, written);
  return written.join('');
}

type Open = { name: string; link: string | null; from: number }[];

function openElement(name: string, attributes: string, open: Open, written: string[]): void {
  if (name === 'a') {
    open.push({ name, link: attribute(attributes, 'href'), from: written.length });
    return;
  }
  const style = STYLES[name];
  if (style === undefined) return;
  if (name === 'img') {
    const src = attribute(attributes, 'src') ?? '';
    if (!MEDIA_ADDRESS.test(src)) return;
    written.push(`<img src="${src}" alt="${quote(attribute(attributes, 'alt') ?? '')}" style="${style}">`);
    return;
  }
  const spans = name === 'td' || name === 'th' ? spanAttributes(attributes) : '';
  written.push(`<${name}${spans}${style ? ` style="${style}"` : ''}>`);
  if (!VOID.has(name)) open.push({ name, link: null, from: written.length });
}

/** Closes what stands open above it too, so that the result is balanced whatever came in. */
function closeElement(name: string, open: Open, written: string[]): void {
  if (!open.some((element) => element.name === name)) return;
  for (let last = open.pop(); last; last = open.pop()) {
    written.push(
      last.name === 'a' ? linkAddress(last.link, written.slice(last.from).join('')) : `</${last.name}>`,
    );
    if (last.name === name) return;
  }
}

/** The platform takes the link away and leaves its words: the address is written out so that it is not lost. */
function linkAddress(href: string | null, words: string): string {
  if (!href || !/^https?:\/\//i.test(href) || words.includes(href)) return '';
  return `<span style="color:#6b7280;font-size:14px;word-break:break-all">（${plain(href)}）</span>`;
}

const rename = (name: string): string => RENAMED[name.toLowerCase()] ?? name.toLowerCase();

function attribute(attributes: string, name: string): string | null {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(
    attributes,
  );
  return match ? (match[1] ?? match[2] ?? match[3] ?? '') : null;
}

function spanAttributes(attributes: string): string {
  return ['colspan', 'rowspan']
    .map((name) => [name, attribute(attributes, name)] as const)
    .filter(([, value]) => value !== null && /^\d{1,2}$/.test(value))
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
}

const plain = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const quote = (text: string): string => plain(text).replaceAll('"', '&quot;');
