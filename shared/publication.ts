/** Question and answer as the public may read them: written anew without what could name the person, checked by a second. */
import { z } from 'zod';
import { CaseKind, CaseOutcome } from './inbox.ts';
import { type Text, text } from './lang.ts';
import { route } from './route.ts';

export const publicationStates = ['draft', 'reviewing', 'published', 'withdrawn', 'declined'] as const;
export const PublicationState = z.enum(publicationStates);
export type PublicationState = z.infer<typeof PublicationState>;
export const publicationStateLabels = {
  draft: text('草稿', 'Draft'),
  reviewing: text('待复核', 'Being checked'),
  published: text('已公开', 'Public'),
  withdrawn: text('已撤下', 'Withdrawn'),
  declined: text('不公开', 'Not to be public'),
} as const satisfies Record<PublicationState, Text>;

/** Something in a text that may name a person, by what it is. */
const Found = z.object({
  kind: z.object({ zh: z.string(), en: z.string() }),
  words: z.string(),
  /** A name or an address, about which the program may be wrong; of a number nobody doubts whose it is. */
  doubtful: z.boolean(),
});

const Publication = z.object({
  id: z.uuid(),
  caseId: z.uuid(),
  caseNumber: z.string(),
  question: z.string(),
  answer: z.string(),
  field: z.string().nullable(),
  kind: CaseKind,
  outcome: CaseOutcome.nullable(),
  state: PublicationState,
  /** Raised by every save; sent back with the next. */
  revision: z.number().int(),
  /** The person agreed that it may be published without their name. */
  consent: z.boolean(),
  /** Why it came down, or why it is not to be public. */
  withdrawnReason: z.string().nullable(),
  publishedAt: z.iso.datetime().nullable(),
  updatedAt: z.iso.datetime(),
});

export const PublicationView = Publication.extend({
  /** As it was said, for whoever compares. */
  original: z.object({ question: z.string(), answer: z.string() }),
  /** What the program masked in it. */
  masked: z.array(Found),
  /** What still looks like personal data in the text as it stands. */
  left: z.array(Found),
  /** What looks like it, too, and a colleague said to be nobody's. */
  nobodys: z.array(Found),
  reviewId: z.uuid().nullable(),
  /** What the case ended in since, where that is another thing than what is public. */
  outcomeNow: CaseOutcome.nullable(),
});
export type PublicationView = z.infer<typeof PublicationView>;

const Params = z.object({ publicationId: z.uuid() });
const ok = z.object({ ok: z.literal(true) });

export const draftPublication = route({
  method: 'POST',
  path: '/api/cases/:caseId/publication',
  access: 'inbox.answer',
  summary:
    'Make a draft for publishing the answer of a case, personal data masked; the one there is where there is one.',
  params: z.object({ caseId: z.uuid() }),
  reply: z.object({ publicationId: z.uuid() }),
});

export const listPublications = route({
  method: 'GET',
  path: '/api/publications',
  access: 'inbox.read',
  summary: 'Answers that are public, withdrawn or being made so, the newest first; 50 a page.',
  query: z.object({ state: PublicationState.optional(), cursor: z.uuid().optional() }),
  reply: z.object({ rows: z.array(Publication), next: z.string().nullable() }),
});

export const getPublication = route({
  method: 'GET',
  path: '/api/publications/:publicationId',
  access: 'inbox.answer',
  summary: 'One answer for publishing beside what was really said, with what was masked and what is left.',
  params: Params,
  reply: PublicationView,
});

export const editPublication = route({
  method: 'PUT',
  path: '/api/publications/:publicationId',
  access: 'inbox.answer',
  summary: 'Change a draft, or one that was withdrawn or not to be public.',
  params: Params,
  body: z.object({
    baseRevision: z.number().int(),
    question: z.string().trim().min(4).max(2_000),
    answer: z.string().trim().min(4).max(4_000),
  }),
  reply: z.object({ revision: z.number().int() }),
});

export const markNobodys = route({
  method: 'POST',
  path: '/api/publications/:publicationId/nobodys',
  access: 'inbox.answer',
  summary:
    'Say of words taken for a name or an address that they are nobody’s, or take that back; who checks the answer is told.',
  params: Params,
  body: z.object({ baseRevision: z.number().int(), words: z.string().min(2).max(300), nobodys: z.boolean() }),
  reply: ok,
});

export const submitPublication = route({
  method: 'POST',
  path: '/api/publications/:publicationId/submit',
  access: 'inbox.answer',
  summary: 'Freeze the text and give it to a second person; it is public as soon as they approve.',
  params: Params,
  body: z.object({ baseRevision: z.number().int() }),
  reply: z.object({ reviewId: z.uuid() }),
});

export const takeBackPublication = route({
  method: 'POST',
  path: '/api/publications/:publicationId/take-back',
  access: 'inbox.answer',
  summary: 'Take back what is being checked, to change it; the check is void.',
  params: Params,
  reply: ok,
});

export const withdrawPublication = route({
  method: 'POST',
  path: '/api/publications/:publicationId/withdraw',
  access: 'inbox.answer',
  summary: 'Take a public answer off the site at once.',
  params: Params,
  body: z.object({ reason: z.string().trim().min(2).max(300) }),
  reply: ok,
});

export const declinePublication = route({
  method: 'POST',
  path: '/api/publications/:publicationId/decline',
  access: 'inbox.answer',
  summary: 'Say of a draft that it is not to be public, and why; it can be taken up again by a change.',
  params: Params,
  body: z.object({ reason: z.string().trim().min(2).max(300) }),
  reply: ok,
});
