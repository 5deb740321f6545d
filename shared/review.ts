import { z } from 'zod';
import { type Text, text } from './lang.ts';
import { Role } from './people.ts';
import { route } from './route.ts';

export const reviewStates = ['open', 'approved', 'returned', 'voided'] as const;
export const ReviewState = z.enum(reviewStates);
export type ReviewState = z.infer<typeof ReviewState>;
export const reviewStateLabels = {
  open: text('待审', 'Open'),
  approved: text('已通过', 'Approved'),
  returned: text('已退回', 'Returned'),
  voided: text('已撤回', 'Taken back'),
} as const satisfies Record<ReviewState, Text>;

export const stages = ['first', 'second', 'final'] as const;
export const Stage = z.enum(stages);
export type Stage = z.infer<typeof Stage>;
export const stageLabels = {
  first: text('初审', 'First review'),
  second: text('复审', 'Second review'),
  final: text('终审', 'Final review'),
} as const satisfies Record<Stage, Text>;

export const Remark = z.object({ quote: z.string().max(500), note: z.string().trim().min(1).max(500) });
export type Remark = z.infer<typeof Remark>;

export const ReviewRow = z.object({
  id: z.uuid(),
  subjectKind: z.string(),
  subjectId: z.uuid(),
  title: z.string(),
  state: ReviewState,
  stage: Stage,
  submittedAt: z.iso.datetime(),
  submittedByName: z.string(),
  /** True when this person may decide the current stage now. */
  mine: z.boolean(),
  /** Earliest planned publishing time; null when at once. */
  plannedWall: z.string().nullable(),
  /** Until when the person is to have this answer; null for anything but an answer, and where nothing presses. */
  answerDueAt: z.iso.datetime().nullable(),
});
export type ReviewRow = z.infer<typeof ReviewRow>;

/** One stretch of a text comparison, in reading order. */
export const DiffPart = z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() });
export type DiffPart = z.infer<typeof DiffPart>;

export const ReviewView = ReviewRow.extend({
  /** Lower-case hex of what is signed; sent back with the decision. */
  subjectHash: z.string(),
  chain: z.array(
    z.object({
      stage: Stage,
      role: Role,
      decision: z.enum(['approve', 'return']).nullable(),
      personName: z.string().nullable(),
      note: z.string(),
      remarks: z.array(Remark),
      decidedAt: z.iso.datetime().nullable(),
    }),
  ),
  /** Rendered by the owner of the subject, safe HTML; one section a variant or part. */
  sections: z.array(
    z.object({
      key: z.string(),
      heading: z.object({ zh: z.string(), en: z.string() }),
      note: z.object({ zh: z.string(), en: z.string() }).nullable(),
      html: z.string(),
    }),
  ),
  /** Against what this person saw last (or the version returned before); null when there is nothing to compare. */
  changes: z
    .object({
      since: z.object({ personName: z.string(), at: z.iso.datetime(), stage: Stage }),
      parts: z.array(z.object({ heading: z.string(), diff: z.array(DiffPart) })),
    })
    .nullable(),
  problems: z.array(z.object({ level: z.enum(['block', 'warn']), zh: z.string(), en: z.string() })),
  /** Remarks of the return before this submission. */
  earlierRemarks: z.array(Remark.extend({ personName: z.string() })),
});
export type ReviewView = z.infer<typeof ReviewView>;

const ReviewParams = z.object({ reviewId: z.uuid() });

export const listReviews = route({
  method: 'GET',
  path: '/api/reviews',
  access: 'review.read',
  summary: 'Reviews of the bureau; `mine` shows only what waits for me.',
  query: z.object({ mine: z.enum(['1']).optional(), state: ReviewState.optional() }),
  reply: z.array(ReviewRow),
});

export const getReview = route({
  method: 'GET',
  path: '/api/reviews/:reviewId',
  access: 'review.read',
  summary: 'One review with preview, differences and findings.',
  params: ReviewParams,
  reply: ReviewView,
});

export const decideReview = route({
  method: 'POST',
  path: '/api/reviews/:reviewId/decision',
  access: 'review.decide',
  summary: 'Approve or return the current stage. `subjectHash` is what was seen.',
  params: ReviewParams,
  body: z.object({
    stage: Stage,
    subjectHash: z.string().regex(/^[0-9a-f]{64}$/),
    decision: z.enum(['approve', 'return']),
    note: z.string().trim().max(1_000).default(''),
    remarks: z.array(Remark).max(50).default([]),
  }),
  reply: z.object({ state: ReviewState }),
});
