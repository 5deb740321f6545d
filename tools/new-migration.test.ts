import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'huisheng-migration-'));
  mkdirSync(join(checkout, 'tools'));
  mkdirSync(join(checkout, 'server', 'migrations'), { recursive: true });
  copyFileSync(join(import.meta.dirname, 'new-migration.mjs'), join(checkout, 'tools', 'new-migration.mjs'));
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

const migrations = () => readdirSync(join(checkout, 'server', 'migrations')).toSorted();
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(checkout, 'tools', 'new-migration.mjs'), ...args], { encoding: 'utf8' });

test('the next migration gets the next number', () => {
  expect(run('foundation').status).toBe(0);
  writeFileSync(join(checkout, 'server', 'migrations', '0009_facts.sql'), '');
  expect(run('case-tags').stdout).toContain('0010_case_tags.sql');
  expect(migrations()).toEqual(['0001_foundation.sql', '0009_facts.sql', '0010_case_tags.sql']);
});

test('a name that is none is refused in both languages', () => {
  for (const args of [[], ['Case Tags'], ['a/b'], ['a', 'b']]) {
    const refused = run(...args);
    expect(refused.status).toBe(64);
    expect(refused.stderr).toMatch(/用法[\s\S]*usage/);
  }
  expect(migrations()).toEqual([]);
});
