import { describe, expect, test } from 'vitest';
import { readMigrations } from '#server/base/migrate.ts';
import { listFiles } from './support/tree.ts';

const migrations = await readMigrations();

describe('migrations', () => {
  test('are numbered 0001, 0002 … without a gap, each with a name', () => {
    expect(migrations.length).toBeGreaterThan(0);
    migrations.forEach(({ name }, index) => {
      expect(name).toMatch(new RegExp(`^${String(index + 1).padStart(4, '0')}_[a-z0-9_]+\\.sql$`));
    });
  });

  test('are all there is in their folder', () => {
    expect(listFiles('server/migrations').map((path) => path.split('/').at(-1))).toEqual(
      migrations.map(({ name }) => name),
    );
  });

  test('go forward only and open no transaction of their own', () => {
    for (const { name, sql } of migrations) {
      const words = sql.replace(/--[^\n]*/g, '');
      expect(words, name).not.toMatch(/^\s*(?:begin|commit|rollback)\s*;/im);
      expect(words, name).not.toMatch(/\bconcurrently\b/i);
    }
  });

  test('begin by saying what they are for', () => {
    for (const { name, sql } of migrations) expect(sql, name).toMatch(/^-- (?!Say here)\S+/);
  });
});
