import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readerOf } from '#tests/support/media-reader.ts';
import { stageWeibo, WEIBO_TOKEN, WEIBO_UID, type WeiboStage } from '#tests/support/weibo-stage.ts';
import { codes, outcomeOfCode } from './codes.ts';
import { weibo } from './connector.ts';
import { postUrl, toBase62 } from './post-url.ts';
import { CommentPage, readTime, Status, Token } from './shapes.ts';

const { publish } = weibo;
if (publish.kind !== 'remote') throw new Error('Weibo publishes by API');
const { check: checkPost } = publish;
const SHARE = '/2/statuses/share.json';
const MINUTE = 60_000;

type Sample = { name: string; response: unknown };
const samples = JSON.parse(
  readFileSync(new URL('../../tests/fixtures/weibo/weibo-api-samples.json', import.meta.url), 'utf8'),
) as Sample[];
const sample = (name: string): unknown => samples.find((candidate) => candidate.name === name)?.response;

let stage: WeiboStage;
beforeEach(async () => {
  stage = await stageWeibo();
});
afterEach(() => stage.stop());

describe('the documented samples', () => {
  test('are read', () => {
    expect(Status.parse(sample('statuses-share'))).toMatchObject({
      id: '5200000000000001',
      at: new Date('2026-11-20T02:00:00Z'),
    });
    expect(CommentPage.parse(sample('comments-show')).comments[0]).toMatchObject({
      id: '5200000000000101',
      user: { id: '1900000002', name: '市民甲' },
    });
    expect(Token.parse(sample('oauth2-access_token'))).toMatchObject({ expires_in: 7200, uid: WEIBO_UID });
  });

  test('show times that are read by the offset written in them', () => {
    expect(readTime('Fri Nov 20 00:30:00 +0800 2026')?.toISOString()).toBe('2026-11-19T16:30:00.000Z');
    for (const wrong of [
      '',
      'Fri Foo 20 10:00:00 +0800 2026',
      '2026-11-20 10:00',
      'Fri Nov 99 10:00:00 +0800 2026',
    ]) {
      expect(readTime(wrong)).toBeNull();
    }
  });

  test('make addresses as the platform writes them', () => {
    expect(toBase62('3501756485200075')).toBe('z0JH2lOMb');
    const real = { ...stage.session, http: { ...stage.session.http, baseUrl: 'https://api.weibo.com' } };
    expect(postUrl(real, '3501756485200075')).toBe(`https://weibo.com/${WEIBO_UID}/z0JH2lOMb`);
  });
});

describe('the table of codes', () => {
  test('says both languages, and an unknown code is unknown', () => {
    for (const meaning of Object.values(codes)) expect(meaning.zh && meaning.en).toBeTruthy();
    expect(outcomeOfCode('99999', 'new').kind).toBe('unknown');
    expect(outcomeOfCode('21327', '').kind).toBe('sign-in-again');
  });

  test.each([
    ['number', 10017],
    ['string', '10017'],
  ])('understands a code given as a %s', async (_kind, error_code) => {
    stage.arm(SHARE, { kind: 'status', status: 400, body: { error_code, error: 'appkey not bind domain!' } });
    expect(await stage.submit(stage.build())).toMatchObject({ kind: 'rejected', code: '10017' });
  });
});

describe('preparing', () => {
  const prepare = (payload = stage.build()) =>
    publish.prepare(stage.session, payload, stage.media, stage.once());

  test('asks once whose token it is', async () => {
    expect(await prepare()).toEqual({ kind: 'prepared', ids: { uid: WEIBO_UID } });
    expect(stage.calls()).toEqual(['/oauth2/get_token_info']);
  });

  test('refuses a link outside the bound domain without a call', async () => {
    const payload = stage.build();
    const shortLink = 'https://elsewhere.example.com/s/1';
    const body = { kind: 'text' as const, value: payload.body.value.replace(payload.shortLink, shortLink) };
    expect(await prepare({ ...payload, shortLink, body })).toMatchObject({ kind: 'rejected', code: '10017' });
    expect(stage.calls()).toEqual([]);
  });

  test('refuses the token of another account: it would publish there', async () => {
    stage.session.account = {
      ...stage.session.account,
      settings: { ...stage.session.account.settings, uid: '1900000999' },
    };
    expect(await prepare()).toEqual({ kind: 'sign-in-again', code: 'token-of-another-account' });
  });

  test('refuses a token that ends before the moment', async () => {
    stage.advance(30 * 24 * 60 * MINUTE - 5 * MINUTE);
    expect(await prepare()).toEqual({ kind: 'sign-in-again', code: 'token-ends-too-soon' });
  });

  test('waits when the platform fails, and is never unknown', async () => {
    stage.arm('/oauth2/get_token_info', { kind: 'status', status: 502 });
    expect((await prepare()).kind).toBe('retry-later');
  });
});

describe('submitting', () => {
  test('publishes text and picture in one call, and the token is in no record', async () => {
    const payload = stage.build({ picture: true });
    const outcome = await stage.submit(payload);
    expect(stage.calls()).toEqual([SHARE]);
    const [post] = stage.ledger('post.published');
    expect(post?.detail).toMatchObject({ text: payload.body.value, picture: payload.media[0]?.sha256 });
    expect(outcome).toMatchObject({ kind: 'published', ids: { postId: post?.key } });
    const page = await fetch((outcome as { url: string }).url);
    expect(await page.text()).toContain('退休一件事，一次办好');
    expect(JSON.stringify(stage.exchanges)).not.toContain(WEIBO_TOKEN);
  });

  test('sends nothing when the picture cannot be read', async () => {
    const payload = stage.build({ picture: true });
    const outcome = await publish.submit(
      stage.session,
      payload,
      {},
      readerOf(() => Promise.reject(new Error('gone'))),
    );
    expect(outcome).toMatchObject({ kind: 'retry-later', code: 'media-unreadable' });
    expect(stage.calls()).toEqual([]);
  });

  test('a repetition is not called a refusal: this very post may be out', async () => {
    const payload = stage.build();
    await stage.submit(payload);
    const sentAt = stage.session.now();
    expect((await stage.submit(payload)).kind).toBe('unknown');
    expect(await publish.check(stage.session, payload, {}, sentAt)).toMatchObject({ kind: 'published' });
    expect(stage.ledger('post.published')).toHaveLength(1);
  });

  test('the limits of posts an hour and calls a day are waited for', async () => {
    stage.account().limits = { callsPerDay: 100, postsPerHour: 1 };
    await stage.submit(stage.build());
    expect(await stage.submit(stage.build())).toMatchObject({
      kind: 'retry-later',
      code: '10024',
      scope: 'account',
    });
    stage.account().limits = { callsPerDay: 2, postsPerHour: 30 };
    expect(await stage.submit(stage.build())).toMatchObject({ kind: 'retry-later', code: '10023' });
  });

  test('an answer without an id is unknown', async () => {
    stage.arm(SHARE, { kind: 'answer', body: { created_at: 'now' }, accept: true });
    expect((await stage.submit(stage.build())).kind).toBe('unknown');
  });
});

describe('reading back after a lost answer', () => {
  async function lose(accept: boolean, words = {}) {
    const payload = stage.build(words);
    stage.arm(SHARE, { kind: 'lose-answer', accept });
    const sentAt = stage.session.now();
    await stage.submit(payload);
    return { payload, check: () => checkPost(stage.session, payload, {}, sentAt) };
  }

  test.each([
    ['short links that may be opened', { timelineLinks: 'short', expandAllowed: true }],
    ['short links that may not', { timelineLinks: 'short', expandAllowed: false }],
    ['links as they were sent', { timelineLinks: 'long', expandAllowed: false }],
  ] as const)('finds the post where the time line shows %s', async (_name, settings) => {
    Object.assign(stage.account(), settings);
    const { check } = await lose(true, { text: '“标点”<符号>&amp; 空 格。' });
    expect(await check()).toMatchObject({
      kind: 'published',
      ids: { postId: stage.ledger('post.published')[0]?.key },
      at: expect.any(Date),
    });
  });

  test('does not take the same words with another link for its own, and knows that they would be refused', async () => {
    await stage.submit(stage.build());
    const { check } = await lose(false);
    expect(await check()).toMatchObject({ kind: 'rejected', code: '20019' });
  });

  test('never rules out a post that begins alike and whose link cannot be opened', async () => {
    stage.account().expandAllowed = false;
    const { check } = await lose(true);
    const [post] = stage.account().posts;
    if (post) post.text = post.text.replace('申请', '**');
    expect(await check()).toMatchObject({ kind: 'unknown' });
    stage.account().expandAllowed = true;
    expect(await check()).toMatchObject({ kind: 'published' });
  });

  test('says unknown when more was posted since than the platform shows', async () => {
    const { check } = await lose(false);
    for (let count = 0; count < 5; count += 1) await stage.submit(stage.build({ text: `第${count}条。` }));
    expect((await check()).kind).toBe('unknown');
  });

  test('says absent when the list reaches back far enough', async () => {
    for (let count = 0; count < 6; count += 1) await stage.submit(stage.build({ text: `第${count}条。` }));
    stage.advance(10 * MINUTE);
    const { check } = await lose(false);
    expect(await check()).toEqual({ kind: 'absent' });
  });

  test('believes an empty list only of an account without posts', async () => {
    const { check } = await lose(false);
    expect(await check()).toEqual({ kind: 'absent' });
    await stage.submit(stage.build({ text: '另一条。' }));
    stage.arm('/2/statuses/user_timeline.json', { kind: 'answer', body: { statuses: [], total_number: 0 } });
    expect((await check()).kind).toBe('unknown');
  });

  test('with an id asks for that post only', async () => {
    const payload = stage.build();
    const outcome = await stage.submit(payload);
    if (outcome.kind !== 'published') throw new Error(outcome.kind);
    stage.calls();
    const now = stage.session.now();
    expect(await publish.check(stage.session, payload, outcome.ids, now)).toMatchObject({
      kind: 'published',
    });
    expect(stage.calls()).toEqual(['/2/statuses/count.json']);
    stage.account().posts = [];
    expect((await publish.check(stage.session, payload, outcome.ids, now)).kind).toBe('unknown');
  });

  test('a used-up budget puts the question off, a failing platform leaves it open', async () => {
    const { check } = await lose(true);
    stage.account().limits.callsPerDay = 0;
    expect(await check()).toMatchObject({ kind: 'retry-later', code: '10023', scope: 'account' });
    stage.account().limits.callsPerDay = 100;
    stage.arm('/2/statuses/user_timeline.json', { kind: 'lose-answer', accept: true });
    expect((await check()).kind).toBe('unknown');
  });

  test('a withdrawn grant pauses the account instead of deciding about the post', async () => {
    const { check } = await lose(true);
    for (const token of stage.account().tokens) token.revoked = true;
    expect(await check()).toMatchObject({ kind: 'sign-in-again', code: '21332' });
  });
});
