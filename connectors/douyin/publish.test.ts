import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedItem } from '#sandbox/douyin/items.ts';
import { DOUYIN_PICTURE, type DouyinStage, stageDouyin } from '#tests/support/douyin-stage.ts';
import type { PlatformIds } from '../contract.ts';
import { readEnvelope } from './answer.ts';
import { codes, outcomeOfCode } from './codes.ts';
import { douyin } from './connector.ts';
import { Access, CommentPage, CreatedComment, CreatedItem, Granted, ItemList } from './shapes.ts';

const { publish } = douyin;
if (publish.kind !== 'remote') throw new Error('Douyin publishes by API');
const { check: checkPost, submit: submitPost, prepare: preparePost } = publish;
const CREATE = '/api/douyin/v1/video/create_image_text/';
const UPLOAD = '/api/douyin/v1/video/upload_image/';
const DATA = '/api/douyin/v1/video/video_data/';
const LIST = '/api/douyin/v1/video/video_list/';

const samples = JSON.parse(
  readFileSync(new URL('../../tests/fixtures/douyin/api-samples.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;

let stage: DouyinStage;
beforeEach(async () => {
  stage = await stageDouyin();
});
afterEach(() => stage.stop());

describe('the documented samples', () => {
  test('are read', () => {
    expect(Access.parse(samples['oauth.access_token'])).toMatchObject({ expires_in: 1_296_000 });
    expect(Granted.parse(samples['oauth.access_token'])).toMatchObject({ open_id: 'open-b' });
    expect(CreatedItem.parse(samples['create_video.response'])).toMatchObject({ item_id: '@it==' });
    expect(ItemList.parse(samples.video_data).list[0]).toMatchObject({
      ...{ id: '@it==', status: 1, reviewed: true, seen: 610, at: new Date(1_700_000_000_000) },
    });
    expect(CommentPage.parse(samples['item.comment.list']).list[0]).toMatchObject({
      ...{ id: '@cm==', userId: 'open-c', name: '市民', text: '什么时候办理' },
    });
    expect(CreatedComment.parse(samples['item.comment.reply'])).toEqual({ comment_id: '@cm2==' });
  });

  test.each([
    ['oauth.error.refresh_expired', '10010', 'sign-in-again'],
    ['oauth.error.renew_limit', '10020', 'sign-in-again'],
    ['get_share.new_envelope_error', '28001003', 'retry-later'],
    ['error.bad_param', '2100005', 'rejected'],
    ['error.token_expired', '2190008', 'retry-later'],
    ['error.token_expired_new', '28001008', 'retry-later'],
    ['error.no_capability', '28001018', 'rejected'],
    ['error.user_not_granted', '28001012', 'sign-in-again'],
    ['error.quota', '28003017', 'retry-later'],
    ['error.rate', '28003018', 'retry-later'],
    ['error.offline', '28001056', 'rejected'],
  ])('%s is code %s and means %s', (name, code, kind) => {
    const read = readEnvelope(samples[name]);
    expect(read?.code).toBe(code);
    expect(outcomeOfCode(code, read!.text).kind).toBe(kind);
  });

  test('success is said in three envelopes, by number or text; silence is not success', () => {
    for (const name of ['create_video.response', 'client_token', 'get_share.new_envelope_ok']) {
      expect(readEnvelope(samples[name])?.code).toBe('0');
    }
    expect(readEnvelope(samples.init_video_part_upload)?.code).toBe('0');
    // One of the two places may say the error alone.
    expect(readEnvelope({ data: { error_code: 0 }, extra: { error_code: '28003017' } })?.code).toBe(
      '28003017',
    );
    for (const nothing of [{}, { data: {} }, { data: { item_id: '@x' } }, null, [], 'ok']) {
      expect(readEnvelope(nothing)).toBeNull();
    }
  });

  test('every code has a meaning in both languages, and an unknown one proves nothing', () => {
    for (const meaning of Object.values(codes)) expect(meaning.zh && meaning.en).toBeTruthy();
    expect(outcomeOfCode('99999', 'new').kind).toBe('unknown');
    expect(outcomeOfCode('28001005', '').kind).toBe('unknown');
  });
});

describe('preparing', () => {
  test('uploads each picture once, whatever happens in between', async () => {
    const payload = { ...stage.build(), media: [DOUYIN_PICTURE, { ...DOUYIN_PICTURE, alt: '二' }] };
    const once = stage.once();
    stage.arm(UPLOAD, { kind: 'status', status: 502 });
    expect((await preparePost(stage.session, payload, stage.media, once)).kind).toBe('retry-later');
    for (let run = 0; run < 2; run += 1) {
      const result = await preparePost(stage.session, payload, stage.media, once);
      const uploaded = stage.ledger('media.uploaded').map(({ key }) => key);
      expect(result).toEqual({ kind: 'prepared', ids: { image1: uploaded[0], image2: uploaded[1] } });
    }
    expect(stage.ledger('media.uploaded')).toHaveLength(2);
    expect(stage.ledger('publish.accepted')).toHaveLength(0);
  });

  test('refuses a text without its mark before any call', async () => {
    const payload = { ...stage.build(), body: { kind: 'text' as const, value: '没有链接' } };
    const result = await preparePost(stage.session, payload, stage.media, stage.once());
    expect(result).toMatchObject({ kind: 'rejected', code: 'content-body' });
    expect(stage.calls()).toEqual([]);
  });

  test('says when the application was not granted posting', async () => {
    stage.account().scopes = ['user_info'];
    const result = await preparePost(stage.session, stage.build(), stage.media, stage.once());
    expect(result).toMatchObject({ kind: 'rejected', code: '28001018' });
    expect(result.kind === 'rejected' && result.reason).toContain('扫码发布');
  });
});

describe('submitting', () => {
  test('makes one call; the work is pending until it is reviewed, then public', async () => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stage.calls();
    const outcome = await submitPost(stage.session, payload, ids, stage.media);
    expect(stage.calls()).toEqual([CREATE]);
    const [accepted] = stage.ledger('publish.accepted');
    expect(accepted?.detail).toEqual({ text: payload.body.value, pictures: [DOUYIN_PICTURE.sha256] });
    expect(outcome).toMatchObject({
      ...{ kind: 'pending', waitingFor: 'platform', ids: { itemId: accepted?.key } },
    });
    const known = { ...ids, ...(outcome as { ids: PlatformIds }).ids };
    const check = () => checkPost(stage.session, payload, known, stage.session.now());
    expect((await check()).kind).toBe('pending');
    stage.advance(61_000);
    const found = await check();
    expect(found).toMatchObject({ kind: 'published', ids: { itemId: accepted?.key }, at: expect.any(Date) });
    const page = await fetch((found as { url: string }).url);
    expect(await page.text()).toContain('退休一件事，一次办好');
    expect(JSON.stringify(stage.exchanges)).not.toMatch(/act\.[0-9a-f]{8}|rft\.TEST/);
  });

  test('without a token at hand sends nothing', async () => {
    const payload = stage.build();
    const outcome = await submitPost(stage.session, payload, { image1: '@x' }, stage.media);
    expect(outcome).toMatchObject({ kind: 'retry-later', code: 'token-missing', scope: 'account' });
    expect(stage.calls()).toEqual([]);
  });

  test('a success without an id is unknown', async () => {
    stage.arm(CREATE, { kind: 'answer', body: { data: { error_code: 0 } }, accept: true });
    expect((await stage.submit(stage.build())).kind).toBe('unknown');
  });

  test('the day’s quota is waited for, and codes may be texts', async () => {
    Object.assign(stage.account(), { postsPerDay: 0, errorCodeAs: 'string' });
    expect(await stage.submit(stage.build())).toMatchObject({ kind: 'retry-later', code: '28003017' });
  });

  test('the platform’s own inner failure is unknown, although it advises to try again', async () => {
    const body = { data: { error_code: 28001005, description: '系统内部错误,请重试' }, extra: {} };
    stage.arm(CREATE, { kind: 'answer', body, accept: true });
    expect((await stage.submit(stage.build())).kind).toBe('unknown');
  });
});

describe('the platform’s review', () => {
  async function submitted(title?: string) {
    const payload = stage.build({ ...(title ? { title } : {}) });
    const outcome = await stage.submit(payload);
    const sentAt = stage.session.now();
    stage.advance(61_000);
    const { ids } = outcome as { ids: PlatformIds };
    return () => checkPost(stage.session, payload, ids, sentAt);
  }
  const answerWith = (change: object) => {
    const [item] = ItemList.parse(samples.video_data).list;
    const { itemId } = { itemId: stage.ledger('publish.accepted').at(-1)!.key };
    const base = { item_id: itemId, title: '', create_time: 1_700_000_000, share_url: item!.shareUrl };
    const body = { data: { error_code: 0, list: [{ ...base, ...change }] }, extra: { error_code: 0 } };
    stage.arm(DATA, { kind: 'answer', body });
  };

  test('that refuses is a rejection', async () => {
    const check = await submitted('【审核不通过】通知');
    expect(await check()).toMatchObject({ kind: 'rejected', code: 'video_status-2' });
  });

  test.each([
    ['under review', { video_status: 4 }, 'pending', 'platform'],
    ['for friends only', { video_status: '6' }, 'pending', 'administrator'],
    ['private', { video_status: 7 }, 'pending', 'administrator'],
    ['a state of tomorrow', { video_status: 99 }, 'pending', 'platform'],
    [
      'not reviewed yet, though somebody saw it',
      { is_reviewed: false, statistics: { play_count: 3 } },
      'pending',
      'platform',
    ],
  ])('%s stays pending', async (_name, change, kind, waitingFor) => {
    const check = await submitted();
    answerWith(change);
    expect(await check()).toMatchObject({ kind, waitingFor });
  });

  test('that is not told any more: figures of others prove that it is out', async () => {
    stage.account().stateFields = false;
    const check = await submitted();
    expect(await check()).toMatchObject({ kind: 'pending', waitingFor: 'platform' });
    stage.account().items.at(-1)!.plays = 1;
    expect((await check()).kind).toBe('published');
  });

  test('is asked for more seldom as time goes by', async () => {
    stage.account().stateFields = false;
    const check = await submitted();
    const waits: number[] = [];
    for (let hour = 0; hour < 3; hour += 1) {
      const found = await check();
      if (found.kind === 'pending') waits.push(found.checkAfterMs);
      stage.advance(3_600_000);
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits).toHaveLength(3);
  });

  test('of a work that is not listed stays open', async () => {
    const check = await submitted();
    stage.account().items = [];
    expect((await check()).kind).toBe('unknown');
  });
});

describe('reading back after a lost answer', () => {
  async function lose(accept: boolean, words = {}) {
    const payload = stage.build(words);
    const ids = await stage.prepare(payload);
    stage.arm(CREATE, { kind: 'lose-answer', accept });
    const sentAt = stage.session.now();
    await submitPost(stage.session, payload, ids, stage.media);
    stage.advance(10 * 60_000);
    stage.calls();
    return { payload, check: () => checkPost(stage.session, payload, ids, sentAt) };
  }

  test.each(['link', 'code'] as const)('finds the work by its %s', async (linkForm) => {
    const { check } = await lose(true, { linkForm });
    expect(await check()).toMatchObject({
      ...{ kind: 'published', ids: { itemId: stage.ledger('publish.accepted')[0]?.key } },
    });
    expect(stage.calls()).toEqual([LIST]);
  });

  test('finds it among many, behind pinned works, page by page', async () => {
    const { world } = stage.sandbox;
    const { check } = await lose(true);
    for (let count = 0; count < 45; count += 1)
      seedItem(world, stage.account(), `后来的第${count}条`).at += 1;
    stage.account().items[0]!.pinned = true;
    expect((await check()).kind).toBe('published');
    expect(stage.calls()).toEqual([LIST, LIST, LIST]);
  });

  test('says absent when the list reaches back beyond the moment, without reading all of it', async () => {
    const { world } = stage.sandbox;
    for (let count = 0; count < 60; count += 1) seedItem(world, stage.account(), `从前的第${count}条`);
    stage.advance(3_600_000);
    const { check } = await lose(false);
    expect(await check()).toEqual({ kind: 'absent' });
    expect(stage.calls()).toEqual([LIST]);
  });

  test('says unknown when more was posted since than it reads', async () => {
    const { check } = await lose(false);
    for (let count = 0; count < 110; count += 1)
      seedItem(stage.sandbox.world, stage.account(), `后来的第${count}条`);
    expect((await check()).kind).toBe('unknown');
    expect(stage.calls()).toHaveLength(5);
  });

  test('does not believe an empty list, nor one whose cursor stands still', async () => {
    const { check } = await lose(false);
    const answer = (data: object) =>
      stage.arm(LIST, {
        kind: 'answer',
        body: { data: { error_code: 0, ...data }, extra: { error_code: 0 } },
      });
    answer({ list: [], cursor: 0, has_more: false });
    expect((await check()).kind).toBe('unknown');
    answer({ list: [], cursor: 0, has_more: true });
    expect((await check()).kind).toBe('unknown');
  });

  test('does not take the same words under another mark for its own', async () => {
    await stage.submit(stage.build());
    const { check } = await lose(false);
    expect(await check()).toEqual({ kind: 'absent' });
  });

  test('never rules out a work that begins alike and whose mark is gone', async () => {
    const { payload, check } = await lose(true);
    const item = stage.account().items.at(-1)!;
    item.text = item.text.replace(payload.shortLink, '');
    expect((await check()).kind).toBe('unknown');
  });

  test('without the scope to list stays unknown: a refused question decides nothing', async () => {
    const { check } = await lose(true);
    stage.account().scopes = ['video.create.bind'];
    expect((await check()).kind).toBe('unknown');
  });
});
