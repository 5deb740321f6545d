/**
 * Hides a post by making it a draft again: nothing is lost, and an editor of the site may publish it anew. The post is
 * asked first, because updating one that lies in the trash would take it out.
 */
import type { WithdrawCapability } from '../contract.ts';
import { type Answer, asksAgain, call, failureOf } from './client.ts';
import { Post } from './shapes.ts';

const PUBLIC: readonly string[] = ['publish', 'future'];

export const withdraw: WithdrawCapability = {
  effect: 'hide',
  async withdraw(session, { postId }) {
    if (!postId) return { kind: 'by-hand', code: 'no-post-id' };
    const route = `/posts/${encodeURIComponent(postId)}`;
    const shown = await call(session, { method: 'GET', route, query: { context: 'edit' } });
    const before = read(shown, postId);
    if (before.kind !== 'shown') return before;
    if (!PUBLIC.includes(before.status)) return { kind: 'withdrawn' };
    const after = read(await call(session, { method: 'POST', route, json: { status: 'draft' } }), postId);
    if (after.kind !== 'shown') return after;
    return PUBLIC.includes(after.status) ? asksAgain('still-public') : { kind: 'withdrawn' };
  },
};

type Failed = Exclude<Awaited<ReturnType<WithdrawCapability['withdraw']>>, { kind: 'unknown' }>;

function read(answer: Answer, postId: string): { kind: 'shown'; status: string } | Failed {
  if (answer.kind === 'ok') {
    const post = Post.safeParse(answer.json);
    const ours = post.success && post.data.id === postId;
    return ours ? { kind: 'shown', status: post.data.status } : asksAgain('unreadable-post');
  }
  if (answer.kind === 'refused' && answer.code === 'rest_post_invalid_id') return { kind: 'withdrawn' };
  const failure = failureOf(answer);
  return failure.kind === 'rejected' ? { kind: 'by-hand', code: failure.code } : failure;
}
