/** Several people bring up the same thing; it shows as an issue, goes into the week's digest, which is signed and downloaded. */
import { readFile } from 'node:fs/promises';
import { strFromU8, unzipSync } from 'fflate';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { phone, type Seat, signIn, sitDown } from './support/people.ts';
import { takePicture } from './support/pictures.ts';

const wishes = [
  ['赵大妈', '晨光驾校培训补贴一直没有发下来，去问了三次都说等通知，电话13812345678'],
  ['钱师傅', '晨光驾校培训补贴半年没有发，每次去问都说等通知'],
  ['孙阿姨', '请问晨光驾校培训补贴什么时候发，问了几次都说等通知'],
] as const;

let browser: Browser;
let citizen: Seat;
let agent: Seat;
let leader: Seat;
beforeAll(async () => {
  browser = await openBrowser();
  citizen = await sitDown(browser, phone);
  agent = await signIn(browser, 'liuyan');
  leader = await signIn(browser, 'lingdao');
});
afterAll(async () => {
  await citizen?.leave();
  await agent?.leave();
  await leader?.leave();
  await browser?.close();
});

const wechatAppId = () =>
  inject('stage').demonstration.standIns.find((one) => one.platform === 'wechat-official')!.settings.appId!;

describe('what many say', () => {
  test('is gathered into an issue that opens its messages', async () => {
    for (const [nickname, text] of wishes) {
      const { page } = citizen;
      const chat = `/sandbox/wechat-official/a/${wechatAppId()}/chat`;
      await page.goto(`${chat}?nickname=${encodeURIComponent(nickname)}`);
      await page.getByTestId('message-text').fill(text);
      await page.getByTestId('message-send').click();
      await page.getByTestId('line-person').filter({ hasText: '晨光驾校' }).waitFor();
    }
    const { page } = agent;
    await page.goto('/desk/inbox');
    for (const [, text] of wishes)
      await page
        .getByTestId('case-row')
        .filter({ hasText: text.slice(0, 12) })
        .first()
        .waitFor({ timeout: 60_000 });
    await page.goto('/desk/insight');
    await page.getByTestId('gather-issues').click();
    const row = page.getByTestId('issue-row').filter({ hasText: '晨光驾校' });
    await row.waitFor({ timeout: 90_000 });
    // Somebody of another journey may have asked the like.
    expect(await row.innerText()).toMatch(/[3-9] 人/);
    await takePicture(page, 'issues');
    await row.getByTestId('issue-open').click();
    await page.getByTestId('issue').waitFor();
    // Another story may speak of the same thing.
    expect(await page.getByTestId('issue-member').count()).toBeGreaterThanOrEqual(3);
    expect(await page.getByTestId('issue').innerText()).not.toContain('13812345678');
  });

  test('stands in the week’s digest, which is edited, signed, and downloads as a Word document', async () => {
    const { page } = leader;
    await page.goto('/desk/insight/digests');
    await page.getByTestId('make-digest').click();
    await page.getByTestId('digest').waitFor();
    expect(await page.getByTestId('digest-issues').inputValue()).toContain('晨光驾校');
    await page.getByTestId('digest-done').fill('已请培训科核对补贴名单，下周五前发放。');
    await page.getByTestId('digest-save').click();
    await page.getByTestId('digest-sign').click();
    await page.getByTestId('digest-sign-confirm').click();
    await page.getByTestId('digest-signature').waitFor();
    await takePicture(page, 'digest');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByTestId('digest-word').click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/社情民意周报.*\.docx$/);
    const entries = unzipSync(await readFile(await download.path()));
    const xml = strFromU8(entries['word/document.xml']!);
    for (const part of ['晨光驾校', '下周五前发放', '签发：']) expect(xml).toContain(part);
    expect(xml).not.toContain('13812345678');
  });
});
