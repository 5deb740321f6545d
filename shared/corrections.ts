/** 更正说明: what was wrong in a published article, shown above its text on the site. */
import { z } from 'zod';
import { type Text, text } from './lang.ts';
import { route } from './route.ts';

const correctionStates = ['reviewing', 'returned', 'published', 'withdrawn'] as const;
const CorrectionState = z.enum(correctionStates);
export type CorrectionState = z.infer<typeof CorrectionState>;
export const correctionStateLabels = {
  reviewing: text('待复核', 'To be checked'),
  returned: text('被退回', 'Returned'),
  published: text('已公开', 'Public'),
  withdrawn: text('已撤回', 'Withdrawn'),
} as const satisfies Record<CorrectionState, Text>;

export const correctionLength = 500;

const Correction = z.object({
  id: z.uuid(),
  articleId: z.uuid(),
  text: z.string(),
  reason: z.string(),
  state: CorrectionState,
  reviewId: z.uuid().nullable(),
  /** What the reviewer who returned it said. */
  returnNote: z.string().nullable(),
  createdByName: z.string(),
  createdAt: z.iso.datetime(),
  publishedAt: z.iso.datetime().nullable(),
  withdrawnReason: z.string().nullable(),
});
export type Correction = z.infer<typeof Correction>;

/** A post of the article that still shows the old words. */
const Elsewhere = z.object({
  deliveryId: z.uuid(),
  accountName: z.string(),
  platformName: z.object({ zh: z.string(), en: z.string() }),
  /** The platform takes it away by API; else a person does. */
  byPlatform: z.boolean(),
});
export type Elsewhere = z.infer<typeof Elsewhere>;

const reason = z.string().trim().min(1, '请写明原因 / say why').max(300);

export const submitCorrection = route({
  method: 'POST',
  path: '/api/articles/:articleId/corrections',
  access: 'delivery.manage',
  summary: 'A correction of a published article, to be checked by another person.',
  params: z.object({ articleId: z.uuid() }),
  body: z.object({
    text: z.string().trim().min(1, '请写明错在哪里、正确的是什么 / say what is right').max(correctionLength),
    reason,
  }),
  reply: z.object({ correctionId: z.uuid(), reviewId: z.uuid() }),
});

export const withdrawCorrection = route({
  method: 'POST',
  path: '/api/corrections/:correctionId/withdrawal',
  access: 'delivery.manage',
  summary: 'Takes a correction back, before it is checked or off the site.',
  params: z.object({ correctionId: z.uuid() }),
  body: z.object({ reason }),
  reply: z.object({ ok: z.literal(true) }),
});

export const beginCorrectionPost = route({
  method: 'POST',
  path: '/api/corrections/:correctionId/article',
  access: 'article.write',
  summary: 'Begins an article with the correction, for the accounts that show the uncorrected text.',
  params: z.object({ correctionId: z.uuid() }),
  reply: z.object({ articleId: z.uuid() }),
});

export const listCorrections = route({
  method: 'GET',
  path: '/api/articles/:articleId/corrections',
  access: 'delivery.read',
  summary:
    'Corrections of an article, newest first, its posts on other accounts, and whether one may be added.',
  params: z.object({ articleId: z.uuid() }),
  reply: z.object({
    rows: z.array(Correction),
    elsewhere: z.array(Elsewhere),
    /** The article can be read on the site, and none of its corrections waits to be checked. */
    mayAdd: z.boolean(),
  }),
});
