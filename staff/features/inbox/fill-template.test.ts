import { expect, test } from 'vitest';
import { fillTemplate } from './fill-template.ts';

const values = { name: '李女士', number: '2026-000012', unit: '社会保险股', due: '12月2日' };

test('names in braces are filled in, wherever and however often they stand', () => {
  const template = '{称呼}：您的留言（{编号}）已由{科室}办理，{期限}前答复。谢谢{称呼}。';
  expect(fillTemplate(template, values)).toBe(
    '李女士：您的留言（2026-000012）已由社会保险股办理，12月2日前答复。谢谢李女士。',
  );
});

test('what is not known stays in its braces, to be seen', () => {
  expect(fillTemplate('{科室}{电话}', { ...values, unit: '' })).toBe('{科室}{电话}');
});

test('a value is never read as a template itself', () => {
  expect(fillTemplate('{称呼}', { ...values, name: '{编号' })).toBe('{编号');
});

test('whoever gave no name is greeted without one', () => {
  const nameless = { ...values, name: '' };
  expect(fillTemplate('{称呼}，您好！{期限}前答复。', nameless)).toBe('您好！12月2日前答复。');
  expect(fillTemplate('{称呼}：您的留言已收到。', nameless)).toBe('您的留言已收到。');
});
