import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getArticle } from '#shared/content.ts';
import {
  beginCorrectionPost,
  listCorrections,
  submitCorrection,
  withdrawCorrection,
} from '#shared/corrections.ts';
import { decideReview, getReview } from '#shared/review.ts';
import { approve } from '#tests/support/build-article.ts';
import type { Client } from '#tests/support/client.ts';
import { until } from '#tests/support/wait.ts';
import { buildDesk, type Desk } from '../test-support.ts';

let desk: Desk;
let reviewer: Client;
beforeAll(async () => {
  desk = await buildDesk();
  reviewer = await desk.installation.as('chushen');
});
afterAll(() => desk?.close());

type Feed = { items: { url: string; content_html: string; date_modified: string }[] };

const words = '原文“每月 5 日前”有误，应为“每月 <15> 日前”。';
const reason = '群众来电指出日期写错';

/** An article on the site and on one other account. */
async function shown() {
  const { articleId, deliveries } = await desk.approve({ platforms: ['site', 'xiaohongshu'] });
  const site = deliveries.find((one) => one.platform === 'site')!;
  const other = deliveries.find((one) => one.platform !== 'site')!;
  const { url } = await desk.step(site.id);
  await desk.set(other.id, `state = 'published', published_at = now(), wake_at = null`);
  const path = new URL(url!).pathname;
  const read = async () => (await fetch(`${desk.installation.url}${path}`)).text();
  return { articleId, otherId: other.id, path, read };
}

const submit = (articleId: string, text = words) =>
  desk.editor.call(submitCorrection, { params: { articleId }, body: { text, reason } });

async function decide(client: Client, reviewId: string, decision: 'approve' | 'return') {
  const review = await client.call(getReview, { params: { reviewId } });
  const body = { stage: review.stage, subjectHash: review.subjectHash, decision, note: '日期再核一遍' };
  return client.try(decideReview, { params: { reviewId }, body });
}

const listed = (articleId: string, client = desk.editor) =>
  client.call(listCorrections, { params: { articleId } });
const actionsOf = async (id: string) =>
  (await desk.auditOf(id)).filter(({ action }) => action.startsWith('correction.'));

describe('a correction', () => {
  test('may be added where there is a page to stand on and none waits to be checked', async () => {
    const elsewhere = await desk.approveOn('weibo', { title: '只在别的平台' });
    expect((await listed(elsewhere.articleId!)).mayAdd).toBe(false);
    const { articleId } = await shown();
    expect((await listed(articleId)).mayAdd).toBe(true);
    const { correctionId } = await submit(articleId);
    expect((await listed(articleId)).mayAdd).toBe(false);
    await desk.editor.call(withdrawCorrection, { params: { correctionId }, body: { reason: '不用了' } });
    expect((await listed(articleId)).mayAdd).toBe(true);
  });

  test('stands dated above the text once another person approved those words, and in the feeds', async () => {
    const { articleId, otherId, path, read } = await shown();
    const before = await read();
    expect(before).not.toContain('更正（');
    const { correctionId, reviewId } = await submit(articleId);
    expect(await read()).toBe(before);

    const own = await decide(desk.editor, reviewId, 'approve');
    expect(own.status).toBeGreaterThanOrEqual(400);
    expect((await listed(articleId)).rows[0]).toMatchObject({ state: 'reviewing', text: words, reason });

    const seen = await reviewer.call(getReview, { params: { reviewId } });
    expect(JSON.stringify(seen.sections)).toContain('每月 &lt;15&gt; 日前');
    expect(await approve(reviewer, reviewId)).toBe('approved');

    const page = await until(
      async () => {
        const text = await read();
        return text.includes('更正（') ? text : undefined;
      },
      { what: 'the page shows the correction' },
    );
    expect(page).toMatch(
      /更正（<time datetime="[^"]+">\d{4}年\d+月\d+日<\/time>）：<\/strong>原文“每月 5 日前”有误，应为“每月 &#?\w+;15&#?\w+; 日前”。/,
    );
    expect(page.indexOf('更正（')).toBeLessThan(page.indexOf('<div class="text"'));

    const feed = (await (await fetch(`${desk.installation.url}/feeds/feed.json`)).json()) as Feed;
    const item = feed.items.find(({ url }) => url.endsWith(path))!;
    expect(item.content_html).toContain('更正（');
    const row = (await listed(articleId)).rows[0]!;
    expect(Date.parse(item.date_modified)).toBe(Math.floor(Date.parse(row.publishedAt!) / 60_000) * 60_000);

    const { rows, elsewhere } = await listed(articleId);
    expect(rows[0]!.state).toBe('published');
    expect(elsewhere.map(({ deliveryId, byPlatform }) => [deliveryId, byPlatform])).toEqual([
      [otherId, false],
    ]);
    expect((await actionsOf(correctionId)).map(({ action, detail }) => [action, detail.reason])).toEqual([
      ['correction.submitted', reason],
      ['correction.published', reason],
    ]);
  });

  test('is refused where nobody can read the article, where one waits, and without words or reason', async () => {
    const hidden = await desk.approve({ platforms: ['site'] });
    const try_ = (articleId: string, body: { text: string; reason: string }) =>
      desk.editor.try(submitCorrection, { params: { articleId }, body });
    expect((await try_(hidden.articleId, { text: words, reason })).status).toBe(409);
    const { articleId } = await shown();
    expect((await try_(articleId, { text: ' ', reason })).status).toBe(400);
    expect((await try_(articleId, { text: words, reason: ' ' })).status).toBe(400);
    expect((await try_(articleId, { text: '字'.repeat(501), reason })).status).toBe(400);
    await submit(articleId);
    expect((await try_(articleId, { text: words, reason })).status).toBe(409);
    expect((await listed(articleId)).rows).toHaveLength(1);
  });

  test('that was returned says why, shows nothing, and makes room for another', async () => {
    const { articleId, read } = await shown();
    const { correctionId, reviewId } = await submit(articleId);
    expect((await decide(reviewer, reviewId, 'return')).status).toBe(200);
    expect((await listed(articleId)).rows[0]).toMatchObject({
      state: 'returned',
      returnNote: '日期再核一遍',
    });
    expect(await read()).not.toContain('更正（');
    expect((await actionsOf(correctionId)).at(-1)).toMatchObject({
      action: 'correction.returned',
      detail: { reason: '日期再核一遍' },
    });
    await submit(articleId, '另一种写法');
    expect((await listed(articleId)).rows.map(({ state }) => state)).toEqual(['reviewing', 'returned']);
  });

  test('withdrawn before the check is checked no more; withdrawn later it leaves the page', async () => {
    const { articleId, read } = await shown();
    const take = (correctionId: string) =>
      desk.editor.try(withdrawCorrection, { params: { correctionId }, body: { reason: '写错了' } });
    const first = await submit(articleId);
    expect((await take(first.correctionId)).status).toBe(200);
    expect((await decide(reviewer, first.reviewId, 'approve')).status).toBe(409);
    const second = await submit(articleId);
    await approve(reviewer, second.reviewId);
    await until(async () => (await read()).includes('更正（'), { what: 'the correction is shown' });
    expect((await take(second.correctionId)).status).toBe(200);
    await until(async () => !(await read()).includes('更正（'), { what: 'the correction is gone' });
    expect((await take(second.correctionId)).status).toBe(409);
    expect((await actionsOf(second.correctionId)).at(-1)).toMatchObject({
      action: 'correction.withdrawn',
      detail: { from: 'published', reason: '写错了' },
    });
  });

  test('of which the words changed behind the program is not published, and the table lets nobody change them', async () => {
    const { articleId, read } = await shown();
    const { correctionId, reviewId } = await submit(articleId);
    const change = () => desk.tamper(`update corrections set text = '别的话' where id = $1`, [correctionId]);
    await expect(change()).rejects.toMatchObject({ code: '23001' });
    await desk.tamper('alter table corrections disable trigger corrections_text_fixed');
    await change();
    await desk.tamper('alter table corrections enable trigger corrections_text_fixed');
    expect((await decide(reviewer, reviewId, 'approve')).status).toBe(409);
    expect((await listed(articleId)).rows[0]!.state).toBe('reviewing');
    expect(await read()).not.toContain('别的话');
  });

  test('begins a post for other accounts once it is public', async () => {
    const { articleId } = await shown();
    const { correctionId, reviewId } = await submit(articleId);
    const begin = { params: { correctionId } };
    expect((await desk.editor.try(beginCorrectionPost, begin)).status).toBe(409);
    await approve(reviewer, reviewId);
    const begun = await desk.editor.call(beginCorrectionPost, begin);
    const article = await desk.editor.call(getArticle, { params: { articleId: begun.articleId } });
    expect(article.working.title).toMatch(/^更正：/);
    expect(JSON.stringify(article.working.body)).toContain(words);
    expect((await actionsOf(correctionId)).at(-1)).toMatchObject({
      action: 'correction.post-begun',
      detail: { newArticleId: begun.articleId, reason },
    });
  });
});
