/** A complaint answered after a second look, made public without the name, kept as knowledge, offered for the next question. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { phone, type Seat, signIn, sitDown, wide } from './support/people.ts';
import { takePicture } from './support/pictures.ts';

const complaint = '我要投诉公积金窗口旁的社保柜台，我叫王秀英，电话13800138000，转移接续手续怎么办理？';
const next = '转移接续手续怎么办理？要带什么材料？';
const answer =
  '王秀英您好，经核实，窗口已增加人手。转移接续手续请带身份证到社保窗口办理，5 个工作日内办结，可拨打 12333。';

let browser: Browser;
let citizen: Seat;
let agent: Seat;
let reviewer: Seat;
beforeAll(async () => {
  browser = await openBrowser();
  citizen = await sitDown(browser, phone);
  agent = await signIn(browser, 'liuyan');
  reviewer = await signIn(browser, 'chushen', phone);
});
afterAll(async () => {
  await citizen?.leave();
  await agent?.leave();
  await reviewer?.leave();
  await browser?.close();
});

async function write(nickname: string, text: string): Promise<void> {
  const { page } = citizen;
  const { standIns } = inject('stage').demonstration;
  const { appId } = standIns.find((one) => one.platform === 'wechat-official')!.settings;
  await page.goto(`/sandbox/wechat-official/a/${appId}/chat?nickname=${encodeURIComponent(nickname)}`);
  await page.getByTestId('message-text').fill(text);
  await page.getByTestId('message-send').click();
  await page
    .getByTestId('line-person')
    .filter({ hasText: text.slice(0, 10) })
    .waitFor();
}

async function openCase(text: string): Promise<Page> {
  const { page } = agent;
  await page.goto('/desk/inbox');
  const row = page.getByTestId('case-row').filter({ hasText: text.slice(0, 10) });
  await row.getByTestId('case-open').click({ timeout: 60_000 });
  await page.getByTestId('case').waitFor();
  return page;
}

async function approveOnPhone(title: RegExp): Promise<string> {
  const { page } = reviewer;
  await page.goto('/desk/reviews');
  await page.getByTestId('review-row').filter({ hasText: title }).getByTestId('review-open').click();
  const section = page.getByTestId('review-section').first();
  await section.waitFor();
  const words = await page.getByTestId('phone-review').innerText();
  await page.getByTestId('phone-approve').click();
  await page.waitForURL((url) => !url.pathname.includes('/m/reviews/'));
  return words;
}

describe('an answer to a complaint', () => {
  test('waits for a second person, who approves it on the phone', async () => {
    await write('王秀英', complaint);
    const page = await openCase(complaint);
    await page.getByTestId('answer-text').fill(answer);
    await page.getByTestId('draft-check').filter({ hasText: '另一人审核' }).waitFor();
    await page.getByTestId('answer-send').click();
    await page.locator('[data-testid="reply-state"][data-state="reviewing"]').waitFor();
    await reviewer.page.goto('/desk/reviews');
    await reviewer.page.getByTestId('review-due').waitFor();
    await takePicture(reviewer.page, 'review-of-answer');
    expect(await approveOnPhone(/^答复 /)).toContain('前答复');
    await page
      .locator('[data-testid="case-state"][data-state="answered"]')
      .first()
      .waitFor({ timeout: 30_000 });
    await citizen.page.reload();
    await citizen.page.getByTestId('line-account').filter({ hasText: '增加人手' }).waitFor();
  });

  test('is public without the name, once another person has read it', async () => {
    const { page } = agent;
    await page.getByTestId('case-publish').click();
    await page.getByTestId('publication').waitFor();
    expect(await page.getByTestId('publication-masked').innerText()).toContain('王秀英');
    expect(await page.getByTestId('publication-answer').inputValue()).toContain('王**您好');
    await takePicture(page, 'public-answer');
    // A shop that is called like somebody: the program asks, the clerk says so.
    const words = await page.getByTestId('publication-answer').inputValue();
    await page.getByTestId('publication-answer').fill(`${words}也可以到刘文静对面的窗口办理。`);
    await page.getByTestId('publication-save').click();
    await page.getByTestId('publication-nobodys-mark').click();
    await page.getByTestId('publication-nobodys').filter({ hasText: '刘文静' }).waitFor();
    await takePicture(page, 'public-answer-nobodys', { fullPage: true });
    await page.setViewportSize(phone);
    await takePicture(page, 'public-answer-nobodys-phone', { fullPage: true });
    await page.setViewportSize(wide);
    await page.getByTestId('publication-submit').click();
    await page.locator('[data-testid="publication-state"][data-state="reviewing"]').waitFor();
    expect(await approveOnPhone(/^公开答复 /)).toContain('经办人认为不是个人信息');
    await page.locator('[data-testid="publication-state"][data-state="published"]').waitFor();
    await citizen.page.goto('/answers');
    await citizen.page
      .getByRole('link', { name: /转移接续|社保柜台/ })
      .first()
      .click();
    const shown = await citizen.page.locator('main').innerText();
    expect(shown).toContain('窗口已增加人手');
    expect(shown).not.toMatch(/王秀英|13800138000/);
  });

  test('becomes knowledge, and is offered for the next question', async () => {
    const { page } = agent;
    await page.getByTestId('publication-knowledge').click();
    await page.getByTestId('knowledge').waitFor();
    await write('李雷', next);
    await openCase(next);
    await page.getByTestId('suggestion-use').first().click();
    expect(await page.getByTestId('answer-text').inputValue()).toContain('窗口已增加人手');
    await takePicture(page, 'suggestion');
  });
});
