import { expect, test } from 'vitest';
import { ServiceContent, serviceBlock } from './services.ts';

test('a block holds what is known, a line each, and nothing else', () => {
  const content = ServiceContent.parse({ name: '社保卡补办', place: '社保卡服务网点', phone: '12333' });
  expect(serviceBlock(content)).toBe('【社保卡补办】\n办理地点：社保卡服务网点\n咨询电话：12333');
});

test.each([['javascript:alert(1)'], ['不是网址'], ['ftp://files.example']])(
  '%s is no address to send a citizen to',
  (url) => {
    expect(ServiceContent.safeParse({ name: '社保卡补办', url }).success).toBe(false);
  },
);
