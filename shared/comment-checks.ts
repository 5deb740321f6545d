/** Comments that must be looked at, and what the account's owner does about them. */
import { z } from 'zod';
import { type Text, text } from './lang.ts';
import { route } from './route.ts';

/** What may be done to a comment besides answering it. */
export const commentActions = ['elect', 'unelect', 'delete', 'delete-reply'] as const;
export const CommentAction = z.enum(commentActions);
export type CommentAction = z.infer<typeof CommentAction>;
export const commentActionLabels = {
  elect: text('精选', 'Feature'),
  unelect: text('取消精选', 'No longer feature'),
  delete: text('删除评论', 'Delete the comment'),
  'delete-reply': text('删除回复', 'Delete our reply'),
} as const satisfies Record<CommentAction, Text>;

export const checkStates = ['open', 'kept', 'acting', 'done', 'failed', 'by-hand'] as const;
export const CheckState = z.enum(checkStates);
export type CheckState = z.infer<typeof CheckState>;
export const checkStateLabels = {
  open: text('待查看', 'To be looked at'),
  kept: text('已看，保留', 'Looked at and kept'),
  acting: text('处理中', 'Under way'),
  done: text('已处理', 'Done'),
  failed: text('处理没有成功', 'Failed'),
  'by-hand': text('请到平台上处理', 'To be done on the platform'),
} as const satisfies Record<CheckState, Text>;

export const CommentCheck = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  caseId: z.uuid().nullable(),
  text: z.string(),
  personName: z.string().nullable(),
  accountName: z.string(),
  article: z.object({ id: z.uuid().nullable(), title: z.string() }).nullable(),
  foundBy: z.enum(['words', 'hand']),
  words: z.array(z.string()),
  state: CheckState,
  action: CommentAction.nullable(),
  /** What this platform lets us do, as the comment stands. */
  actions: z.array(CommentAction),
  reason: z.string().nullable(),
  decidedByName: z.string().nullable(),
  decidedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type CommentCheck = z.infer<typeof CommentCheck>;

const ok = z.object({ ok: z.literal(true) });
const reason = z.string().trim().min(2).max(300);

export const listCommentChecks = route({
  method: 'GET',
  path: '/api/comment-checks',
  access: 'inbox.read',
  summary: 'Comments that must be looked at, or what became of them, newest first; 50 a page.',
  query: z.object({ state: CheckState.optional(), cursor: z.uuid().optional() }),
  reply: z.object({ rows: z.array(CommentCheck), next: z.string().nullable(), open: z.number().int() }),
});

export const checkComment = route({
  method: 'POST',
  path: '/api/conversations/:conversationId/comment-checks',
  access: 'inbox.answer',
  summary: 'Put a comment on the list by hand, or act on it at once.',
  params: z.object({ conversationId: z.uuid() }),
  body: z.object({ action: CommentAction.nullable(), reason }),
  reply: z.object({ checkId: z.uuid() }),
});

export const decideCommentCheck = route({
  method: 'POST',
  path: '/api/comment-checks/:checkId/decision',
  access: 'inbox.answer',
  summary: 'Keep a comment, act on it, or say that it was done on the platform.',
  params: z.object({ checkId: z.uuid() }),
  body: z.object({
    verdict: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('keep') }),
      z.object({ kind: z.literal('act'), action: CommentAction }),
      z.object({ kind: z.literal('done-by-hand') }),
    ]),
    reason,
  }),
  reply: ok,
});
