import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSealer, type Place } from './seal.ts';

const place: Place = {
  bureauId: '0199a000-0000-7000-8000-000000000001',
  table: 'account_secrets',
  row: '0199a000-0000-7000-8000-000000000002',
  column: 'appSecret',
};
const key = Buffer.alloc(32, 1);
const sealer = createSealer(new Map([[1, key]]));

describe('a sealed value', () => {
  test('opens where it was sealed, and holds nothing readable', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const clear = Buffer.from(bytes);
        const sealed = sealer.seal(place, clear);
        expect(sealer.open(place, sealed)).toEqual(clear);
        if (clear.length > 8) expect(sealed.includes(clear)).toBe(false);
      }),
    );
  });

  test('is never the same twice', () => {
    expect(sealer.seal(place, 'x').equals(sealer.seal(place, 'x'))).toBe(false);
  });

  test.each([
    ['bureau', { bureauId: '0199a000-0000-7000-8000-000000000009' }],
    ['table', { table: 'people' }],
    ['row', { row: '0199a000-0000-7000-8000-000000000009' }],
    ['column', { column: 'token' }],
  ])('moved to another %s does not open', (_name, change) => {
    const sealed = sealer.seal(place, 'secret');
    expect(() => sealer.open({ ...place, ...change }, sealed)).toThrow();
  });

  test('with any one bit changed does not open', () => {
    const sealed = sealer.seal(place, 'a secret of some length');
    fc.assert(
      fc.property(fc.nat({ max: sealed.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        const forged = Buffer.from(sealed);
        forged[at] = forged[at]! ^ (1 << bit);
        expect(() => sealer.open(place, forged)).toThrow();
      }),
    );
  });

  test('cut short does not open', () => {
    const sealed = sealer.seal(place, 'secret');
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => sealer.open(place, sealed.subarray(0, length))).toThrow();
  });
});

describe('rotation', () => {
  const rotated = createSealer(
    new Map([
      [1, key],
      [2, Buffer.alloc(32, 2)],
    ]),
  );

  test('the old key still opens, the new one seals', () => {
    const old = sealer.seal(place, 'before');
    expect(rotated.open(place, old).toString()).toBe('before');
    const fresh = rotated.seal(place, 'after');
    expect(fresh.readUInt16BE(1)).toBe(2);
    expect(rotated.open(place, fresh).toString()).toBe('after');
  });

  test('a missing key is named, and nothing is guessed', () => {
    expect(() => sealer.open(place, rotated.seal(place, 'after'))).toThrow('key 2');
  });

  test('another key of the same number does not open', () => {
    const stranger = createSealer(new Map([[1, randomBytes(32)]]));
    expect(() => stranger.open(place, sealer.seal(place, 'x'))).toThrow();
  });
});

test('derived keys differ by purpose and by master key, and are stable', () => {
  const other = createSealer(new Map([[1, Buffer.alloc(32, 9)]]));
  expect(sealer.derive('audit seals')).toEqual(sealer.derive('audit seals'));
  expect(sealer.derive('audit seals').equals(sealer.derive('oauth state'))).toBe(false);
  expect(sealer.derive('audit seals').equals(other.derive('audit seals'))).toBe(false);
});
