/** A photo and a film from the desk's upload to a cut picture and an article with a video, on a wide and a narrow screen. */
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { phone, type Seat, signIn } from './support/people.ts';
import { takePicture } from './support/pictures.ts';
import { makePicture } from './support/word.ts';

/** Mirrored: the other journeys put theirs into the library too. */
const makePhoto = async () =>
  sharp(await makePicture())
    .flop()
    .jpeg()
    .toBuffer();

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

const film = { name: '窗口活动.mp4', mimeType: 'video/mp4' };

describe('the media library', () => {
  test('takes a photo, though the network is lost in between, and cuts it', async () => {
    const { page, context } = editor;
    await page.goto('/desk/media');
    await page.getByTestId('media-library').waitFor();
    // The first part is lost on its way; the sender goes on by itself.
    let lost = 0;
    await context.route('**/api/uploads/*/part*', (route) =>
      lost++ === 0 ? route.abort() : route.continue(),
    );
    const photo = { name: '办事大厅.jpg', mimeType: 'image/jpeg', buffer: await makePhoto() };
    await page.getByTestId('media-input').setInputFiles(photo);
    await page.locator('[data-testid="upload"][data-state="done"]').waitFor();
    expect(lost).toBeGreaterThan(1);
    await context.unroute('**/api/uploads/*/part*');
    await page.getByTestId('upload-open').click();
    const drawer = page.getByTestId('media-drawer');
    await drawer.getByTestId('media-alt').fill('群众在窗口办理退休');
    await drawer.getByTestId('media-save').click();
    await drawer.getByTestId('media-crop').click();
    await page.getByTestId('crop-ratio').getByText('2.35:1').click();
    await page.getByTestId('crop-frame').press('ArrowDown');
    await takePicture(page, 'media-crop');
    await page.getByTestId('crop-save').click();
    await drawer.getByTestId('media-facts').getByText('1200×511').waitFor();
    await takePicture(page, 'media-drawer');
    await drawer.locator('.ant-drawer-close').click();
    await drawer.waitFor({ state: 'hidden' });
    await page.locator('[data-testid="media-tile"][data-name="办事大厅.jpg"]').waitFor();
    await takePicture(page, 'media-library');
  });

  test('says when it has the very file already', async () => {
    const { page } = editor;
    const again = { name: '另存.jpg', mimeType: 'image/jpeg', buffer: await makePhoto() };
    await page.getByTestId('media-input').setInputFiles(again);
    await page.getByTestId('upload').filter({ hasText: '另存.jpg' }).getByText('已有这个文件').waitFor();
  });

  test('refuses what is no picture by its content, in words', async () => {
    const { page } = editor;
    const page2 = {
      name: '图.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('<svg onload="alert(1)"/>'.repeat(9)),
    };
    await page.getByTestId('media-input').setInputFiles(page2);
    await page.locator('[data-testid="upload"][data-state="failed"]').getByText('不支持这种文件').waitFor();
  });
});

describe('an article', () => {
  test('gets a video from the library, with its words, and shows it in the preview of the site', async () => {
    const { page } = editor;
    const buffer = await readFile('tests/fixtures/media/phone.mp4');
    await page.getByTestId('menu-articles').click();
    await page.getByTestId('write-article').click();
    await page.getByTestId('article-title').fill('一分钟看懂退休“一件事”');
    await page.getByTestId('editor').click();
    await page.keyboard.type('到龄前三个月就可以申请。');
    await page.getByTestId('pick-video').click();
    const picker = page.getByTestId('media-picker');
    await picker.getByTestId('media-input').setInputFiles({ ...film, buffer });
    await page.getByTestId('video-field').getByTestId('media-chosen').waitFor();
    await page.getByTestId('video-transcript').fill('大家好，今天说说退休。');
    await page.getByTestId('tool-library').click();
    await page.getByTestId('media-picker').locator('[data-name="办事大厅.jpg"]').first().click();
    await page.getByTestId('editor').locator('img').waitFor();
    expect(await page.getByTestId('picture-alt').inputValue()).toBe('群众在窗口办理退休');
    await page.locator('[data-testid="save-state"][data-state="saved"]').waitFor();
    const preview = page.locator('[data-testid="variant"][data-platform="site"] iframe').contentFrame();
    await preview.locator('video[controls]').waitFor();
    await takePicture(page, 'article-video', { fullPage: true });
  });

  test('and the library serve on a phone too', async () => {
    const seat = await signIn(browser, 'bianji', phone);
    await seat.page.goto('/desk/media');
    await seat.page.getByTestId('media-tile').first().waitFor();
    const width = await seat.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(phone.width);
    await takePicture(seat.page, 'media-library-phone');
    await seat.page.locator('[data-testid="media-tile"][data-kind="video"]').first().click();
    await seat.page.getByTestId('media-uses').waitFor();
    await takePicture(seat.page, 'media-drawer-phone');
    await seat.leave();
  });
});
