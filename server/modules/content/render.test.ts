import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Block, Document } from '#shared/document.ts';
import { documentText, listPictures, renderDocument } from './render.ts';

const doc = (...content: Block[]): Document => ({ type: 'doc', content });
const paragraph = (text: string): Block => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const fileId = '0199a000-0000-7000-8000-000000000001';
const picture = () => ({ sha256: 'ab'.repeat(32), width: 900, height: 383 });
const html = (...content: Block[]) => renderDocument(doc(...content), picture);

const hostile = `<script>alert(1)</script>"'&<img src=x onerror=alert(1)>`;
const escaped = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;&lt;img src=x onerror=alert(1)&gt;";

describe('every node', () => {
  test.each<[string, Block, string]>([
    ['paragraph', paragraph('你好'), '<p>你好</p>'],
    ['empty paragraph', { type: 'paragraph' }, '<p></p>'],
    [
      'centred paragraph',
      { type: 'paragraph', attrs: { textAlign: 'center' }, content: [{ type: 'text', text: '中' }] },
      '<p style="text-align:center">中</p>',
    ],
    [
      'heading',
      { type: 'heading', attrs: { level: 3, textAlign: null }, content: [{ type: 'text', text: '怎么办' }] },
      '<h3>怎么办</h3>',
    ],
    ['rule', { type: 'horizontalRule' }, '<hr>'],
    [
      'break and marks',
      {
        type: 'paragraph',
        content: [
          { type: 'text', text: '粗', marks: [{ type: 'bold' }, { type: 'italic' }] },
          { type: 'hardBreak' },
          { type: 'text', text: '线', marks: [{ type: 'underline' }, { type: 'strike' }] },
        ],
      },
      '<p><em><strong>粗</strong></em><br><s><u>线</u></s></p>',
    ],
    [
      'link',
      {
        type: 'paragraph',
        content: [
          {
            type: 'text',
            text: '网站',
            marks: [{ type: 'link', attrs: { href: 'https://a.cn/?x=1&y="2"' } }],
          },
        ],
      },
      '<p><a href="https://a.cn/?x=1&amp;y=&quot;2&quot;">网站</a></p>',
    ],
    [
      'picture',
      { type: 'image', attrs: { fileId, src: '/files/x', alt: '办事大厅 "一楼"' } },
      `<figure><img src="media:${'ab'.repeat(32)}" alt="办事大厅 &quot;一楼&quot;" width="900" height="383"></figure>`,
    ],
    [
      'list in a list',
      {
        type: 'orderedList',
        attrs: { start: 3 },
        content: [
          {
            type: 'listItem',
            content: [
              paragraph('材料'),
              { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph('身份证')] }] },
            ],
          },
        ],
      },
      '<ol start="3"><li><p>材料</p><ul><li><p>身份证</p></li></ul></li></ol>',
    ],
    [
      'quotation',
      { type: 'blockquote', content: [paragraph('依法')] },
      '<blockquote><p>依法</p></blockquote>',
    ],
  ])('%s becomes its element', (_name, block, expected) => {
    expect(Document.parse(doc(block))).toEqual(doc(block));
    expect(html(block)).toBe(expected);
  });

  test('a picture whose file is gone leaves nothing', () => {
    expect(renderDocument(doc({ type: 'image', attrs: { fileId, src: '', alt: '' } }), () => null)).toBe('');
  });
});

describe('hostile text', () => {
  test('is text everywhere: in words, headings, list items, descriptions and addresses', () => {
    const out = html(
      paragraph(hostile),
      { type: 'heading', attrs: { level: 2, textAlign: null }, content: [{ type: 'text', text: hostile }] },
      { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph(hostile)] }] },
      { type: 'image', attrs: { fileId, src: hostile, alt: hostile } },
    );
    expect(out.split(escaped)).toHaveLength(5);
    expect(out).not.toContain('<script');
    expect(out).not.toContain('onerror=alert(1)>"');
  });

  test('can add no element and no attribute, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`<>"'&/= abonx!-`), maxLength: 60 }), (text) => {
        const out = html({
          type: 'paragraph',
          content: [{ type: 'text', text, marks: [{ type: 'link', attrs: { href: `https://${text}` } }] }],
        });
        expect(out.match(/<[^>]*>/g)).toHaveLength(4);
        expect(out).toMatch(/^<p><a href="[^"<>]*">[^<>]*<\/a><\/p>$/);
      }),
    );
  });
});

describe('plain text', () => {
  test('is one line a paragraph or item, numbered as shown, without pictures', () => {
    const text = documentText(
      doc(
        paragraph('  开头  '),
        { type: 'image', attrs: { fileId, src: '', alt: '图' } },
        {
          type: 'orderedList',
          content: [
            { type: 'listItem', content: [paragraph('一')] },
            { type: 'listItem', content: [paragraph('二')] },
          ],
        },
        { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph('点')] }] },
        { type: 'blockquote', content: [paragraph('引')] },
        {
          type: 'paragraph',
          content: [{ type: 'text', text: '上' }, { type: 'hardBreak' }, { type: 'text', text: '下' }],
        },
        { type: 'paragraph' },
      ),
    );
    expect(text).toBe('开头\n1. 一\n2. 二\n· 点\n引\n上\n下');
  });
});

test('pictures are listed in reading order, each once, from inside lists and quotations too', () => {
  const image = (id: number): Block => ({
    type: 'image',
    attrs: { fileId: `0199a000-0000-7000-8000-00000000000${id}`, src: '', alt: `图${id}` },
  });
  const found = listPictures(
    doc(
      image(2),
      { type: 'blockquote', content: [image(1)] },
      { type: 'bulletList', content: [{ type: 'listItem', content: [image(3), image(2)] }] },
    ),
  );
  expect(found.map((one) => one.alt)).toEqual(['图2', '图1', '图3']);
});
