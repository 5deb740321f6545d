import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lockDataDirectory } from './data-lock.ts';
import { killHard, makeTempFolder, type Program, runProgram } from './test-support.ts';

// Real servers on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let dataDir: string;
beforeEach(() => {
  folder = makeTempFolder();
  dataDir = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Prints `held` and stays, or ends with the refusal on stderr. */
function holder(): Program {
  return runProgram(`
    import { lockDataDirectory } from '${join(import.meta.dirname, 'data-lock.ts')}';
    await lockDataDirectory(${JSON.stringify(dataDir)});
    globalThis.gc?.();
    console.log('held');
    setInterval(() => {}, 60_000);
  `);
}

test('a second program is told within a second which process holds the directory', async () => {
  const first = holder();
  await first.firstLine;
  const asked = performance.now();
  await expect(lockDataDirectory(dataDir)).rejects.toThrow(
    new RegExp(`进程号 ${first.pid}）[\\s\\S]*process ${first.pid}\\)[\\s\\S]*HUISHENG_DATA_DIR`),
  );
  expect(performance.now() - asked).toBeLessThan(1_000);
  await killHard(first);
});

test('kill -9 frees the directory at once, whatever process number the dead one left written', async () => {
  const first = holder();
  await first.firstLine;
  await killHard(first);
  // As if the number had been given to somebody else, who is alive: here, to this very process.
  writeFileSync(join(dataDir, 'program.pid'), `${process.pid}\n`);
  const lock = await lockDataDirectory(dataDir);
  await lock.release();
});

test('released, the directory is free for the next program, in this process too', async () => {
  const lock = await lockDataDirectory(dataDir);
  await expect(lockDataDirectory(dataDir)).rejects.toThrow(`process ${process.pid}`);
  await lock.release();
  await lock.release();
  const next = holder();
  await next.firstLine;
  await killHard(next);
});

test('of programs started at the same moment exactly one gets the directory and the others name it', async () => {
  const programs = Array.from({ length: 5 }, holder);
  const outcomes = await Promise.allSettled(programs.map(({ firstLine }) => firstLine));
  const winners = programs.filter((_, i) => outcomes[i]?.status === 'fulfilled');
  expect(winners).toHaveLength(1);
  for (const loser of programs.filter((program) => program !== winners[0])) {
    expect(loser.stderr()).toContain(`process ${winners[0]?.pid}`);
  }
  await Promise.all(programs.map(killHard));
});

test('a directory that cannot be made is refused in both languages', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(dataDir, 'in the way');
  await expect(lockDataDirectory(dataDir)).rejects.toThrow(
    /不能写入或加锁[\s\S]*cannot be written or locked/,
  );
});
