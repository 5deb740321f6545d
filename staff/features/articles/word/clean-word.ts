/**
 * Turns what Word, WPS and web pages put on the clipboard into the few elements that the editor knows: headings, real
 * lists, bold and the like, links, pictures. Everything else loses its dress and keeps its words.
 */
import {
  escapeHtml,
  type HtmlElement,
  type HtmlNode,
  isElement,
  parseHtml,
  styleOf,
  textOf,
} from './html-tree.ts';
import { type Block, joinLists, listMark } from './word-lists.ts';

export type PastedPicture = { src: string; alt: string };
export type CleanedHtml = {
  html: string;
  /** In reading order; picture `i` stands in the html as `<img data-pending="i">`. */
  pictures: PastedPicture[];
  tables: number;
};

type Work = { pictures: PastedPicture[]; tables: number; shallowest: number };

const blockTags = new Set([
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
  'li',
  'table',
  'tbody',
  'thead',
  'tr',
  'td',
  'th',
  'blockquote',
  'hr',
  'section',
  'article',
  'pre',
  'header',
  'footer',
  'main',
  'figure',
  'img',
  'center',
]);

/** Only the part that was selected, where the clipboard marks it. */
function selectedFragment(html: string): string {
  const start = html.indexOf('<!--StartFragment-->');
  const end = html.lastIndexOf('<!--EndFragment-->');
  return start >= 0 && end > start ? html.slice(start + '<!--StartFragment-->'.length, end) : html;
}

export function cleanHtml(html: string): CleanedHtml {
  const tree = parseHtml(selectedFragment(html));
  const work: Work = { pictures: [], tables: 0, shallowest: shallowestHeading(tree) };
  const blocks = joinLists(blocksOf(tree.children, work));
  return { html: blocks, pictures: work.pictures, tables: work.tables };
}

function headingLevel(element: HtmlElement): number | null {
  const direct = /^h([1-6])$/.exec(element.tag);
  if (direct) return Number(direct[1]);
  if (/^mso(sub)?title$/i.test(element.attrs.class ?? '')) return 1;
  const outline = /^[1-6]$/.exec(styleOf(element)['mso-outline-level'] ?? '');
  return outline ? Number(outline[0]) : null;
}

/** The article's title stands in its own field, so the highest heading in the text becomes the first level here. */
function shallowestHeading(element: HtmlElement): number {
  let level = headingLevel(element) ?? 9;
  for (const child of element.children)
    if (isElement(child)) level = Math.min(level, shallowestHeading(child));
  return level;
}

function hasBlocks(element: HtmlElement): boolean {
  return element.children.some((child) => isElement(child) && (blockTags.has(child.tag) || hasBlocks(child)));
}

function blocksOf(nodes: readonly HtmlNode[], work: Work): Block[] {
  const blocks: Block[] = [];
  let loose: HtmlNode[] = [];
  const settle = () => {
    blocks.push(...paragraph('p', loose, '', work));
    loose = [];
  };
  for (const node of nodes) {
    if (!isElement(node) || (!blockTags.has(node.tag) && !hasBlocks(node))) {
      loose.push(node);
      continue;
    }
    settle();
    blocks.push(...blockOf(node, work));
  }
  settle();
  return blocks;
}

function blockOf(element: HtmlElement, work: Work): Block[] {
  const { tag } = element;
  if (tag === 'hr') return [{ kind: 'html', html: '<hr>' }];
  if (tag === 'img') return [{ kind: 'html', html: pictureOf(element, work) }];
  if (tag === 'table') return tableRows(element, work);
  if (tag === 'ul' || tag === 'ol') return [{ kind: 'html', html: listOf(element, work) }];
  if (tag === 'blockquote')
    return [
      { kind: 'html', html: `<blockquote>${joinLists(blocksOf(element.children, work))}</blockquote>` },
    ];
  const level = headingLevel(element);
  if (level !== null && !(level > 6)) return heading(element, level > work.shallowest ? 'h3' : 'h2', work);
  if (hasBlocks(element) && tag !== 'p') return blocksOf(element.children, work);
  const mark = listMark(element);
  if (mark) return [{ kind: 'item', ...mark, html: inlineOf(mark.content, work).trim() }];
  const guessed = chineseHeading(element);
  if (guessed) return heading(element, guessed, work);
  const align = styleOf(element)['text-align'] ?? element.attrs.align ?? '';
  return paragraph('p', element.children, align, work);
}

function heading(element: HtmlElement, tag: 'h2' | 'h3', work: Work): Block[] {
  const plain = element.children.map(unbold);
  return paragraph(tag, plain, styleOf(element)['text-align'] ?? '', work);
}

/** A heading is bold by itself; the mark inside would only make its text differ. */
function unbold(node: HtmlNode): HtmlNode {
  if (!isElement(node)) return node;
  const bold = node.tag === 'b' || node.tag === 'strong';
  return {
    ...node,
    tag: bold ? 'span' : node.tag,
    attrs: bold ? {} : { ...node.attrs, style: (node.attrs.style ?? '').replace(/font-weight:[^;]*/gi, '') },
    children: node.children.map(unbold),
  };
}

/** Official papers number their headings 一、 and （一）; where the author set them in bold, they are headings. */
function chineseHeading(element: HtmlElement): 'h2' | 'h3' | null {
  const words = textOf(element).replace(/\s+/g, '');
  if (words.length > 40 || /[。；]$/.test(words) || !allBold(element)) return null;
  if (/^[一二三四五六七八九十]{1,3}、/.test(words)) return 'h2';
  return /^[（(][一二三四五六七八九十]{1,3}[）)]/.test(words) ? 'h3' : null;
}

function allBold(node: HtmlNode): boolean {
  if (!isElement(node)) return node.text.trim() === '';
  if (isBold(node)) return true;
  return node.children.length > 0 && node.children.every(allBold);
}

function isBold(element: HtmlElement): boolean {
  return (
    element.tag === 'b' ||
    element.tag === 'strong' ||
    /^(bold|[6-9]00)/.test(styleOf(element)['font-weight'] ?? '')
  );
}

/** Pictures stand on their own: a paragraph that holds one is cut around it. */
function paragraph(tag: 'p' | 'h2' | 'h3', nodes: readonly HtmlNode[], align: string, work: Work): Block[] {
  const style = align === 'center' || align === 'right' ? ` style="text-align: ${align}"` : '';
  return inlineOf(nodes, work)
    .split(/(<img data-pending="\d+" alt="[^"]*">|<img data-file-id="[^"]*" src="[^"]*" alt="[^"]*">)/)
    .flatMap((piece): Block[] => {
      if (piece.startsWith('<img ')) return [{ kind: 'html', html: piece }];
      const words = piece.replace(/^(?:\s|&nbsp;|<br>)+|(?:\s|&nbsp;|<br>)+$/g, '');
      if (words.replace(/<[^>]*>/g, '').trim() === '') return [];
      return [{ kind: 'html', html: `<${tag}${style}>${words}</${tag}>` }];
    });
}

function inlineOf(nodes: readonly HtmlNode[], work: Work): string {
  return nodes
    .map((node) => (isElement(node) ? inlineElement(node, work) : escapeHtml(flow(node.text))))
    .join('');
}

const han = '[\\u3000-\\u303f\\u4e00-\\u9fff\\uff00-\\uffef]';
const brokenHan = new RegExp(`(${han})[\\r\\n]+\\s*(?=${han})`, 'g');

/** Word breaks its source lines anywhere; between two Chinese characters such a break is not a space. */
function flow(text: string): string {
  return text.replace(brokenHan, '$1').replace(/[\r\n\t ]+/g, ' ');
}

function inlineElement(element: HtmlElement, work: Work): string {
  const { tag } = element;
  if (tag === 'br') return '<br>';
  if (tag === 'img') return pictureOf(element, work);
  const style = styleOf(element);
  if (style.display === 'none' || style['mso-hide'] === 'all') return '';
  let inner = inlineOf(element.children, work);
  if (inner.trim() === '' && !inner.includes('\u00a0')) return inner;
  const decoration = style['text-decoration'] ?? '';
  const strike = tag === 's' || tag === 'strike' || tag === 'del' || decoration.includes('line-through');
  if (strike) inner = `<s>${inner}</s>`;
  if (tag === 'u' || tag === 'ins' || (decoration.includes('underline') && tag !== 'a'))
    inner = `<u>${inner}</u>`;
  if (tag === 'i' || tag === 'em' || style['font-style'] === 'italic') inner = `<em>${inner}</em>`;
  if (isBold(element)) inner = `<strong>${inner}</strong>`;
  const href = element.attrs.href ?? '';
  if (tag === 'a' && /^(https?:\/\/|tel:|mailto:)/i.test(href))
    return `<a href="${escapeHtml(href)}">${inner}</a>`;
  return inner;
}

function pictureOf(element: HtmlElement, work: Work): string {
  const { src = '', alt = '' } = element.attrs;
  const fileId = element.attrs['data-file-id'];
  // A picture copied inside the editor is already stored; its address is taken only where it points to this server.
  if (fileId && src.startsWith('/'))
    return `<img data-file-id="${escapeHtml(fileId)}" src="${escapeHtml(src)}" alt="${escapeHtml(alt)}">`;
  const shown = /\.(png|jpe?g|gif|webp|emf|wmf)$|^图片\s*\d*$|^image\d*$/i.test(alt) ? '' : alt;
  work.pictures.push({ src, alt: shown });
  return `<img data-pending="${work.pictures.length - 1}" alt="${escapeHtml(shown)}">`;
}

/** The editor has no tables (platforms mangle them): each row becomes a line, no word is lost. */
function tableRows(table: HtmlElement, work: Work): Block[] {
  work.tables += 1;
  const rows: HtmlElement[] = [];
  const collect = (element: HtmlElement) => {
    for (const child of element.children)
      if (isElement(child)) child.tag === 'tr' ? rows.push(child) : collect(child);
  };
  collect(table);
  return rows.flatMap((row) => {
    const cells = row.children.filter(isElement).map((cell) => inlineOf(cell.children, work).trim());
    const html = cells.filter((cell) => cell !== '').join(' ｜ ');
    return html === '' ? [] : cutPictures(html);
  });
}

function cutPictures(html: string): Block[] {
  return html.split(/(<img [^>]*>)/).flatMap((piece): Block[] => {
    if (piece.startsWith('<img ')) return [{ kind: 'html', html: piece }];
    return piece.trim() === '' ? [] : [{ kind: 'html', html: `<p>${piece.trim()}</p>` }];
  });
}

function listOf(list: HtmlElement, work: Work): string {
  const items = list.children
    .filter(isElement)
    .map((item) => `<li>${joinLists(blocksOf(item.children, work))}</li>`);
  return `<${list.tag}>${items.join('')}</${list.tag}>`;
}
