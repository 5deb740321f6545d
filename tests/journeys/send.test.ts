/** A picture and a voice sent to the account in private, and a PDF beside the case, on the desk of whoever answers. */
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { phone, type Seat, signIn, sitDown } from './support/people.ts';
import { takePicture } from './support/pictures.ts';

const who = '陈国栋';
/** Two seconds as phones record them, without a sound: 100 frames of 4.75 kbit/s. */
const voice = Buffer.concat([
  Buffer.from('#!AMR\n'),
  ...Array.from({ length: 100 }, () => Buffer.from([0x04, ...Buffer.alloc(12)])),
]);
const paper = Buffer.from(
  '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n',
);

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

async function send(
  kind: 'image' | 'voice' | 'video',
  file: { name: string; mimeType: string; buffer: Buffer },
) {
  const { page } = citizen;
  await page.getByTestId('message-file').setInputFiles(file);
  await page.getByTestId(`send-${kind}`).click();
  await page.getByTestId('line-person').last().waitFor();
}

describe('what a citizen sends', () => {
  test('is fetched from the platform and stands in the thread', async () => {
    const appId = inject('stage').demonstration.standIns.find((one) => one.platform === 'wechat-official')!
      .settings.appId!;
    await citizen.page.goto(`/sandbox/wechat-official/a/${appId}/chat?nickname=${encodeURIComponent(who)}`);
    const picture = await sharp({ create: { width: 640, height: 400, channels: 3, background: '#3a7bd5' } })
      .jpeg()
      .toBuffer();
    await send('image', { name: '工资条.jpg', mimeType: 'image/jpeg', buffer: picture });
    await send('voice', { name: '语音.amr', mimeType: 'audio/amr', buffer: voice });
    const film = await readFile('tests/fixtures/media/phone.mp4');
    await send('video', { name: '现场.mp4', mimeType: 'video/mp4', buffer: film });

    const { page } = agent;
    await page.goto('/desk/inbox');
    await page.getByTestId('case-row').filter({ hasText: '[图片]' }).getByTestId('case-open').click();
    const shown = page.getByTestId('message-in').first().locator('img');
    await shown.waitFor();
    expect(
      await shown.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
    ).toBe(640);
    // Played where ffmpeg was there to convert it, saved elsewhere.
    await page.getByTestId('message-in').nth(1).getByTestId('case-file').waitFor();
    await page.getByTestId('case-video').waitFor();
    await takePicture(page, 'sent-files', { fullPage: true });
    await page.setViewportSize(phone);
    await takePicture(page, 'sent-files-phone', { fullPage: true });
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('is told apart from a PDF that a colleague puts beside it', async () => {
    const { page } = agent;
    await page.locator('input[type=file][accept*=pdf]').setInputFiles({
      name: '劳动合同.pdf',
      mimeType: 'application/pdf',
      buffer: paper,
    });
    const file = page.getByTestId('case-file').filter({ hasText: '劳动合同.pdf' });
    await file.waitFor();
    const saved = page.waitForEvent('download');
    await file.click();
    expect(await readFile(await (await saved).path())).toEqual(paper);
    await page.locator('input[type=file][accept*=pdf]').setInputFiles({
      name: '表格.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.concat([paper, Buffer.from('/OpenAction << /S /JavaScript >>')]),
    });
    await page.getByText('这份 PDF 里有脚本').waitFor();
    await takePicture(page, 'sent-pdf');
  });
});
