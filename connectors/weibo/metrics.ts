/** Running totals, a hundred posts a call. Reads are told to media accounts of the business interface only. */
import type { z } from 'zod';
import type { AccountSession, MeasuredPost, Metric, MetricsCapability, Outcome } from '../contract.ts';
import { asksAgain, callAs, failureOf } from './client.ts';
import { apiPath, isBusiness } from './credential.ts';
import { FigureList, User } from './shapes.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Figures = z.infer<typeof FigureList>;

export const metrics: MetricsCapability = {
  counts: { likes: 'people', comments: 'times', shares: 'times', reads: 'times' },
  batch: 100,
  /** One call for all posts of an account, so that a day's four cost little of the hundred. */
  everyMs: (age) => (age < DAY ? 6 * HOUR : age < 7 * DAY ? DAY : age < 30 * DAY ? 3 * DAY : null),
  async posts(session, asked) {
    const known = asked.filter(({ ids }) => ids.postId);
    if (known.length === 0) return { figures: [] };
    const told = await readCounts(session, countsPath(session), known);
    if ('failure' in told) return told;
    const asOf = session.now();
    return {
      figures: known.flatMap(({ key, ids }) => {
        const totals = totalsOf(told.find(({ id }) => id === ids.postId));
        return Object.keys(totals).length > 0 ? [{ key, totals, asOf }] : [];
      }),
    };
  },
  async account(session) {
    const answer = await callAs(session, {
      method: 'GET',
      path: apiPath(session, 'users/show'),
      query: { uid: session.account.settings.uid ?? '' },
    });
    if (answer.kind !== 'ok') return { failure: failureOf(answer) };
    const read = User.safeParse(answer.json);
    if (!read.success) return { failure: asksAgain('unreadable-user') };
    const { followers, posts } = read.data;
    const totals = { ...(followers === null ? {} : { followers }), ...(posts === null ? {} : { posts }) };
    return { totals, asOf: session.now() };
  },
};

/** The list for media accounts has everything that the other one has, and the reads. */
const countsPath = (session: AccountSession): string => {
  const { settings } = session.account;
  const isMedia = isBusiness(settings) && settings.mediaReads === 'yes';
  return apiPath(session, isMedia ? 'media_statuses/count_sp' : 'statuses/count');
};

async function readCounts(
  session: AccountSession,
  path: string,
  posts: readonly MeasuredPost[],
): Promise<Figures | { failure: Outcome }> {
  const ids = posts.map(({ ids }) => ids.postId).join(',');
  const answer = await callAs(session, { method: 'GET', path, query: { ids } });
  if (answer.kind !== 'ok') return { failure: failureOf(answer) };
  const read = FigureList.safeParse(answer.json);
  return read.success ? read.data : { failure: asksAgain('unreadable-counts') };
}

function totalsOf(figures: Figures[number] | undefined): Partial<Record<Metric, number>> {
  const { likes, attitudes, comments, reposts, reads } = figures ?? {};
  const all = { likes: likes ?? attitudes, comments, shares: reposts, reads };
  return Object.fromEntries(Object.entries(all).filter(([, total]) => total !== undefined));
}
