/** A question from a comment and from a private message to its answer, in working time. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { submitArticle } from '#shared/content.ts';
import { approve, buildDraft, untilDelivery } from '#tests/support/build-article.ts';
import { signInClient } from '#tests/support/client.ts';
import { openBrowser } from './support/browser.ts';
import { passwordOf, phone, type Seat, signIn, sitDown } from './support/people.ts';
import { takePicture } from './support/pictures.ts';

const comment = '请问灵活就业人员满十五年了，在哪里办退休？';
const message = '你好，我的社保卡丢了，怎么补办？';

let browser: Browser;
let citizen: Seat;
let agent: Seat;
beforeAll(async () => {
  browser = await openBrowser();
  citizen = await sitDown(browser, phone);
  agent = await signIn(browser, 'liuyan');
  // The article that is commented on: the article's own journey is another file.
  const { url } = inject('stage');
  const as = (login: string) => signInClient(url, login, passwordOf(login));
  const editor = await as('bianji');
  const draft = await buildDraft({ url }, editor, {
    title: '灵活就业人员退休指南',
    platforms: ['wechat-official'],
  });
  const submission = { params: { articleId: draft.articleId }, body: { baseRevision: draft.revision } };
  const { reviewId } = await editor.call(submitArticle, submission);
  for (const login of ['chushen', 'fushen', 'zhongshen']) await approve(await as(login), reviewId);
  await untilDelivery(editor, draft.articleId, 'wechat-official', ['published'], 60_000);
});
afterAll(async () => {
  await citizen?.leave();
  await agent?.leave();
  await browser?.close();
});

const wechatAppId = () =>
  inject('stage').demonstration.standIns.find((one) => one.platform === 'wechat-official')!.settings.appId!;

async function openCase(text: string): Promise<void> {
  const { page } = agent;
  await page.goto('/desk/inbox');
  await page
    .getByTestId('case-row')
    .filter({ hasText: text.slice(0, 8) })
    .getByTestId('case-open')
    .click({ timeout: 60_000 });
  await page.getByTestId('case').waitFor();
}

describe('a citizen', () => {
  test('writes a private message, which becomes a case with a deadline explained day by day', async () => {
    const { page } = citizen;
    await page.goto(
      `/sandbox/wechat-official/a/${wechatAppId()}/chat?nickname=${encodeURIComponent('周桂兰')}`,
    );
    await page.getByTestId('message-text').fill(message);
    await page.getByTestId('message-send').click();
    await page.getByTestId('line-person').filter({ hasText: '社保卡' }).waitFor();
    await openCase(message);
    expect(await agent.page.getByTestId('message-in').first().innerText()).toContain(message);
    expect(await agent.page.getByTestId('deadline-strip').innerText()).toMatch(/1/);
    await takePicture(agent.page, 'case');
  });

  test('is answered, and the answer stands in the conversation on the platform', async () => {
    const { page } = agent;
    await page
      .getByTestId('answer-text')
      .fill('您好，请带身份证到社保卡服务网点补办，也可以在“电子社保卡”里申请。');
    await page.getByTestId('answer-send').click();
    await page
      .locator('[data-testid="case-state"][data-state="answered"]')
      .first()
      .waitFor({ timeout: 30_000 });
    await citizen.page.goto(
      `/sandbox/wechat-official/a/${wechatAppId()}/chat?nickname=${encodeURIComponent('周桂兰')}`,
    );
    await citizen.page.getByTestId('line-account').filter({ hasText: '电子社保卡' }).waitFor();
  });

  test('comments under the article, and the answer appears below the comment', async () => {
    const { page } = citizen;
    await page.goto('/sandbox/wechat-official/');
    await page
      .getByTestId('post')
      .filter({ hasText: '灵活就业人员退休指南' })
      .getByRole('link')
      .first()
      .click();
    await page.getByTestId('comment-nickname').fill('老李');
    await page.getByTestId('comment-content').fill(comment);
    await page.getByTestId('comment-send').click();
    await page.getByTestId('comment').filter({ hasText: '灵活就业' }).waitFor();
    const address = page.url();
    await openCase(comment);
    await agent.page
      .getByTestId('answer-text')
      .fill('您好，请到县政务服务中心人社窗口，带上身份证即可申请。');
    await agent.page.getByTestId('answer-send').click();
    await agent.page
      .locator('[data-testid="case-state"][data-state="answered"]')
      .first()
      .waitFor({ timeout: 30_000 });
    await page.goto(address);
    await page.getByTestId('reply').filter({ hasText: '人社窗口' }).waitFor();
  });
});
