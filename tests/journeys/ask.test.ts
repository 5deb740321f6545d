/** A question from the site, with a picture and without an account, to the answer that its receipt opens. */
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { phone, type Seat, signIn, sitDown } from './support/people.ts';
import { takePicture } from './support/pictures.ts';

const question = '退休证补发要带哪些材料？照片里这一栏填什么？';
const answer = '您好，带身份证和两张照片到社保窗口当场补发，这一栏填参加工作时间。';

let browser: Browser;
let citizen: Seat;
let agent: Seat;
beforeAll(async () => {
  browser = await openBrowser();
  citizen = await sitDown(browser, phone);
  agent = await signIn(browser, 'liuyan');
});
afterAll(async () => {
  await citizen?.leave();
  await agent?.leave();
  await browser?.close();
});

describe('a question from the site', () => {
  test('gets a receipt on the phone', async () => {
    const { page } = citizen;
    await page.goto('/ask');
    await page.locator('#text').fill(question);
    await page.getByRole('button', { name: '下一步' }).click();
    const picture = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#3a7' } })
      .jpeg()
      .toBuffer();
    const file = { name: '申请表.jpg', mimeType: 'image/jpeg', buffer: picture };
    await page.locator('#pictures').setInputFiles(file);
    await page.locator('#name').fill('周秀梅');
    await page.getByRole('button', { name: '提交留言' }).click();
    await page.getByRole('button', { name: '查看办理情况' }).waitFor();
    await takePicture(page, 'ask-receipt');
  });

  test('stands on the desk with its picture, and is answered', async () => {
    const { page } = agent;
    await page.goto('/desk/inbox');
    await page
      .getByTestId('case-row')
      .filter({ hasText: question.slice(0, 8) })
      .getByTestId('case-open')
      .click({ timeout: 30_000 });
    const shown = page.getByTestId('message-in').first().locator('img');
    await shown.waitFor();
    expect(
      await shown.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
    ).toBe(80);
    await page.getByTestId('answer-text').fill(answer);
    await page.getByTestId('answer-send').click();
    await page.locator('[data-testid="case-state"][data-state="answered"]').first().waitFor();
    await takePicture(page, 'ask-answered');
  });

  test('opens with the receipt, and shows the answer', async () => {
    const { page } = citizen;
    await page.getByRole('button', { name: '查看办理情况' }).click();
    await page.getByText('带身份证和两张照片').waitFor();
    await page.getByLabel('满意', { exact: true }).check();
    await takePicture(page, 'receipt-answered');
  });
});
