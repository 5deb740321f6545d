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
    // Too long is said before anything is sent, and nothing is cut.
    await page.locator('#text').fill('长'.repeat(2_003));
    await page.getByText('已写 2003 字，最多 2000 字，请删去 3 字').waitFor();
    await page.getByRole('button', { name: '下一步' }).click();
    expect(await page.locator('#text').inputValue()).toHaveLength(2_003);
    await page.locator('#text').fill(question);
    await page.getByRole('button', { name: '下一步' }).click();
    // Whoever looks elsewhere comes back to their words.
    await page.locator('#place').waitFor();
    await page.getByRole('link', { name: '无障碍说明' }).click();
    await page.getByRole('heading', { level: 1, name: '无障碍说明' }).waitFor();
    await page.goBack();
    await page.locator('#place').waitFor();
    expect(await page.locator('#text').inputValue()).toBe(question);
    const picture = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#3a7' } })
      .jpeg()
      .toBuffer();
    const file = { name: '申请表.jpg', mimeType: 'image/jpeg', buffer: picture };
    await page.locator('#name').fill('周秀梅');
    const large = { ...file, name: '太大.jpg', buffer: Buffer.alloc(11_000_000) };
    await page.locator('#pictures').setInputFiles([file, large]);
    await page.getByText('“太大.jpg”超过 10 MB').waitFor();
    await page.getByRole('button', { name: '提交留言' }).click();
    await takePicture(page, 'ask-picture-too-large');
    expect(await page.locator('#name').inputValue()).toBe('周秀梅');
    await page.locator('#pictures').setInputFiles(file);
    await page.getByRole('button', { name: '提交留言' }).click();
    await page.getByRole('button', { name: '查看办理情况' }).waitFor();
    await takePicture(page, 'ask-receipt');
    await page.reload();
    await page.getByRole('button', { name: '查看办理情况' }).waitFor();
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
    // Back and forth without a question from the browser, and the code is still there.
    await page.goBack();
    await page.getByText('查询码', { exact: true }).waitFor();
    await page.goForward();
    await page.getByText('带身份证和两张照片').waitFor();
    expect(page.url()).not.toMatch(/receipt=|code=/);
  });
});
