import { describe, expect, test } from 'vitest';
import { readText } from './support/tree.ts';

type Manifest = Record<'dependencies' | 'optionalDependencies' | 'devDependencies', Record<string, string>>;
type Lock = { packages: Record<string, { license?: string; resolved?: string; version?: string }> };

const manifest = JSON.parse(readText('package.json')) as Manifest;
const lock = JSON.parse(readText('package-lock.json')) as Lock;
const wanted = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };

/** `| package | version | licence | what for, why this one |` */
const lines = readText('docs/dependencies.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => {
    const [name = '', version = '', licence = '', why = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return { name: name.replaceAll('`', ''), version, licence, why };
  });

describe('docs/dependencies.md', () => {
  test('has one line a dependency, and none for what is gone', () => {
    expect(Object.keys(wanted).length).toBeGreaterThan(30);
    expect(lines.map((line) => line.name).toSorted()).toEqual(Object.keys(wanted).toSorted());
  });

  test('names the very version and licence', () => {
    const told = lines.map(({ name, version, licence }) => `${name} ${version} ${licence}`);
    const actual = lines.map(
      ({ name }) => `${name} ${wanted[name]} ${lock.packages[`node_modules/${name}`]?.license}`,
    );
    expect(told).toEqual(actual);
  });

  test('says what each is for and why this one', () => {
    expect(lines.filter(({ why }) => why.length < 20).map(({ name }) => name)).toEqual([]);
  });
});

describe('dependencies', () => {
  test('are pinned exactly', () => {
    expect(
      Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)),
    ).toEqual([]);
  });

  test('have licences that go with Apache-2.0', () => {
    const free =
      /^\(?(?:MIT|MIT-0|ISC|0BSD|BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|Python-2\.0|MPL-2\.0|CC-BY-4\.0|LGPL-3\.0-or-later)\b/;
    const strange = Object.entries(lock.packages)
      .filter(([path, { license }]) => path !== '' && !free.test(license ?? 'none'))
      .map(([path, { license }]) => `${path} ${license ?? 'none'}`);
    expect(strange).toEqual([]);
  });

  test('come from wherever the user’s npm gets them: the lock names no host', () => {
    const hosts = new Set(
      Object.values(lock.packages).flatMap(({ resolved }) => (resolved ? [new URL(resolved).host] : [])),
    );
    expect([...hosts]).toEqual([]);
  });
});
