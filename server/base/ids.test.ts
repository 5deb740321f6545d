import { describe, expect, test } from 'vitest';
import { newCode, newId, newToken } from './ids.ts';

describe('an id', () => {
  test('is a UUIDv7 of this moment', () => {
    const before = Date.now();
    const id = newId();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const ms = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    expect(ms).toBeGreaterThanOrEqual(before);
    // A burst may run some milliseconds ahead of the clock.
    expect(ms).toBeLessThanOrEqual(Date.now() + 100);
  });

  test('is greater than every one made before, however fast they are made', () => {
    const ids = Array.from({ length: 50_000 }, newId);
    for (let at = 1; at < ids.length; at += 1) expect(ids[at]! > ids[at - 1]!).toBe(true);
  });
});

describe('names shown outside', () => {
  test('are 128 random bits, never two alike', () => {
    const tokens = Array.from({ length: 10_000 }, newToken);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{22}$/);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  test('for typing have no letters that look like others', () => {
    const codes = Array.from({ length: 2_000 }, () => newCode(10));
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
    expect(new Set(codes.join('')).size).toBe(32);
  });
});
