import { expect, test } from 'vitest';
import { findMenuProblems, type MenuButton, utf8Length } from './menus.ts';

const limits = { top: 3, below: 5, topBytes: 16, belowBytes: 60 };
const link = { kind: 'link', url: 'https://rs.example.gov.cn/' } as const;
const leaf = (name: string) => ({ name, target: link });
const button = (name: string, entries: MenuButton['entries'] = []): MenuButton => ({
  name,
  target: entries.length > 0 ? null : link,
  entries,
});

test.each(['', 'abc', 'é', '社保', '社保a', '😀', '𠮷'])('%j is measured as it is sent', (text) => {
  expect(utf8Length(text)).toBe(Buffer.byteLength(text));
});

test('what fits has no problem', () => {
  const full = ['就业', '社保', '服务'].map((name) =>
    button(
      name,
      Array.from({ length: 5 }, () => leaf('办事指南')),
    ),
  );
  expect(findMenuProblems(full, limits)).toEqual([]);
  expect(findMenuProblems([], limits)).toEqual([]);
});

test.each<[string, MenuButton[], string]>([
  ['a fourth button', ['一', '二', '三', '四'].map((name) => button(name)), 'too-many'],
  [
    'a sixth entry',
    [
      button(
        '社保',
        Array.from({ length: 6 }, () => leaf('x')),
      ),
    ],
    'too-many-below',
  ],
  ['six characters on top', [button('社会保险服务')], 'too-long'],
  ['21 characters below', [button('社保', [leaf('社'.repeat(21))])], 'too-long'],
  ['a button that opens nothing', [{ name: '空', target: null, entries: [] }], 'no-target'],
])('%s is a problem', (_, buttons, kind) => {
  expect(findMenuProblems(buttons, limits).map((problem) => problem.kind)).toEqual([kind]);
});
