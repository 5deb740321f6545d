import { describe, expect, test } from 'vitest';
import { findLines, maskSource, readImports } from './scan.ts';

describe('masking', () => {
  test('comments vanish, strings stay in the code and are emptied in the bare text', () => {
    const { code, bare } = maskSource("a('x // no', `y`); // why 'z'\n/* fetch( */ b()");
    expect(code).toBe(`a('x // no', \`y\`);${' '.repeat(11)}\n${' '.repeat(13)}b()`);
    expect(bare).toBe(`a('       ', \` \`);${' '.repeat(11)}\n${' '.repeat(13)}b()`);
  });

  test('code inside a template is code, also when it holds a template and braces', () => {
    const { bare } = maskSource('`a @{ f({ k: `b @{g} c` }) } fetch(`; now()'.replaceAll('@', '$'));
    expect(bare).toContain('f({ k: `');
    expect(bare).toContain('g} ');
    expect(bare).toContain('; now()');
    expect(bare).not.toContain('fetch');
  });

  test('a regular expression with quotes and slashes does not run away', () => {
    const { bare } = maskSource("const a = /['/\"`]\\//g; b = c / d / e; use('x')");
    expect(bare).toMatch(/^const a = \/ +\/g; b = c \/ d \/ e; use\(' '\)$/);
  });

  test('an apostrophe and tags in JSX do not hide what follows', () => {
    const { bare } = maskSource("<p>it's {x} <br /></p>\nfetch('u') // end");
    expect(bare).toContain("fetch(' ')");
    expect(bare).not.toContain('end');
  });

  test('every offset is kept', () => {
    const source = "x('中文') /* 注 */\n`1`";
    const { code, bare } = maskSource(source);
    expect([code.length, bare.length]).toEqual([source.length, source.length]);
  });
});

describe('imports', () => {
  const specifiers = (source: string) =>
    readImports(source).map((one) => `${one.typeOnly ? 'type ' : ''}${one.specifier}`);

  test('every form is found in order', () => {
    expect(
      specifiers(
        [
          "import a, { b } from './a.ts';",
          "import type { C } from '#server/c.ts';",
          "import {\n  type D,\n  type E,\n} from 'd';",
          "import { type F, g } from 'f';",
          "import * as h from 'h';",
          "import 'i';",
          "export { j } from './j.ts';",
          "export * from './k.ts';",
          "export type { L } from './l.ts';",
          "const m = await import('./m.ts');",
        ].join('\n'),
      ),
    ).toEqual([
      ...['./a.ts', 'type #server/c.ts', 'type d', 'f', 'h', 'i', './j.ts', './k.ts'],
      ...['type ./l.ts', './m.ts'],
    ]);
  });

  test('what only looks like an import is none', () => {
    expect(
      specifiers(
        [
          "// import a from './a.ts'",
          'const text = "import b from \'./b.ts\'";',
          'const from = list.from(1); // from',
          "export const x = 1; const y = f('from');",
          'import.meta.url;',
        ].join('\n'),
      ),
    ).toEqual([]);
  });
});

test('a hit is told with its line', () => {
  expect(findLines('a\nb fetch(\nc', /fetch\(/g, 'a\nB fetch(\nc')).toEqual([{ line: 2, text: 'B fetch(' }]);
});
