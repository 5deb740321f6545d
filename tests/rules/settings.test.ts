import { describe, expect, test } from 'vitest';
import { connectors } from '#connectors/registry.ts';
import { robots } from '#connectors/robots.ts';
import { readConfig } from '#server/config.ts';
import { readText } from './support/tree.ts';

type Setting = { name: string; value: string; comment: string[] };

const example = readSettings(readText('.env.example'));
const names = example.map((setting) => setting.name);
const isPlatform = (name: string) => /^HUISHENG_PLATFORM_[A-Z0-9_]+_URL$/.test(name);

/** The schema in `server/config.ts`, a piece a setting. */
const pieces = readText('server/config.ts')
  .split('const Environment = z.object({')[1]!
  .split('\n});')[0]!
  .split(/^ {2}(?=[A-Z])/m)
  .slice(1);
const inConfig = pieces.map((piece) => piece.slice(0, piece.indexOf(':')));

/** `# NAME=value` with the comment lines above it; a name without comment of its own shares the one before. */
function readSettings(text: string): Setting[] {
  const found: Setting[] = [];
  let comment: string[] = [];
  for (const line of text.split('\n')) {
    const match = /^# ([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    if (match) found.push({ name: match[1]!, value: match[2]!, comment });
    else if (line.startsWith('#')) comment = [...comment, line.slice(2)];
    else comment = [];
  }
  return found;
}

describe('.env.example', () => {
  test('names every setting of server/config.ts, once, and no other', () => {
    expect(inConfig.length).toBeGreaterThan(10);
    expect(names.filter((name) => !isPlatform(name)).toSorted()).toEqual(inConfig.toSorted());
    expect(new Set(names).size).toBe(names.length);
  });

  test('names the address of every platform that has one', () => {
    const expected = [...connectors.values(), ...robots.values()].flatMap(({ id, defaultBaseUrl }) =>
      defaultBaseUrl
        ? [`HUISHENG_PLATFORM_${id.toUpperCase().replaceAll('-', '_')}_URL=${defaultBaseUrl}`]
        : [],
    );
    const shown = example.filter(({ name }) => isPlatform(name)).map(({ name, value }) => `${name}=${value}`);
    expect(shown.toSorted()).toEqual(expected.toSorted());
  });

  test('explains each in Chinese and in English', () => {
    for (const { name, comment } of example) {
      expect(
        comment.some((line) => /\p{Script=Han}/u.test(line)),
        name,
      ).toBe(true);
      expect(
        comment.some((line) => /^[\x20-\x7e…]+$/.test(line) && line.length > 20),
        name,
      ).toBe(true);
    }
  });

  test('shows the values that hold when nothing is set', () => {
    const shown = Object.fromEntries(
      example.filter(({ name }) => !isPlatform(name)).map(({ name, value }) => [name, value]),
    );
    expect(readConfig(shown)).toEqual(readConfig({}));
    // Else a default that is not written down would pass as an empty one.
    const written = example.filter(({ value }) => value !== '').map(({ name }) => name);
    const defaults = inConfig.filter((_, index) => /\.default\((?!'')/.test(pieces[index]!));
    expect(written.filter((name) => !isPlatform(name)).toSorted()).toEqual(defaults.toSorted());
  });

  test('sets nothing by being copied', () => {
    expect(
      readText('.env.example')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#')),
    ).toEqual([]);
  });
});

test('a wrong setting is refused by its name, in both languages', () => {
  expect(() => readConfig({ PORT: 'http' })).toThrow(/设置有误[\s\S]*wrong[\s\S]*PORT/);
});
