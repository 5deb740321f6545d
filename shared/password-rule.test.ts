import { describe, expect, test } from 'vitest';
import { findPasswordProblem } from './password-rule.ts';

const who = { login: 'linxiao', name: '林晓' };
const problemOf = (password: string) => findPasswordProblem(password, who);

describe('a chosen password', () => {
  test.each([
    '云溪河边的老槐树开花了吗',
    'correct horse battery',
    'tie-shu-wan-nian-hong',
    '7Q2K-MZ8P-V0WD-3XHR',
  ])('%s is taken', (password) => expect(problemOf(password)).toBeNull());

  test.each([
    ['', 'too-short'],
    ['Ab1!Ab1!Ab1', 'too-short'],
    // Twelve code units, six characters.
    ['😀😁😂😃😄😅', 'too-short'],
    ['x'.repeat(257), 'too-long'],
    ['LinXiao-loves-tea', 'holds-name'],
    ['今天林晓值班谁来替一下', 'too-short'],
    ['今天林晓值班谁来替她一下呢', 'holds-name'],
    // Full width is the same letters.
    ['ｌｉｎｘｉａｏ－ｔｅａ－１２', 'holds-name'],
    ['password12345', 'too-common'],
    ['P@ssw0rd!!!!', 'too-common'],
    ['Qwertyuiop12', 'too-common'],
    ['Renshe@2026!', 'too-common'],
    ['rensheju-shebao-2026', 'too-common'],
    ['人社局社保卡管理员密码2026', 'too-common'],
    ['13800138000000', 'too-common'],
    ['330102199001011234', 'too-common'],
    ['2026-11-23 08:30', 'too-common'],
    ['aaaaaaaaaaaa', 'too-common'],
    ['xyxyxyxyxyxyxy', 'too-common'],
  ])('%s: %s', (password, problem) => expect(problemOf(password)).toBe(problem));

  test('is looked at as long as it may be without taking long', () => {
    const started = performance.now();
    expect(problemOf(`${'qazwsx'.repeat(42)}!x`)).toBeNull();
    expect(performance.now() - started).toBeLessThan(200);
  });
});
