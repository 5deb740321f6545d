import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KuaishouStage, stageKuaishou } from '#tests/support/kuaishou-stage.ts';
import { buildVideo } from '#tests/support/video-file.ts';
import type { Master } from '../contract.ts';
import { codes, outcomeOfCode } from './codes.ts';
import { kuaishou } from './connector.ts';
import { Granted, StartedUpload, TokenPair, UserInfo, VideoInfo, VideoList } from './shapes.ts';

const { publish, metrics, withdraw } = kuaishou;
if (publish.kind !== 'remote' || !metrics?.account || !withdraw) throw new Error('capabilities');
const { prepare, submit, check, compose, inspect } = publish;
const PUBLISH = '/openapi/photo/publish';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const samples = JSON.parse(
  readFileSync(new URL('../../tests/fixtures/kuaishou/api.samples.json', import.meta.url), 'utf8'),
) as Record<string, { result?: number }>;

let stage: KuaishouStage;
beforeEach(async () => {
  stage = await stageKuaishou();
});
afterEach(() => stage.stop());

async function publishOne(size: 'small' | 'large' = 'small') {
  const payload = stage.build(size);
  const ids = await stage.prepare(payload);
  const sentAt = stage.session.now();
  const outcome = await submit(stage.session, payload, ids, stage.media);
  return { payload, sentAt, outcome, known: outcome.kind === 'pending' ? outcome.ids : {} };
}

test('the documented samples are read, and their codes have a meaning', () => {
  expect(TokenPair.parse(samples['oauth2.access_token'])).toMatchObject({ access_token: 'ks-at' });
  expect(Granted.parse(samples['oauth2.access_token']).open_id).toBe('f198e20b0c24ac90');
  expect(UserInfo.parse(samples.user_info)).toEqual({ name: '某某发布', fan: 10 });
  expect(StartedUpload.parse(samples.start_upload).endpoint).toBe('uploader.test.gifshow.com');
  expect(VideoInfo.parse(samples.publish)).toMatchObject({ id: '3x000', pending: true });
  expect(VideoList.parse(samples['photo.list'])[0]).toMatchObject({
    figures: { plays: 300, likes: 5, comments: 2 },
  });
  const kindOf = (name: string) => outcomeOfCode(String(samples[name]?.result), '').kind;
  expect(['error.param', 'error.app', 'error.token'].map(kindOf)).toEqual([
    ...['rejected', 'rejected', 'retry-later'],
  ]);
  expect(kindOf('error.not_ready_after_publish')).toBe('unknown');
  expect(outcomeOfCode('99', 'new').kind).toBe('unknown');
  for (const meaning of Object.values(codes)) expect(meaning.zh && meaning.en).toBeTruthy();
});

describe('uploading', () => {
  test('a small video goes whole, a large one in fragments from 0', async () => {
    await publishOne('small');
    const uploads = () => stage.calls().filter((path) => path.startsWith('/api/upload'));
    expect(uploads()).toEqual(['/api/upload']);
    const { outcome } = await publishOne('large');
    expect(uploads()).toEqual([
      ...['/api/upload/fragment', '/api/upload/fragment', '/api/upload/fragment', '/api/upload/complete'],
    ]);
    expect(outcome.kind).toBe('pending');
    expect(stage.account().works.at(-1)?.videoBytes).toBe(17 * 1024 * 1024);
  });

  test('goes on at the fragment that failed; what the platform forgot is begun anew', async () => {
    const payload = stage.build('large');
    const once = stage.once();
    stage.sandbox.world.faults.arm({
      ...{ platform: 'kuaishou', path: '/api/upload/fragment', after: 2, times: 1 },
      fault: { kind: 'lose-answer', accept: false },
    });
    expect((await prepare(stage.session, payload, stage.media, once)).kind).toBe('retry-later');
    stage.calls();
    const fragments = () => stage.calls().filter((path) => path === '/api/upload/fragment').length;
    expect((await prepare(stage.session, payload, stage.media, once)).kind).toBe('prepared');
    expect(fragments()).toBe(1);
    stage.advance(3 * HOUR);
    expect((await prepare(stage.session, payload, stage.media, once)).kind).toBe('prepared');
    expect(fragments()).toBe(3);
  });

  test('needs a video and a cover, and says so without a call', async () => {
    const payload = stage.build();
    const [cover] = payload.media;
    const without = { ...payload, media: [cover!] };
    stage.calls();
    expect(await prepare(stage.session, without, stage.media, stage.once())).toMatchObject({
      ...{ kind: 'rejected', code: 'content-media', reason: expect.stringContaining('人工发布') },
    });
    expect(stage.calls()).toEqual([]);
  });

  test('no token stands in any record, although all travel in the query', async () => {
    await publishOne();
    const secrets = [
      ...stage.account().tokens.flatMap(({ access, refresh }) => [access, refresh]),
      ...Object.keys(stage.account().uploads),
    ];
    for (const secret of secrets) expect(JSON.stringify(stage.exchanges)).not.toContain(secret);
  });

  test('on the platform https is tried before http', async () => {
    const payload = stage.build();
    const paths: string[] = [];
    const http = {
      ...stage.session.http,
      baseUrl: 'https://open.kuaishou.com',
      request: async (call: Parameters<typeof stage.session.http.request>[0]) => {
        paths.push(call.path);
        // The endpoint that the stand-in names speaks http only: https carries nothing.
        return stage.session.http.request(call);
      },
    };
    const prepared = await prepare({ ...stage.session, http }, payload, stage.media, stage.once());
    expect(prepared.kind).toBe('prepared');
    expect(paths.filter((path) => path.includes('/api/upload')).map((path) => path.split(':')[0])).toEqual([
      ...['https', 'http'],
    ]);
  });
});

describe('a video that was handed in', () => {
  test('is not there at first, then processed, then public', async () => {
    stage.account().readyMs = MINUTE;
    stage.account().reviewMs = 5 * MINUTE;
    const { payload, sentAt, known } = await publishOne();
    const ask = () => check(stage.session, payload, known, sentAt);
    expect((await ask()).kind).toBe('pending');
    stage.advance(2 * MINUTE);
    expect((await ask()).kind).toBe('pending');
    stage.advance(5 * MINUTE);
    const found = await ask();
    if (found.kind !== 'published') throw new Error(found.kind);
    expect(await (await fetch(found.url ?? '')).text()).toContain(payload.shortLink);
  });

  test('that is gone later is for a person', async () => {
    const { payload, sentAt, known } = await publishOne();
    stage.account().works = [];
    expect((await check(stage.session, payload, known, sentAt)).kind).toBe('pending');
    stage.advance(HOUR);
    expect((await check(stage.session, payload, known, sentAt)).kind).toBe('unknown');
  });

  test('whose answer was lost is found by its mark, and one that only looks alike is not taken', async () => {
    stage.arm(PUBLISH, { kind: 'lose-answer', accept: true });
    const { payload, sentAt } = await publishOne();
    const work = stage.account().works.at(-1)!;
    expect(await check(stage.session, payload, {}, sentAt)).toMatchObject({ ids: { photoId: work.photoId } });
    work.caption = '退休一件事，一次办好\n材料齐全的（平台改过）';
    expect(await check(stage.session, payload, {}, sentAt)).toMatchObject({
      ...{ kind: 'unknown', reason: expect.stringContaining('人工核对') },
    });
    work.caption = '别的';
    expect((await check(stage.session, payload, {}, sentAt)).kind).toBe('absent');
    stage.account().works = [];
    expect((await check(stage.session, payload, {}, sentAt)).kind).toBe('unknown');
  });

  test('is found on the second page behind newer ones', async () => {
    stage.arm(PUBLISH, { kind: 'lose-answer', accept: true });
    const { payload, sentAt } = await publishOne();
    const work = stage.account().works.at(-1)!;
    const newer = Array.from({ length: 40 }, (_, at) => ({
      ...work,
      photoId: `3xnew${at}`,
      caption: '别的',
    }));
    stage.account().works.push(...newer);
    expect(await check(stage.session, payload, {}, sentAt)).toMatchObject({ ids: { photoId: work.photoId } });
  });
});

describe('after publication', () => {
  test('figures come from the works themselves, those of the account from its page', async () => {
    const { known } = await publishOne();
    const post = (key: string, ids: Record<string, string>) => ({ key, ids, publishedAt: new Date() });
    expect(await metrics.posts(stage.session, [post('a', known), post('b', { photoId: '3xgone' })])).toEqual({
      figures: [{ key: 'a', totals: { plays: 0, likes: 5, comments: 2 }, asOf: expect.any(Date) }],
    });
    expect(await metrics.account!(stage.session)).toMatchObject({ totals: { followers: 10, posts: 1 } });
    stage.account().scopes = ['user_info'];
    expect(await metrics.posts(stage.session, [post('a', known)])).toMatchObject({
      failure: { kind: 'rejected' },
    });
  });

  test('a work is deleted once, and once more changes nothing', async () => {
    const { known } = await publishOne();
    stage.arm('/openapi/photo/delete', { kind: 'lose-answer', accept: true });
    expect((await withdraw.withdraw(stage.session, known)).kind).toBe('retry-later');
    expect(await withdraw.withdraw(stage.session, known)).toEqual({ kind: 'withdrawn' });
    expect(stage.ledger('post.deleted')).toHaveLength(1);
    stage.account().scopes = ['user_info'];
    expect(await withdraw.withdraw(stage.session, known)).toEqual({ kind: 'by-hand', code: '100200101' });
  });
});

describe('a caption that an editor prepares', () => {
  const shortLink = 'https://rs.example.gov.cn/s/Abc123DEF';
  const { media: video } = buildVideo(64);
  const cover = { ...video, role: 'cover' as const, mime: 'image/jpeg', sha256: 'c'.repeat(64) };
  const master = (change: Partial<Master> = {}): Master => ({
    ...{ title: '退休一件事，一次办好', digest: '', author: '', html: '', text: '五个事项一次申请。' },
    media: [cover, video],
    ...change,
  });
  const make = (change: Partial<Master> = {}, settings = {}) =>
    compose(master(change), { shortLink, settings: { linkForm: 'code', ...settings } });
  const judge = (change: Partial<ReturnType<typeof make>>) =>
    inspect({ ...make(), ...change }, { shortLink, reach: 'timeline' }).problems.map(
      ({ level, field }) => `${level} ${field}`,
    );
  const body = (value: string) => ({ body: { kind: 'text' as const, value } });

  test('begins with the title, takes whole sentences, and ends with topics and mark', () => {
    expect(make({}, { topics: '社保' }).body.value).toBe(
      '退休一件事，一次办好\n五个事项一次申请。\n#社保\n编号：Abc123DEF',
    );
    const { value } = make({ text: '五个事项一次申请。'.repeat(100) }).body;
    expect([...value].length).toBeLessThanOrEqual(500);
    expect(value).toMatch(/申请。\n编号：Abc123DEF$/);
    expect(judge({})).toEqual([]);
  });

  test.each([
    ['nothing but the mark', body('编号：Abc123DEF'), ['block body']],
    ['no mark', body('讲解。'), ['block body']],
    ['an address', body(`讲解。${shortLink}`), ['warn body']],
    ['too long', body(`${'讲解。'.repeat(170)}编号：Abc123DEF`), ['block body']],
    ['a long first sentence', body(`${'讲'.repeat(50)}。编号：Abc123DEF`), ['warn body']],
    ['no video', { media: [cover] }, ['block media']],
    ['no cover', { media: [video] }, ['block media']],
    ['eleven minutes', { media: [cover, { ...video, durationMs: 11 * MINUTE }] }, ['block media']],
  ])('is judged: %s', (_name, change, expected) => {
    expect(judge(change)).toEqual(expected);
  });
});
