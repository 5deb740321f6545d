/** What all messages say together: hot issues, the weekly digest, the quality of answers, how well sorting does. */
import { z } from 'zod';
import { CaseChannel, CaseKind } from './inbox.ts';
import { type Text, text } from './lang.ts';
import { route } from './route.ts';

const ok = z.object({ ok: z.literal(true) });
const reason = z.string().trim().min(2).max(200);
const BothLanguages = z.object({ zh: z.string(), en: z.string() });

// ---------------------------------------------------------------- hot issues

export const issueDays = [7, 14, 30] as const;
const IssueDays = z.union([z.literal(7), z.literal(14), z.literal(30)]);

export const issueRunStates = ['due', 'running', 'done', 'failed'] as const;
export const IssueRunState = z.enum(issueRunStates);
export type IssueRunState = z.infer<typeof IssueRunState>;
export const issueRunStateLabels = {
  due: text('排队中', 'Waiting'),
  running: text('正在汇总', 'Gathering'),
  done: text('已汇总', 'Gathered'),
  failed: text('没有完成', 'Not finished'),
} as const satisfies Record<IssueRunState, Text>;

export const IssueRun = z.object({
  id: z.uuid(),
  state: IssueRunState,
  /** Null: by the schedule. */
  askedByName: z.string().nullable(),
  days: IssueDays,
  /** Empty: all. */
  via: z.array(CaseChannel),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  messages: z.number().int().nullable(),
  /** Too many to read: the oldest stayed out. */
  leftOut: z.number().int(),
  heatVersion: z.number().int().nullable(),
  failure: BothLanguages.nullable(),
  finishedAt: z.iso.datetime().nullable(),
});
export type IssueRun = z.infer<typeof IssueRun>;

export const Issue = z.object({
  id: z.uuid(),
  title: z.string(),
  messages: z.number().int(),
  people: z.number().int(),
  /** Messages about it in the window before. */
  before: z.number().int(),
  heat: z.number(),
  /** Places and groups that most of them name. */
  names: z.array(z.string()),
  /** Personal data is masked. */
  sentences: z.array(z.string()),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  hidden: z.boolean(),
  articleId: z.uuid().nullable(),
  /** What a person changed, and why. */
  change: z.object({ byName: z.string(), at: z.iso.datetime(), reason: z.string() }).nullable(),
});
export type Issue = z.infer<typeof Issue>;

/** From that many messages on an issue is worth a word of its own, and a difference means something. */
export const fewMessages = 3;
const growthTimes = 1.5;

/** Against the window before. From nothing nothing can grow: it is new; and of one or two more nothing is said. */
export function trendOf({
  messages,
  before,
}: Pick<Issue, 'messages' | 'before'>): 'fresh' | 'growing' | 'falling' | null {
  if (before === 0) return 'fresh';
  const [less, more] = [Math.min(messages, before), Math.max(messages, before)];
  if (before < fewMessages || more - less < fewMessages || more < growthTimes * less) return null;
  return messages > before ? 'growing' : 'falling';
}

/** An issue that nobody named is called by one of its sentences, less what was masked in it; it need not be read twice. */
export const otherSentences = ({ title, sentences }: { title: string; sentences: readonly string[] }) =>
  sentences.filter((one) => one !== title && !(one.startsWith(title) && one.includes('*')));

const IssueParams = z.object({ issueId: z.uuid() });

export const listIssues = route({
  method: 'GET',
  path: '/api/issues',
  access: 'inbox.read',
  summary:
    'Hot issues of the latest finished run of a window, the hottest first; and the run under way, if any.',
  query: z.object({
    days: z.enum(['7', '14', '30']).default('7'),
    hidden: z.enum(['1']).optional(),
  }),
  reply: z.object({
    run: IssueRun.nullable(),
    underWay: IssueRun.nullable(),
    lastFailed: IssueRun.nullable(),
    issues: z.array(Issue),
    hiddenCount: z.number().int(),
  }),
});

export const askIssueRun = route({
  method: 'POST',
  path: '/api/issue-runs',
  access: 'inbox.dispatch',
  summary: 'Gather hot issues of a window now, in the background; while one is under way, that one is meant.',
  body: z.object({ days: IssueDays, via: z.array(CaseChannel).max(9).default([]) }),
  reply: z.object({ runId: z.uuid() }),
});

export const getIssue = route({
  method: 'GET',
  path: '/api/issues/:issueId',
  access: 'inbox.read',
  summary: 'One issue with the cases and messages it was found in, at most 200, the newest first.',
  params: IssueParams,
  reply: z.object({
    issue: Issue,
    run: IssueRun,
    members: z.array(
      z.object({
        messageId: z.uuid(),
        caseId: z.uuid().nullable(),
        caseNumber: z.string().nullable(),
        channel: CaseChannel,
        /** Personal data is masked; the case shows the words as they were. */
        text: z.string(),
        at: z.iso.datetime(),
      }),
    ),
    memberCount: z.number().int(),
    /** Others of the same run that it may be merged into. */
    others: z.array(z.object({ id: z.uuid(), title: z.string() })),
  }),
});

export const changeIssue = route({
  method: 'POST',
  path: '/api/issues/:issueId/changes',
  access: 'inbox.dispatch',
  summary:
    'Rename an issue, hide or show it, or merge it into another of the same run; later runs keep to it.',
  params: IssueParams,
  body: z.discriminatedUnion('step', [
    z.object({ step: z.literal('rename'), title: z.string().trim().min(2).max(60), reason }),
    z.object({ step: z.literal('hide'), reason }),
    z.object({ step: z.literal('show'), reason }),
    z.object({ step: z.literal('merge'), into: z.uuid(), reason }),
  ]),
  reply: ok,
});

export const beginTopic = route({
  method: 'POST',
  path: '/api/issues/:issueId/topic',
  access: 'article.write',
  summary:
    'Begin an article about an issue, with the people’s questions as notes; a second time opens the first one.',
  params: IssueParams,
  reply: z.object({ articleId: z.uuid() }),
});

// ---------------------------------------------------------------- weekly digest

export const digestSectionKeys = ['numbers', 'issues', 'done', 'suggestions', 'watch'] as const;
const DigestSection = z.object({
  key: z.enum(digestSectionKeys),
  title: z.string().trim().min(1).max(60),
  text: z.string().max(20_000),
});
export type DigestSection = z.infer<typeof DigestSection>;

const DigestLine = z.object({
  id: z.uuid(),
  /** Its Monday. */
  week: z.iso.date(),
  title: z.string(),
  signedByName: z.string().nullable(),
  signedAt: z.iso.datetime().nullable(),
  updatedAt: z.iso.datetime(),
});
const Digest = DigestLine.extend({
  sections: z.array(DigestSection),
  revision: z.number().int(),
  /** sha256 of the signed text. */
  textHash: z.string().nullable(),
  updatedByName: z.string().nullable(),
});
export type Digest = z.infer<typeof Digest>;

const DigestParams = z.object({ digestId: z.uuid() });

export const listDigests = route({
  method: 'GET',
  path: '/api/digests',
  access: 'inbox.read',
  summary: 'Weekly digests of public opinion, the newest first, a year of them at most.',
  reply: z.object({ rows: z.array(DigestLine) }),
});

export const getDigest = route({
  method: 'GET',
  path: '/api/digests/:digestId',
  access: 'inbox.read',
  summary: 'One weekly digest.',
  params: DigestParams,
  reply: Digest,
});

export const makeDigest = route({
  method: 'POST',
  path: '/api/digests',
  access: 'inbox.supervise',
  summary: 'Draft the digest of the week that a day lies in; where there is one already, that one is meant.',
  body: z.object({ day: z.iso.date() }),
  reply: z.object({ digestId: z.uuid() }),
});

export const putDigest = route({
  method: 'PUT',
  path: '/api/digests/:digestId',
  access: 'inbox.supervise',
  summary: 'Save the text of a digest; personal data is masked, and a signature is void after it.',
  params: DigestParams,
  body: z.object({
    baseRevision: z.number().int(),
    title: z.string().trim().min(1).max(100),
    sections: z.array(DigestSection).min(1).max(5),
  }),
  reply: z.object({ revision: z.number().int(), masked: z.number().int() }),
});

export const signDigest = route({
  method: 'POST',
  path: '/api/digests/:digestId/signature',
  access: 'inbox.supervise',
  summary: 'Sign the text of a digest as it stands: name, time and hash.',
  params: DigestParams,
  body: z.object({ revision: z.number().int() }),
  reply: z.object({ textHash: z.string() }),
});

export const getDigestFile = route({
  method: 'GET',
  path: '/api/digests/:digestId/file',
  access: 'inbox.read',
  summary: 'A digest as a Word document or as a page to print, the bytes in base64.',
  params: DigestParams,
  query: z.object({ format: z.enum(['docx', 'html']) }),
  reply: z.object({ name: z.string(), mime: z.string(), base64: z.string() }),
});

// ---------------------------------------------------------------- quality of answers

export const qualityMarks = ['relevance', 'completeness', 'basis', 'readability', 'timeliness'] as const;
export type QualityMark = (typeof qualityMarks)[number];
export const qualityMarkLabels = {
  relevance: text('切题', 'Relevance'),
  completeness: text('完整', 'Completeness'),
  basis: text('有依据', 'Basis'),
  readability: text('易懂', 'Readability'),
  timeliness: text('及时', 'Timeliness'),
} as const satisfies Record<QualityMark, Text>;

const Marks = z.object({
  relevance: z.number(),
  completeness: z.number(),
  basis: z.number(),
  readability: z.number(),
  timeliness: z.number(),
  overall: z.number(),
});
export type Marks = z.infer<typeof Marks>;

export const getAnswerQuality = route({
  method: 'GET',
  path: '/api/answer-quality',
  access: 'inbox.read',
  summary:
    'Marks of the answers of a window, all and by section, and the lowest ones to learn from; never by person.',
  query: z.object({ days: z.enum(['7', '14', '30']).default('30') }),
  reply: z.object({
    count: z.number().int(),
    mean: Marks.nullable(),
    sections: z.array(z.object({ name: z.string(), count: z.number().int(), mean: Marks })),
    lowest: z.array(
      z.object({
        caseId: z.uuid(),
        number: z.string(),
        title: z.string(),
        answeredAt: z.iso.datetime(),
        overall: z.number(),
        marks: z.array(z.object({ mark: z.enum(qualityMarks), score: z.number(), why: BothLanguages })),
      }),
    ),
  }),
});

// ---------------------------------------------------------------- how well sorting does

export const SortingReport = z.object({
  /** Corrections that were judged; each by a model that had not seen it. */
  judged: z.number().int(),
  field: z.object({
    automatic: z.number().int(),
    automaticRight: z.number().int(),
    right: z.number().int(),
    judged: z.number().int(),
    /** What people said, what the model said, how often; right ones too. */
    confusion: z.array(z.object({ said: z.string(), model: z.string(), count: z.number().int() })),
  }),
  kind: z.object({
    automatic: z.number().int(),
    automaticRight: z.number().int(),
    right: z.number().int(),
    judged: z.number().int(),
    confusion: z.array(z.object({ said: CaseKind, model: CaseKind, count: z.number().int() })),
  }),
});
export type SortingReport = z.infer<typeof SortingReport>;

export const getSortingReport = route({
  method: 'GET',
  path: '/api/inbox/sorting',
  access: 'inbox.read',
  summary: 'How well automatic sorting does on what the bureau’s people set right.',
  reply: z.object({
    model: z
      .object({
        corrections: z.number().int(),
        trainedAt: z.iso.datetime(),
        report: SortingReport,
      })
      .nullable(),
    /** Corrections that it has not learnt from yet; ten make it learn anew. */
    waiting: z.number().int(),
  }),
});
