import { describe, expect, test } from 'vitest';
import { type ErrorCode, errorBody, errors } from './errors.ts';

const codes = Object.keys(errors) as ErrorCode[];

describe('an error', () => {
  test.each(codes)('%s has a status, a Chinese sentence and an English one with the same blanks', (code) => {
    const [status, zh, en] = errors[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(zh).toMatch(/[\u4e00-\u9fff]/);
    expect(en).toMatch(/^[A-Z{]/);
    const blanks = (text: string) => new Set(text.match(/\{\w+\}/g) ?? []);
    for (const blank of blanks(en)) expect(zh).toContain(blank);
  });

  test('fills its details into both texts and hands them on', () => {
    const body = errorBody('edit-conflict', { name: '林晓', revision: 7 });
    expect(body.message.zh).toBe('林晓 在您编辑期间修改过本文。您的文字已留在本页，请对照后再保存。');
    expect(body.message.en).toContain('林晓 changed this article');
    expect(body.details).toEqual({ name: '林晓', revision: 7 });
  });

  test('never shows a blank or "undefined" when a detail is missing', () => {
    for (const code of codes) {
      const { message } = errorBody(code);
      expect(`${message.zh}${message.en}`).not.toMatch(/[{}]|undefined/);
    }
  });

  test('puts a detail in as it is, patterns of replacement too', () => {
    const body = errorBody('input-invalid', { problem: "$& $1 {name} $'" });
    expect(body.message.zh).toBe("填写的内容有误：$& $1 {name} $'");
  });
});
