/** Running totals of works (video.data.bind) and the followers of whole days (data.external.user). */
import type { MetricsCapability } from '../contract.ts';
import { measureEveryMs } from '../measuring-plan.ts';
import { asksAgain, failureOf } from './answer.ts';
import { call } from './client.ts';
import { limits } from './limits.ts';
import { FansDays, ItemList } from './shapes.ts';

export const metrics: MetricsCapability = {
  // Favourites are told to nobody.
  counts: { plays: 'times', likes: 'people', comments: 'times', shares: 'times' },
  batch: limits.pageSize,
  everyMs: measureEveryMs,
  async posts(session, posts) {
    const keys = new Map(posts.flatMap(({ key, ids }) => (ids.itemId ? [[ids.itemId, key] as const] : [])));
    if (keys.size === 0) return { figures: [] };
    const answer = await call(session, {
      method: 'POST',
      path: '/api/douyin/v1/video/video_data/',
      json: { item_ids: [...keys.keys()] },
    });
    if (answer.kind !== 'ok') return { failure: failureOf(answer) };
    const items = ItemList.safeParse(answer.json);
    if (!items.success) return { failure: asksAgain('unreadable-figures') };
    const asOf = session.now();
    const figures = items.data.list.flatMap((item) => {
      const key = keys.get(item.id);
      return key && Object.keys(item.totals).length > 0 ? [{ key, totals: item.totals, asOf }] : [];
    });
    return { figures };
  },
  async account(session) {
    const answer = await call(session, {
      method: 'GET',
      path: '/data/external/user/fans/',
      query: { date_type: 7 },
    });
    if (answer.kind !== 'ok') return { failure: failureOf(answer) };
    const days = FansDays.safeParse(answer.json);
    const last = days.success ? days.data.toSorted((a, b) => a.day.localeCompare(b.day)).at(-1) : undefined;
    if (!last) return { failure: asksAgain('unreadable-figures') };
    // Told the next day, of the day's end in Beijing.
    return { totals: { followers: last.total }, asOf: new Date(`${last.day}T23:59:59+08:00`) };
  },
};
