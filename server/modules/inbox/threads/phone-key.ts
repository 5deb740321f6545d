/** What a telephone number is found by: a keyed hash, so that the number itself is nowhere in the clear. */
import { createHmac } from 'node:crypto';
import type { App } from '#server/base/app.ts';

/** @returns null for what is no number; the same for 138 0013 8000, +86 13800138000 and full-width digits */
export function phoneKeyOf(app: Pick<App, 'sealer'>, bureauId: string, phone: string): string | null {
  const digits = phone
    .normalize('NFKC')
    .replaceAll(/\D/g, '')
    .replace(/^86(?=1\d{10}$)/, '');
  if (digits.length < 7) return null;
  const hash = createHmac('sha256', app.sealer.derive('inbox person')).update(`${bureauId}:${digits}`);
  return `phone:${hash.digest('base64url')}`;
}
