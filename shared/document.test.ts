import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Document, emptyDocument, maximumDepth } from './document.ts';

const text = (words: string, marks?: unknown[]) => ({
  type: 'text',
  text: words,
  ...(marks ? { marks } : {}),
});
const paragraph = (...content: unknown[]) => ({ type: 'paragraph', content });
const doc = (...content: unknown[]) => ({ type: 'doc', content });
const accepts = (value: unknown) => Document.safeParse(value).success;
const link = (href: string) => doc(paragraph(text('网站', [{ type: 'link', attrs: { href } }])));

describe('a link', () => {
  test.each([
    'https://www.gov.cn/zhengce',
    'http://rs.example.gov.cn',
    'HTTPS://WWW.GOV.CN',
    'tel:12333',
    'mailto:rs@example.gov.cn',
    '/a/tui-xiu',
  ])('to %s is taken', (href) => expect(accepts(link(href))).toBe(true));

  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'www.gov.cn',
    '',
    `https://${'x'.repeat(1_100)}`,
  ])('to %j is refused', (href) => expect(accepts(link(href))).toBe(false));
});

describe('what the schema does not name', () => {
  test.each<[string, unknown]>([
    ['an unknown block', { type: 'iframe', attrs: { src: 'https://a.cn' } }],
    ['raw HTML', { type: 'html', content: '<script>' }],
    ['an unknown mark', paragraph(text('x', [{ type: 'onclick' }]))],
    ['a block among words', paragraph(paragraph(text('x')))],
    ['a first-level heading', { type: 'heading', attrs: { level: 1 }, content: [text('x')] }],
    ['a picture without a file of ours', { type: 'image', attrs: { src: 'https://evil.example/x.png' } }],
    ['a list with something else than items', { type: 'bulletList', content: [paragraph(text('x'))] }],
    ['a text without words', paragraph({ type: 'text' })],
    ['nothing', null],
  ])('%s is refused', (_name, block) => expect(accepts(doc(block))).toBe(false));

  test('unknown attributes don’t get through', () => {
    const parsed = Document.parse(
      doc({ ...paragraph(text('x')), attrs: { textAlign: 'center', onclick: 'alert(1)' }, style: 'x' }),
    );
    expect(parsed.content[0]).toEqual({
      type: 'paragraph',
      attrs: { textAlign: 'center' },
      content: [{ type: 'text', text: 'x' }],
    });
  });

  test('an alignment is a word, never a piece of style', () => {
    expect(accepts(doc({ type: 'paragraph', attrs: { textAlign: 'center;background:url(x)' } }))).toBe(false);
  });
});

describe('depth', () => {
  const quote = (levels: number): unknown =>
    levels === 0 ? paragraph(text('底')) : { type: 'blockquote', content: [quote(levels - 1)] };

  test('of a real article is taken, up to the limit and not beyond', () => {
    expect(accepts(doc(quote(5)))).toBe(true);
    // The words of the innermost paragraph are a level too.
    expect(accepts(doc(quote(maximumDepth - 1)))).toBe(true);
    expect(accepts(doc(quote(maximumDepth)))).toBe(false);
  });

  test('of a bomb is refused with the reason in both languages, at once', () => {
    let bomb: unknown = paragraph();
    for (let level = 0; level < 200_000; level += 1) bomb = { type: 'blockquote', content: [bomb] };
    const started = performance.now();
    const result = Document.safeParse(doc(bomb));
    expect(result.error?.issues[0]?.message).toMatch(/嵌套.*levels/);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('of lists counts their items', () => {
    let list: unknown = paragraph(text('底'));
    for (let level = 0; level < maximumDepth; level += 1)
      list = { type: 'bulletList', content: [{ type: 'listItem', content: [list] }] };
    expect(accepts(doc(list))).toBe(false);
  });

  test('of lists of lists, which are no document, is refused without running out of stack', () => {
    let lists: unknown = [];
    for (let level = 0; level < 200_000; level += 1) lists = [lists];
    expect(accepts(doc(lists))).toBe(false);
    expect(accepts({ type: 'doc', content: lists })).toBe(false);
  });
});

describe('size', () => {
  test('has limits that no article reaches', () => {
    expect(accepts(doc(...Array.from({ length: 2_001 }, () => paragraph())))).toBe(false);
    expect(accepts(doc(paragraph(text('长'.repeat(20_001)))))).toBe(false);
  });
});

test('no value at all makes the schema throw', () => {
  fc.assert(fc.property(fc.anything({ maxDepth: 6 }), (value) => typeof accepts(value) === 'boolean'));
});

test('an empty article is a document, and parsing changes nothing', () => {
  expect(Document.parse(emptyDocument)).toEqual(emptyDocument);
});
