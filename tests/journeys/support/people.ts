/** People at their screens. Every wait is for something on the page. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { inject } from 'vitest';

export const wide = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

export type Seat = { page: Page; context: BrowserContext; leave(): Promise<void> };

/** A new browser profile at the public address; fails on errors that a page throws. */
export async function sitDown(
  browser: Browser,
  viewport = wide,
  options: { javaScript?: boolean } = {},
): Promise<Seat> {
  const { url } = inject('stage');
  const context = await browser.newContext({
    baseURL: url,
    viewport,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    javaScriptEnabled: options.javaScript ?? true,
    permissions: options.javaScript === false ? [] : ['clipboard-read', 'clipboard-write'],
    isMobile: viewport.width < 600,
    hasTouch: viewport.width < 600,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const thrown: string[] = [];
  page.on('pageerror', (error) => thrown.push(error.message));
  return {
    page,
    context,
    async leave() {
      await context.close();
      if (thrown.length > 0) throw new Error(`the page threw: ${thrown.join('; ')}`);
    },
  };
}

export function passwordOf(login: string): string {
  const found = inject('stage').demonstration.signIns.find((one) => one.login === login);
  if (!found) throw new Error(`nobody signs in as ${login}`);
  return found.password;
}

/** In the dialog over the page the name stands already and can't be changed. */
export async function fillSignIn(page: Page, login: string): Promise<void> {
  const name = page.getByTestId('sign-in-login');
  if (await name.isEditable()) await name.fill(login);
  await page.getByTestId('sign-in-password').fill(passwordOf(login));
  await page.getByTestId('sign-in-submit').click();
}

/** Signs in by the form, as a person does. */
export async function signIn(browser: Browser, login: string, viewport = wide): Promise<Seat> {
  const seat = await sitDown(browser, viewport);
  await seat.page.goto('/desk/');
  await fillSignIn(seat.page, login);
  await seat.page.getByTestId('home').waitFor();
  return seat;
}
