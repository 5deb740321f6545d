import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BILIBILI_OPENID, type BilibiliStage, stageBilibili } from '#tests/support/bilibili-stage.ts';
import { buildVideo } from '#tests/support/video-file.ts';
import type { Master } from '../contract.ts';
import { bilibili } from './connector.ts';

const { publish, metrics, withdraw, probe, renew } = bilibili;
if (publish.kind !== 'remote' || !metrics?.account || !withdraw || !probe || !renew)
  throw new Error('capabilities');
const { prepare, submit, check: checkVideo, compose, inspect } = publish;
const ADD = '/arcopen/fn/archive/add-by-utoken';
const PART = '/video/v2/part/upload';
const HOUR = 3_600_000;

let stage: BilibiliStage;
beforeEach(async () => {
  stage = await stageBilibili();
});
afterEach(() => stage.stop());

async function publishOne(video: 'small' | 'large' = 'small') {
  const payload = stage.build({ picture: true, video });
  const ids = await stage.prepare(payload);
  const sentAt = stage.session.now();
  const outcome = await submit(stage.session, payload, ids, stage.media);
  return { payload, ids, sentAt, outcome };
}

async function publishedOne() {
  const { outcome } = await publishOne();
  if (outcome.kind !== 'pending') throw new Error(outcome.kind);
  stage.advance(HOUR);
  return outcome.ids;
}

describe('uploading', () => {
  test('a small file goes in one piece, a large one in parts of eight megabytes', async () => {
    await publishOne('small');
    expect(stage.calls().filter((path) => path.startsWith('/video/'))).toEqual(['/video/v2/upload']);
    const { outcome } = await publishOne('large');
    expect(stage.calls().filter((path) => path === PART)).toHaveLength(3);
    expect(outcome.kind).toBe('pending');
    expect(stage.account().videos.at(-1)?.bytes).toBe(17 * 1024 * 1024);
  });

  test('goes on at the part that failed, and sends no part twice', async () => {
    const payload = stage.build({ picture: true, video: 'large' });
    const once = stage.once();
    stage.sandbox.world.faults.arm({
      ...{ platform: 'bilibili', path: `${PART}?`, after: 1, times: 1 },
      fault: { kind: 'status', status: 502 },
    });
    const first = await prepare(stage.session, payload, stage.media, once);
    expect(first.kind).toBe('retry-later');
    stage.calls();
    expect((await prepare(stage.session, payload, stage.media, once)).kind).toBe('prepared');
    expect(stage.calls().filter((path) => path === PART)).toHaveLength(2);
  });

  test('begins anew when the platform has forgotten the upload, or it is hours old', async () => {
    const payload = stage.build({ picture: true, video: 'large' });
    const once = stage.once();
    stage.arm('/arcopen/fn/archive/video/complete', {
      kind: 'answer',
      body: { code: 127022, message: 'upload_token验证错误' },
      accept: false,
    });
    const first = await prepare(stage.session, payload, stage.media, once);
    expect(first.kind).toBe('prepared');
    stage.advance(3 * HOUR);
    const second = await prepare(stage.session, payload, stage.media, once);
    if (first.kind !== 'prepared' || second.kind !== 'prepared') throw new Error('not prepared');
    expect(second.ids.uploadToken).not.toBe(first.ids.uploadToken);
    expect((await submit(stage.session, payload, second.ids, stage.media)).kind).toBe('pending');
  });

  test('the tokens of uploads are in no record', async () => {
    await publishOne('small');
    for (const token of Object.keys(stage.account().uploads))
      expect(JSON.stringify(stage.exchanges)).not.toContain(token);
  });

  test('without a section, or without the permission, nothing is uploaded', async () => {
    const payload = stage.build({ picture: true, video: 'small' });
    const { account } = stage.session;
    const session = { ...stage.session, account: { ...account, settings: { appKey: 'x' } } };
    expect(await prepare(session, payload, stage.media, stage.once())).toMatchObject({
      kind: 'sign-in-again',
    });
    const without = { ...stage.session, account: { ...account, settings: { ...account.settings, tid: '' } } };
    expect(await prepare(without, payload, stage.media, stage.once())).toMatchObject({
      ...{ kind: 'rejected', code: 'no-section' },
    });
    stage.account().scopes = ['USER_INFO', 'ATC_BASE'];
    expect(await prepare(stage.session, payload, stage.media, stage.once())).toEqual({
      ...{ kind: 'sign-in-again', code: '127011' },
    });
    expect(Object.keys(stage.account().uploads)).toEqual([]);
  });
});

describe('handing in', () => {
  test('sends title, description, tags, section and cover as approved', async () => {
    const { payload } = await publishOne();
    expect(stage.account().videos[0]).toMatchObject({
      ...{ title: payload.title, desc: payload.body.value, tag: '人社', tid: 21 },
      cover: expect.stringContaining('https://'),
    });
  });

  test('is read back by its number, and the public opens the address', async () => {
    const { outcome, payload, sentAt } = await publishOne();
    if (outcome.kind !== 'pending') throw new Error(outcome.kind);
    expect((await checkVideo(stage.session, payload, outcome.ids, sentAt)).kind).toBe('pending');
    stage.advance(HOUR);
    const found = await checkVideo(stage.session, payload, outcome.ids, sentAt);
    if (found.kind !== 'published') throw new Error(found.kind);
    expect(await (await fetch(found.url ?? '')).text()).toContain(payload.shortLink);
  });

  test('that the review refuses is rejected with its reason', async () => {
    stage.account().reviewMs = null;
    const { outcome, payload, sentAt } = await publishOne();
    if (outcome.kind !== 'pending') throw new Error(outcome.kind);
    const form = new URLSearchParams({
      id: outcome.ids.resourceId ?? '',
      verdict: 'refuse',
      reason: '画面模糊',
    });
    const desk = `${stage.sandbox.url}/sandbox/bilibili/review/${BILIBILI_OPENID}`;
    expect(await (await fetch(desk)).text()).toContain(payload.title);
    await fetch(desk, { method: 'POST', body: form, redirect: 'manual' });
    expect(await checkVideo(stage.session, payload, outcome.ids, sentAt)).toMatchObject({
      ...{ kind: 'rejected', reason: expect.stringContaining('画面模糊') },
    });
  });

  test('one with our title and no link at all is left to a person', async () => {
    stage.arm(ADD, { kind: 'lose-answer', accept: true });
    const { payload, sentAt } = await publishOne();
    stage.account().videos[0]!.desc = '平台改过的简介';
    expect(await checkVideo(stage.session, payload, {}, sentAt)).toMatchObject({ kind: 'unknown' });
  });
});

describe('after publication', () => {
  test('figures are the platform’s, what is deleted or an article is left out', async () => {
    const ids = await publishedOne();
    const post = (key: string, given: Record<string, string>) => ({
      ...{ key, ids: given, publishedAt: stage.session.now() },
    });
    const told = await metrics.posts(stage.session, [
      post('a', ids),
      post('b', { resourceId: 'BV1gone' }),
      post('c', { articleId: '1' }),
    ]);
    if ('failure' in told) throw new Error(told.failure.kind);
    expect(told.figures).toEqual([
      {
        key: 'a',
        totals: { plays: 0, likes: 6, comments: 0, shares: 5, favourites: 3 },
        asOf: expect.any(Date),
      },
    ]);
    expect(await metrics.account!(stage.session)).toMatchObject({ totals: { followers: 166, posts: 1 } });
    stage.arm('/arcopen/fn/data/arc/stat', { kind: 'answer', body: { code: 127009 }, accept: false });
    expect(await metrics.posts(stage.session, [post('a', ids)])).toMatchObject({
      failure: { kind: 'retry-later' },
    });
  });

  test('a video is deleted once, and once more changes nothing; an article is for a person', async () => {
    const ids = await publishedOne();
    stage.arm('/arcopen/fn/archive/delete', { kind: 'lose-answer', accept: true });
    expect((await withdraw.withdraw(stage.session, ids)).kind).toBe('retry-later');
    expect(await withdraw.withdraw(stage.session, ids)).toEqual({ kind: 'withdrawn' });
    expect(stage.ledger('post.deleted')).toHaveLength(1);
    expect(await withdraw.withdraw(stage.session, { articleId: '1' })).toMatchObject({ kind: 'by-hand' });
  });
});

describe('the grant', () => {
  test('says what the account may do, and what the platform offers to nobody', async () => {
    const grants = async () => {
      const probed = await probe.probe(stage.session);
      return probed.kind === 'ok' ? probed.grants : probed;
    };
    expect(await grants()).toMatchObject({
      ...{ publish: 'granted', withdraw: 'granted', metrics: 'granted', comments: 'unsupported' },
    });
    stage.account().scopes = ['USER_INFO', 'ATC_BASE'];
    expect(await grants()).toMatchObject({
      ...{ publish: 'granted', withdraw: 'needs-application', metrics: 'needs-application' },
    });
  });

  test('is renewed before its end, with the pair that replaces the old one', async () => {
    const tomorrow = new Date(stage.session.now().getTime() + 24 * HOUR).toISOString();
    const soon = { ...stage.session, credentials: { ...stage.session.credentials, accessEndsAt: tomorrow } };
    const given = await renew.renew(soon);
    if ('failure' in given) throw new Error(given.failure.kind);
    expect(given).toMatchObject({ renewableUntil: null, expiresAt: expect.any(Date) });
    const later = { ...stage.session, credentials: { ...stage.session.credentials, ...given.credentials } };
    stage.calls();
    const again = await renew.renew(later);
    // What is fresh is not renewed again.
    expect(stage.calls()).toEqual([]);
    expect(again).toMatchObject({ credentials: given.credentials });
    expect((await probe.probe(later)).kind).toBe('ok');
  });

  test('a network that fails is asked again, a used refresh token is for a person', async () => {
    const ended = {
      ...stage.session,
      credentials: { ...stage.session.credentials, accessEndsAt: stage.session.now().toISOString() },
    };
    stage.arm('/x/account-oauth2/v1/refresh_token', { kind: 'status', status: 502 });
    expect(await renew.renew(ended)).toMatchObject({ failure: { kind: 'retry-later' } });
    for (const pair of stage.account().tokens) pair.refreshUsed = true;
    expect(await renew.renew(ended)).toMatchObject({ failure: { kind: 'sign-in-again', code: '122007' } });
  });
});

describe('a video that an editor prepares', () => {
  const shortLink = 'https://rs.example.gov.cn/s/Abc123DEF';
  const { media: video } = buildVideo(64);
  const cover = { ...video, role: 'cover' as const, mime: 'image/jpeg', sha256: 'c'.repeat(64) };
  const master = (change: Partial<Master> = {}): Master => ({
    ...{ title: '退休一件事，一次办好', digest: '', author: '', html: '', text: '五个事项一次申请。' },
    media: [cover, video],
    ...change,
  });
  const make = (change: Partial<Master> = {}, settings = {}) =>
    compose(master(change), { shortLink, settings });
  const judge = (variant: ReturnType<typeof make>) =>
    inspect(variant, { shortLink, reach: 'timeline' })
      .problems.map(({ level, field }) => `${level} ${field}`)
      .toSorted();

  test('gets its topics from the text, else from the account, else a common one', () => {
    expect(make().body.value).toContain('#人社');
    expect(make({}, { topics: '社保，便民' }).body.value).toContain('#社保 #便民');
    expect(make({ text: '五个事项。#退休' }).body.value).not.toContain('#人社');
    expect(judge(make())).toEqual([]);
  });

  test('is cut at sentences, with the link and the topics kept', () => {
    const { title, body } = make({ title: '退休办理：'.repeat(30), text: '五个事项一次申请。'.repeat(60) });
    expect([...title!].length).toBeLessThanOrEqual(80);
    expect([...body.value].length).toBeLessThanOrEqual(250);
    expect(body.value).toContain(shortLink);
    expect(body.value).toMatch(/申请。\n网页版/);
  });

  test.each([
    ['no cover', { media: [video] }, ['block media']],
    ['a file too large', { media: [cover, { ...video, size: 5 * 1024 ** 3 }] }, ['block media']],
    ['six hours', { media: [cover, { ...video, durationMs: 6 * HOUR }] }, ['block media']],
    ['another container', { media: [cover, { ...video, mime: 'video/x-msvideo' }] }, ['block media']],
    ['a small picture', { media: [cover, { ...video, width: 320 }] }, ['warn media']],
    ['two videos', { media: [cover, video, video] }, ['block media']],
  ])('is judged: %s', (_name, change, expected) => {
    expect(judge({ ...make(), ...change })).toEqual(expected);
  });

  test('is judged by its words: tags, link, first sentence', () => {
    const body = (value: string) => judge({ ...make(), body: { kind: 'text', value } });
    expect(body(`讲解 ${shortLink}`)).toEqual(['block body']);
    expect(body('讲解 #人社')).toEqual(['block body']);
    expect(body(`${'讲'.repeat(70)} ${shortLink} #人社`)).toEqual(['warn body']);
    expect(body(`讲解 ${shortLink} #${'长'.repeat(21)}`)).toEqual(['block body']);
  });
});
