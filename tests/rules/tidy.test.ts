import { describe, expect, test } from 'vitest';
import { clean, judge } from './support/exceptions.ts';
import { findLines } from './support/scan.ts';
import { listTextFiles, loadSources, place, readText, type Source } from './support/tree.ts';

const sources = loadSources();
const tests = sources.filter((source) => source.test);
const product = sources.filter((source) => !source.test);

function hits(files: readonly Source[], of: 'text' | 'code' | 'bare', pattern: RegExp) {
  return files.flatMap((source) =>
    findLines(source[of], pattern, source.text).map((hit) => ({
      key: source.path,
      line: place(source.path, hit.line, hit.text),
    })),
  );
}

const longest = 400;
const anyType = /(?::|\bas|<|,|\|)\s*any\b(?!\s*\()|\bany\[\]/g;
const unfinished = /\b(?:TODO|FIXME|XXX|HACK)\b(?!\s*\(?#\d+)/g;
const skipped =
  /\b(?:test|it|describe|bench|suite)\s*(?:\.\s*\w+\s*)*\.\s*(?:skip|only|todo|fails|skipIf|runIf)\b|\bx(?:it|test|describe)\s*\(/g;
const longPause =
  /\b(?:setTimeout\s*\(\s*\w+\s*,|(?:pause|sleep|delay|wait|setTimeout|waitForTimeout)\s*\()\s*(?:[1-9][\d_]{3,}|\d+\s*\*\s*1_?000)\b/g;

const machine =
  /(?<![\w.:/-])\/(?:home|root|work|Users|mnt|workspace|private)\/[\w.-]+|\b[A-Z]:\\\\?Users\\/g;

describe('files', () => {
  test(`of source have at most ${longest} lines`, () => {
    const breaches = sources
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > longest)
      .map(({ path, lines }) => ({ key: path, line: `${path} has ${lines} lines` }));
    expect(
      judge(breaches, {
        'server/base/tables.ts': 'generated from the live schema, nobody reads it from top to bottom',
      }),
    ).toEqual(clean);
  });

  test('and folders are named in kebab-case, after what they are about', () => {
    // `services` is a word of the domain: what a bureau does for people.
    const vague = /^(?:utils?|helpers?|commons?|misc|stuff|managers?|service)$/;
    const wrong = sources.filter(({ path }) =>
      path
        .split('/')
        .some((part) => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(part) || vague.test(part.split('.')[0]!)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test('export by name', () => {
    expect(
      judge(hits(sources, 'bare', /\bexport\s+default\b/g), {
        'staff/vite.config.ts': 'Vite reads the default export',
        'tests/journeys/vitest.config.ts': 'vitest reads the default export',
        'tests/servers/vitest.config.ts': 'vitest reads the default export',
      }),
    ).toEqual(clean);
  });

  test('hold no path of somebody’s machine', () => {
    const breaches = listTextFiles().flatMap((path) =>
      findLines(readText(path), machine).map((hit) => ({ key: path, line: place(path, hit.line, hit.text) })),
    );
    expect(judge(breaches, {})).toEqual(clean);
  });
});

describe('code', () => {
  test('has no any', () => {
    expect(judge(hits(sources, 'bare', anyType), {})).toEqual(clean);
  });

  test('has no unfinished mark without the number of its issue', () => {
    const self = sources.filter(({ path }) => path !== 'tests/rules/tidy.test.ts');
    expect(judge(hits(self, 'text', unfinished), {})).toEqual(clean);
  });

  test('silences the compiler nowhere, and the linter only with a reason', () => {
    const self = sources.filter(({ path }) => path !== 'tests/rules/tidy.test.ts');
    expect(
      judge(hits(self, 'text', /@ts-(?:ignore|nocheck|expect-error)|biome-ignore [\w/]+(?!\S*: \w)/g), {}),
    ).toEqual(clean);
  });

  test('of the product writes to the console only where a person sits before it', () => {
    expect(
      judge(hits(product, 'bare', /\bconsole\s*\.\s*\w+/g), {
        'server/main.ts': 'npm start',
        'server/serve.ts': 'npm start',
        'server/cli/*': 'the command-line program',
        'tools/*': 'commands',
        'staff/lib/call.ts': 'the browser’s console, beside the message to quote',
      }),
    ).toEqual(clean);
  });
});

describe('tests', () => {
  test('are never skipped, and none runs alone', () => {
    expect(judge(hits(tests, 'bare', skipped), {})).toEqual(clean);
  });

  test('do not wait a second or more by the clock', () => {
    expect(judge(hits(tests, 'bare', longPause), {})).toEqual(clean);
  });

  test('replace no module of ours', () => {
    expect(judge(hits(tests, 'bare', /\bvi\s*\.\s*(?:mock|doMock|stubGlobal)\s*\(/g), {})).toEqual(clean);
  });

  test('are read by vitest or by the journeys: no test file lies outside', () => {
    const lost = sources.filter(
      ({ path }) => /[.-](?:test|spec)s?\.[tj]sx?$/.test(path) && !/\.test\.tsx?$/.test(path),
    );
    expect(lost.map(({ path }) => path)).toEqual([]);
  });
});

describe('the patterns', () => {
  const count = (pattern: RegExp, text: string) => findLines(text, pattern).length;

  test.each([
    ['x: any', 1],
    ['y as any', 1],
    ['Map<string, any>', 1],
    ['any[]', 1],
    ['expect.any(Number)', 0],
    ['a: anything', 0],
    ['AbortSignal.any([a])', 0],
  ])('any in %j: %i', (text, found) => expect(count(anyType, text)).toBe(found));

  test.each([
    ['test.skip(', 1],
    ['describe.each([1]).only(', 0],
    ['describe.only(', 1],
    ['test.concurrent.skip(', 1],
    ['xit(', 1],
    ['faults.skip(2)', 0],
  ])('skips in %j: %i', (text, found) => expect(count(skipped, text)).toBe(found));

  test.each([
    ['setTimeout(resolve, 1000)', 1],
    ['pause(5_000)', 1],
    ['sleep(2 * 1000)', 1],
    ['pause(25)', 0],
    ['until(ask, { timeoutMs: 20_000 })', 0],
  ])('waits in %j: %i', (text, found) => expect(count(longPause, text)).toBe(found));

  test.each([
    [['', 'home', 'li', 'x'].join('/'), 1],
    [['cd ', 'root', 'x'].join('/'), 1],
    ['https://example.gov.cn/home/x', 0],
    ['#site/home/home-routes.ts', 0],
  ])('paths in %j: %i', (text, found) => expect(count(machine, text)).toBe(found));

  test.each([
    ['// TODO later', 1],
    ['// TODO #12: later', 0],
    ['// TODO(#12) later', 0],
    ['listTodo()', 0],
  ])('unfinished in %j: %i', (text, found) => expect(count(unfinished, text)).toBe(found));
});
