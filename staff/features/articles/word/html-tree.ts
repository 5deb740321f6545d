/**
 * A small, forgiving reader of clipboard HTML. The browser's own parser is not used because the rules that build on
 * it must run in tests too, and because Word's `<![if …]>` marks have to be seen, which browsers throw away.
 */
type HtmlText = { kind: 'text'; text: string };
export type HtmlElement = {
  kind: 'element';
  tag: string;
  attrs: Record<string, string>;
  children: HtmlNode[];
};
export type HtmlNode = HtmlText | HtmlElement;

const voidTags = new Set([
  'img',
  'br',
  'hr',
  'meta',
  'link',
  'input',
  'col',
  'base',
  'wbr',
  'source',
  'area',
  'embed',
]);
const droppedTags = new Set([
  'style',
  'script',
  'xml',
  'title',
  'head',
  'noscript',
  'template',
  'object',
  'svg',
  'math',
]);
const closesParagraph = new Set([
  'p',
  'div',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'table',
  'blockquote',
  'hr',
  'section',
  'article',
  'pre',
]);
const closesLike: Record<string, readonly string[]> = {
  li: ['ul', 'ol'],
  tr: ['table', 'tbody'],
  td: ['tr'],
  th: ['tr'],
};

const entities: Record<string, string> = {
  nbsp: '\u00a0',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  middot: '·',
  ldquo: '“',
  rdquo: '”',
  lsquo: '‘',
  rsquo: '’',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  bull: '•',
  times: '×',
  ensp: '\u2002',
  emsp: '\u2003',
  copy: '©',
};

function decodeEntities(text: string): string {
  return text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"\u00a0]/g, (char) =>
    char === '&'
      ? '&amp;'
      : char === '<'
        ? '&lt;'
        : char === '>'
          ? '&gt;'
          : char === '"'
            ? '&quot;'
            : '&nbsp;',
  );
}

function readAttributes(source: string): Record<string, string> {
  const attrs: Record<string, string> = {};
  for (const match of source.matchAll(/([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
    attrs[(match[1] ?? '').toLowerCase()] = decodeEntities(match[2] ?? match[3] ?? match[4] ?? '');
  }
  return attrs;
}

/** Comments (Word's hidden conditional blocks are comments) and `<![if]>` marks fall away; what they reveal stays. */
const token =
  /<!--[\s\S]*?(?:-->|$)|<!\[[^>]*>|<![^>]*>|<\?[^>]*>|<(\/?)([a-zA-Z][\w:-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/g;

export function parseHtml(html: string): HtmlElement {
  const root: HtmlElement = { kind: 'element', tag: 'body', attrs: {}, children: [] };
  const open: HtmlElement[] = [root];
  const top = () => open[open.length - 1] ?? root;
  const addText = (text: string) => {
    if (text !== '') top().children.push({ kind: 'text', text: decodeEntities(text) });
  };
  let last = 0;
  let skipUntil: string | null = null;
  for (const match of html.matchAll(token)) {
    const [whole, slash, rawTag = '', rawAttrs = ''] = match;
    const tag = rawTag.toLowerCase();
    if (skipUntil === null) addText(html.slice(last, match.index));
    last = match.index + whole.length;
    if (skipUntil !== null) {
      if (slash === '/' && tag === skipUntil) skipUntil = null;
      continue;
    }
    if (tag === '') continue;
    if (slash === '/') closeTag(open, tag);
    else if (droppedTags.has(tag)) skipUntil = rawAttrs.endsWith('/') ? null : tag;
    else openTag(open, tag, rawAttrs);
  }
  if (skipUntil === null) addText(html.slice(last));
  return root;
}

function openTag(open: HtmlElement[], tag: string, rawAttrs: string): void {
  if (tag === 'html' || tag === 'body') return;
  if (closesParagraph.has(tag)) closeImplied(open, 'p', ['td', 'th', 'li', 'div', 'blockquote']);
  const limits = closesLike[tag];
  if (limits) closeImplied(open, tag, limits);
  const element: HtmlElement = { kind: 'element', tag, attrs: readAttributes(rawAttrs), children: [] };
  open[open.length - 1]?.children.push(element);
  if (!voidTags.has(tag) && !rawAttrs.endsWith('/')) open.push(element);
}

function closeImplied(open: HtmlElement[], tag: string, limits: readonly string[]): void {
  for (let index = open.length - 1; index > 0; index -= 1) {
    const name = open[index]?.tag ?? '';
    if (name === tag) {
      open.length = index;
      return;
    }
    if (limits.includes(name)) return;
  }
}

function closeTag(open: HtmlElement[], tag: string): void {
  for (let index = open.length - 1; index > 0; index -= 1) {
    if (open[index]?.tag === tag) {
      open.length = index;
      return;
    }
  }
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return node.kind === 'element';
}

export function textOf(node: HtmlNode): string {
  return node.kind === 'text' ? node.text : node.tag === 'br' ? '\n' : node.children.map(textOf).join('');
}

export function styleOf(element: HtmlElement): Record<string, string> {
  const style: Record<string, string> = {};
  for (const part of (element.attrs.style ?? '').split(';')) {
    const at = part.indexOf(':');
    if (at > 0)
      style[part.slice(0, at).trim().toLowerCase()] = part
        .slice(at + 1)
        .trim()
        .toLowerCase();
  }
  return style;
}
