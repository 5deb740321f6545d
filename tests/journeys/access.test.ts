/** axe on the pages that everybody and every clerk sees. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { phone, signIn, sitDown, wide } from './support/people.ts';
import { takePicture } from './support/pictures.ts';

let browser: Browser;
let axe: string;
beforeAll(async () => {
  browser = await openBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
afterAll(() => browser?.close());

type Found = { id: string; nodes: { html: string }[] };

async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const violations = (await page.evaluate(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa"] }).then((r) => r.violations)',
  )) as Found[];
  return violations.map((found) => `${found.id}: ${found.nodes[0]?.html.slice(0, 160)}`);
}

describe('no barrier', () => {
  test.each(['/', '/search?q=退休', '/accessibility'])('stands on the public page %s', async (path) => {
    for (const viewport of [wide, phone]) {
      const seat = await sitDown(browser, viewport);
      await seat.page.goto(path);
      expect(await findBarriers(seat.page)).toEqual([]);
      await seat.leave();
    }
  });

  test.each([
    '/desk/',
    '/desk/articles',
    '/desk/reviews',
    '/desk/deliveries',
    '/desk/inbox',
    '/desk/accounts',
    '/desk/calendar',
  ])('stands on the desk page %s', async (path) => {
    for (const viewport of [wide, phone]) {
      const seat = await signIn(browser, 'guanli', viewport);
      await seat.page.goto(path);
      await seat.page.waitForLoadState('networkidle');
      expect(await findBarriers(seat.page)).toEqual([]);
      await takePicture(seat.page, `desk${path.replaceAll('/', '-')}${viewport.width}`, {
        fullPage: true,
      });
      await seat.leave();
    }
  });
});
