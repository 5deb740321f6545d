/**
 * Screens of the journeys. Always taken, so that a journey fails where a screen can't be drawn; written to docs/pictures for
 * the README only when HUISHENG_PICTURES=1, because fonts differ between machines.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const folders = {
  docs: fileURLToPath(new URL('../../../docs/pictures/', import.meta.url)),
  output: fileURLToPath(new URL('../../output/', import.meta.url)),
};

/** @param keep true for the pictures of the README */
export async function takePicture(
  page: Page,
  name: string,
  options: { keep?: boolean; fullPage?: boolean } = {},
): Promise<void> {
  const picture = await page.screenshot({ fullPage: options.fullPage ?? false, animations: 'disabled' });
  const folder = options.keep && process.env.HUISHENG_PICTURES === '1' ? folders.docs : folders.output;
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}${name}.png`, picture);
}
