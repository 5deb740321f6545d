import { describe, expect, test } from 'vitest';
import { Document } from '#shared/document.ts';
import { plainText, sameDocument, toDocument } from './document-json.ts';

const editorTree = {
  type: 'doc',
  content: [
    { type: 'heading', attrs: { level: 2, textAlign: null }, content: [{ type: 'text', text: '材料' }] },
    {
      type: 'paragraph',
      attrs: { textAlign: 'center' },
      content: [
        { type: 'text', text: '拨打', marks: [{ type: 'bold' }, { type: 'code' }] },
        {
          type: 'text',
          text: '12333',
          marks: [{ type: 'link', attrs: { href: 'tel:12333', target: '_blank', rel: 'noopener' } }],
        },
        { type: 'hardBreak' },
      ],
    },
    { type: 'image', attrs: { fileId: null, src: null, pending: 'u1' } },
    {
      type: 'image',
      attrs: { fileId: '0199c3a0-0000-7000-8000-000000000001', src: '/files/a', alt: '窗口', pending: null },
    },
    {
      type: 'orderedList',
      attrs: { start: 1, type: null },
      content: [
        { type: 'listItem', content: [{ type: 'paragraph', content: [{ type: 'text', text: '身份证' }] }] },
      ],
    },
    { type: 'table', content: [] },
  ],
};

describe('the editor’s tree', () => {
  test('becomes a document that the server accepts, and loses nothing to its schema', () => {
    const document = toDocument(editorTree);
    expect(Document.parse(document)).toEqual(document);
  });
  test('leaves out pictures that are not stored yet and nodes the schema does not know', () => {
    expect(toDocument(editorTree).content.map((block) => block.type)).toEqual([
      'heading',
      'paragraph',
      'image',
      'orderedList',
    ]);
  });
  test('is the same as its stored form', () => {
    const document = toDocument(editorTree);
    expect(sameDocument(document, JSON.parse(JSON.stringify(document)) as Document)).toBe(true);
    expect(sameDocument(document, { type: 'doc', content: document.content.slice(1) })).toBe(false);
  });
  test('reads as plain lines', () => {
    expect(plainText(toDocument(editorTree))).toBe('材料\n拨打12333\n\n［窗口］\n· 身份证');
  });
});
