/** Steps in handling a case, beside answering it: three routes, by who may. */
import { z } from 'zod';
import { CaseUrgency, endOutcomes } from './inbox.ts';
import { type Text, text } from './lang.ts';
import { route } from './route.ts';

const CaseParams = z.object({ caseId: z.uuid() });
const ok = z.object({ ok: z.literal(true) });
const reason = z.string().trim().min(2).max(300);
const note = z.string().trim().max(300).default('');

export const spamKinds = ['advert', 'abuse', 'flood', 'fraud'] as const;
export type SpamKind = (typeof spamKinds)[number];
export const spamKindLabels = {
  advert: text('广告推广', 'Advertising'),
  abuse: text('辱骂攻击', 'Abuse'),
  flood: text('重复刷屏', 'Flooding'),
  fraud: text('诈骗信息', 'Fraud'),
} as const satisfies Record<SpamKind, Text>;

/** By whoever handles the case. */
export const WorkStep = z.discriminatedUnion('step', [
  /** 退办: not this section's business. */
  z.object({ step: z.literal('return'), reason }),
  /** The person must add something; `question` is sent to them where the channel takes it. */
  z.object({ step: z.literal('pause'), reason, question: z.string().trim().max(500).default('') }),
  z.object({ step: z.literal('resume'), reason }),
  z.object({ step: z.literal('ask-extension'), days: z.number().int().min(1).max(12), reason }),
  /** 回访: `satisfaction` null when nobody was reached. */
  z.object({ step: z.literal('call-back'), satisfaction: z.number().int().min(1).max(5).nullable(), note }),
]);
export type WorkStep = z.infer<typeof WorkStep>;

/** By whoever distributes cases. */
export const DispatchStep = z.discriminatedUnion('step', [
  z.object({ step: z.literal('add-helper'), unitId: z.uuid(), note }),
  z.object({ step: z.literal('remove-helper'), unitId: z.uuid() }),
  z.object({ step: z.literal('set-urgency'), urgency: CaseUrgency, reason }),
  z.object({ step: z.literal('merge'), into: z.uuid(), reason }),
  z.object({ step: z.literal('unmerge'), reason }),
  z.object({ step: z.literal('mark-spam'), why: z.enum(spamKinds), reason }),
  z.object({ step: z.literal('unmark-spam'), reason }),
  z.object({ step: z.literal('reopen'), reason }),
]);
export type DispatchStep = z.infer<typeof DispatchStep>;

/** By whoever watches over the handling. */
export const SuperviseStep = z.discriminatedUnion('step', [
  /** `reason` is for colleagues, and needed where it is refused; the person is told in the words of whoever asked. */
  z.object({ step: z.literal('decide-extension'), grant: z.boolean(), reason: note }),
  /** Of a complaint or a report that nobody answered. `reason` is needed where it is refused. */
  z.object({ step: z.literal('decide-closing'), grant: z.boolean(), reason: note }),
  /** 督办 */
  z.object({ step: z.literal('supervise'), note: reason }),
]);
export type SuperviseStep = z.infer<typeof SuperviseStep>;

export const closeCase = route({
  method: 'POST',
  path: '/api/cases/:caseId/close',
  access: 'inbox.answer',
  summary:
    'Close a case, with the reason when it was not answered; a complaint or report without an answer waits for another person to decide.',
  params: CaseParams,
  body: z.object({
    reason: z.string().trim().min(1).max(300),
    /** Needed for a suggestion; else what fits is taken. */
    outcome: z.enum(endOutcomes).nullable().default(null),
  }),
  reply: ok,
});

export const workOnCase = route({
  method: 'POST',
  path: '/api/cases/:caseId/work-steps',
  access: 'inbox.answer',
  summary: 'Return a misrouted case, pause or resume its clock, ask for an extension, note a call-back.',
  params: CaseParams,
  body: WorkStep,
  reply: ok,
});

export const dispatchCase = route({
  method: 'POST',
  path: '/api/cases/:caseId/dispatch-steps',
  access: 'inbox.dispatch',
  summary: 'Add helpers, set the urgency, merge, mark as spam, reopen; each can be undone.',
  params: CaseParams,
  body: DispatchStep,
  reply: ok,
});

export const superviseCase = route({
  method: 'POST',
  path: '/api/cases/:caseId/supervise-steps',
  access: 'inbox.supervise',
  summary: 'Decide an extension or a closing that another person asked for, or put a case under supervision.',
  params: CaseParams,
  body: SuperviseStep,
  reply: ok,
});

export const passCase = route({
  method: 'PUT',
  path: '/api/cases/:caseId/colleague',
  access: 'inbox.answer',
  summary: 'Within the section that has the case: give it to a colleague, or take it.',
  params: CaseParams,
  body: z.object({ ownerId: z.uuid(), note: z.string().trim().max(300).default('') }),
  reply: ok,
});

export const addCaseNote = route({
  method: 'POST',
  path: '/api/cases/:caseId/notes',
  access: 'inbox.answer',
  summary: 'Add an internal note; the person never sees it.',
  params: CaseParams,
  body: z.object({
    text: z.string().trim().min(1).max(2_000),
    fileIds: z.array(z.uuid()).max(9).default([]),
  }),
  reply: z.object({ noteId: z.uuid() }),
});

const Each = z.object({
  results: z.array(
    z.object({
      caseId: z.uuid(),
      done: z.boolean(),
      /** Why this one was left as it was. */
      problem: z.object({ zh: z.string(), en: z.string() }).nullable(),
    }),
  ),
});
const caseIds = z.array(z.uuid()).min(1).max(100);

export const answerCases = route({
  method: 'POST',
  path: '/api/cases/bulk-answers',
  access: 'inbox.answer',
  summary: 'Give the same answer to many cases; each conversation gets it once.',
  body: z.object({ caseIds, text: z.string().trim().min(1).max(2_000) }),
  reply: Each,
});

export const dispatchCases = route({
  method: 'POST',
  path: '/api/cases/bulk-dispatch',
  access: 'inbox.dispatch',
  summary: 'Assign many cases to one section, or mark many as spam.',
  body: z.object({
    caseIds,
    do: z.discriminatedUnion('step', [
      z.object({ step: z.literal('assign'), unitId: z.uuid(), ownerId: z.uuid().nullable(), note }),
      z.object({ step: z.literal('mark-spam'), why: z.enum(spamKinds), reason }),
    ]),
  }),
  reply: Each,
});
