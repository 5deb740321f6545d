import { describe, expect, test } from 'vitest';
import { clean, judge } from './support/exceptions.ts';
import { foreignTables, sqlOutsideStores, tableOwners } from './support/table-owners.ts';
import { findTables } from './support/tables-in-code.ts';
import { listFiles, loadSources, readText } from './support/tree.ts';

const owners: Readonly<Record<string, string>> = tableOwners;
const product = loadSources(['server', 'site', 'connectors', 'shared']).filter((source) => !source.test);
const uses = product.flatMap((source) =>
  findTables(source.code, new Set(Object.keys(owners))).map((table) => ({ path: source.path, table })),
);

const inMigrations = listFiles('server/migrations')
  .flatMap((path) => [...readText(path).matchAll(/^create (?:table|view)\s+([\w.]+)/gm)])
  .map((match) => match[1]!);

function ownerOf(path: string): string {
  const [, second = '', third = ''] = path.split('/');
  if (path.startsWith('server/modules/')) return third;
  return path.startsWith('server/base/') ? second : path.split('/')[0]!;
}

describe('tables are touched only by their owner', () => {
  test('every table and view of the migrations has an owner, and every owned table exists', () => {
    expect(inMigrations.length).toBeGreaterThan(30);
    expect(Object.keys(owners).toSorted()).toEqual(inMigrations.toSorted());
  });

  test('no SQL touches a table of another owner', () => {
    const breaches = uses
      .filter(({ path, table }) => ownerOf(path) !== owners[table] && owners[table] !== 'facts')
      .map(({ path, table }) => ({
        key: `${path} ${table}`,
        line: `${path} touches ${table} of ${owners[table]}`,
      }));
    expect(judge(breaches, foreignTables)).toEqual(clean);
  });

  test('a module keeps its SQL in a store', () => {
    const breaches = uses
      .filter(({ path, table }) => ownerOf(path) === owners[table] && path.startsWith('server/modules/'))
      .filter(({ path }) => !/(^|[/-])store\.ts$/.test(path))
      .map(({ path, table }) => ({ key: path, line: `${path} speaks SQL of ${table}` }));
    expect(judge(breaches, sqlOutsideStores)).toEqual(clean);
  });

  test('analytics and assessment read facts alone, and nobody else does', () => {
    const readers = ['analytics', 'assessment'];
    const wrong = uses.filter(
      ({ path, table }) => (owners[table] === 'facts') !== readers.includes(ownerOf(path)),
    );
    expect(
      wrong.filter(({ path, table }) => readers.includes(ownerOf(path)) || owners[table] === 'facts'),
    ).toEqual([]);
  });
});

test('a table is found in builder calls and in SQL, and not in other words', () => {
  const names = new Set(['cases', 'messages', 'units']);
  const find = (code: string) => findTables(code, names);
  expect(find("tx.selectFrom('cases').innerJoin('messages as m', 'm.id', 'x')")).toEqual([
    'cases',
    'messages',
  ]);
  expect(find('sql`insert into cases select from messages`')).toEqual(['cases', 'messages']);
  expect(find('sql`update units set x = 1`')).toEqual(['units']);
  expect(find("client.query('delete from only units')")).toEqual(['units']);
  expect(find("app.live.changed(tx, id, 'cases'); list.from('x'); join(cases)")).toEqual([]);
});
