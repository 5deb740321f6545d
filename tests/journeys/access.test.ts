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

const publicPages = [
  '/',
  '/search?q=退休',
  '/accessibility',
  '/ask',
  '/ask?kind=error-report&page=/',
  '/receipt',
  '/answers',
];

/** Every page of the desk that needs no thing of its own; the others are walked through by the journeys. */
const deskPages = [
  ...['/', '/articles', '/media', '/reviews', '/deliveries', '/figures', '/registrations'],
  ...['/inbox', '/inbox-wall', '/inbox-comments', '/inbox-settings', '/inbox-intake'],
  ...['/inbox/published', '/inbox/services', '/inbox/knowledge', '/inbox/knowledge/new'],
  ...['/insight', '/insight/digests', '/insight/quality', '/insight/sorting'],
  ...['/accounts', '/accounts/matrix', '/calendar', '/people', '/audit', '/notices', '/notices/settings'],
  '/me',
];

describe.each([
  ['wide', wide],
  ['phone', phone],
] as const)('no barrier on a %s screen', (_name, viewport) => {
  test('stands on a public page', async () => {
    const seat = await sitDown(browser, viewport);
    const found: Record<string, string[]> = {};
    for (const path of publicPages) {
      expect((await seat.page.goto(path))?.status()).toBe(200);
      found[path] = await findBarriers(seat.page);
    }
    expect(found).toEqual(Object.fromEntries(publicPages.map((path) => [path, []])));
    await seat.leave();
  });

  test('stands on a page of the desk', async () => {
    const seat = await signIn(browser, 'guanli', viewport);
    const found: Record<string, string[]> = {};
    for (const path of deskPages) {
      await seat.page.goto(`/desk${path}`);
      await seat.page.waitForLoadState('networkidle');
      found[path] = await findBarriers(seat.page);
      await takePicture(seat.page, `desk${path.replaceAll('/', '-')}${viewport.width}`, {
        fullPage: true,
      });
    }
    expect(found).toEqual(Object.fromEntries(deskPages.map((path) => [path, []])));
    await seat.leave();
  });
});
