/** A post whose fate nobody knows: shown as such, and decided by a person with evidence. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { submitArticle } from '#shared/content.ts';
import { approve, buildDraft, untilDelivery } from '#tests/support/build-article.ts';
import { signInClient } from '#tests/support/client.ts';
import { openBrowser } from './support/browser.ts';
import { passwordOf, type Seat, signIn } from './support/people.ts';
import { takePicture } from './support/pictures.ts';

let browser: Browser;
let reviewer: Seat;
beforeAll(async () => {
  browser = await openBrowser();
  reviewer = await signIn(browser, 'zhongshen');
});
afterAll(async () => {
  await reviewer?.leave();
  await browser?.close();
});

describe('an unknown outcome', () => {
  test('is on the home list, and a person decides it on one screen', async () => {
    const { url, sandboxUrl } = inject('stage');
    // The platform's answers to the call and to every look-up are lost, so no program can know.
    for (const path of ['/2/statuses/share.json', '/2/statuses/user_timeline.json']) {
      const armed = await fetch(`${sandboxUrl}/sandbox/_control/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          platform: 'weibo',
          path,
          times: 500,
          fault: { kind: 'lose-answer', accept: false },
        }),
      });
      expect(armed.ok).toBe(true);
    }
    const as = (login: string) => signInClient(url, login, passwordOf(login));
    const editor = await as('bianji');
    const draft = await buildDraft({ url }, editor, { title: '这条微博发出去了吗', platforms: ['weibo'] });
    const { reviewId } = await editor.call(submitArticle, {
      params: { articleId: draft.articleId },
      body: { baseRevision: draft.revision },
    });
    for (const login of ['chushen', 'fushen', 'zhongshen']) await approve(await as(login), reviewId);
    await untilDelivery(editor, draft.articleId, 'weibo', ['unknown'], 60_000);

    const { page } = reviewer;
    await page.goto('/desk/');
    await page
      .getByTestId('todo-row')
      .filter({ hasText: '这条微博发出去了吗' })
      .getByTestId('todo-action')
      .click();
    await page.getByTestId('decision').waitFor();
    await takePicture(page, 'decision', { fullPage: true });
    await page.getByTestId('verdict').getByText('没有发出，不再发送').click();
    await page.getByTestId('verdict-evidence').fill('在微博客户端核对主页，没有这一条。');
    await page.getByTestId('verdict-confirm').click();
    await page.locator('[data-testid="delivery-state"][data-state="cancelled"]').first().waitFor();
    await fetch(`${sandboxUrl}/sandbox/_control/faults`, { method: 'DELETE' });
  });
});
