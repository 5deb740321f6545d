/** Running totals out of the works’ own description, and taking a work away. */
import type { Metric, MetricsCapability, WithdrawCapability } from '../contract.ts';
import { measureEveryMs } from '../measuring-plan.ts';
import { asksAgain, call, failureOf } from './client.ts';
import { NOT_FOUND } from './codes.ts';
import { PhotoCount, UserInfo, VideoInfo } from './shapes.ts';

type Figures = { key: string; totals: Partial<Record<Metric, number>>; asOf: Date }[];

export const metrics: MetricsCapability = {
  counts: { plays: 'times', likes: 'people', comments: 'times' },
  // One call a work.
  batch: 10,
  everyMs: measureEveryMs,
  async posts(session, posts) {
    const figures: Figures = [];
    for (const { key, ids } of posts.filter((post) => post.ids.photoId)) {
      const answer = await call(session, {
        method: 'GET',
        path: '/openapi/photo/info',
        query: { photo_id: ids.photoId ?? '' },
      });
      if (answer.kind === 'refused' && answer.code === NOT_FOUND) continue;
      const video = answer.kind === 'ok' ? VideoInfo.safeParse(answer.json) : null;
      if (!video?.success) {
        if (figures.length > 0) return { figures };
        return { failure: answer.kind === 'ok' ? asksAgain('unreadable-figures') : failureOf(answer) };
      }
      figures.push({ key, totals: present(video.data.figures), asOf: session.now() });
    }
    return { figures };
  },
  async account(session) {
    const user = await call(session, { method: 'GET', path: '/openapi/user_info' });
    if (user.kind !== 'ok') return { failure: failureOf(user) };
    const count = await call(session, { method: 'GET', path: '/openapi/photo/count' });
    if (count.kind !== 'ok') return { failure: failureOf(count) };
    const [info, works] = [UserInfo.safeParse(user.json), PhotoCount.safeParse(count.json)];
    if (!info.success || !works.success) return { failure: asksAgain('unreadable-figures') };
    const totals = present({ followers: info.data.fan, posts: works.data.public_count });
    return { totals, asOf: session.now() };
  },
};

/** What the answer left out stays out: it is not zero. */
const present = <K extends string>(given: Record<K, number | undefined>): Partial<Record<K, number>> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<
    Record<K, number>
  >;

export const withdraw: WithdrawCapability = {
  effect: 'delete',
  async withdraw(session, { photoId = '' }) {
    const answer = await call(session, {
      method: 'POST',
      path: '/openapi/photo/delete',
      query: { photo_id: photoId },
    });
    if (answer.kind === 'ok') return { kind: 'withdrawn' };
    if (answer.kind === 'refused' && answer.code === NOT_FOUND) return { kind: 'withdrawn' };
    // Deleting may be repeated, so that an unclear answer is asked again.
    const failure = failureOf(answer);
    return failure.kind === 'rejected' ? { kind: 'by-hand', code: failure.code } : failure;
  },
};
