/** Answers: giving one, deciding what became of it, taking it back. */
import { z } from 'zod';
import { route } from './route.ts';

const ok = z.object({ ok: z.literal(true) });

export const answerCase = route({
  method: 'POST',
  path: '/api/cases/:caseId/answers',
  access: 'inbox.answer',
  summary: 'Answer one conversation of the case; it is sent once.',
  params: z.object({ caseId: z.uuid() }),
  body: z.object({
    conversationId: z.uuid(),
    text: z.string().trim().min(1).max(2_000),
    /** Entries of the knowledge base that it rests on; their versions are kept with it. */
    entryIds: z.array(z.uuid()).max(10).default([]),
    /** The platform takes no answer any more: it is written and reviewed all the same, and given there by hand. */
    byHand: z.boolean().default(false),
    /** The last answer that the writer knew of, null for none: a newer one is 409 answered-meanwhile. Absent: not asked. */
    after: z.uuid().nullable().optional(),
    /** The same to whoever else waits in this case. */
    everyone: z.boolean().default(false),
  }),
  /** How many others get it too, and how many of them their platform does not reach any more. */
  reply: z.object({ replyId: z.uuid(), also: z.number().int(), missed: z.number().int() }),
});

export const decideReply = route({
  method: 'POST',
  path: '/api/replies/:replyId/decision',
  access: 'inbox.answer',
  summary: 'Decide an answer whose outcome is unknown.',
  params: z.object({ replyId: z.uuid() }),
  body: z.object({
    verdict: z.enum(['went-out', 'did-not-resend', 'did-not-cancel']),
    evidence: z.string().trim().min(2).max(500),
  }),
  reply: ok,
});

export const takeBackReply = route({
  method: 'POST',
  path: '/api/replies/:replyId/take-back',
  access: 'inbox.answer',
  summary: 'Take back an answer that is being reviewed, to change it; the review is void.',
  params: z.object({ replyId: z.uuid() }),
  reply: ok,
});
