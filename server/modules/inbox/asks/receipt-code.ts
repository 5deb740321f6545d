/** The code beside a receipt: made from the conversation and a key that is never in the database, and stored as its hash. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { App } from '#server/base/app.ts';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 8;
export const receiptLength = 10;

/** 40 bits: with the tries that are allowed, a receipt's code is guessed in some million years. */
export function codeOf(app: Pick<App, 'sealer'>, conversationId: string): string {
  const bytes = createHmac('sha256', app.sealer.derive('receipt codes')).update(conversationId).digest();
  return Array.from(bytes.subarray(0, codeLength), (byte) => crockford[byte & 31]).join('');
}

export function hashCode(app: Pick<App, 'sealer'>, receipt: string, code: string): Buffer {
  return createHmac('sha256', app.sealer.derive('receipt hashes')).update(`${receipt} ${code}`).digest();
}

export function isCodeOf(
  app: Pick<App, 'sealer'>,
  found: { receipt: string; hash: Buffer },
  code: string,
): boolean {
  const given = hashCode(app, found.receipt, code);
  return given.length === found.hash.length && timingSafeEqual(given, found.hash);
}

/** What people make of Crockford characters in writing them down: spaces, dashes, O for 0, I and L for 1. */
export function readCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\-–—_.]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
}

/** Tells the words of one form from others that came under its key. */
export const digestOf = (words: string): string =>
  createHash('sha256').update(words).digest('hex').slice(0, 16);
