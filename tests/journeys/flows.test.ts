/** Posts that went out elsewhere are registered and measured; an article that must go is withdrawn from every account. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { submitArticle } from '#shared/content.ts';
import { proveHandOff } from '#shared/tasks.ts';
import { approve, buildDraft, untilDelivery } from '#tests/support/build-article.ts';
import { createClient, signInClient } from '#tests/support/client.ts';
import { openBrowser } from './support/browser.ts';
import { passwordOf, phone, type Seat, signIn } from './support/people.ts';
import { takePicture } from './support/pictures.ts';

const title = '失业金申领指南（误发）';
let browser: Browser;
let editor: Seat;
let administrator: Seat;
let articleId: string;
beforeAll(async () => {
  browser = await openBrowser();
  editor = await signIn(browser, 'bianji');
  administrator = await signIn(browser, 'guanli');
  const { url } = inject('stage');
  const as = (login: string) => signInClient(url, login, passwordOf(login));
  const client = await as('bianji');
  const draft = await buildDraft({ url }, client, { title, platforms: ['site', 'xiaohongshu'] });
  articleId = draft.articleId;
  const submission = { params: { articleId }, body: { baseRevision: draft.revision } };
  const { reviewId } = await client.call(submitArticle, submission);
  for (const login of ['chushen', 'fushen', 'zhongshen']) await approve(await as(login), reviewId);
  await untilDelivery(client, articleId, 'site', ['published'], 60_000);
  const handed = await untilDelivery(client, articleId, 'xiaohongshu', ['handed-off'], 60_000);
  await createClient(url, '').call(proveHandOff, {
    params: { token: handed.handoffUrl!.slice(-22) },
    body: { pasted: '发好了 https://www.xiaohongshu.com/explore/66f1a2b3000000001e0c0001' },
  });
});
afterAll(async () => {
  await editor?.leave();
  await administrator?.leave();
  await browser?.close();
});

describe('an editor', () => {
  test('registers a post by its share text', async () => {
    const { page } = editor;
    await page.goto('/desk/deliveries');
    await page.getByTestId('register-open').click();
    await page.getByTestId('registrations').waitFor();
    await page.getByTestId('register-account').click();
    await page.locator('.ant-select-item-option').filter({ hasText: '小红书' }).click();
    await page
      .getByTestId('register-pasted')
      .fill('补贴怎么领 http://xhslink.com/o/4fAotv0DtEv 复制后打开【小红书】');
    await page.getByTestId('register-title').fill('补贴怎么领');
    await page.getByTestId('register-title').blur();
    await page.getByText('找到链接：http://xhslink.com/o/4fAotv0DtEv').waitFor();
    await takePicture(page, 'register');
    await page.getByTestId('register-send').click();
    await page.getByTestId('delivery').waitFor();
    expect(await page.getByTestId('delivery-state').first().getAttribute('data-state')).toBe('published');
  });

  test('pastes a column of figures, sees how it was understood, and saves it', async () => {
    const { page } = editor;
    await page.goto('/desk/figures');
    await page.getByTestId('figures-pasted').fill('http://xhslink.com/o/4fAotv0DtEv\t1.2万');
    await page.getByTestId('figures-preview').click();
    await page.getByTestId('figures-save').click();
    const row = page.locator('tr').filter({ hasText: '补贴怎么领' });
    await row.locator('[data-capture=hand]').waitFor();
    expect(await row.innerText()).toContain('12,000');
    await takePicture(page, 'figures');
  });

  test('withdraws an article everywhere: the site page is gone at once, the rest is a task', async () => {
    const { page } = editor;
    await page.goto(`/desk/articles/${articleId}/deliveries`);
    await page.getByTestId('withdraw').click();
    await page.getByTestId('reason-text').fill('金额写错了');
    await page.getByTestId('reason-confirm').click();
    await page.getByTestId('withdrawal').waitFor();
    const states = page.getByTestId('withdrawal-target');
    await states.filter({ has: page.locator('text=待人工撤下') }).waitFor();
    const kinds = await states.evaluateAll((list) => list.map((one) => one.getAttribute('data-state')));
    expect(kinds.toSorted()).toEqual(['by-hand', 'gone']);
    await takePicture(page, 'withdrawal');
  });
});

test('a colleague takes it away on the phone with a screenshot, another checks, and all is gone', async () => {
  const { page } = editor;
  const address = (await page.getByTestId('withdraw-task').getAttribute('href'))!;
  const seat = await signIn(browser, 'bianji', phone);
  await seat.page.goto(new URL(address).pathname);
  await seat.page.getByTestId('hand-off-task').waitFor();
  await seat.page.getByTestId('claim-picture').setInputFiles({
    name: '截图.png',
    mimeType: 'image/png',
    buffer: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
      'base64',
    ),
  });
  await takePicture(seat.page, 'withdraw-phone');
  await seat.page.getByTestId('claim-send').click();
  await seat.page.getByTestId('hand-off-claimed').waitFor();
  await seat.leave();
  const desk = administrator.page;
  await desk.goto(`/desk/articles/${articleId}/deliveries`);
  await desk.getByTestId('withdrawal-target').filter({ hasText: '小红书' }).getByRole('link').first().click();
  await desk.getByTestId('task-verify').click();
  await desk.getByText('已全部撤下').waitFor();
  await takePicture(desk, 'withdrawn');
});
