import { describe, expect, test } from 'vitest';
import { errors } from '#shared/errors.ts';
import { findLines } from './support/scan.ts';
import { listSharedExports } from './support/shared-exports.ts';
import { listFiles, loadSources, place, root } from './support/tree.ts';

type Pair = { where: string; zh: string; en: string };

const han = /\p{Script=Han}/u;
const sources = loadSources(['connectors', 'server', 'shared', 'site', 'staff']).filter(
  (source) => !source.test,
);

const shared = (await listSharedExports()).flatMap(({ file, name, value }) =>
  collectPairs(value, `${file} ${name}`),
);
const screens = (
  await Promise.all(
    listFiles('staff')
      .filter((path) => /(^|\/)texts\.ts$/.test(path))
      .map(async (path) => collectPairs(await import(`${root}${path}`), path)),
  )
).flat();
const refusals = Object.entries(errors).map(([code, [, zh, en]]) => ({ where: `error ${code}`, zh, en }));
const written = sources.flatMap(({ path, code }) =>
  readPairs(code).map((pair) => ({ ...pair, where: path })),
);
const all: Pair[] = [...shared, ...screens, ...refusals, ...written];

/** Every `{zh, en}` inside a value, whatever tables it stands in. */
function collectPairs(value: unknown, where: string): Pair[] {
  if (typeof value !== 'object' || value === null) return [];
  const { zh, en } = value as { zh?: unknown; en?: unknown };
  if (typeof zh === 'string' && typeof en === 'string') return [{ where, zh, en }];
  // Schemas and routes are objects too; the tables of texts are plain.
  if (![Object.prototype, Array.prototype, null].includes(Object.getPrototypeOf(value) as object | null))
    return [];
  return Object.entries(value).flatMap(([key, inner]) => collectPairs(inner, `${where}.${key}`));
}

/** Literal pairs in code: `text('…', '…')` and `zh: '…', en: '…'`. */
function readPairs(code: string): { zh: string; en: string }[] {
  const literal = String.raw`(?:'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|${'`'}((?:\\.|[^\\${'`'}])*)${'`'})`;
  const forms = [
    `\\btext\\(\\s*${literal}\\s*,\\s*${literal}`,
    `\\bzh:\\s*${literal}\\s*,\\s*en:\\s*${literal}`,
  ];
  return forms.flatMap((form) =>
    [...code.matchAll(new RegExp(form, 'g'))].map(([, a, b, c, d, e, f]) => ({
      zh: a ?? b ?? c ?? '',
      en: d ?? e ?? f ?? '',
    })),
  );
}

const say = ({ where, zh, en }: Pair) => `${where}: ${JSON.stringify({ zh, en })}`;
const names = (text: string) => [...text.matchAll(/(?<!\$)\{(\w+)\}/g)].map((match) => match[1]!).toSorted();

describe('every text for people', () => {
  test('stands in both languages, and neither is empty', () => {
    expect([shared.length > 60, screens.length > 200, refusals.length > 20, written.length > 300]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(all.filter(({ zh, en }) => zh.trim() === '' || en.trim() === '').map(say)).toEqual([]);
  });

  test('is Chinese where it says zh, and not where it says en', () => {
    /** A number or a name alone is the same in both. */
    const wordless = ({ zh, en }: Pair) =>
      zh === en || zh === 'English' || !/[a-z]{2}/i.test(zh.replace(/\{\w+\}|\$\{[^}]*\}/g, ''));
    expect(all.filter((pair) => !han.test(pair.zh) && !wordless(pair)).map(say)).toEqual([]);
    const chinese = all.filter(({ en }) => han.test(en.replace(/\$\{[^}]*\}/g, '')));
    expect(chinese.filter(({ zh, en }) => !(zh === 'English' && en === '中文')).map(say)).toEqual([]);
  });

  test('names the same values in both', () => {
    const uneven = all.filter(
      ({ zh, en }) => JSON.stringify([...new Set(names(zh))]) !== JSON.stringify([...new Set(names(en))]),
    );
    expect(uneven.map(say)).toEqual([]);
  });

  test('uses full-width punctuation in Chinese', () => {
    const half =
      /\p{Script=Han}[,;:?!](?!\w*\/)|[,;?!]\p{Script=Han}|\p{Script=Han}\.(?=$|\s)|\p{Script=Han}\(|\)\p{Script=Han}/u;
    // The header of a file of comma-separated values is shown as it must be typed.
    const prose = (zh: string) => zh.replaceAll('用户名,姓名,岗位,科室', '').replace(/\$?\{[^}]*\}/g, '某');
    expect(all.filter(({ zh }) => half.test(prose(zh))).map(say)).toEqual([]);
  });

  test('never comes in one language alone', () => {
    const lonely = sources
      .filter(({ code }) => count(code, /\bzh:/g) !== count(code, /\ben:/g))
      .map(({ path }) => path);
    expect(lonely).toEqual([]);
  });
});

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

describe('the screens of the staff app', () => {
  test('take their words from tables, so that none is left out of a language', () => {
    const outside = sources
      .filter(({ path }) => path.startsWith('staff/') && path.endsWith('.tsx'))
      .flatMap(({ path, code, text }) =>
        findLines(
          code.replace(/\btext\([^()]*\)|`[^`]*[年月日][^`]*`/g, (hidden) => ' '.repeat(hidden.length)),
          /\p{Script=Han}+/gu,
          text,
        ).map((hit) => place(path, hit.line, hit.text)),
      );
    expect(outside).toEqual([]);
  });
});

test('pairs are found in code, in every form of string', () => {
  expect(readPairs("text('甲', 'a'); ({ zh: `乙`, en: \"b's\" })")).toEqual([
    { zh: '甲', en: 'a' },
    { zh: '乙', en: "b's" },
  ]);
});
