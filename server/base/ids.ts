import { randomBytes } from 'node:crypto';

let lastMs = 0;
let counter = 0;

/**
 * UUIDv7 (RFC 9562), monotonic within this process: 48 bits of Unix milliseconds, a 12-bit counter, 62 random
 * bits. Made in the program so that a row's id is known before the transaction begins.
 */
export function newId(): string {
  let ms = Date.now();
  if (ms <= lastMs) {
    ms = lastMs;
    counter += 1;
    if (counter > 0xfff) {
      ms += 1;
      counter = 0;
    }
  } else {
    counter = 0;
  }
  lastMs = ms;
  const bytes = randomBytes(16);
  bytes.writeUIntBE(ms, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** 128 random bits, 22 characters of base64url: unguessable names for things shown outside. */
export function newToken(): string {
  return randomBytes(16).toString('base64url');
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Random Crockford base-32, for what people type: no I, L, O, U. 5 bits a character. */
export function newCode(length: number): string {
  return Array.from(randomBytes(length), (byte) => crockford[byte & 31]).join('');
}
