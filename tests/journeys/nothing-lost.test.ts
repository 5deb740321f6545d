/** What a person typed survives an ended session, a closed page and a lost network. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { takeInCase } from '#shared/inbox-intake.ts';
import { signInClient } from '#tests/support/client.ts';
import { openBrowser } from './support/browser.ts';
import { fillSignIn, passwordOf, type Seat, signIn } from './support/people.ts';
import { takePicture } from './support/pictures.ts';

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

describe('nothing typed is lost', () => {
  test('when the session ends, signing in over the page goes on at the same cursor', async () => {
    const { page, context } = editor;
    await page.goto('/desk/articles');
    await page.getByTestId('write-article').click();
    await page.getByTestId('article-title').fill('登录过期也不丢字');
    const text = page.getByTestId('editor');
    await text.click();
    await page.keyboard.type('第一句。第三句。');
    await page.locator('[data-testid="save-state"][data-state="saved"]').waitFor();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowLeft');
    await context.clearCookies();
    await page.keyboard.type('第二');
    await page.getByTestId('sign-in-dialog').waitFor();
    await takePicture(page, 'sign-in-again');
    await fillSignIn(page, 'bianji');
    await page.getByTestId('sign-in-dialog').waitFor({ state: 'hidden' });
    await page.waitForFunction(() => document.activeElement?.closest('[contenteditable="true"]') !== null);
    await page.keyboard.type('句。');
    expect(await text.innerText()).toContain('第一句。第二句。第三句。');
    await page.locator('[data-testid="save-state"][data-state="saved"]').waitFor();
  });

  test('when the network is away, the words are kept on this machine and sent later', async () => {
    const { page, context } = editor;
    await context.setOffline(true);
    await page.getByTestId('editor').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('断网时写的一句。');
    await page.locator('[data-testid="save-state"]:not([data-state="saved"])').first().waitFor();
    const address = page.url();
    await context.setOffline(false);
    // The page is closed at once, as a tired person does.
    await page.goto('about:blank');
    await page.goto(address);
    await page.getByTestId('editor').filter({ hasText: '断网时写的一句。' }).waitFor();
    await page.locator('[data-testid="save-state"][data-state="saved"]').waitFor();
  });
});

test('a double click that an ended session holds up is one press, done once after signing in', async () => {
  const { url } = inject('stage');
  const client = await signInClient(url, 'liuyan', passwordOf('liuyan'));
  const text = '来访：社保卡消磁了还能不能补';
  const { caseId } = await client.call(takeInCase, { body: { channel: 'visit', text } });
  const agent = await signIn(browser, 'liuyan');
  try {
    const { page, context } = agent;
    await page.goto(`/desk/inbox/${caseId}`);
    await page.getByTestId('answer-text').fill('可以补，带身份证到社保窗口，当场办好。');
    await context.clearCookies();
    await page.getByTestId('answer-send').dblclick();
    await page.getByTestId('sign-in-dialog').waitFor();
    await fillSignIn(page, 'liuyan');
    await page.getByTestId('message-out').waitFor();
    await page.getByTestId('sign-in-dialog').waitFor({ state: 'hidden' });
    await page.locator('[data-testid="case-state"][data-state="answered"]').waitFor();
    await takePicture(page, 'double-click');
    expect(await page.getByTestId('message-out').count()).toBe(1);
    expect(await page.getByText('本次操作没有执行').count()).toBe(0);
  } finally {
    await agent.leave();
  }
});
