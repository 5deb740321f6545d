/** An item from the hotline: imported, dispatched, returned, dispatched again, extended, kept open, answered, closed, called
 * back. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { listUnits } from '#shared/people.ts';
import { listReviews } from '#shared/review.ts';
import { approve } from '#tests/support/build-article.ts';
import { signInClient } from '#tests/support/client.ts';
import { until } from '#tests/support/wait.ts';
import { openBrowser } from './support/browser.ts';
import { passwordOf, type Seat, signIn } from './support/people.ts';
import { takePicture } from './support/pictures.ts';

const number = 'GD20261123000781';
const words = '我在园区上班，公司已经三个月没有发工资，请帮忙处理';

let browser: Browser;
let agent: Seat;
let section: Seat;
let administrator: Seat;
beforeAll(async () => {
  browser = await openBrowser();
  agent = await signIn(browser, 'liuyan');
  section = await signIn(browser, 'keshi');
  administrator = await signIn(browser, 'guanli');
});
afterAll(async () => {
  for (const seat of [agent, section, administrator]) await seat?.leave();
  await browser?.close();
});

async function openCase(page: Page): Promise<void> {
  await page.goto('/desk/inbox');
  await page
    .getByTestId('case-row')
    .filter({ hasText: words.slice(0, 12) })
    .getByTestId('case-open')
    .click();
  await page.getByTestId('case').waitFor();
}

async function step(page: Page, name: string, reason: string): Promise<void> {
  await page.getByTestId(`step-${name}`).click();
  await page.getByTestId('step-reason').fill(reason);
  await page.getByTestId('step-confirm').click();
  await page.getByTestId('step-confirm').waitFor({ state: 'hidden' });
}

/** The section by its name in the list; its people get it without anybody being named. */
async function assign(page: Page, unit: string): Promise<void> {
  await page.getByTestId('assign-unit').click();
  await page.locator('.ant-select-item-option').filter({ hasText: unit }).first().click();
  await page.getByTestId('assign').click();
  await page.getByTestId('case').getByText(unit).first().waitFor();
}

/** A complaint is answered in words that a second person saw. */
async function approveAnswer(): Promise<void> {
  const reviewer = await signInClient(inject('stage').url, 'chushen', passwordOf('chushen'));
  const findReview = async () =>
    (await reviewer.call(listReviews, { query: { mine: '1' } })).find(
      ({ subjectKind }) => subjectKind === 'reply',
    );
  const found = await until(findReview, { what: 'the answer waits to be approved' });
  expect(await approve(reviewer, found.id)).toBe('approved');
}

const logOf = (page: Page) => page.locator('.log').last().innerText();

describe('an item of the hotline', () => {
  let unit = '';
  beforeAll(async () => {
    const client = await signInClient(inject('stage').url, 'liuyan', passwordOf('liuyan'));
    const units = await client.call(listUnits, {});
    const member = (await client.call(listUnits, {})).find((one) => one.fields.includes('社会保险'));
    unit = member?.name ?? units[0]!.name;
  });

  test('is refused as a whole with a faulty row, and taken in once the list is mended', async () => {
    const { page } = agent;
    await page.goto('/desk/inbox-intake');
    const give = async (rows: string[]) =>
      page
        .getByTestId('intake-list')
        .locator('input[type=file]')
        .setInputFiles({
          name: '转办件.csv',
          mimeType: 'text/csv',
          buffer: Buffer.from(['工单编号,来件时间,姓名,联系电话,诉求内容,类型', ...rows].join('\n')),
        });
    await give([`${number},2026-11-23 09:30,李建国,13800001234,${words},投诉`, 'GD2,昨天,,,社保卡丢了,咨询']);
    await page.getByTestId('import-problems').getByText('第 3 行').waitFor();
    await takePicture(page, 'import-problems');
    await give([`${number},2026-11-23 09:30,李建国,13800001234,${words},投诉`]);
    await page.getByTestId('import-done').getByText('已导入 1 件').waitFor();
  });

  test('is returned by the section it does not concern, and dispatched again', async () => {
    await openCase(agent.page);
    expect(await agent.page.getByTestId('contact').innerText()).toContain('13800001234');
    await assign(agent.page, unit);
    await openCase(section.page);
    await step(section.page, 'return', '工资问题由劳动监察办理');
    await agent.page.getByTestId('case').getByText('退办').first().waitFor();
    await assign(agent.page, unit);
    expect(await logOf(agent.page)).toContain('退办');
  });

  test('gets one extension, asked for by one person and granted by another', async () => {
    const { page } = agent;
    const before = await page.getByTestId('deadline').innerText();
    await step(page, 'ask-extension', '需要到企业核实工资台账');
    await page.getByTestId('extension-asked').getByText('等待另一位负责人审批').waitFor();
    await openCase(administrator.page);
    await step(administrator.page, 'grant', '同意，请抓紧');
    await page.getByTestId('extension-asked').waitFor({ state: 'detached' });
    expect(await page.getByTestId('deadline').innerText()).not.toBe(before);
    await takePicture(page, 'case-extended');
  });

  test('is not closed without an answer, because another person says no', async () => {
    const { page } = agent;
    await page.getByTestId('case-close').click();
    await page.getByTestId('reason-text').fill('多次拨打无人接听');
    await page.getByTestId('reason-confirm').click();
    await page.getByTestId('closing-asked').getByText('等待另一位负责人审批').waitFor();
    await administrator.page.getByTestId('closing-asked').waitFor();
    await takePicture(administrator.page, 'case-closing-asked');
    await step(administrator.page, 'refuse-closing', '请先问清企业是否已补发');
    await page.getByTestId('closing-asked').waitFor({ state: 'detached' });
    expect(await logOf(page)).toContain('不同意办结');
  });

  test('is answered, closed, and the person is called back', async () => {
    const { page } = agent;
    await page.getByTestId('answer-text').fill('已责令企业于 12 月 5 日前补发，请留意到账。');
    await page.getByTestId('answer-send').click();
    await approveAnswer();
    await page.locator('[data-testid="case-state"][data-state="answered"]').first().waitFor();
    await page.getByTestId('case-close').click();
    await page.getByTestId('reason-text').fill('已电话告知来信人');
    await page.getByTestId('reason-confirm').click();
    await page.locator('[data-testid="case-state"][data-state="closed"]').first().waitFor();
    await step(page, 'call-back', '工资已到账，表示满意');
    await page.getByTestId('steps').getByText('群众评价：非常满意').waitFor();
    for (const word of ['退办', '批准延期', '办结', '回访']) expect(await logOf(page)).toContain(word);
  });
});
