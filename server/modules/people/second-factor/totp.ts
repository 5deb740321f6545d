/**
 * Time-based one-time passwords: RFC 6238 over RFC 4226, HMAC-SHA-1, 6 digits, steps of 30 seconds. These are what the
 * authenticator apps assume; several of them ignore other values in the address without a word.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const stepSeconds = 30;
/** One step either way: the phone's clock, and the seconds of typing. */
const drift = 1;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 160 bits, as long as the hash (RFC 4226 §4, R6). */
export const newSecret = (): Buffer => randomBytes(20);

/** RFC 4648 without padding, as apps want it typed. */
export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text;
}

export const stepAt = (time: Date): number => Math.floor(time.getTime() / 1000 / stepSeconds);

export function codeAt(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac[mac.length - 1]! & 15;
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

/**
 * The step whose code this is, of those around `time` and after `after`, the last one taken; null when it is none.
 * Whoever takes it must write it down in the same transaction (ASVS 6.5.1: a code is used once).
 */
export function findStep(secret: Uint8Array, code: string, time: Date, after: number): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const now = stepAt(time);
  let found: number | null = null;
  for (let step = now - drift; step <= now + drift; step += 1) {
    const same = timingSafeEqual(Buffer.from(codeAt(secret, step)), Buffer.from(code));
    if (same && step > after) found ??= step;
  }
  return found;
}

/** The address in the QR code. Parts are percent-encoded: the label is Chinese. */
export function describeSecret(secret: Uint8Array, who: { issuer: string; login: string }): string {
  const [issuer, login] = [encodeURIComponent(who.issuer), encodeURIComponent(who.login)];
  return `otpauth://totp/${issuer}:${login}?secret=${toBase32(secret)}&issuer=${issuer}&algorithm=SHA1&digits=6&period=${stepSeconds}`;
}
