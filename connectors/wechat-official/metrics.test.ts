import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MeasuredPost, PlatformIds } from '#connectors/contract.ts';
import { setFigures } from '#sandbox/wechat-official/figures.ts';
import { personCalled } from '#sandbox/wechat-official/messages.ts';
import { dayOf as platformDay } from '#sandbox/wechat-official/state.ts';
import { knownIds, stageWechat, type WechatStage } from '#tests/support/wechat-stage.ts';
import { wechatOfficial } from './connector.ts';
import { beginOf, dayBefore, dayOf, endOf, lastReadyDay } from './days.ts';

const { metrics } = wechatOfficial;
if (!metrics?.account) throw new Error('metrics');
const { account: askAccount } = metrics;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let stage: WechatStage;
beforeEach(async () => {
  stage = await stageWechat();
});
afterEach(() => stage.stop());

async function publishOne(): Promise<MeasuredPost> {
  const payload = stage.build();
  const ids = await stage.prepare(payload);
  const known = knownIds(ids, await stage.submit(payload, ids));
  stage.advance(60_000);
  return { key: 'post', ids: known, publishedAt: stage.session.now() };
}

function read(ids: PlatformIds, day: string, figures: Parameters<typeof setFigures>[3]): void {
  setFigures(stage.account(), `${ids.msgDataId}_1`, day, figures);
}

/** Past eight o’clock of the day after. */
const nextMorning = () =>
  stage.advance(
    beginOf(dayOf(stage.session.now())).getTime() + DAY + 9 * HOUR - stage.session.now().getTime(),
  );

async function figuresOf(post: MeasuredPost, session = stage.session) {
  const told = await metrics!.posts(session, [post]);
  if ('failure' in told) throw new Error(JSON.stringify(told));
  return told.figures;
}

describe('the figures of a post', () => {
  test('are running totals as of the last day that is told', async () => {
    const post = await publishOne();
    const first = platformDay(stage.session.now().getTime());
    read(post.ids, first, () => ({ read: 120, share: 9, like: 4, zaikan: 1, collection: 2 }));
    nextMorning();
    expect(await figuresOf(post)).toEqual([
      {
        key: 'post',
        totals: { reads: 120, shares: 9, likes: 4, recommends: 1, favourites: 2, comments: 0 },
        asOf: endOf(first),
      },
    ]);
    const second = platformDay(stage.session.now().getTime());
    read(post.ids, second, () => ({ read: 30 }));
    nextMorning();
    expect(await figuresOf(post)).toMatchObject([{ totals: { reads: 150, shares: 9 }, asOf: endOf(second) }]);
  });

  test('of today are not asked for', async () => {
    const post = await publishOne();
    read(post.ids, platformDay(stage.session.now().getTime()), () => ({ read: 5 }));
    stage.calls();
    expect(await figuresOf(post)).toEqual([]);
    expect(stage.calls()).toEqual([]);
  });

  test('that the platform leaves out stay out: nothing is ever called zero', async () => {
    const post = await publishOne();
    nextMorning();
    expect(await figuresOf(post)).toEqual([]);
    stage.arm('/datacube/getarticletotaldetail', {
      kind: 'answer',
      body: {
        list: [
          {
            msgid: `${post.ids.msgDataId}_1`,
            detail_list: [
              { stat_date: dayOf(post.publishedAt), read_user: 7, share_user: null, like_user: '3' },
            ],
          },
        ],
        is_delay: false,
      },
    });
    expect((await figuresOf(post))[0]?.totals).toEqual({ reads: 7 });
  });

  test('of a day that is still being counted wait for the next answer', async () => {
    const post = await publishOne();
    const first = platformDay(stage.session.now().getTime());
    read(post.ids, first, () => ({ read: 120 }));
    nextMorning();
    stage.account().figuresDelayed = true;
    expect(await figuresOf(post)).toEqual([]);
    const second = platformDay(stage.session.now().getTime());
    read(post.ids, second, () => ({ read: 30 }));
    nextMorning();
    expect(await figuresOf(post)).toMatchObject([{ totals: { reads: 120 }, asOf: endOf(first) }]);
    stage.account().figuresDelayed = false;
    expect(await figuresOf(post)).toMatchObject([{ totals: { reads: 150 }, asOf: endOf(second) }]);
  });

  test('come from the daily lists while the detailed one does not show the post yet', async () => {
    const post = await publishOne();
    const first = platformDay(stage.session.now().getTime());
    read(post.ids, first, () => ({ read: 12, share: 3 }));
    nextMorning();
    stage.arm('/datacube/getarticletotaldetail', { kind: 'answer', body: { list: [], is_delay: false } });
    expect(await figuresOf(post)).toEqual([
      { key: 'post', totals: { reads: 12, shares: 3 }, asOf: endOf(first) },
    ]);
  });

  test('of several posts of one day cost one call, and each post has its own', async () => {
    const one = await publishOne();
    const two = { ...(await publishOne()), key: 'two' };
    const day = platformDay(stage.session.now().getTime());
    read(one.ids, day, () => ({ read: 1 }));
    read(two.ids, day, () => ({ read: 2 }));
    nextMorning();
    stage.calls();
    const told = await metrics!.posts(stage.session, [one, two]);
    if ('failure' in told) throw new Error('failure');
    expect(told.figures.map(({ key, totals }) => [key, totals.reads])).toEqual([
      ['post', 1],
      ['two', 2],
    ]);
    expect(stage.calls().filter((path) => path.includes('datacube'))).toHaveLength(1);
  });

  test('not ready, refused or unreadable are no figures', async () => {
    const post = await publishOne();
    nextMorning();
    const said = async (body: unknown) => {
      stage.arm('/datacube/getarticletotaldetail', { kind: 'answer', body });
      return metrics!.posts(stage.session, [post]);
    };
    expect(await said({ errcode: 61503, errmsg: 'not ready' })).toMatchObject({
      failure: { kind: 'retry-later', afterMs: HOUR },
    });
    expect(await said({ errcode: 48001, errmsg: 'no' })).toMatchObject({
      failure: { kind: 'rejected', code: '48001' },
    });
    expect(await said({})).toMatchObject({ failure: { kind: 'retry-later', code: 'unreadable-figures' } });
  });

  test('are asked for as long as the platform follows the article', () => {
    expect(metrics.everyMs(0)).toBe(6 * HOUR);
    expect(metrics.everyMs(31 * DAY)).toBeNull();
    expect(metrics.counts.reads).toBe('people');
  });
});

test('the figures of the documents’ sample are read', async () => {
  const samples = JSON.parse(
    readFileSync(new URL('../../tests/fixtures/wechat/api/after-publishing.json', import.meta.url), 'utf8'),
  ) as { name: string; response: object }[];
  const sample = samples.find(({ name }) => name === 'datacube-getarticletotaldetail');
  // The sample's own days, whatever day it is.
  const session = { ...stage.session, now: () => beginOf('2026-12-20') };
  stage.arm('/datacube/getarticletotaldetail', { kind: 'answer', body: sample?.response });
  const post = { key: 'a', ids: { msgDataId: '2247483650' }, publishedAt: beginOf('2026-11-20') };
  expect(await figuresOf(post, session)).toEqual([
    {
      key: 'a',
      totals: { reads: 120, shares: 9, likes: 4, recommends: 1, favourites: 1, comments: 2 },
      asOf: beginOf('2026-11-21'),
    },
  ]);
});

test('followers are those of the last day that is told; a day that is not told is not zero', async () => {
  personCalled(stage.sandbox.world, stage.account(), '老李');
  personCalled(stage.sandbox.world, stage.account(), '老王');
  const today = platformDay(stage.session.now().getTime());
  nextMorning();
  expect(await askAccount(stage.session)).toEqual({ totals: { followers: 2 }, asOf: endOf(today) });
  stage.arm('/datacube/getusercumulate', { kind: 'answer', body: { list: [] } });
  expect(await askAccount(stage.session)).toMatchObject({ totals: {} });
});

test('the last day that is ready is yesterday from eight o’clock on', () => {
  expect(lastReadyDay(new Date('2026-11-21T08:00:00+08:00'))).toBe('2026-11-20');
  expect(lastReadyDay(new Date('2026-11-21T07:59:59+08:00'))).toBe('2026-11-19');
  expect(dayOf(new Date('2026-11-20T16:00:00Z'))).toBe('2026-11-21');
  expect(dayBefore('2026-03-01')).toBe('2026-02-28');
});
