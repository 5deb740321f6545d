/** A grant that ends soon: the bell warns, one click leads to the platform, and back with a new one. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { beginSignIn, listAccounts } from '#shared/accounts.ts';
import { signInClient } from '#tests/support/client.ts';
import { openBrowser } from './support/browser.ts';
import { fillSignIn, passwordOf, phone, type Seat, signIn, sitDown } from './support/people.ts';
import { takePicture } from './support/pictures.ts';

let browser: Browser;
let administrator: Seat;
beforeAll(async () => {
  browser = await openBrowser();
  administrator = await signIn(browser, 'guanli');
});
afterAll(async () => {
  await administrator?.leave();
  await browser?.close();
});

const api = async () => signInClient(inject('stage').url, 'guanli', passwordOf('guanli'));
const weibo = async () =>
  (await (await api()).call(listAccounts, {})).find(({ platform }) => platform === 'weibo')!;

/** What the platform grants from now on lasts this long. */
async function setTokenLife(tokenLifeMs: number): Promise<void> {
  const { sandboxUrl } = inject('stage');
  const { settings } = await weibo();
  const address = `${sandboxUrl}/sandbox/_control/weibo/accounts/${settings.uid}`;
  const known = (await (await fetch(address)).json()) as object;
  const answer = await fetch(address, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...known, tokenLifeMs }),
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

async function allow({ page }: Seat): Promise<void> {
  await page.getByTestId('consent-allow').click();
  await page.getByTestId('grant-notice').waitFor();
}

describe('a grant that ends', () => {
  test('is warned of at the bell, and granted again in one click', async () => {
    const { page } = administrator;
    await setTokenLife(20 * 3_600_000);
    const { authorizeUrl } = await (await api()).call(beginSignIn, {
      params: { accountId: (await weibo()).id },
    });
    await page.goto(authorizeUrl);
    await allow(administrator);

    await page.goto('/desk/notices');
    const warning = page.locator('[data-testid="notice-row"][data-kind="grant-expiring"]').first();
    await warning.waitFor({ timeout: 60_000 });
    await takePicture(page, 'grant-warning');
    await setTokenLife(90 * 24 * 3_600_000);
    await warning.getByTestId('notice-open').click();
    await allow(administrator);

    const left = Date.parse((await weibo()).credentialsExpireAt!) - Date.now();
    expect(left).toBeGreaterThan(80 * 24 * 3_600_000);
    await page.goto('/desk/');
    await page.getByTestId('home').waitFor();
    expect(await page.locator('[data-testid="todo-row"][data-kind="sign-in-again"]').count()).toBe(0);
  });

  test('what each account can do stands in one table, and on a phone one after the other', async () => {
    const { page } = administrator;
    await page.goto('/desk/accounts/matrix');
    await page.getByTestId('matrix-row').first().waitFor();
    await takePicture(page, 'account-matrix', { fullPage: true });
    const seat = await signIn(browser, 'guanli', phone);
    await seat.page.goto('/desk/accounts/matrix');
    await seat.page.getByTestId('matrix-row').first().waitFor();
    await takePicture(seat.page, 'account-matrix-phone', { fullPage: true });
    const width = await seat.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    await seat.leave();
  });
});

test('the menu of an account is written, published and read back', async () => {
  const { page } = administrator;
  const accounts = await (await api()).call(listAccounts, {});
  const { id } = accounts.find(({ abilities }) => abilities.menu !== 'unsupported')!;
  await page.goto(`/desk/accounts/${id}`);
  await page.getByTestId('account-menu').click();
  await page.getByTestId('menu-add').click();
  await page.getByTestId('menu-name').fill('办事服务大厅');
  await page.getByTestId('menu-problems').getByText('太长').waitFor();
  await page.getByTestId('menu-name').fill('办事');
  await page.getByTestId('menu-add-below').click();
  await page.getByTestId('menu-name').nth(1).fill('社保查询');
  await page.getByTestId('menu-url').locator('input').fill('https://rs.example.gov.cn/services');
  await page.getByTestId('menu-publish').click();
  await page.getByTestId('menu-published').getByText('社保查询').waitFor();
  await takePicture(page, 'account-menu-editor', { fullPage: true });
  await page.setViewportSize(phone);
  await takePicture(page, 'account-menu-editor-phone', { fullPage: true });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(phone.width);
});

test('notices go out as each person and the bureau chose', async () => {
  const { page } = administrator;
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('/desk/notices/settings');
  await page.getByTestId('add-robot').click();
  const form = page.getByTestId('robot-form');
  await form.getByLabel('名称').fill('值班群');
  const key = '693a91f6-7a0c-4bb7-8f00-0123456789ab';
  await fetch(`${inject('stage').sandboxUrl}/sandbox/_control/wecom-robot/robots/${key}`, { method: 'PUT' });
  await form.getByLabel('Webhook 地址').fill(`https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}`);
  await takePicture(page, 'robot-form');
  await form.locator('button[type="submit"]').click();
  await page.getByTestId('channel-test').click();
  await page.locator('[data-testid="channel-state"][data-state="works"]').waitFor();
  await takePicture(page, 'notice-settings', { fullPage: true });
  await page.goto('/sandbox/wecom-robot/');
  await page.getByTestId('robot-message').getByText('测试通知').waitFor();
});

test('a link from a mail or a group leads through the sign-in to the page it names', async () => {
  const seat = await sitDown(browser, phone);
  const path = '/desk/m/reviews/00000000-0000-7000-8000-000000000000';
  await seat.page.goto(path);
  await fillSignIn(seat.page, 'chushen');
  await seat.page.waitForURL(`**${path}`);
  await seat.leave();
});
