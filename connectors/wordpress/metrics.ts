/** The site counts comments and posts, by `X-WP-Total`; it counts no readers. */
import type { AccountSession, Metric, MetricsCapability } from '../contract.ts';
import { asksAgain, call, type Failure, failureOf } from './client.ts';
import { Posts } from './shapes.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const metrics: MetricsCapability = {
  counts: { comments: 'times' },
  batch: 20,
  everyMs: (age) => (age < 7 * DAY ? 6 * HOUR : age < 90 * DAY ? DAY : null),
  async posts(session, posts) {
    const figures: { key: string; totals: Partial<Record<Metric, number>>; asOf: Date }[] = [];
    for (const { key, ids } of posts) {
      if (!ids.postId) continue;
      const found = await isPublic(session, ids.postId);
      if (typeof found !== 'boolean') return found;
      // Of a post that is not there the site would count no comments.
      if (!found) continue;
      const comments = await total(session, '/comments', { post: ids.postId });
      if (typeof comments !== 'number') return comments;
      figures.push({ key, totals: { comments }, asOf: session.now() });
    }
    return { figures };
  },
  async account(session) {
    const posts = await total(session, '/posts', { status: 'publish' });
    return typeof posts === 'number' ? { totals: { posts }, asOf: session.now() } : posts;
  },
};

async function isPublic(session: AccountSession, postId: string): Promise<boolean | { failure: Failure }> {
  const answer = await call(session, {
    method: 'GET',
    route: '/posts',
    query: { include: postId, per_page: 1, status: 'publish', context: 'edit' },
  });
  if (answer.kind !== 'ok') return { failure: failureOf(answer) };
  const read = Posts.safeParse(answer.json);
  if (!read.success) return { failure: asksAgain('unreadable-posts') };
  return read.data.some(({ id }) => id === postId);
}

async function total(
  session: AccountSession,
  route: string,
  query: Record<string, string | number>,
): Promise<number | { failure: Failure }> {
  const answer = await call(session, { method: 'GET', route, query: { ...query, per_page: 1 } });
  if (answer.kind !== 'ok') return { failure: failureOf(answer) };
  return answer.total === null ? { failure: asksAgain('no-total') } : answer.total;
}
