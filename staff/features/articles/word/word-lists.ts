/** Word writes lists as paragraphs with a printed mark; here they become lists again. */
import { type HtmlElement, type HtmlNode, isElement, styleOf, textOf } from './html-tree.ts';

export type ListMark = { level: number; ordered: boolean; start: number; content: HtmlNode[] };
export type Block =
  | { kind: 'html'; html: string }
  | { kind: 'item'; level: number; ordered: boolean; start: number; html: string };

function isIgnored(node: HtmlNode): boolean {
  return isElement(node) && /mso-list:\s*ignore/i.test(node.attrs.style ?? '');
}

/** Takes the printed mark out of the paragraph; the text of the mark tells numbers from bullets. */
function takeMark(nodes: readonly HtmlNode[]): { mark: string; rest: HtmlNode[] } {
  let mark = '';
  const rest = nodes.flatMap((node): HtmlNode[] => {
    if (isIgnored(node)) {
      mark += textOf(node);
      return [];
    }
    if (!isElement(node)) return [node];
    const inner = takeMark(node.children);
    mark += inner.mark;
    return [{ ...node, children: inner.rest }];
  });
  return { mark, rest };
}

function startOf(mark: string): number | null {
  const digits = /^[（(]?(\d{1,3})[.、)）．]/.exec(mark);
  if (digits) return Number(digits[1]);
  return /^[（(]?([a-z]{1,4}|[一二三四五六七八九十]{1,3})[.、)）．]/i.test(mark) ? 1 : null;
}

export function listMark(element: HtmlElement): ListMark | null {
  const list = styleOf(element)['mso-list'] ?? '';
  const named = /^MsoList/i.test(element.attrs.class ?? '');
  const { mark, rest } = takeMark(element.children);
  const printed = mark.replace(/[\s\u00a0]+/g, '');
  // The list style without a printed mark is an indented paragraph, no more.
  if (printed === '' || (!named && !/level\d/.test(list))) return null;
  const level = Number(/level(\d)/.exec(list)?.[1] ?? 1);
  const start = startOf(printed);
  return { level, ordered: start !== null, start: start ?? 1, content: rest };
}

type Item = Extract<Block, { kind: 'item' }>;

/** Neighbouring items become one list; a deeper level nests in the item before it. */
export function joinLists(blocks: readonly Block[]): string {
  let html = '';
  for (let index = 0; index < blocks.length; ) {
    const block = blocks[index];
    if (block === undefined) break;
    if (block.kind === 'html') {
      html += block.html;
      index += 1;
      continue;
    }
    const run: Item[] = [];
    for (let next = blocks[index]; next?.kind === 'item'; next = blocks[index]) {
      run.push(next);
      index += 1;
    }
    html += listsOf(run);
  }
  return html;
}

function listsOf(items: readonly Item[]): string {
  const lowest = Math.min(...items.map((item) => item.level));
  let html = '';
  let open: 'ol' | 'ul' | null = null;
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (item === undefined) break;
    const deeper: Item[] = [];
    for (let next = items[index + 1]; next !== undefined && next.level > lowest; next = items[index + 1]) {
      deeper.push(next);
      index += 1;
    }
    const tag = item.ordered ? 'ol' : 'ul';
    if (open !== tag) {
      if (open) html += `</${open}>`;
      html += tag === 'ol' && item.start > 1 ? `<ol start="${item.start}">` : `<${tag}>`;
      open = tag;
    }
    html += `<li><p>${item.html}</p>${deeper.length > 0 ? listsOf(deeper) : ''}</li>`;
  }
  return open ? `${html}</${open}>` : html;
}
