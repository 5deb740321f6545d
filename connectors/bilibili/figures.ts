/** Running totals of videos (`arc/stat`, one a call) and of the account (`user/stat`). */
import type { AccountSession, MeasuredPost, Metric, MetricsCapability } from '../contract.ts';
import { measureEveryMs } from '../measuring-plan.ts';
import { asksAgain, call, failureOf } from './client.ts';
import { UserFigures, VideoFigures } from './shapes.ts';
import type { Failed } from './wire.ts';

/** One call a post. */
const BATCH = 10;
/** Deleted, or of another account: nothing can be told of this one, but of the others. */
const GONE: readonly string[] = ['127107', '127124'];

export const metrics: MetricsCapability = {
  // Of articles the documents that could be read show no figures.
  counts: { plays: 'times', likes: 'people', comments: 'times', shares: 'times', favourites: 'people' },
  batch: BATCH,
  everyMs: measureEveryMs,
  async posts(session, posts) {
    const figures: { key: string; totals: Partial<Record<Metric, number>>; asOf: Date }[] = [];
    for (const post of posts.filter(({ ids }) => ids.resourceId)) {
      const totals = await totalsOf(session, post);
      if (totals === null) continue;
      if ('kind' in totals) return figures.length > 0 ? { figures } : { failure: failureOf(totals) };
      figures.push({ key: post.key, totals, asOf: session.now() });
    }
    return { figures };
  },
  async account(session) {
    const answer = await call(session, { method: 'GET', path: '/arcopen/fn/data/user/stat' });
    if (answer.kind !== 'ok') return { failure: failureOf(answer) };
    const read = UserFigures.safeParse(answer.data);
    if (!read.success) return { failure: asksAgain('unreadable-figures') };
    const { follower: followers, arc_passed_total: posts } = read.data;
    return { totals: present({ followers, posts }), asOf: session.now() };
  },
};

async function totalsOf(
  session: AccountSession,
  { ids }: MeasuredPost,
): Promise<Partial<Record<Metric, number>> | Failed | null> {
  const answer = await call(session, {
    method: 'GET',
    path: '/arcopen/fn/data/arc/stat',
    query: { resource_id: ids.resourceId ?? '' },
  });
  if (answer.kind === 'refused' && GONE.includes(answer.code)) return null;
  if (answer.kind !== 'ok') return answer;
  const read = VideoFigures.safeParse(answer.data);
  if (!read.success) return { kind: 'unclear', reason: 'unreadable-figures' };
  const { view: plays, like: likes, reply: comments, share: shares, favorite: favourites } = read.data;
  return present({ plays, likes, comments, shares, favourites });
}

/** What the answer left out stays out: it is not zero. */
const present = <K extends string>(given: Record<K, number | undefined>): Partial<Record<K, number>> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<
    Record<K, number>
  >;
