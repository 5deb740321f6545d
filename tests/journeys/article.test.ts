/**
 * An article from a Word document to its receipts: the editor, three reviewers (one returns it, one is on the phone), the
 * platforms, a hand-off, a citizen. The steps follow one another, as the people do.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { phone, type Seat, signIn, sitDown } from './support/people.ts';
import { takePicture } from './support/pictures.ts';
import { wordClipboard } from './support/word.ts';

const title = '退休“一件事”，到龄前三个月就能办';

let browser: Browser;
let editor: Seat;
beforeAll(async () => {
  browser = await openBrowser();
  editor = await signIn(browser, 'bianji');
});
afterAll(async () => {
  await editor?.leave();
  await browser?.close();
});

async function pasteHtml(page: Page, html: string): Promise<void> {
  await page.getByTestId('editor').click();
  await page.getByTestId('editor').evaluate((element, text) => {
    const data = new DataTransfer();
    data.setData('text/html', text);
    data.setData('text/plain', '退休一件事');
    element.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, html);
}

const variantOf = (page: Page, platform: string) =>
  page.locator(`[data-testid="variant"][data-platform="${platform}"]`);
const saved = (page: Page) => page.locator('[data-testid="save-state"][data-state="saved"]').waitFor();

describe('an article', () => {
  test('is pasted from Word with its picture and adapted for every account', async () => {
    const { page } = editor;
    await page.goto('/desk/');
    await page.getByTestId('menu-articles').click();
    await page.getByTestId('write-article').click();
    await page.getByTestId('article-title').fill(title);
    await page.getByTestId('article-digest').fill('一张表、一个窗口、一次提交。');
    await pasteHtml(page, await wordClipboard());
    const text = page.getByTestId('editor');
    await text.locator('h2', { hasText: '谁可以办' }).waitFor();
    expect(await text.innerText()).not.toContain('mso-');
    expect(await text.locator('ol > li').count()).toBe(2);
    await text.locator('img').waitFor();
    await page.getByTestId('picture-alt').fill('退休一件事办理窗口');
    await saved(page);
    await variantOf(page, 'wechat-official').waitFor();
    const weibo = variantOf(page, 'weibo');
    expect(await weibo.getByTestId('variant-text').innerText()).toContain('/s/');
    expect(await weibo.getByTestId('count-body').innerText()).toMatch(/\d+\s*\/\s*140/);
    await takePicture(page, 'article-variants', { keep: true });
  });

  test('is submitted, and the first reviewer returns it with a note on one sentence', async () => {
    await editor.page.getByTestId('submit-article').click();
    await editor.page.getByTestId('article-reading').waitFor();
    const reviewer = await signIn(browser, 'chushen');
    const { page } = reviewer;
    await page.getByTestId('todo-row').filter({ hasText: title }).waitFor();
    await page.getByTestId('todo-row').filter({ hasText: title }).getByTestId('todo-action').click();
    await page.getByTestId('review-desk').waitFor();
    await page.getByTestId('look-sentences').first().click();
    await page.getByTestId('sentence').filter({ hasText: '退休年令' }).first().click();
    await page.getByTestId('remark-note').fill('“年令”应为“年龄”。');
    await page.getByTestId('remark-add').click();
    await page.getByTestId('review-note').fill('请改正一处错字。');
    await page.getByTestId('review-return').click();
    await page.getByTestId('home').waitFor();
    await reviewer.leave();
  });

  test('is mended, and the next review shows only the difference', async () => {
    const { page } = editor;
    await page.goto('/desk/');
    await page.getByTestId('todo-row').filter({ hasText: title }).getByTestId('todo-action').click();
    expect(await page.getByTestId('returned-note').innerText()).toContain('年令');
    // A click on the remark selects the sentence; the person then mends the word.
    await page.getByTestId('returned-remark').first().click();
    const paragraph = page.getByTestId('editor').locator('p', { hasText: '退休年令' });
    await paragraph.evaluate((element) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.textContent?.indexOf('年令') ?? -1;
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at + 1);
        range.setEnd(node, at + 2);
        getSelection()?.removeAllRanges();
        getSelection()?.addRange(range);
        return;
      }
    });
    await page.keyboard.type('龄');
    await page.getByTestId('editor').locator('p', { hasText: '退休年龄' }).waitFor();
    await saved(page);
    await page.getByTestId('submit-article').click();
    await page.getByTestId('article-reading').waitFor();

    const reviewer = await signIn(browser, 'chushen');
    await reviewer.page.getByTestId('todo-row').filter({ hasText: title }).getByTestId('todo-action').click();
    const changes = reviewer.page.getByTestId('review-changes');
    await changes.waitFor();
    expect((await changes.locator('del').allInnerTexts()).join('')).toContain('令');
    expect((await changes.locator('ins').allInnerTexts()).join('')).toContain('龄');
    expect(await changes.innerText()).not.toContain('填一张申请表');
    await reviewer.page.getByTestId('review-approve').click();
    await reviewer.page.getByTestId('home').waitFor();
    await reviewer.leave();
  });

  test('is approved on the desk and, last, on a phone', async () => {
    const second = await signIn(browser, 'fushen');
    await second.page.getByTestId('todo-row').filter({ hasText: title }).getByTestId('todo-action').click();
    await second.page.getByTestId('review-approve').click();
    await second.page.getByTestId('home').waitFor();
    await second.leave();

    const last = await signIn(browser, 'zhongshen', phone);
    await last.page.getByTestId('todo-row').filter({ hasText: title }).getByTestId('todo-action').click();
    await last.page.getByTestId('phone-review').waitFor();
    await takePicture(last.page, 'phone-review', { keep: true });
    await last.page.getByTestId('phone-approve').click();
    await last.page.getByTestId('home').waitFor();
    await last.leave();
  });

  test('goes out to the platforms and the site, and the page shows it live', async () => {
    const { page } = editor;
    await page.getByTestId('see-deliveries').click();
    await page.getByTestId('article-deliveries').waitFor();
    const row = (platform: string, state: string) =>
      page
        .locator(`[data-testid="delivery-row"][data-platform="${platform}"]`)
        .locator(`[data-testid="delivery-state"][data-state="${state}"]`);
    for (const platform of ['wechat-official', 'weibo', 'site'])
      await row(platform, 'published').waitFor({ timeout: 60_000 });
    await row('xiaohongshu', 'handed-off').waitFor();
    await takePicture(page, 'deliveries');
    const home = await signIn(browser, 'bianji');
    await home.page.getByTestId('todo-row').filter({ hasText: title }).waitFor();
    await takePicture(home.page, 'desk-home', { keep: true });
    await home.leave();
  });

  test('has its comments closed from the page of a post, and opened again', async () => {
    const { page } = editor;
    await page
      .locator('[data-testid="delivery-row"][data-platform="wechat-official"]')
      .getByTestId('delivery-open')
      .click();
    const panel = page.getByTestId('comment-switch');
    for (const [button, words] of [
      ['comments-close', '已关闭评论'],
      ['comments-open', '已开放评论'],
    ] as const) {
      await panel.getByTestId(button).click();
      await page.getByRole('dialog').locator('textarea').fill('有人刷屏，先看一看');
      await page.getByTestId('reason-confirm').click();
      await panel.getByText(words).waitFor({ timeout: 30_000 });
    }
    await takePicture(page, 'delivery-comments');
    await page.goBack();
    await page.getByTestId('article-deliveries').waitFor();
  });

  test('stands on the time lines of the stand-ins', async () => {
    const citizen = await sitDown(browser, phone);
    await citizen.page.goto('/sandbox/wechat-official/');
    await citizen.page.locator('[data-testid="post"]', { hasText: title }).getByRole('link').first().click();
    expect(await citizen.page.getByTestId('article-body').innerText()).toContain('退休年龄');
    expect(await citizen.page.getByTestId('article-body').locator('img').count()).toBeGreaterThan(0);
    await citizen.page.goto('/sandbox/weibo/');
    await citizen.page.locator('[data-testid^="account-"]').first().click();
    await citizen.page.locator('[data-testid="post"]', { hasText: '退休' }).first().waitFor();
    await citizen.leave();
  });

  test('is handed off on a phone by pasting the whole share text back', async () => {
    const { page } = editor;
    await page
      .locator('[data-testid="delivery-row"][data-platform="xiaohongshu"]')
      .getByTestId('delivery-open')
      .click();
    const href = await page.getByTestId('hand-off-open').getAttribute('href');
    const helper = await sitDown(browser, phone);
    await helper.page.goto(href!);
    await helper.page.getByTestId('hand-off-task').waitFor();
    await helper.page.getByTestId('copy-button-title').click();
    await takePicture(helper.page, 'hand-off');
    await helper.page
      .getByTestId('hand-off-paste')
      .fill(
        '39 【退休“一件事”，到龄前三个月就能办 - 云溪人社小课堂 | 小红书】 😆 https://www.xiaohongshu.com/discovery/item/64f0c1a2000000001e03b2aa?source=webshare 复制后打开【小红书】查看笔记！',
      );
    await helper.page.getByTestId('hand-off-prove').click();
    await helper.page.getByTestId('hand-off-done').waitFor();
    await helper.leave();
    await page.locator('[data-testid="delivery-state"][data-state="published"]').first().waitFor();
  });

  test('is found and read on the public site, on a phone, without JavaScript', async () => {
    const reader = await sitDown(browser, phone, { javaScript: false });
    await reader.page.goto('/');
    await reader.page.locator('input[name="q"]').first().fill('退休年龄');
    await reader.page.keyboard.press('Enter');
    await reader.page.getByRole('link', { name: /退休/ }).first().click();
    expect(await reader.page.locator('h1').innerText()).toBe(title);
    expect(await reader.page.locator('article, main').first().innerText()).toContain('退休年龄');
    const size = await reader.page
      .evaluate(() => document.documentElement.scrollWidth)
      .catch(() => phone.width);
    expect(size).toBeLessThanOrEqual(phone.width);
    await takePicture(reader.page, 'site-article');
    await reader.leave();
    expect(inject('stage').url).toContain('127.0.0.1');
  });
});
