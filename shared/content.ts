import { z } from 'zod';
import { Document } from './document.ts';
import { type Text, text } from './lang.ts';
import { FileView } from './media.ts';
import { DeliveryMode, Reach, VariantContent } from './package.ts';
import { route } from './route.ts';

export const articleStates = ['draft', 'in-review', 'returned', 'approved', 'closed'] as const;
export const ArticleState = z.enum(articleStates);
export type ArticleState = z.infer<typeof ArticleState>;
export const articleStateLabels = {
  draft: text('草稿', 'Draft'),
  'in-review': text('审核中', 'In review'),
  returned: text('已退回', 'Returned'),
  approved: text('已通过', 'Approved'),
  closed: text('已归档', 'Closed'),
} as const satisfies Record<ArticleState, Text>;

export const articleClasses = ['ordinary', 'important'] as const;
export const ArticleClass = z.enum(articleClasses);
export type ArticleClass = z.infer<typeof ArticleClass>;
export const articleClassLabels = {
  ordinary: text('一般信息（两级审核）', 'Ordinary (two stages)'),
  important: text('重要信息（三级审核）', 'Important (three stages)'),
} as const satisfies Record<ArticleClass, Text>;

/** The one video of an article; its words are for those who cannot hear it, and for search. */
export const ArticleVideo = z.object({ fileId: z.uuid(), transcript: z.string().max(5_000).default('') });
export type ArticleVideo = z.infer<typeof ArticleVideo>;

/** What a person writes; a version freezes exactly this. */
export const ArticleContent = z.object({
  title: z.string().max(120),
  digest: z.string().max(240),
  author: z.string().max(32),
  body: Document,
  coverFileId: z.uuid().nullable(),
  /** Absent in articles from before there were videos. */
  video: ArticleVideo.nullish(),
});
export type ArticleContent = z.infer<typeof ArticleContent>;

/** Per-account changes to the first adaptation; what is absent follows the article. */
export const VariantOverride = z.object({
  title: z.string().max(120).optional(),
  digest: z.string().max(240).optional(),
  /** Only for text platforms (Weibo): the wording that replaces the automatic one. */
  text: z.string().max(5_000).optional(),
  /** Another picture for the lists of this account. */
  coverFileId: z.uuid().optional(),
  /** Without marks; written as the platform writes topics, where it has them. */
  topics: z
    .array(
      z
        .string()
        .trim()
        .regex(/^[^\s#＃@]{1,20}$/),
    )
    .max(10)
    .optional(),
});
export type VariantOverride = z.infer<typeof VariantOverride>;

export const Target = z.object({
  accountId: z.uuid(),
  reach: Reach,
  /** Wall time 'YYYY-MM-DD HH:mm' in Asia/Shanghai; null means as soon as it is approved. */
  plannedWall: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/)
    .nullable(),
  evenIfLate: z.boolean().default(false),
  override: VariantOverride.default({}),
});
export type Target = z.infer<typeof Target>;

export const Problem = z.object({
  level: z.enum(['block', 'warn']),
  field: z.enum(['title', 'digest', 'body', 'media', 'reach', 'author']),
  accountId: z.uuid().nullable(),
  zh: z.string(),
  en: z.string(),
});
export type Problem = z.infer<typeof Problem>;

/** A variant as it will be sent, for previews and counts. Picture addresses in `html` are servable. */
export const VariantView = z.object({
  accountId: z.uuid(),
  accountName: z.string(),
  platform: z.string(),
  platformName: z.object({ zh: z.string(), en: z.string() }),
  mode: DeliveryMode,
  reach: Reach,
  reaches: z.array(Reach),
  content: VariantContent,
  previewHtml: z.string(),
  shortLink: z.string(),
  /** Servable addresses of what goes along, in order. */
  media: z.array(z.object({ url: z.string(), role: z.enum(['cover', 'body', 'video']), alt: z.string() })),
  /** How many topics this account may carry; 0: the platform has none. */
  topicsMost: z.number().int(),
  /** Those it carries: chosen for it, else the account's own; without marks. */
  topics: z.array(z.string()),
  /** What a person changed for this account: the automatic words beside their own. */
  differs: z.array(
    z.object({
      field: z.enum(['title', 'digest', 'body', 'media']),
      automatic: z.string(),
      own: z.string(),
    }),
  ),
  counts: z.array(
    z.object({
      field: z.enum(['title', 'digest', 'body', 'media', 'reach', 'author']),
      used: z.number(),
      limit: z.number(),
      unit: z.enum(['characters', 'bytes']),
    }),
  ),
  problems: z.array(Problem),
});
export type VariantView = z.infer<typeof VariantView>;

export const ArticleRow = z.object({
  id: z.uuid(),
  title: z.string(),
  state: ArticleState,
  class: ArticleClass,
  updatedAt: z.iso.datetime(),
  updatedByName: z.string(),
  targetCount: z.number().int(),
});
export type ArticleRow = z.infer<typeof ArticleRow>;

export const Article = z.object({
  id: z.uuid(),
  state: ArticleState,
  class: ArticleClass,
  working: ArticleContent,
  workingRevision: z.number().int(),
  targets: z.array(Target),
  latestVersion: z.number().int(),
  updatedAt: z.iso.datetime(),
  updatedByName: z.string(),
  /** The open or latest review, with the remarks of a return. */
  review: z
    .object({
      id: z.uuid(),
      state: z.enum(['open', 'approved', 'returned', 'voided']),
      stage: z.number().int(),
      returnNote: z.string().nullable(),
      returnedByName: z.string().nullable(),
      remarks: z.array(z.object({ quote: z.string(), note: z.string() })),
    })
    .nullable(),
});
export type Article = z.infer<typeof Article>;

const ArticleParams = z.object({ articleId: z.uuid() });

export const listArticles = route({
  method: 'GET',
  path: '/api/articles',
  access: 'article.read',
  summary: 'Articles of the bureau, newest change first; 50 a page.',
  query: z.object({
    state: ArticleState.optional(),
    search: z.string().max(100).optional(),
    /** `next` of the page before. */
    cursor: z.string().max(200).optional(),
  }),
  reply: z.object({ rows: z.array(ArticleRow), next: z.string().nullable() }),
});

export const createArticle = route({
  method: 'POST',
  path: '/api/articles',
  access: 'article.write',
  summary: 'Begin an article; the accounts of the bureau are its first targets.',
  body: z.object({ title: z.string().max(120).default('') }),
  reply: z.object({ id: z.uuid() }),
});

export const getArticle = route({
  method: 'GET',
  path: '/api/articles/:articleId',
  access: 'article.read',
  summary: 'One article with its working copy.',
  params: ArticleParams,
  reply: Article,
});

export const saveWorkingCopy = route({
  method: 'PUT',
  path: '/api/articles/:articleId/working-copy',
  access: 'article.write',
  summary: 'Autosave. `baseRevision` must be the last one read, else 409 edit-conflict.',
  params: ArticleParams,
  body: z.object({
    baseRevision: z.number().int().min(1),
    working: ArticleContent,
    targets: z.array(Target).max(200),
    class: ArticleClass,
  }),
  reply: z.object({ revision: z.number().int(), savedAt: z.iso.datetime() }),
});

export const listVariants = route({
  method: 'GET',
  path: '/api/articles/:articleId/variants',
  access: 'article.read',
  summary: 'What each chosen account would get, with counts and problems.',
  params: ArticleParams,
  reply: z.array(VariantView),
});

export const submitArticle = route({
  method: 'POST',
  path: '/api/articles/:articleId/submit',
  access: 'article.submit',
  summary: 'Freeze a version and one package an account, and open the review.',
  params: ArticleParams,
  body: z.object({ baseRevision: z.number().int().min(1) }),
  reply: z.object({ reviewId: z.uuid(), version: z.number().int() }),
});

export const takeBackArticle = route({
  method: 'POST',
  path: '/api/articles/:articleId/take-back',
  access: 'article.submit',
  summary: 'Take an article back from review or approval; voids both, and cancels what is not yet out.',
  params: ArticleParams,
  body: z.object({ reason: z.string().trim().min(1).max(200) }),
  reply: z.object({ ok: z.literal(true) }),
});

/** Multipart, field `file`; pictures are re-encoded and lose their EXIF. */
export const uploadFile = route({
  method: 'POST',
  path: '/api/files',
  access: 'article.write',
  summary: 'Upload one picture (multipart field `file`, at most 20 MB).',
  reply: FileView,
});

/** Multipart, field `file`; answers the text as a document with its pictures already stored. */
export const importWord = route({
  method: 'POST',
  path: '/api/files/word',
  access: 'article.write',
  summary: 'Read a Word .docx (multipart field `file`) into title and body.',
  reply: z.object({
    title: z.string(),
    html: z.string(),
    files: z.array(FileView),
    notes: z.array(z.string()),
  }),
});
