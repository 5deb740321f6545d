/** From the editor's tree to the closed document of `shared/`: what the schema does not name stays behind. */
import type { JSONContent } from '@tiptap/core';
import type { Block, Document, Inline, Mark } from '#shared/document.ts';

const alignments = ['left', 'center', 'right', 'justify'] as const;
type Align = (typeof alignments)[number] | null;

function alignOf(node: JSONContent): Align {
  return alignments.find((name) => name === node.attrs?.textAlign) ?? null;
}

function markOf(mark: NonNullable<JSONContent['marks']>[number]): Mark[] {
  switch (mark.type) {
    case 'bold':
    case 'italic':
    case 'underline':
    case 'strike':
      return [{ type: mark.type }];
    case 'link':
      return [{ type: 'link', attrs: { href: String(mark.attrs?.href ?? '') } }];
    default:
      return [];
  }
}

function inlinesOf(nodes: readonly JSONContent[] = []): Inline[] {
  return nodes.flatMap((node): Inline[] => {
    if (node.type === 'hardBreak') return [{ type: 'hardBreak' }];
    if (node.type !== 'text' || !node.text) return [];
    const marks = (node.marks ?? []).flatMap(markOf);
    return [marks.length > 0 ? { type: 'text', text: node.text, marks } : { type: 'text', text: node.text }];
  });
}

function withContent<T extends object>(block: T, content: Inline[]): T & { content?: Inline[] } {
  return content.length > 0 ? { ...block, content } : block;
}

function blockOf(node: JSONContent): Block[] {
  const align = alignOf(node);
  switch (node.type) {
    case 'paragraph': {
      const base = align
        ? { type: 'paragraph' as const, attrs: { textAlign: align } }
        : { type: 'paragraph' as const };
      return [withContent(base, inlinesOf(node.content))];
    }
    case 'heading': {
      const level = node.attrs?.level === 3 ? 3 : 2;
      const attrs = align ? ({ level, textAlign: align } as const) : ({ level } as const);
      return [withContent({ type: 'heading', attrs }, inlinesOf(node.content))];
    }
    case 'image': {
      // A picture that is still being sent, or did not come across, has no file and is no part of the text yet.
      const { fileId, src, alt } = (node.attrs ?? {}) as {
        fileId?: string | null;
        src?: string | null;
        alt?: string | null;
      };
      return fileId && src ? [{ type: 'image', attrs: { fileId, src, alt: alt ?? '' } }] : [];
    }
    case 'horizontalRule':
      return [{ type: 'horizontalRule' }];
    case 'blockquote':
      return [{ type: 'blockquote', content: blocksOf(node.content) }];
    case 'bulletList':
      return [{ type: 'bulletList', content: itemsOf(node.content) }];
    case 'orderedList': {
      const start = Number(node.attrs?.start ?? 1);
      return [
        { type: 'orderedList', ...(start > 1 ? { attrs: { start } } : {}), content: itemsOf(node.content) },
      ];
    }
    default:
      return [];
  }
}

function itemsOf(nodes: readonly JSONContent[] = []): { type: 'listItem'; content: Block[] }[] {
  return nodes.map((node) => ({ type: 'listItem', content: blocksOf(node.content) }));
}

function blocksOf(nodes: readonly JSONContent[] = []): Block[] {
  return nodes.flatMap(blockOf);
}

export function toDocument(json: JSONContent): Document {
  return { type: 'doc', content: blocksOf(json.content) };
}

/** One form for one text: the server's copy may spell out what ours leaves away. Compared, never shown. */
export function sameDocument(a: Document, b: Document): boolean {
  return JSON.stringify(toDocument(a as JSONContent)) === JSON.stringify(toDocument(b as JSONContent));
}

function plainOf(block: Block): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return (block.content ?? []).map((part) => (part.type === 'text' ? part.text : '\n')).join('');
    case 'image':
      return `［${block.attrs.alt || '…'}］`;
    case 'horizontalRule':
      return '——';
    case 'blockquote':
      return block.content.map(plainOf).join('\n');
    default:
      return block.content.map((item) => `· ${item.content.map(plainOf).join('\n')}`).join('\n');
  }
}

/** The words of a document, a line a block; for comparing and counting. */
export function plainText(document: Document): string {
  return document.content.map(plainOf).join('\n');
}
