/**
 * The text of an article as the editor keeps it: a small, closed document tree (a subset of Tiptap's JSON). No HTML
 * is ever stored as source, so nothing needs to be trusted: what the schema doesn't name can't get in.
 */
import { z } from 'zod';

/** Only these schemes may be linked to. */
const safeHref = z
  .string()
  .max(1024)
  .regex(/^(https?:\/\/|tel:|mailto:|\/)/i);

const Mark = z.discriminatedUnion('type', [
  z.object({ type: z.literal('bold') }),
  z.object({ type: z.literal('italic') }),
  z.object({ type: z.literal('underline') }),
  z.object({ type: z.literal('strike') }),
  z.object({ type: z.literal('link'), attrs: z.object({ href: safeHref }) }),
]);
export type Mark = z.infer<typeof Mark>;

const TextNode = z.object({
  type: z.literal('text'),
  text: z.string().max(20_000),
  marks: z.array(Mark).optional(),
});
const Break = z.object({ type: z.literal('hardBreak') });
const Inline = z.discriminatedUnion('type', [TextNode, Break]);
export type Inline = z.infer<typeof Inline>;

const inlines = z.array(Inline).optional();
const align = z.enum(['left', 'center', 'right', 'justify']).nullish();
const Paragraph = z.object({
  type: z.literal('paragraph'),
  attrs: z.object({ textAlign: align }).optional(),
  content: inlines,
});
const Heading = z.object({
  type: z.literal('heading'),
  attrs: z.object({ level: z.union([z.literal(2), z.literal(3)]), textAlign: align }),
  content: inlines,
});
const Picture = z.object({
  type: z.literal('image'),
  attrs: z.object({ fileId: z.uuid(), src: z.string().max(300), alt: z.string().max(200).nullish() }),
});
export type Picture = z.infer<typeof Picture>;
const Rule = z.object({ type: z.literal('horizontalRule') });

type ListItem = { type: 'listItem'; content: Block[] };
export type Block =
  | z.infer<typeof Paragraph>
  | z.infer<typeof Heading>
  | Picture
  | z.infer<typeof Rule>
  | { type: 'bulletList'; content: ListItem[] }
  | { type: 'orderedList'; attrs?: { start?: number | undefined } | undefined; content: ListItem[] }
  | { type: 'blockquote'; content: Block[] };

const ListItem: z.ZodType<ListItem> = z.lazy(() =>
  z.object({ type: z.literal('listItem'), content: z.array(Block).max(50) }),
);
export const Block: z.ZodType<Block> = z.lazy(() =>
  z.discriminatedUnion('type', [
    Paragraph,
    Heading,
    Picture,
    Rule,
    z.object({ type: z.literal('bulletList'), content: z.array(ListItem).max(500) }),
    z.object({
      type: z.literal('orderedList'),
      attrs: z.object({ start: z.number().int().optional() }).optional(),
      content: z.array(ListItem).max(500),
    }),
    z.object({ type: z.literal('blockquote'), content: z.array(Block).max(100) }),
  ]),
);

/** Lists and items in quotations, the innermost paragraph counted: more than articles need, few for recursive readers. */
export const maximumDepth = 12;

/** True when objects are nested deeper than `levels` blocks; looks no deeper than that itself. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { content } = value as { content?: unknown };
  return Array.isArray(content) && (levels === 0 || content.some((one) => isDeeper(one, levels - 1)));
}

const Tree = z.object({ type: z.literal('doc'), content: z.array(Block).max(2_000) });
export type Document = z.infer<typeof Tree>;
// The depth is judged first: the schema reads the tree by recursion and would run out of stack.
export const Document = z.preprocess((value, context) => {
  if (!isDeeper(value, maximumDepth + 1)) return value;
  context.addIssue({
    code: 'custom',
    message: `列表和引用最多嵌套 ${maximumDepth} 层 / lists and quotations go ${maximumDepth} levels deep at most`,
    input: value,
  });
  return z.NEVER;
}, Tree);

export const emptyDocument: Document = { type: 'doc', content: [{ type: 'paragraph' }] };
