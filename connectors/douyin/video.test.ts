import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DouyinStage, stageDouyin } from '#tests/support/douyin-stage.ts';
import { buildVideo } from '#tests/support/video-file.ts';
import type { Master, OnceStep } from '../contract.ts';
import { douyin } from './connector.ts';
import { BegunUpload, UploadedVideo } from './shapes.ts';

const { publish, metrics } = douyin;
if (publish.kind !== 'remote' || !metrics?.account) throw new Error('capabilities');
const { prepare, submit, check, compose, inspect } = publish;
const API = '/api/douyin/v1/video';
const PART = `${API}/upload_video_part/`;
const HOUR = 3_600_000;

let stage: DouyinStage;
beforeEach(async () => {
  stage = await stageDouyin();
});
afterEach(() => stage.stop());

const prepared = async (payload = stage.build({ video: 'small' }), once: OnceStep = stage.once()) => {
  const result = await prepare(stage.session, payload, stage.media, once);
  if (result.kind !== 'prepared') throw new Error(JSON.stringify(result));
  return result.ids;
};
const uploads = () => stage.calls().filter((path) => path.includes('upload'));

test('the documented samples are read, with their codes as texts', () => {
  const samples = JSON.parse(
    readFileSync(new URL('../../tests/fixtures/douyin/api-samples.json', import.meta.url), 'utf8'),
  ) as Record<string, unknown>;
  expect(UploadedVideo.parse(samples.upload_video).video.video_id).toBe('v0200f0001');
  expect(UploadedVideo.parse(samples.complete_video_part_upload).video.video_id).toBe('v0200f0001');
  expect(BegunUpload.parse(samples.init_video_part_upload).upload_id).toBe('@u');
});

describe('uploading', () => {
  test('a small video goes in one piece', async () => {
    await prepared();
    expect(uploads()).toEqual([`${API}/upload_video/`]);
  });

  test('a large one goes in parts of twenty megabytes, on from the part that failed', async () => {
    const payload = stage.build({ video: 'large' });
    const once = stage.once();
    stage.sandbox.world.faults.arm({
      ...{ platform: 'douyin', path: PART, after: 1, times: 1 },
      fault: { kind: 'lose-answer', accept: false },
    });
    const first = await prepare(stage.session, payload, stage.media, once);
    expect(first).toMatchObject({ kind: 'retry-later' });
    stage.calls();
    const ids = await prepared(payload, once);
    expect(uploads().filter((path) => path === PART)).toHaveLength(1);
    expect(Object.values(stage.account().videos).at(-1)?.bytes).toBe(26 * 1024 * 1024);
    expect((await submit(stage.session, payload, ids, stage.media)).kind).toBe('pending');
  });

  test('parts that are hours old are begun anew', async () => {
    const payload = stage.build({ video: 'large' });
    const once = stage.once();
    stage.arm(`${API}/complete_video_part_upload/`, { kind: 'status', status: 502 });
    expect((await prepare(stage.session, payload, stage.media, once)).kind).toBe('retry-later');
    stage.advance(3 * HOUR);
    stage.calls();
    await prepared(payload, once);
    expect(uploads().filter((path) => path === PART)).toHaveLength(2);
  });

  test('an upload that the platform has lost is begun once more', async () => {
    stage.arm(`${API}/complete_video_part_upload/`, {
      kind: 'answer',
      body: { data: { error_code: 28001007, description: '参数不合法' }, extra: { error_code: 28001007 } },
      accept: false,
    });
    await prepared(stage.build({ video: 'large' }));
    expect(uploads().filter((path) => path === PART)).toHaveLength(4);
  });
});

describe('creating', () => {
  test('takes the caption as approved, and the review decides', async () => {
    const payload = stage.build({ video: 'small' });
    const ids = await prepared(payload);
    const sentAt = stage.session.now();
    const outcome = await submit(stage.session, payload, ids, stage.media);
    if (outcome.kind !== 'pending') throw new Error(outcome.kind);
    expect(stage.account().items.at(-1)).toMatchObject({ text: payload.body.value, videoBytes: 2048 });
    stage.advance(HOUR);
    expect((await check(stage.session, payload, outcome.ids, sentAt)).kind).toBe('published');
  });

  test('that was refused gets a new upload next time, since each takes one call', async () => {
    const payload = stage.build({ video: 'small' });
    const once = stage.once();
    const ids = await prepared(payload, once);
    // Prepared again without having been sent: the upload is kept.
    expect((await prepared(payload, once)).uploadedId).toBe(ids.uploadedId);
    stage.arm(`${API}/create_video/`, {
      kind: 'answer',
      body: { data: { error_code: 28003017 }, extra: { error_code: 28003017 } },
      accept: false,
    });
    expect((await submit(stage.session, payload, ids, stage.media)).kind).toBe('retry-later');
    const again = await prepared(payload, once);
    expect(again.uploadedId).not.toBe(ids.uploadedId);
    expect((await submit(stage.session, payload, again, stage.media)).kind).toBe('pending');
  });
});

describe('figures', () => {
  test('are running totals; what is not listed is left out', async () => {
    const payload = stage.build({ video: 'small' });
    const outcome = await submit(stage.session, payload, await prepared(payload), stage.media);
    if (outcome.kind !== 'pending') throw new Error(outcome.kind);
    stage.account().items.at(-1)!.plays = 7;
    const post = (key: string, ids: Record<string, string>) => ({ key, ids, publishedAt: new Date() });
    expect(
      await metrics.posts(stage.session, [post('a', outcome.ids), post('b', { itemId: '@other' })]),
    ).toEqual({
      figures: [{ key: 'a', totals: { plays: 7, likes: 0, comments: 0, shares: 0 }, asOf: expect.any(Date) }],
    });
    stage.calls();
    expect(await metrics.posts(stage.session, [post('c', { shareId: '1' })])).toEqual({ figures: [] });
    expect(stage.calls()).toEqual([]);
  });

  test('of the account are those of the last whole day', async () => {
    const told = await metrics.account!(stage.session);
    if ('failure' in told) throw new Error(told.failure.kind);
    expect(told.totals).toEqual({ followers: 3456 });
    expect(told.asOf.getTime()).toBeLessThan(stage.session.now().getTime());
    stage.account().scopes = ['user_info'];
    expect(await metrics.account!(stage.session)).toMatchObject({ failure: { kind: 'rejected' } });
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
  const make = (settings = {}) => compose(master(), { shortLink, settings });
  const judge = (change: Partial<ReturnType<typeof make>>) =>
    inspect({ ...make({ linkForm: 'code' }), ...change }, { shortLink, reach: 'timeline' }).problems.map(
      ({ level, field }) => `${level} ${field}`,
    );

  test('goes without its pictures, and with the topics of the account', () => {
    expect(make().media).toEqual([video]);
    expect(make({ topics: '社保 便民' }).body.value).toMatch(/#社保 #便民\n详情：/);
    expect(judge({})).toEqual([]);
  });

  test.each([
    ['sixteen minutes', { media: [{ ...video, durationMs: 16 * 60_000 }] }, ['block media']],
    ['five gigabytes', { media: [{ ...video, size: 5 * 1024 ** 3 }] }, ['block media']],
    ['a picture beside it', { media: [video, cover] }, ['block media']],
    ['480 lines', { media: [{ ...video, width: 480 }] }, ['warn media']],
    [
      'a long first sentence',
      { body: { kind: 'text' as const, value: `${'长'.repeat(60)}\n编号：Abc123DEF` } },
      ['warn body'],
    ],
  ])('is judged: %s', (_name, change, expected) => {
    expect(judge(change)).toEqual(expected);
  });
});
