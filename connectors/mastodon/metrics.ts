/** Running totals of a status: its own counters. An instance counts no readers. */
import type { AccountMetric, Metric, MetricsCapability } from '../contract.ts';
import { asksAgain, call, failureOf } from './client.ts';
import { Account, Counted } from './shapes.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const metrics: MetricsCapability = {
  counts: { likes: 'people', shares: 'people', comments: 'times' },
  /** One call each; 300 in five minutes are allowed. */
  batch: 20,
  everyMs: (age) => (age < DAY ? HOUR : age < 7 * DAY ? 6 * HOUR : age < 90 * DAY ? DAY : null),
  async posts(session, posts) {
    const figures: { key: string; totals: Partial<Record<Metric, number>>; asOf: Date }[] = [];
    for (const { key, ids } of posts) {
      if (!ids.postId) continue;
      const path = `/api/v1/statuses/${encodeURIComponent(ids.postId)}`;
      const answer = await call(session, { method: 'GET', path });
      // A status that is gone has no figures any more; what was told before stays.
      if (answer.kind === 'refused' && (answer.status === 404 || answer.status === 410)) continue;
      if (answer.kind !== 'ok') return { failure: failureOf(answer) };
      const read = Counted.safeParse(answer.json);
      if (!read.success || read.data.id !== ids.postId) return { failure: asksAgain('unreadable-status') };
      const { favourites_count, reblogs_count, replies_count } = read.data;
      const totals = told({ likes: favourites_count, shares: reblogs_count, comments: replies_count });
      if (Object.keys(totals).length > 0) figures.push({ key, totals, asOf: session.now() });
    }
    return { figures };
  },
  async account(session) {
    const answer = await call(session, { method: 'GET', path: '/api/v1/accounts/verify_credentials' });
    if (answer.kind !== 'ok') return { failure: failureOf(answer) };
    const read = Account.safeParse(answer.json);
    if (!read.success) return { failure: asksAgain('unreadable-account') };
    const { followers_count, statuses_count } = read.data;
    return { totals: told({ followers: followers_count, posts: statuses_count }), asOf: session.now() };
  },
};

/** What the instance left out stays out. */
const told = <Name extends Metric | AccountMetric>(
  given: Partial<Record<Name, number | null | undefined>>,
): Partial<Record<Name, number>> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'number')) as Partial<
    Record<Name, number>
  >;
