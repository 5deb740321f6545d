import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BILIBILI_OPENID, type BilibiliStage, stageBilibili } from '#tests/support/bilibili-stage.ts';
import { codes, outcomeOfCode } from './codes.ts';
import { bilibili } from './connector.ts';
import { AccountInfo, ArticleList, TokenPair } from './shapes.ts';

const { publish } = bilibili;
if (publish.kind !== 'remote') throw new Error('Bilibili publishes by API');
const { prepare, submit, check: checkArticle } = publish;
const ADD = '/arcopen/fn/article/add';
const LIST = '/arcopen/fn/article/list';
const MINUTE = 60_000;

const samples = JSON.parse(
  readFileSync(new URL('../../tests/fixtures/bilibili/api.samples.json', import.meta.url), 'utf8'),
) as Record<string, { data?: unknown; code?: number }>;

let stage: BilibiliStage;
beforeEach(async () => {
  stage = await stageBilibili();
});
afterEach(() => stage.stop());

async function publishOne(words: { title?: string; text?: string; picture?: boolean } = {}) {
  const payload = stage.build(words);
  const ids = await stage.prepare(payload);
  const sentAt = stage.session.now();
  const outcome = await submit(stage.session, payload, ids, stage.media);
  return { payload, ids, sentAt, outcome };
}

test('the documented samples are read', () => {
  expect(TokenPair.parse(samples.token?.data)).toMatchObject({ access_token: 'bili-at' });
  expect(AccountInfo.parse(samples['user.info']?.data)).toMatchObject({ openid: '9205eeaa' });
  expect(outcomeOfCode(String(samples['error.signature']?.code), '').kind).toBe('sign-in-again');
  expect(outcomeOfCode(String(samples['error.permission']?.code), '').kind).toBe('rejected');
  for (const meaning of Object.values(codes)) expect(meaning.zh && meaning.en).toBeTruthy();
  expect(outcomeOfCode('99999', 'new').kind).toBe('unknown');
});

test('a list without a count is no list', () => {
  expect(ArticleList.safeParse({ articles: [] }).success).toBe(false);
  expect(ArticleList.parse({ articles: null, artPage: { total: 0 } })).toEqual({ articles: [], total: 0 });
});

describe('preparing', () => {
  test('uploads each picture once, and asks every time whose token it is', async () => {
    const payload = stage.build({ picture: true });
    const once = stage.once();
    await prepare(stage.session, payload, stage.media, once);
    await prepare(stage.session, payload, stage.media, once);
    expect(stage.calls()).toEqual([
      '/arcopen/fn/user/account/scopes',
      '/arcopen/fn/article/upload/image',
      '/arcopen/fn/user/account/scopes',
    ]);
  });

  test('refuses the token of another account: it would publish there', async () => {
    const session = { ...stage.session, credentials: { ...stage.session.credentials, openid: 'somebody' } };
    expect(await prepare(session, stage.build(), stage.media, stage.once())).toEqual({
      kind: 'sign-in-again',
      code: 'token-of-another-account',
    });
  });

  test('refuses what an editor changed into nothing, without a call', async () => {
    const payload = { ...stage.build(), title: '' };
    expect(await prepare(stage.session, payload, stage.media, stage.once())).toMatchObject({
      kind: 'rejected',
      code: 'content-title',
    });
    expect(stage.calls()).toEqual([]);
  });

  test('asks for a new grant when the permission for articles was not given', async () => {
    stage.account().scopes = ['USER_INFO'];
    const payload = stage.build({ picture: true });
    expect(await prepare(stage.session, payload, stage.media, stage.once())).toEqual({
      kind: 'sign-in-again',
      code: '127011',
    });
  });

  test.each([
    ['a 502', { kind: 'status', status: 502 }],
    ['a lost answer', { kind: 'lose-answer', accept: true }],
    [
      'an address that is none',
      { kind: 'answer', body: { code: 0, data: { url: 'x" onerror="' } }, accept: false },
    ],
  ] as const)('waits after %s at an upload, and saves nothing', async (_name, fault) => {
    stage.arm('/arcopen/fn/article/upload/image', fault);
    const payload = stage.build({ picture: true });
    const once = stage.once();
    expect((await prepare(stage.session, payload, stage.media, once)).kind).toBe('retry-later');
    expect((await prepare(stage.session, payload, stage.media, once)).kind).toBe('prepared');
  });

  test('a wrong secret is told as such', async () => {
    stage.account().appSecret = 'ANOTHER';
    expect(await prepare(stage.session, stage.build(), stage.media, stage.once())).toEqual({
      kind: 'sign-in-again',
      code: '4002',
    });
  });
});

describe('handing in', () => {
  test('sends title, text and picture as approved, and is pending', async () => {
    const { outcome, payload } = await publishOne({ picture: true });
    const [article] = stage.account().articles;
    expect(outcome).toMatchObject({ kind: 'pending', ids: { articleId: String(article?.id) } });
    expect(article).toMatchObject({ title: payload.title, category: 15, templateId: 4, closedReply: false });
    expect(article?.content).toContain(payload.shortLink);
    expect(article?.content).not.toContain('media:');
    expect(article?.imageUrls).toHaveLength(1);
  });

  test('without a picture takes the template without a cover', async () => {
    await publishOne();
    expect(stage.account().articles[0]).toMatchObject({ templateId: 5, imageUrls: [] });
  });

  test('sends nothing when a picture was not uploaded', async () => {
    const payload = stage.build({ picture: true });
    expect(await submit(stage.session, payload, {}, stage.media)).toMatchObject({
      kind: 'retry-later',
      code: 'not-prepared',
    });
    expect(stage.calls()).toEqual([]);
  });

  test('an answer without a number is unknown', async () => {
    stage.arm(ADD, { kind: 'answer', body: { code: 0, data: {} }, accept: true });
    expect((await publishOne()).outcome.kind).toBe('unknown');
  });

  test('the platform’s own failures are unknown, a code nobody knows too', async () => {
    for (const code of [127200, 127201, -500, 129999]) {
      stage.arm(ADD, { kind: 'answer', body: { code, message: '' }, accept: false });
      expect((await publishOne()).outcome.kind).toBe('unknown');
    }
  });
});

describe('the review', () => {
  test('is waited for, and its end gives the address that the public opens', async () => {
    const { outcome, payload, sentAt } = await publishOne();
    if (outcome.kind !== 'pending') throw new Error(outcome.kind);
    const check = () => checkArticle(stage.session, payload, outcome.ids, sentAt);
    expect(await check()).toMatchObject({ kind: 'pending', ids: outcome.ids });
    stage.advance(2 * MINUTE);
    const found = await check();
    expect(found).toMatchObject({ kind: 'published', ids: outcome.ids, at: expect.any(Date) });
    const page = await fetch((found as { url: string }).url);
    expect(await page.text()).toContain('办理条件');
  });

  test('that ends badly is a rejection with the platform’s reason', async () => {
    stage.account().reviewMs = null;
    const { outcome, payload, sentAt } = await publishOne();
    if (outcome.kind !== 'pending') throw new Error(outcome.kind);
    const form = new URLSearchParams({
      id: outcome.ids.articleId ?? '',
      verdict: 'refuse',
      reason: '封面模糊',
    });
    const desk = `${stage.sandbox.url}/sandbox/bilibili/review/${BILIBILI_OPENID}`;
    expect((await fetch(desk, { method: 'POST', body: form, redirect: 'manual' })).status).toBe(303);
    expect(await checkArticle(stage.session, payload, outcome.ids, sentAt)).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('封面模糊'),
    });
  });

  test('an article that is listed nowhere is for a person', async () => {
    const { outcome, payload, sentAt } = await publishOne();
    if (outcome.kind !== 'pending') throw new Error(outcome.kind);
    stage.account().articles = [];
    expect((await checkArticle(stage.session, payload, outcome.ids, sentAt)).kind).toBe('unknown');
  });
});

describe('reading back after a lost answer', () => {
  async function lose(accept: boolean, words = {}) {
    stage.arm(ADD, { kind: 'lose-answer', accept });
    const { payload, sentAt } = await publishOne(words);
    return { payload, check: () => checkArticle(stage.session, payload, {}, sentAt) };
  }

  test.each(['articles', 'list'] as const)('finds the article in a list called %s', async (listAs) => {
    stage.account().listAs = listAs;
    const { check } = await lose(true);
    const articleId = String(stage.account().articles[0]?.id);
    expect(await check()).toMatchObject({ kind: 'pending', ids: { articleId } });
    stage.advance(2 * MINUTE);
    expect(await check()).toMatchObject({ kind: 'published', ids: { articleId } });
  });

  test('finds it behind newer ones, on the second page', async () => {
    const { check } = await lose(true);
    const [first] = stage.account().articles;
    const { articles } = stage.account();
    for (let more = 1; more <= 14; more += 1)
      articles.push({
        ...first!,
        id: first!.id + more,
        content: '<p>另一篇 https://rs.example.gov.cn/s/Other</p>',
      });
    expect(await check()).toMatchObject({ ids: { articleId: String(first?.id) } });
  });

  test('says absent of an empty account and of one with other articles', async () => {
    const { check } = await lose(false);
    expect(await check()).toEqual({ kind: 'absent' });
    await publishOne();
    expect(await check()).toEqual({ kind: 'absent' });
  });

  test('does not believe a list that shows fewer than it counts', async () => {
    const { check } = await lose(true);
    const body = { code: 0, data: { articles: [], artPage: { pn: 1, ps: 20, total: 1 } } };
    stage.arm(LIST, { kind: 'answer', body, accept: false });
    expect((await check()).kind).toBe('unknown');
  });

  test('is not misled by an old article that is pinned on top', async () => {
    const old = {
      ...(await oneArticle()),
      id: 1,
      at: stage.sandbox.world.clock.now() - 60 * 24 * 60 * MINUTE,
    };
    stage.account().articles = [];
    const { check } = await lose(true);
    stage.account().articles.push(old);
    expect(await check()).toMatchObject({ kind: 'pending' });
  });

  test('leaves one with our title and no link at all to a person', async () => {
    const { check } = await lose(true);
    const [article] = stage.account().articles;
    article!.content = '<p>平台改过的正文</p>';
    expect(await check()).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('人工核对') });
    article!.content = '';
    expect((await check()).kind).toBe('unknown');
  });

  test('looks no further back than the window', async () => {
    await publishOne();
    stage.advance(10 * MINUTE);
    const { check } = await lose(false);
    stage.calls();
    expect(await check()).toEqual({ kind: 'absent' });
    expect(stage.calls()).toEqual([LIST]);
  });

  test('says unknown when more came since than is read', async () => {
    const { check } = await lose(false);
    const article = await oneArticle();
    const { articles } = stage.account();
    for (let more = 1; more <= 70; more += 1) articles.push({ ...article, id: article.id + more });
    expect((await check()).kind).toBe('unknown');
  });

  test('a used-up quota puts the question off, a withdrawn grant pauses the account', async () => {
    const { check } = await lose(true);
    stage.arm(LIST, { kind: 'answer', body: { code: 127009 }, accept: false });
    expect(await check()).toMatchObject({ kind: 'retry-later', code: '127009', scope: 'app' });
    stage.arm(LIST, { kind: 'answer', body: { code: 127100 }, accept: false });
    expect((await check()).kind).toBe('unknown');
    for (const pair of stage.account().tokens) pair.revoked = true;
    expect(await check()).toEqual({ kind: 'sign-in-again', code: '122007' });
  });

  async function oneArticle() {
    await publishOne({ title: '别的文章' });
    return stage.account().articles.at(-1)!;
  }
});
