/**
 * Signatures and encryption of pushes and of the answers to them. SHA-1, AES-256-CBC and PKCS#7 in blocks of 32 are the platform's choice;
 * Node's own unpadding knows blocks of 16 only and would refuse one message in two, hence by hand.
 */
import { createCipheriv, createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';

export const ENCODING_AES_KEY = /^[A-Za-z0-9+/]{43}$/;
const BLOCK = 32;
/** 16 random bytes and 4 bytes of length come before the message. */
const HEAD = 20;

/** Hex SHA-1 of the parts in byte order; never in the order of a language. */
export function sign(...parts: string[]): string {
  return createHash('sha1').update(parts.toSorted(byCodeUnit).join('')).digest('hex');
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Compares in constant time. */
export function isSame(given: string | undefined, expected: string): boolean {
  const left = Buffer.from(given ?? '');
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The clear message, or null for anything but a well-formed one addressed to this AppID. */
export function decrypt(encodingAESKey: string, appId: string, sealed: string): Buffer | null {
  const opened = openSealed(encodingAESKey, sealed);
  if (!opened) return null;
  return isSame(opened.appId, appId) ? opened.message : null;
}

/** @param random sixteen characters of ASCII, new for each message */
export function encrypt(encodingAESKey: string, appId: string, clear: string, random: string): string {
  const key = Buffer.from(`${encodingAESKey}=`, 'base64');
  const message = Buffer.from(clear);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const plain = Buffer.concat([Buffer.from(random, 'latin1'), length, message, Buffer.from(appId)]);
  const pad = BLOCK - (plain.length % BLOCK);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([plain, Buffer.alloc(pad, pad)]);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
}

function openSealed(encodingAESKey: string, sealed: string): { message: Buffer; appId: string } | null {
  if (!ENCODING_AES_KEY.test(encodingAESKey)) return null;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(sealed)) return null;
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length === 0 || bytes.length % 16 !== 0) return null;
  // Node takes the stray low bits that the last character of real keys may have.
  const key = Buffer.from(`${encodingAESKey}=`, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const clear = unpad(padded);
  if (!clear || clear.length < HEAD) return null;
  const end = HEAD + clear.readUInt32BE(16);
  if (end > clear.length) return null;
  return { message: clear.subarray(HEAD, end), appId: clear.subarray(end).toString('utf8') };
}

function unpad(padded: Buffer): Buffer | null {
  const count = padded.at(-1) ?? 0;
  if (count < 1 || count > BLOCK || count > padded.length) return null;
  const pad = padded.subarray(padded.length - count);
  return pad.every((byte) => byte === count) ? padded.subarray(0, padded.length - count) : null;
}
