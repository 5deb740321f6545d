/** Approving, holding and deleting comments. Deleted ones go to the trash of the site. */
import type { AccountSession, CommentAction, ModerationCapability } from '../contract.ts';
import { type Answer, asksAgain, call, type Failure, failureOf } from './client.ts';
import { Comment, CommentPage } from './shapes.ts';
import { userIdOf } from './user.ts';

type Done = { kind: 'done' };

/** What is gone already: by its id, or in the trash. */
const GONE: readonly string[] = ['rest_comment_invalid_id', 'rest_already_trashed'];

export const moderation: ModerationCapability = {
  // To elect is to approve: readers see approved comments only.
  actions: ['elect', 'unelect', 'delete', 'delete-reply'],
  async act(session, ids, commentId, action) {
    if (!/^\d+$/.test(commentId)) {
      return { kind: 'rejected', code: 'comment-id', reason: '评论编号不对 / the comment id is wrong' };
    }
    if (action === 'delete') return remove(session, commentId);
    if (action === 'delete-reply') return removeReplies(session, ids, commentId);
    return setStatus(session, commentId, action);
  },
};

async function setStatus(
  session: AccountSession,
  commentId: string,
  action: Extract<CommentAction, 'elect' | 'unelect'>,
): Promise<Done | Failure> {
  const status = action === 'elect' ? 'approved' : 'hold';
  const route = `/comments/${commentId}`;
  const answer = await call(session, { method: 'POST', route, json: { status } });
  if (answer.kind !== 'ok') return failureOf(answer);
  const read = Comment.safeParse(answer.json);
  const isSo = read.success && read.data.id === commentId && read.data.status === status;
  return isSo ? { kind: 'done' } : asksAgain('unreadable-comment');
}

async function remove(session: AccountSession, commentId: string): Promise<Done | Failure> {
  const answer: Answer = await call(session, { method: 'DELETE', route: `/comments/${commentId}` });
  if (answer.kind === 'refused' && GONE.includes(answer.code)) return { kind: 'done' };
  if (answer.kind !== 'ok') return failureOf(answer);
  const read = Comment.safeParse(answer.json);
  return read.success && read.data.id === commentId ? { kind: 'done' } : asksAgain('unreadable-comment');
}

async function removeReplies(
  session: AccountSession,
  ids: Readonly<Record<string, string>>,
  commentId: string,
): Promise<Done | Failure> {
  const own = await userIdOf(session, ids);
  if (typeof own !== 'string') return own.failure;
  const query = { post: ids.postId ?? '', parent: commentId, per_page: 100 };
  const answer = await call(session, { method: 'GET', route: '/comments', query });
  if (answer.kind !== 'ok') return failureOf(answer);
  const read = CommentPage.safeParse(answer.json);
  if (!read.success) return asksAgain('unreadable-comments');
  for (const reply of read.data) {
    if (reply.author !== own || reply.parent !== commentId) continue;
    const removed = await remove(session, reply.id);
    if (removed.kind !== 'done') return removed;
  }
  return { kind: 'done' };
}
