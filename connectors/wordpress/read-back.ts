/** What became of a post: by its id, else by its slug, else by the short link in its text. */
import type { PackagePayload } from '#shared/package.ts';
import type { AccountSession, CheckResult, Outcome, PlatformIds } from '../contract.ts';
import { call, notRead } from './client.ts';
import { carriesLink, slugFor } from './markup.ts';
import { Post, Posts } from './shapes.ts';

type NotRead = Extract<Outcome, { kind: 'sign-in-again' | 'unknown' | 'retry-later' }>;

/** The trash is not among them: the site lists it only by itself. */
const STATUSES = 'publish,future,draft,pending,private';

const unreadable = { kind: 'unknown', reason: '答复无法识别 / unreadable answer' } as const;

export async function check(
  session: AccountSession,
  payload: PackagePayload,
  ids: PlatformIds,
): Promise<CheckResult> {
  if (!ids.postId) {
    const found = await findOnSite(session, payload.shortLink);
    if (!found) return { kind: 'absent' };
    return 'kind' in found ? found : fateOf(found, session.now());
  }
  const answer = await call(session, {
    method: 'GET',
    route: `/posts/${encodeURIComponent(ids.postId)}`,
    query: { context: 'edit' },
  });
  if (answer.kind === 'refused' && answer.code === 'rest_post_invalid_id') {
    return {
      kind: 'unknown',
      reason: '文章已不在网站上，可能被删除 / no longer there; it may have been deleted',
    };
  }
  if (answer.kind !== 'ok') return notRead(answer);
  const post = Post.safeParse(answer.json);
  if (!post.success || post.data.id !== ids.postId) return unreadable;
  return fateOf(post.data, session.now());
}

/** A post's fate by its status: the same after submitting and in reading back. */
export function fateOf(post: Post, now: Date): CheckResult {
  const { id, status, link, date_gmt } = post;
  switch (status) {
    case 'publish':
      return { kind: 'published', ids: { postId: id }, url: link ?? null, at: date_gmt };
    case 'draft':
    case 'auto-draft':
    case 'pending':
      // The one answer of this platform that needs no list: the very post says that it is not out.
      return { kind: 'absent' };
    case 'future': {
      // Somebody gave it a date on the site; it comes out by itself then.
      const wait = (date_gmt?.getTime() ?? 0) - now.getTime();
      const checkAfterMs = Math.min(Math.max(wait, 60_000), 3_600_000);
      return { kind: 'pending', ids: { postId: id }, checkAfterMs, waitingFor: 'platform' };
    }
    default: {
      const reason = `文章在网站上的状态是 ${status}，请人工核对 / its status on the site is ${status}`;
      return { kind: 'unknown', reason };
    }
  }
}

/** @returns the post that carries the short link, null when the site was asked twice and lists none */
export async function findOnSite(session: AccountSession, shortLink: string): Promise<Post | NotRead | null> {
  const token = new URL(shortLink).pathname.split('/').at(-1) ?? '';
  const ways: readonly Record<string, string>[] = [{ slug: slugFor(shortLink) }, { search: token }];
  for (const query of ways) {
    const answer = await call(session, {
      method: 'GET',
      route: '/posts',
      query: { ...query, status: STATUSES, context: 'edit', per_page: 20 },
    });
    if (answer.kind !== 'ok') return notRead(answer);
    const posts = Posts.safeParse(answer.json);
    if (!posts.success) return unreadable;
    const ours = posts.data.find(({ content }) =>
      carriesLink(content.raw ?? content.rendered ?? '', shortLink),
    );
    if (ours) return ours;
  }
  return null;
}
