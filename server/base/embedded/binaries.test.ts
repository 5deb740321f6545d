import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { copyBinaries, findBinaries, linkLibraries, programPath } from './binaries.ts';
import { limitLog, logFile } from './launch.ts';
import { makeTempFolder } from './test-support.ts';

// Real servers on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
beforeEach(() => {
  folder = makeTempFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the libraries’ links, which npm does not pack, are made once and found made the next time', () => {
  const root = join(folder, 'package');
  mkdirSync(join(root, 'native', 'lib'), { recursive: true });
  writeFileSync(join(root, 'native', 'lib', 'libx.so.6.1'), 'library');
  const links = [{ source: 'native/lib/libx.so.6.1', target: 'native/lib/libx.so.6' }];
  writeFileSync(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  for (const _ of ['made', 'found']) {
    expect(linkLibraries({ root, version: '18.0' })).toBe(true);
    expect(readFileSync(join(root, 'native', 'lib', 'libx.so.6'), 'utf8')).toBe('library');
  }
});

test('links that cannot be made are reported, not thrown', () => {
  const root = join(folder, 'package');
  mkdirSync(join(root, 'native'), { recursive: true });
  const links = [{ source: 'native/lib/libx.so.6.1', target: 'native/lib/libx.so.6' }];
  writeFileSync(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  expect(linkLibraries({ root, version: '18.0' })).toBe(false);
});

test('two copies at once end as one whole runtime that runs and that every user may read', async () => {
  const installed = findBinaries();
  const [one, two] = await Promise.all([copyBinaries(installed, folder), copyBinaries(installed, folder)]);
  expect(two).toEqual(one);
  expect(readdirSync(folder)).toEqual([`runtime-${installed.version}`]);
  expect(execFileSync(programPath(one, 'postgres'), ['--version'], { encoding: 'utf8' })).toMatch(
    /PostgreSQL\) 18\./,
  );
  expect(statSync(programPath(one, 'postgres')).mode & 0o777).toBe(0o755);
  expect(statSync(join(one.root, 'native', 'lib')).mode & 0o777).toBe(0o755);
});

test('a log over its limit is kept once and emptied in place, a small one is left alone', () => {
  const home = { folder, cluster: '', identity: { kind: 'self' }, binaries: findBinaries() } as const;
  writeFileSync(logFile(home), 'x'.repeat(100));
  limitLog(home, 100);
  expect(existsSync(`${logFile(home)}.1`)).toBe(false);
  limitLog(home, 99);
  expect(statSync(`${logFile(home)}.1`).size).toBe(100);
  expect(statSync(logFile(home)).size).toBe(0);
});
