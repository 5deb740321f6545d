import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import { codeAt, describeSecret, findStep, newSecret, stepAt, toBase32 } from './totp.ts';

/** The secret of the examples in RFC 4226 (appendix D) and RFC 6238 (appendix B). */
const secret = Buffer.from('12345678901234567890');
const at = (seconds: number) => new Date(seconds * 1_000);

describe('a code', () => {
  test('of the counters 0 to 9 is as RFC 4226 says', () => {
    const said = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489';
    expect(said.split(' ').map((_, counter) => codeAt(secret, counter))).toEqual(said.split(' '));
  });

  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %i is %s, the last six digits of RFC 6238’s', (seconds, code) => {
    expect(codeAt(secret, stepAt(at(seconds)))).toBe(code);
    expect(findStep(secret, code, at(seconds), 0)).toBe(Math.floor(seconds / 30));
  });
});

describe('a code is found', () => {
  const now = at(1_234_567_890);
  const step = stepAt(now);

  test('one step early and one late, and no further', () => {
    const found = [-2, -1, 0, 1, 2].map((away) => findStep(secret, codeAt(secret, step + away), now, 0));
    expect(found).toEqual([null, step - 1, step, step + 1, null]);
  });

  test('never at or before the step that was taken last', () => {
    const code = codeAt(secret, step);
    expect(findStep(secret, code, now, step)).toBeNull();
    expect(findStep(secret, code, now, step + 1)).toBeNull();
    expect(findStep(secret, code, now, step - 1)).toBe(step);
  });

  test.each(['', '12345', '1234567', 'abcdef', '１２３４５６', '-12345', '12 345'])('not in %j', (typed) =>
    expect(findStep(secret, typed, now, 0)).toBeNull(),
  );
});

describe('a secret', () => {
  test('has 160 bits and is never the same twice', () => {
    expect(newSecret()).toHaveLength(20);
    expect(newSecret().equals(newSecret())).toBe(false);
  });

  test.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('%j is written %j in base 32, as RFC 4648 says', (text, written) =>
    expect(toBase32(Buffer.from(text))).toBe(written),
  );

  test('is given to the app as an address that every app reads', () => {
    const uri = describeSecret(secret, { issuer: '回声 云溪人社', login: 'bianji' });
    const url = new URL(uri);
    expect([url.protocol, url.host]).toEqual(['otpauth:', 'totp']);
    expect(decodeURIComponent(url.pathname)).toBe('/回声 云溪人社:bianji');
    expect(uri).not.toContain('+');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      issuer: '回声 云溪人社',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});

describe('recovery codes', () => {
  test('are ten, in groups that can be copied by hand', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  test('are known again however they are typed', () => {
    const hash = hashRecoveryCode('AB01-CD11-EFGH-JKMN')!;
    for (const typed of [
      'ab01cd11efghjkmn',
      ' AB01 CD11 EFGH JKMN ',
      'ABO1–CDIL–EFGH–JKMN',
      'ＡＢ０１ＣＤ１１ＥＦＧＨＪＫＭＮ',
    ])
      expect(hashRecoveryCode(typed)?.equals(hash), typed).toBe(true);
  });

  test('are not found in anything else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 15 }), (typed) => {
        expect(hashRecoveryCode(typed)).toBeNull();
      }),
    );
  });
});
