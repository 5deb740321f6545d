import { expect, test } from 'vitest';
import { nameOf } from './quote.ts';

const none = new Set<string>();

test('the name of an issue holds nothing masked, unless nothing else is left', () => {
  expect(nameOf('你好，培训补贴一直没有发，电话13812345678，谁来管', none)).toBe(
    '培训补贴一直没有发，谁来管',
  );
  expect(nameOf('我叫李建国，宏达公司拖欠我工资半年', none)).toBe('宏达公司拖欠我工资半年');
  expect(nameOf('电话13812345678', none)).toBe('电话138****5678');
});
