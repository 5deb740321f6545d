import { expect, test } from 'vitest';
import { findLeft, maskForPublic, maskTogether, type Ours } from './personal-findings.ts';

const none: Ours = { numbers: new Set(), words: new Set() };

test('a name that one part tells is masked in every part', () => {
  const { masked, found } = maskTogether(['我叫王秀英，电话13800138000。', '王秀英您好，已与您通话。'], none);
  expect(masked).toEqual(['我叫王**，电话138****8000。', '王**您好，已与您通话。']);
  expect(new Set(found.map(({ kind }) => kind.zh))).toEqual(new Set(['姓名', '电话']));
});

test('names of companies and numbers of services stay', () => {
  const text = '请到青川县鑫达建材有限公司，或拨打 12333。';
  expect(maskForPublic(text, none)).toEqual({ masked: text, found: [] });
});

test('what was told elsewhere and still stands is left over, once', () => {
  const told = maskTogether(['我叫王秀英。'], none).found;
  expect(findLeft('王秀英您好，王秀英再见。', told, none).map(({ words }) => words)).toContain('王秀英');
  expect(findLeft('王**您好。', told, none)).toEqual([]);
});

test('the telephone of the office itself stays, and a person’s beside it does not', () => {
  const own = { ...none, numbers: new Set(['057112345678']) };
  const text = '咨询电话：0571-12345678，王先生手机13800138000。';
  const { masked, found } = maskForPublic(text, own);
  expect(masked).toContain('0571-12345678');
  expect(masked).not.toContain('13800138000');
  expect(found.map(({ words }) => words)).not.toContain('0571-12345678');
});

test('words that the bureau knows to be nobody’s stay, and a number among them does not', () => {
  const ours = { ...none, words: new Set(['刘文静', '13800138000']) };
  const text = '刘文静对面的路灯坏了，我叫王秀英，电话13800138000。';
  const { masked, found } = maskForPublic(text, ours);
  expect(masked).toBe('刘文静对面的路灯坏了，我叫王**，电话138****8000。');
  expect(found.map(({ words }) => words)).toEqual(['王秀英', '13800138000']);
});

test('who says that this is their own name is masked, whatever the bureau knows to be called so', () => {
  const ours = { ...none, words: new Set(['刘文静']) };
  expect(maskForPublic('我叫刘文静，住在刘文静对面。', ours).masked).toBe('我叫刘**，住在刘文静对面。');
});
