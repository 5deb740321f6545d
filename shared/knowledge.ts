/** The knowledge base (知识库): questions with answers that hold, on what they rest, for whom and until when. */
import { z } from 'zod';
import { caseFields } from './inbox.ts';
import { type Text, text } from './lang.ts';
import { route } from './route.ts';
import { MadeFile } from './sheet.ts';

export const knowledgeStates = ['draft', 'in-use', 'retired'] as const;
export const KnowledgeState = z.enum(knowledgeStates);
export type KnowledgeState = z.infer<typeof KnowledgeState>;
export const knowledgeStateLabels = {
  draft: text('草稿', 'Draft'),
  'in-use': text('在用', 'In use'),
  retired: text('停用', 'Retired'),
} as const satisfies Record<KnowledgeState, Text>;

/** What makes an entry out of date; null while it holds. */
export const StaleWhy = z.enum(['valid-to', 'review-on', 'no-review']);
export type StaleWhy = z.infer<typeof StaleWhy>;
export const staleLabels = {
  'valid-to': text('已过有效期', 'No longer valid'),
  'review-on': text('该复核了', 'Review is due'),
  'no-review': text('未定复核日期', 'No day of review'),
} as const satisfies Record<StaleWhy, Text>;

export const KnowledgeContent = z.object({
  question: z.string().trim().min(4).max(500),
  answer: z.string().trim().min(4).max(4_000),
  /** Documents it rests on, with their numbers. */
  basis: z.string().trim().max(1_000).default(''),
  /** Whom it concerns: 灵活就业人员, 用人单位 … */
  appliesTo: z.string().trim().max(200).default(''),
  region: z.string().trim().max(100).default(''),
  field: z.enum(caseFields).nullable().default(null),
  validFrom: z.iso.date().nullable().default(null),
  /** The last day on which it holds. */
  validTo: z.iso.date().nullable().default(null),
  /** When somebody looks at it again. */
  reviewOn: z.iso.date().nullable().default(null),
  unitId: z.uuid().nullable().default(null),
});
export type KnowledgeContent = z.infer<typeof KnowledgeContent>;

export const KnowledgeRow = KnowledgeContent.extend({
  id: z.uuid(),
  state: KnowledgeState,
  version: z.number().int(),
  stale: StaleWhy.nullable(),
  basisMissing: z.boolean(),
  unitName: z.string().nullable(),
  /** How many answers cite it. */
  uses: z.number().int(),
  updatedAt: z.iso.datetime(),
});
export type KnowledgeRow = z.infer<typeof KnowledgeRow>;

export const KnowledgeView = KnowledgeRow.extend({
  versions: z.array(
    z.object({
      version: z.number().int(),
      content: KnowledgeContent,
      byName: z.string(),
      at: z.iso.datetime(),
    }),
  ),
  usedIn: z.array(
    z.object({
      caseId: z.uuid(),
      caseNumber: z.string(),
      version: z.number().int(),
      at: z.iso.datetime(),
    }),
  ),
});
export type KnowledgeView = z.infer<typeof KnowledgeView>;

const Params = z.object({ entryId: z.uuid() });
const made = z.object({ entryId: z.uuid() });

export const listKnowledge = route({
  method: 'GET',
  path: '/api/knowledge',
  access: 'inbox.read',
  summary:
    'Entries of the knowledge base, the newest first; 50 a page. `stale` shows those in use that are out of date, have no day of review or no basis.',
  query: z.object({
    state: KnowledgeState.optional(),
    stale: z.enum(['1']).optional(),
    search: z.string().max(100).optional(),
    cursor: z.uuid().optional(),
  }),
  reply: z.object({ rows: z.array(KnowledgeRow), next: z.string().nullable() }),
});

export const getKnowledge = route({
  method: 'GET',
  path: '/api/knowledge/:entryId',
  access: 'inbox.read',
  summary: 'One entry with its versions and the answers that cite it.',
  params: Params,
  reply: KnowledgeView,
});

export const createKnowledge = route({
  method: 'POST',
  path: '/api/knowledge',
  access: 'inbox.answer',
  summary: 'Write a new entry; it is a draft until it is put to use.',
  body: KnowledgeContent,
  reply: made,
});

export const createKnowledgeFromAnswer = route({
  method: 'POST',
  path: '/api/publications/:publicationId/knowledge',
  access: 'inbox.answer',
  summary:
    'Make an entry of a public answer, valid from today and to be reviewed after the months that are set; the one there is where there is one.',
  params: z.object({ publicationId: z.uuid() }),
  reply: made,
});

export const saveKnowledge = route({
  method: 'PUT',
  path: '/api/knowledge/:entryId',
  access: 'inbox.answer',
  summary: 'Save a new version; the earlier ones stay.',
  params: Params,
  body: z.object({ baseVersion: z.number().int(), content: KnowledgeContent }),
  reply: z.object({ version: z.number().int() }),
});

export const moveKnowledge = route({
  method: 'POST',
  path: '/api/knowledge/:entryId/state',
  access: 'inbox.answer',
  summary: 'Put an entry to use, or retire it.',
  params: Params,
  body: z.object({ state: z.enum(['in-use', 'retired']) }),
  reply: z.object({ ok: z.literal(true) }),
});

export const exportKnowledge = route({
  method: 'GET',
  path: '/api/knowledge-sheet',
  access: 'inbox.answer',
  summary: 'All entries as a spreadsheet (base64), or the empty template.',
  query: z.object({ template: z.enum(['1']).optional() }),
  reply: MadeFile,
});

/** Multipart, field `file`. */
export const importKnowledge = route({
  method: 'POST',
  path: '/api/knowledge-sheet',
  access: 'inbox.answer',
  summary: 'Add entries from a spreadsheet, all rows or none; every problem of every row is named.',
  reply: z.object({
    imported: z.number().int(),
    problems: z.array(
      z.object({ line: z.number().int(), column: z.string(), zh: z.string(), en: z.string() }),
    ),
  }),
});

/** Something that may serve as the answer, from where it comes. */
export const Suggestion = z.object({
  source: z.enum(['knowledge', 'published']),
  id: z.uuid(),
  question: z.string(),
  answer: z.string(),
  basis: z.string(),
  /** Where the public finds it; null for knowledge. */
  url: z.string().nullable(),
  stale: StaleWhy.nullable(),
  /** Of an entry; a public answer has no place for one. */
  basisMissing: z.boolean(),
  /** Share of the question's weight that it holds, 0 to 1. */
  covered: z.number(),
});
export type Suggestion = z.infer<typeof Suggestion>;

export const suggestAnswers = route({
  method: 'GET',
  path: '/api/cases/:caseId/suggestions',
  access: 'inbox.answer',
  summary: 'What of knowledge base and public answers fits the question best; at most five.',
  params: z.object({ caseId: z.uuid() }),
  reply: z.object({ rows: z.array(Suggestion) }),
});

const Mark = z.object({ score: z.number(), why: z.object({ zh: z.string(), en: z.string() }) });
export const judgeDraft = route({
  method: 'POST',
  path: '/api/cases/:caseId/draft-check',
  access: 'inbox.answer',
  summary:
    'What could be better in a draft answer, with reasons, and the personal data in it. Nothing is kept.',
  params: z.object({ caseId: z.uuid() }),
  body: z.object({ text: z.string().trim().min(1).max(4_000) }),
  reply: z.object({
    relevance: Mark,
    completeness: Mark,
    basis: Mark,
    readability: Mark,
    timeliness: Mark,
    personal: z.array(z.object({ kind: z.object({ zh: z.string(), en: z.string() }), words: z.string() })),
    /** It goes to a second person before it goes out. */
    reviewed: z.boolean(),
  }),
});
