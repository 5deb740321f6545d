import { describe, expect, test } from 'vitest';
import { newPassword } from './create-person.ts';
import { absentHash, hashPassword, verifyPassword } from './password.ts';

describe('a password', () => {
  test('is kept as Argon2id in PHC form, salted, and verifies', async () => {
    const [one, other] = await Promise.all([hashPassword('云溪 人社 2026'), hashPassword('云溪 人社 2026')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(other);
    expect(await verifyPassword('云溪 人社 2026', one)).toBe(true);
    expect(await verifyPassword('云溪 人社 2027', one)).toBe(false);
  });

  test('typed in another Unicode form is the same password', async () => {
    const hash = await hashPassword('caf\u00e9 ＡＢＣ１２３');
    expect(await verifyPassword('cafe\u0301 ABC123', hash)).toBe(true);
  });

  test('whose hash was cut, or made another way, never verifies', async () => {
    const hash = await hashPassword('x');
    for (const bad of [
      '',
      'x',
      hash.slice(0, -1),
      hash.replace('argon2id', 'argon2i'),
      hash.replace('t=2', 't=3'),
    ])
      expect(await verifyPassword('x', bad)).toBe(false);
  });

  test('of nobody is a hash that costs the same and that no password opens', async () => {
    expect(absentHash.split('$').slice(0, 4)).toEqual((await hashPassword('x')).split('$').slice(0, 4));
    expect(await verifyPassword('', absentHash)).toBe(false);
  });

  test('made for a new person is 80 random bits in four groups', () => {
    const made = Array.from({ length: 50 }, newPassword);
    for (const password of made)
      expect(password).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(new Set(made).size).toBe(50);
  });
});
