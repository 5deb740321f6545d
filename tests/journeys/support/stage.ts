/**
 * The program as `npm start` runs it: a process of its own, demonstration bureau, embedded database, stand-ins, one stage for
 * all journeys, in an empty data directory.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { ensureStaffApp } from '#server/desk-build.ts';
import type { Demonstration } from '#server/seed/demonstration.ts';
import { findFreePort } from './free-port.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    stage: Stage;
  }
}

export type Stage = {
  /** Where people go: site, desk, stand-ins. */
  url: string;
  /** Straight to the stand-ins' process, for scripts of misbehaviour. */
  sandboxUrl: string;
  demonstration: Demonstration;
};

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await ensureStaffApp(() => undefined);
  const dataDir = await mkdtemp(join(tmpdir(), 'huisheng-journeys-'));
  const port = await findFreePort();
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../../server/main.ts', import.meta.url))],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        HUISHENG_DATA_DIR: dataDir,
        HUISHENG_LOG_LEVEL: 'error',
        ...(process.env.DATABASE_URL_JOURNEYS ? { DATABASE_URL: process.env.DATABASE_URL_JOURNEYS } : {}),
      },
    },
  );
  const ended = once(child, 'exit');
  const ready = once(child, 'message');
  const output: string[] = [];
  child.stdout!.on('data', (chunk) => output.push(String(chunk)));
  await Promise.race([
    ready,
    ended.then(() => {
      throw new Error(`the program did not start:\n${output.join('')}`);
    }),
  ]);
  const demonstration = JSON.parse(
    await readFile(join(dataDir, 'demonstration.json'), 'utf8'),
  ) as Demonstration;
  const sandbox = JSON.parse(await readFile(join(dataDir, 'sandbox', 'process.json'), 'utf8')) as {
    port: number;
  };
  const stage: Stage = {
    url: `http://127.0.0.1:${port}`,
    sandboxUrl: `http://127.0.0.1:${sandbox.port}`,
    demonstration,
  };
  project.provide('stage', stage);
  return async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
}
