import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let checkout: string;
let stub: string;

/** An npm that writes down how it was called, and fails when told to. */
const STUB = `
const { appendFileSync, existsSync } = require('node:fs');
appendFileSync('calls.txt', process.argv.slice(2).join(' ') + '\\n');
process.exit(existsSync('fail') ? 7 : 0);
`;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'huisheng-setup-'));
  mkdirSync(join(checkout, 'tools'));
  copyFileSync(join(import.meta.dirname, 'setup.mjs'), join(checkout, 'tools', 'setup.mjs'));
  writeFileSync(join(checkout, 'package-lock.json'), '{"lockfileVersion":3}');
  stub = join(checkout, 'npm-cli.js');
  writeFileSync(stub, STUB);
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function setup(
  environment: Record<string, string> = { npm_execpath: stub },
  options: string[] = [],
): SpawnSyncReturns<string> {
  const { npm_execpath: _, npm_node_execpath: __, ...inherited } = process.env;
  const env = { ...inherited, ...environment };
  return spawnSync(process.execPath, [...options, join('tools', 'setup.mjs')], {
    cwd: checkout,
    env,
    encoding: 'utf8',
  });
}

const calls = () =>
  existsSync(join(checkout, 'calls.txt'))
    ? readFileSync(join(checkout, 'calls.txt'), 'utf8').trim().split('\n')
    : [];

test('a fresh checkout is installed with a line that says so, and the second run does nothing', () => {
  const first = setup();
  expect(first.status, first.stderr).toBe(0);
  expect(first.stdout).toMatch(/正在安装依赖.*Installing dependencies/);
  expect(calls()).toEqual([expect.stringMatching(/^ci --include=dev/)]);
  const second = setup();
  expect(second).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(calls()).toHaveLength(1);
});

test('a changed lock file is installed again', () => {
  setup();
  writeFileSync(join(checkout, 'package-lock.json'), '{"lockfileVersion":3,"changed":true}');
  expect(setup().status).toBe(0);
  expect(calls()).toHaveLength(2);
});

test('a failed install says in both languages what to do, fails, and is tried again the next time', () => {
  setup();
  writeFileSync(join(checkout, 'package-lock.json'), '{}');
  writeFileSync(join(checkout, 'fail'), '');
  const failed = setup();
  expect(failed.status).toBe(1);
  expect(failed.stderr).toMatch(/依赖没有装成（npm ci: 7）[\s\S]*were not installed \(npm ci: 7\)/);
  // Back to the lock that was once recorded: the broken install must not be taken for that one.
  writeFileSync(join(checkout, 'package-lock.json'), '{"lockfileVersion":3}');
  rmSync(join(checkout, 'fail'));
  expect(setup().status).toBe(0);
  expect(calls()).toHaveLength(3);
});

test('started without npm it uses the npm on the path', () => {
  const bin = join(checkout, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\nexec "${process.execPath}" "${stub}" "$@"\n`, { mode: 0o755 });
  writeFileSync(join(bin, 'npm.cmd'), `@"${process.execPath}" "${stub}" %*\r\n`);
  const run = setup({ PATH: `${bin}${delimiter}${process.env.PATH}` });
  expect(run.status, run.stderr).toBe(0);
  expect(calls()).toEqual([expect.stringMatching(/^ci /)]);
});

test('another package manager’s program in npm_execpath is not mistaken for npm', () => {
  const yarn = join(checkout, 'yarn.js');
  writeFileSync(yarn, 'process.exit(9)');
  const bin = join(checkout, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\nexec "${process.execPath}" "${stub}" "$@"\n`, { mode: 0o755 });
  writeFileSync(join(bin, 'npm.cmd'), `@"${process.execPath}" "${stub}" %*\r\n`);
  expect(setup({ npm_execpath: yarn, PATH: `${bin}${delimiter}${process.env.PATH}` }).status).toBe(0);
});

test('an older Node is refused with a sentence in both languages and nothing is installed', () => {
  const older = join(checkout, 'older.cjs');
  writeFileSync(
    older,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } })`,
  );
  const run = setup({ npm_execpath: stub }, ['--require', older]);
  expect(run.status).toBe(1);
  expect(run.stderr).toMatch(/需要 Node.js 20[\s\S]*Node.js 20 or newer is needed; this is 18\.20\.4/);
  expect(calls()).toEqual([]);
});

test('when nothing changed it costs no more than a start of Node and a few milliseconds', () => {
  setup();
  const measure = (run: () => void) => {
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    });
    return Math.min(...times);
  };
  const bare = measure(() => void spawnSync(process.execPath, ['-e', '0']));
  expect(measure(() => void setup()) - bare).toBeLessThan(60);
});
