import { z } from 'zod';
import { type Text, text } from './lang.ts';
import { DeadlineStep } from './planning.ts';
import { route } from './route.ts';
import { CaseFile, SentAttachment } from './sent-files.ts';

export const caseKinds = ['consult', 'help', 'complaint', 'report', 'suggestion', 'thanks', 'other'] as const;
export const CaseKind = z.enum(caseKinds);
export type CaseKind = z.infer<typeof CaseKind>;
export const caseKindLabels = {
  consult: text('咨询', 'Consultation'),
  help: text('求助', 'Request for help'),
  complaint: text('投诉', 'Complaint'),
  report: text('举报', 'Report'),
  suggestion: text('建议', 'Suggestion'),
  thanks: text('感谢', 'Thanks'),
  other: text('其他', 'Other'),
} as const satisfies Record<CaseKind, Text>;

/** Working days to the final answer, counted from the day after receipt (docs/decisions: default service levels). */
export const caseWorkingDays = {
  consult: 3,
  help: 3,
  complaint: 7,
  report: 7,
  suggestion: 5,
  thanks: 5,
  other: 3,
} as const satisfies Record<CaseKind, number>;

export const caseFields = [
  '就业创业',
  '社会保险',
  '人才人事',
  '劳动关系',
  '劳动监察',
  '维权/欠薪',
  '培训',
  '社保卡',
  '考试',
  '非本部门职责',
] as const;

export const caseStates = ['open', 'answered', 'closed'] as const;
export const CaseState = z.enum(caseStates);
export type CaseState = z.infer<typeof CaseState>;
export const caseStateLabels = {
  open: text('待答复', 'Open'),
  answered: text('已答复', 'Answered'),
  closed: text('已办结', 'Closed'),
} as const satisfies Record<CaseState, Text>;

/** Where the words came from; the first three come through an account on a platform. */
export const everyCaseChannel = [
  'message',
  'comment',
  'mention',
  'ask',
  'error-report',
  'transfer',
  'visit',
  'phone',
  'letter',
] as const;
export const CaseChannel = z.enum(everyCaseChannel);
export type CaseChannel = z.infer<typeof CaseChannel>;
export const caseChannelLabels = {
  message: text('私信', 'Message'),
  comment: text('评论', 'Comment'),
  mention: text('提及', 'Mention'),
  ask: text('网站留言', 'Website'),
  'error-report': text('网页找错', 'Page error'),
  transfer: text('热线转办', 'Hotline'),
  visit: text('来访', 'Visit'),
  phone: text('来电', 'Call'),
  letter: text('来信', 'Letter'),
} as const satisfies Record<CaseChannel, Text>;

export const caseUrgencies = ['normal', 'urgent', 'critical'] as const;
export const CaseUrgency = z.enum(caseUrgencies);
export type CaseUrgency = z.infer<typeof CaseUrgency>;
export const caseUrgencyLabels = {
  normal: text('一般', 'Normal'),
  urgent: text('紧急', 'Urgent'),
  critical: text('特急', 'Critical'),
} as const satisfies Record<CaseUrgency, Text>;

export const caseOutcomes = [
  'answered',
  'no-answer',
  'adopted',
  'not-adopted',
  'spam',
  'merged',
  'withdrawn',
] as const;
export const CaseOutcome = z.enum(caseOutcomes);
/** Those that a person chooses when closing. */
export const endOutcomes = ['answered', 'no-answer', 'adopted', 'not-adopted'] as const;
export type EndOutcome = (typeof endOutcomes)[number];
export type CaseOutcome = z.infer<typeof CaseOutcome>;
export const caseOutcomeLabels = {
  answered: text('已答复办结', 'Answered'),
  'no-answer': text('未答复办结', 'Closed without an answer'),
  adopted: text('已采纳', 'Adopted'),
  'not-adopted': text('未采纳', 'Not adopted'),
  spam: text('垃圾信息', 'Spam'),
  merged: text('已并入另一件', 'Merged into another case'),
  withdrawn: text('来信人撤回', 'Withdrawn by the person'),
} as const satisfies Record<CaseOutcome, Text>;

export const replyStates = [
  'reviewing',
  'returned',
  'due',
  'submitting',
  'sent',
  'rejected',
  'window-closed',
  'unknown',
  'cancelled',
] as const;
export const ReplyState = z.enum(replyStates);
export type ReplyState = z.infer<typeof ReplyState>;
export const replyStateLabels = {
  reviewing: text('待审核', 'Being reviewed'),
  returned: text('审核退回', 'Returned by the reviewer'),
  due: text('待发送', 'Waiting'),
  submitting: text('发送中', 'Submitting'),
  sent: text('已送达', 'Sent'),
  rejected: text('平台退回', 'Rejected'),
  'window-closed': text('已过平台回复时限', 'Reply window closed'),
  unknown: text('结果不明', 'Unknown'),
  cancelled: text('已取消', 'Cancelled'),
} as const satisfies Record<ReplyState, Text>;

/** An answer that the person has, or is about to have. */
export const givenReplyStates: readonly ReplyState[] = ['reviewing', 'due', 'submitting', 'unknown', 'sent'];

export const CaseRow = z.object({
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  kind: CaseKind,
  field: z.string().nullable(),
  state: CaseState,
  urgency: CaseUrgency,
  channel: CaseChannel,
  /** Null where the words came through no platform. */
  platform: z.string().nullable(),
  platformName: z.object({ zh: z.string(), en: z.string() }).nullable(),
  accountName: z.string().nullable(),
  personName: z.string().nullable(),
  /** Tells those apart whose name no platform gives; null where there is a name. */
  personTag: z.string().nullable(),
  /** What they wrote last, where it is not what the case began with; sixty characters at most. */
  latest: z.object({ text: z.string(), at: z.iso.datetime() }).nullable(),
  reopened: z.boolean(),
  /** An answer waits for its reviewer. */
  inReview: z.boolean(),
  /** Until when a platform still takes an answer of somebody who has none; the first of several. Null: none waits so. */
  windowEndsAt: z.iso.datetime().nullable(),
  ownerId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  unitName: z.string().nullable(),
  receivedAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable(),
  /**
   * Working days from today, not counted itself, up to the day of the deadline; below zero those since then. Null where
   * no clock runs: no deadline, paused, answered.
   */
  workingDaysLeft: z.int().nullable(),
  overdue: z.boolean(),
  /** Waiting for the person: the clock stands still. */
  pausedAt: z.iso.datetime().nullable(),
  outcome: CaseOutcome.nullable(),
  extension: z.enum(['asked', 'granted', 'refused']).nullable(),
  supervised: z.boolean(),
});
export type CaseRow = z.infer<typeof CaseRow>;

export const ThreadMessage = z.object({
  id: z.uuid(),
  direction: z.enum(['in', 'out']),
  text: z.string(),
  attachment: SentAttachment.nullable(),
  files: z.array(CaseFile),
  at: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  /** Said by the program itself, by a rule of the bureau. */
  automatic: z.boolean(),
});

/** An entry of the knowledge base that an answer rests on. */
const Citation = z.object({
  entryId: z.uuid(),
  question: z.string(),
  /** The version that was cited, and the one that holds now. */
  cited: z.number().int(),
  version: z.number().int(),
  stale: z.enum(['valid-to', 'review-on', 'no-review']).nullable(),
  basisMissing: z.boolean(),
});

export const ReplyView = z.object({
  id: z.uuid(),
  text: z.string(),
  state: ReplyState,
  /** A notice tells the person something and does not answer. */
  purpose: z.enum(['answer', 'notice']),
  /** The review it goes through before it is sent; null where its class asks for none. */
  reviewId: z.uuid().nullable(),
  reason: z.object({ zh: z.string(), en: z.string() }).nullable(),
  citations: z.array(Citation),
  createdByName: z.string(),
  createdAt: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
});
export type ReplyView = z.infer<typeof ReplyView>;

export const Conversation = z.object({
  id: z.uuid(),
  kind: CaseChannel,
  accountName: z.string().nullable(),
  personName: z.string().nullable(),
  /** What the person left to be reached by; only where it was given. */
  contact: z
    .object({ name: z.string().nullable(), phone: z.string().nullable(), address: z.string().nullable() })
    .nullable(),
  receipt: z.string().nullable(),
  pageUrl: z.string().nullable(),
  /** Who transferred it, and under what number. */
  source: z.object({ name: z.string(), number: z.string() }).nullable(),
  /** The post a comment stands under. */
  article: z.object({ id: z.uuid().nullable(), title: z.string(), url: z.string().nullable() }).nullable(),
  messages: z.array(ThreadMessage),
  replies: z.array(ReplyView),
  /** Nobody was answered here, or the person wrote more than a courtesy after the answer was written. */
  waits: z.boolean(),
  /** Until when, and how often, the platform still takes an answer; null where it sets no limit. */
  window: z.object({
    endsAt: z.iso.datetime().nullable(),
    left: z.number().int().nullable(),
    open: z.boolean(),
  }),
  replyLimit: z.number().int(),
});

const NamedCase = z.object({ id: z.uuid(), number: z.string(), title: z.string() });

export const CaseView = CaseRow.extend({
  answeredAt: z.iso.datetime().nullable(),
  outcomeNote: z.string().nullable(),
  mergedInto: NamedCase.nullable(),
  /** Cases that were merged into this one. */
  merged: z.array(NamedCase),
  unitId: z.uuid().nullable(),
  /** Until when the section may return it; null when it may not. */
  returnableUntil: z.iso.datetime().nullable(),
  /** Whether the reader may answer it and take its steps; else notes alone. */
  mayHandle: z.boolean(),
  /** Whether it is with the reader's own section, who may give it to a colleague there. */
  mayPass: z.boolean(),
  triageDueAt: z.iso.datetime().nullable(),
  /** What is asked for or was decided; by whom, so that another person decides. */
  extensionAsk: z
    .object({ days: z.number().int(), reason: z.string(), byId: z.uuid(), byName: z.string() })
    .nullable(),
  /** How long it may be extended, and when it would be due then; `dueAt` null while its clock stands still. */
  extensionChoices: z.array(z.object({ days: z.number().int(), dueAt: z.iso.datetime().nullable() })),
  /** Who asked to close it, and how, while another person is to decide. */
  closingAsk: z
    .object({
      reason: z.string(),
      outcome: z.enum(endOutcomes).nullable(),
      byId: z.uuid(),
      byName: z.string(),
    })
    .nullable(),
  /** Ends that are told or go without an answer and wait for another person. */
  twoFor: z.array(z.enum(endOutcomes)),
  satisfaction: z.object({ stars: z.number().int(), note: z.string().nullable() }).nullable(),
  calledBackAt: z.iso.datetime().nullable(),
  helpers: z.array(z.object({ unitId: z.uuid(), unitName: z.string(), note: z.string() })),
  notes: z.array(
    z.object({
      id: z.uuid(),
      text: z.string(),
      byName: z.string(),
      at: z.iso.datetime(),
      files: z.array(CaseFile),
    }),
  ),
  /** Other cases of the same person, the newest first. */
  earlier: z.array(
    z.object({
      id: z.uuid(),
      number: z.string(),
      title: z.string(),
      state: CaseState,
      receivedAt: z.iso.datetime(),
    }),
  ),
  /** How the deadline came about, day by day. */
  deadline: z.object({
    workingDays: z.number().int(),
    extendedBy: z.number().int(),
    from: z.iso.date(),
    steps: z.array(DeadlineStep),
    /** Set by whoever sent it here, earlier than our own would be. */
    given: z.boolean(),
  }),
  conversations: z.array(Conversation),
  events: z.array(
    z.object({
      event: z.string(),
      at: z.iso.datetime(),
      actorName: z.string().nullable(),
      /** The section and the person of its detail, by name: to whom it was given, who helps, who handed it back. */
      unitName: z.string().nullable(),
      ownerName: z.string().nullable(),
      otherCase: NamedCase.nullable(),
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type CaseView = z.infer<typeof CaseView>;

const CaseParams = z.object({ caseId: z.uuid() });
const ok = z.object({ ok: z.literal(true) });

export const CaseQuery = z.object({
  state: CaseState.optional(),
  mine: z.enum(['1']).optional(),
  overdue: z.enum(['1']).optional(),
  /** Waiting to be given to a section. */
  triage: z.enum(['1']).optional(),
  spam: z.enum(['1']).optional(),
  /** Answered within seven days, and nobody knows whether the person is satisfied. */
  callBack: z.enum(['1']).optional(),
  field: z.enum(caseFields).optional(),
  kind: CaseKind.optional(),
  urgency: CaseUrgency.optional(),
  channel: CaseChannel.optional(),
  unitId: z.uuid().optional(),
  search: z.string().max(100).optional(),
  cursor: z.string().max(200).optional(),
});

export const listCases = route({
  method: 'GET',
  path: '/api/cases',
  access: 'inbox.read',
  summary: 'Cases, what is due first on top; 50 a page.',
  query: CaseQuery,
  reply: z.object({
    rows: z.array(CaseRow),
    next: z.string().nullable(),
    open: z.number().int(),
    overdue: z.number().int(),
    /** How many are to be called back; null when not asked for. */
    callBack: z.number().int().nullable(),
    /** Median seconds from the platform's time to ours, over the last day; null when nothing came. */
    visibleAfter: z.number().nullable(),
  }),
});

export const getCase = route({
  method: 'GET',
  path: '/api/cases/:caseId',
  access: 'inbox.read',
  summary: 'One case with its conversations, its log and how its deadline came about.',
  params: CaseParams,
  reply: CaseView,
});

export const classifyCase = route({
  method: 'PUT',
  path: '/api/cases/:caseId/class',
  access: 'inbox.dispatch',
  summary: 'Set kind and field; the deadline is derived anew.',
  params: CaseParams,
  body: z.object({ kind: CaseKind, field: z.enum(caseFields).nullable() }),
  reply: ok,
});

export const assignCase = route({
  method: 'PUT',
  path: '/api/cases/:caseId/owner',
  access: 'inbox.dispatch',
  summary: 'Give the case to a unit and a person.',
  params: CaseParams,
  body: z.object({
    unitId: z.uuid(),
    ownerId: z.uuid().nullable(),
    note: z.string().trim().max(300).default(''),
  }),
  reply: ok,
});
