/**
 * From the editor's document to semantic HTML and plain text. Every character is escaped here and only the elements
 * below can come out, so that what the renderers of the platforms get is safe by construction.
 */
import type { Block, Document, Inline, Mark } from '#shared/document.ts';

/** What a picture of the document stands for; null when the file is gone. */
export type PictureSource = (fileId: string) => { sha256: string; width: number; height: number } | null;

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const markTags = { bold: 'strong', italic: 'em', underline: 'u', strike: 's' } as const;

function wrapMark(html: string, mark: Mark): string {
  if (mark.type === 'link') return `<a href="${escapeHtml(mark.attrs.href)}">${html}</a>`;
  const tag = markTags[mark.type];
  return `<${tag}>${html}</${tag}>`;
}

function renderInlines(inlines: readonly Inline[] | undefined): string {
  return (inlines ?? [])
    .map((inline) =>
      inline.type === 'hardBreak' ? '<br>' : (inline.marks ?? []).reduce(wrapMark, escapeHtml(inline.text)),
    )
    .join('');
}

function alignment(attrs: { textAlign?: string | null | undefined } | undefined): string {
  const align = attrs?.textAlign;
  return align && align !== 'left' ? ` style="text-align:${align}"` : '';
}

function renderBlock(block: Block, picture: PictureSource): string {
  switch (block.type) {
    case 'paragraph':
      return `<p${alignment(block.attrs)}>${renderInlines(block.content)}</p>`;
    case 'heading':
      return `<h${block.attrs.level}${alignment(block.attrs)}>${renderInlines(block.content)}</h${block.attrs.level}>`;
    case 'horizontalRule':
      return '<hr>';
    case 'image': {
      const source = picture(block.attrs.fileId);
      if (!source) return '';
      const alt = escapeHtml(block.attrs.alt ?? '');
      return `<figure><img src="media:${source.sha256}" alt="${alt}" width="${source.width}" height="${source.height}"></figure>`;
    }
    case 'bulletList':
    case 'orderedList': {
      const tag = block.type === 'bulletList' ? 'ul' : 'ol';
      const start = block.type === 'orderedList' && block.attrs?.start ? ` start="${block.attrs.start}"` : '';
      const items = block.content.map((item) => `<li>${renderBlocks(item.content, picture)}</li>`).join('');
      return `<${tag}${start}>${items}</${tag}>`;
    }
    case 'blockquote':
      return `<blockquote>${renderBlocks(block.content, picture)}</blockquote>`;
  }
}

function renderBlocks(blocks: readonly Block[], picture: PictureSource): string {
  return blocks.map((block) => renderBlock(block, picture)).join('');
}

export function renderDocument(document: Document, picture: PictureSource): string {
  return renderBlocks(document.content, picture);
}

function inlineText(inlines: readonly Inline[] | undefined): string {
  return (inlines ?? []).map((inline) => (inline.type === 'hardBreak' ? '\n' : inline.text)).join('');
}

function blockLines(block: Block, prefix: string): string[] {
  switch (block.type) {
    case 'paragraph':
    case 'heading': {
      const line = inlineText(block.content).trim();
      return line ? [prefix + line] : [];
    }
    case 'horizontalRule':
      return [];
    case 'image':
      return [];
    case 'bulletList':
      return block.content.flatMap((item) =>
        item.content.flatMap((inner) => blockLines(inner, `${prefix}· `)),
      );
    case 'orderedList': {
      const first = block.attrs?.start ?? 1;
      return block.content.flatMap((item, index) =>
        item.content.flatMap((inner) => blockLines(inner, `${prefix}${first + index}. `)),
      );
    }
    case 'blockquote':
      return block.content.flatMap((inner) => blockLines(inner, prefix));
  }
}

/** Plain text, one line a paragraph or list item; pictures leave no trace. */
export function documentText(document: Document): string {
  return document.content.flatMap((block) => blockLines(block, '')).join('\n');
}

/** File ids of the document's pictures in reading order, each once. */
export function listPictures(document: Document): { fileId: string; alt: string }[] {
  const found = new Map<string, string>();
  const visit = (block: Block): void => {
    if (block.type === 'image' && !found.has(block.attrs.fileId))
      found.set(block.attrs.fileId, block.attrs.alt ?? '');
    if (block.type === 'blockquote') block.content.forEach(visit);
    if (block.type === 'bulletList' || block.type === 'orderedList') {
      for (const item of block.content) item.content.forEach(visit);
    }
  };
  document.content.forEach(visit);
  return [...found].map(([fileId, alt]) => ({ fileId, alt }));
}
