import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256Hex } from './canonical.ts';

/** The same value with the members of every object in another order. */
function shuffle(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffle);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, shuffle(member)] as const)
      .reverse(),
  );
}

// JSON knows no −0, and a member named __proto__ is no member to Object.fromEntries.
const json = fc
  .jsonValue()
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'p')) as unknown);

describe('canonical JSON', () => {
  test('does not depend on the order of members', () => {
    fc.assert(fc.property(json, (value) => canonicalJson(shuffle(value)) === canonicalJson(value)));
  });

  test('reads back as the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
      }),
    );
  });

  test('of two values is equal only when the values are', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        const equal = JSON.stringify(shuffle(one)) === JSON.stringify(shuffle(other));
        if (equal) expect(canonicalJson(one)).toBe(canonicalJson(other));
        else if (canonicalJson(one) === canonicalJson(other)) expect(one).toEqual(other);
      }),
    );
  });

  test('sorts by code unit, leaves out undefined members, and has no white space', () => {
    expect(canonicalJson({ b: 1, a: [true, null, { z: '名', B: undefined }], '10': 0 })).toBe(
      '{"10":0,"a":[true,null,{"z":"名"}],"b":1}',
    );
  });

  test.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a big integer', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a hole in a list', [undefined]],
    ['a date', new Date(0)],
    ['a buffer', Buffer.from('x')],
    ['a map', new Map([['a', 1]])],
  ])('refuses %s, however deep it lies', (_name, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
    expect(() => canonicalJson({ a: [{ b: value }] })).toThrow(TypeError);
  });
});

test('sha256 agrees with the published vector', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
