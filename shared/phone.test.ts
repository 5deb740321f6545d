import { expect, test } from 'vitest';
import { looksLikePhone } from './phone.ts';

test.each(['13800138000', '138 0013 8000', '0571-12345678', '12345678转801', '+86 138-0013-8000', '8761234'])(
  '%s can be called',
  (text) => {
    expect(looksLikePhone(text)).toBe(true);
  },
);

test.each(['1234', '123', '微信同号', '', '138001380001380013800138'])('%s cannot', (text) => {
  expect(looksLikePhone(text)).toBe(false);
});
