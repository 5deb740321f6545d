/** What a bureau sets for its inbox: levels of service, rules of dispatch, words of bad comments, who is on duty. */
import { z } from 'zod';
import { CaseChannel, CaseKind, CaseUrgency, caseFields, caseKinds, caseWorkingDays } from './inbox.ts';
import { route } from './route.ts';

const word = z.string().trim().min(1).max(40);
const workingDays = z.number().int().min(1).max(15);

/** The first rule of the list whose every condition holds decides. */
export const DispatchRule = z.object({
  id: z.uuid(),
  name: z.string().trim().min(1).max(60),
  when: z.object({
    fields: z.array(z.enum(caseFields)).max(caseFields.length).default([]),
    kinds: z.array(CaseKind).max(caseKinds.length).default([]),
    /** One of them must stand in the text. */
    words: z.array(word).max(50).default([]),
    via: z.array(CaseChannel).max(9).default([]),
    accountIds: z.array(z.uuid()).max(50).default([]),
  }),
  give: z.object({
    unitId: z.uuid().nullable(),
    ownerId: z.uuid().nullable(),
    urgency: CaseUrgency.nullable(),
  }),
});
export type DispatchRule = z.infer<typeof DispatchRule>;

/** What stands in braces in a template. */
export const templateNames = { name: '称呼', number: '编号', unit: '科室', due: '期限' } as const;

/** Words ready to be put into an answer; {names} in braces are filled in. */
const ReplyTemplate = z.object({
  id: z.uuid(),
  name: z.string().trim().min(1).max(40),
  text: z.string().trim().min(1).max(1_000),
});

/** The first rule that is on and fits answers a message at once; no words: every message. */
const AutomaticRule = z.object({
  id: z.uuid(),
  name: z.string().trim().min(1).max(40),
  words: z.array(word).max(30),
  outsideOnly: z.boolean(),
  on: z.boolean(),
  text: z.string().trim().min(1).max(300),
});

const hour = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

export const InboxSettings = z.object({
  levels: z.object(
    Object.fromEntries(caseKinds.map((kind) => [kind, workingDays])) as Record<CaseKind, typeof workingDays>,
  ),
  /** Working days until a case must be with a section. */
  triageDays: z.number().int().min(1).max(5),
  /** Percent of the working time after which the owner is warned. */
  warnAt: z.number().int().min(50).max(95),
  rules: z.array(DispatchRule).max(100),
  /** Answers that somebody approves before they go out: one of these is enough. */
  answerReview: z.object({
    kinds: z.array(CaseKind).max(caseKinds.length),
    fields: z.array(z.enum(caseFields)).max(caseFields.length),
    urgencies: z.array(CaseUrgency).max(3),
  }),
  templates: z.array(ReplyTemplate).max(100),
  automatic: z.object({
    on: z.boolean(),
    /** When people are at their desks, Monday to Friday. */
    hours: z.object({ from: hour, to: hour }),
    rules: z.array(AutomaticRule).max(50),
    /** Beside the rule's words the public answer to the same question, where one is surely meant. */
    offerAnswers: z.boolean().default(false),
  }),
  /** Below answers in private conversations the person is asked whether they are satisfied. */
  askSatisfaction: z.boolean(),
  /** After so many months an entry made of a public answer is looked at again. */
  knowledgeReviewMonths: z.number().int().min(1).max(36).default(6),
  /** Comments with one of these words wait to be looked at. */
  badWords: z.array(word).max(2_000),
  /** Complaints with one of these words page whoever is on duty. */
  dutyWords: z.array(word).max(200),
  /** Shops, estates, lakes called like somebody: left standing in what is made public and in digests. */
  nobodys: z.array(word.min(2)).max(1_000),
  duty: z.object({
    /** Monday first; null: nobody. */
    weekdays: z.array(z.uuid().nullable()).length(7),
    days: z.array(z.object({ day: z.iso.date(), personId: z.uuid() })).max(400),
  }),
});
export type InboxSettings = z.infer<typeof InboxSettings>;

export const defaultInboxSettings: InboxSettings = {
  levels: { ...caseWorkingDays },
  triageDays: 1,
  warnAt: 80,
  rules: [],
  answerReview: {
    kinds: ['complaint', 'report', 'suggestion'],
    fields: [],
    urgencies: ['urgent', 'critical'],
  },
  templates: [],
  automatic: { on: false, hours: { from: '09:00', to: '17:30' }, rules: [], offerAnswers: false },
  askSatisfaction: false,
  knowledgeReviewMonths: 6,
  badWords: [
    '加好友返利',
    '扫码返现',

    '代开发票',
    '刷单',
    '兼职日结',
    '贷款秒批',
    '套现',
    '傻逼',
    '滚蛋',
    '去死',
  ],
  dutyWords: [
    ...[
      '欠薪',
      '讨薪',
      '拖欠工资',
      '不发工资',
      '克扣工资',
      '拖欠加班费',
      '没拿到工钱',
      '工伤',
      '受伤',
      '出人命',
      '死亡',
      '爆炸',
      '坍塌',
    ],
    ...['跳楼', '轻生', '自杀', '堵路', '拉横幅', '围堵', '危险'],
  ],
  nobodys: [],
  duty: { weekdays: [null, null, null, null, null, null, null], days: [] },
};

export const getInboxSettings = route({
  method: 'GET',
  path: '/api/inbox/settings',
  access: 'inbox.read',
  summary: 'Levels of service, rules of dispatch, words and duty roster of the inbox.',
  reply: z.object({ revision: z.number().int(), settings: InboxSettings }),
});

export const putInboxSettings = route({
  method: 'PUT',
  path: '/api/inbox/settings',
  access: 'inbox.manage',
  summary: 'Replace the settings of the inbox; cases that are open keep the level they were classified with.',
  body: z.object({ baseRevision: z.number().int(), settings: InboxSettings }),
  reply: z.object({ revision: z.number().int() }),
});
