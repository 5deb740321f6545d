import type { PackagePayload } from '#shared/package.ts';
import type { AccountSession, Outcome, PlatformIds, RemotePublish } from '../contract.ts';
import { asksAgain, call, outcomeOf } from './client.ts';
import { compose, inspect } from './compose.ts';
import { SETTLE_MS } from './limits.ts';
import { contentOf, prepare } from './prepare.ts';
import { check, fateOf } from './read-back.ts';
import { Post } from './shapes.ts';

export const publish: RemotePublish = {
  kind: 'remote',
  reaches: ['page'],
  carriesShortLink: true,
  settleMs: SETTLE_MS,
  picturesOnly: true,
  compose,
  inspect,
  prepare,
  submit,
  check: (session, payload, ids) => check(session, payload, ids),
};

/**
 * The one update that brings the draft out. It says the text again, so that what goes out is what was signed even if
 * somebody opened the draft on the site. Nothing that the site writes after the post (terms, fields of plug-ins) is
 * in it: a refusal of those would come after the post is out. No `future` and no date: our own schedule decides.
 */
async function submit(session: AccountSession, payload: PackagePayload, ids: PlatformIds): Promise<Outcome> {
  // Provably nothing was sent: `prepare` has not run for this package.
  if (!ids.postId) return asksAgain('no-draft');
  const answer = await call(session, {
    method: 'POST',
    route: `/posts/${encodeURIComponent(ids.postId)}`,
    json: { ...contentOf(payload, ids), status: 'publish' },
  });
  if (answer.kind !== 'ok') {
    const outcome = outcomeOf(answer);
    return outcome.kind === 'window-closed' ? { kind: 'unknown', reason: outcome.code } : outcome;
  }
  const post = Post.safeParse(answer.json);
  if (!post.success || post.data.id !== ids.postId) {
    return { kind: 'unknown', reason: '答复里没有这篇文章 / the answer does not show the post' };
  }
  const fate = fateOf(post.data, session.now());
  if (fate.kind === 'published' || fate.kind === 'pending') return fate;
  return { kind: 'unknown', reason: `文章没有公开：${post.data.status} / not public: ${post.data.status}` };
}
