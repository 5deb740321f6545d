import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries } from './binaries.ts';
import { readServerPid, stopServer } from './postmaster.ts';
import type { EmbeddedDatabase, SupervisorLog } from './supervisor.ts';

export const quiet: SupervisorLog = { info: () => undefined, warn: () => undefined };

/** 0700, like a data directory in someone's home. */
export function makeTempFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'huisheng-embedded-')));
}

/** As above, but other users may pass through. */
export function makePassableFolder(): string {
  const folder = makeTempFolder();
  chmodSync(folder, 0o711);
  return folder;
}

/** Stops whatever server a failed test left in the folder, then removes it. */
export async function discard(folder: string, cluster = join(folder, 'database', 'cluster')): Promise<void> {
  const pid = readServerPid(cluster);
  if (pid !== undefined && pid !== process.pid) await stopServer(pid, 'immediate', findBinaries());
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Waits for something to become true; fails the test when it does not. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await delay(10);
  }
}

export async function query<Row extends pg.QueryResultRow>(
  { url }: Pick<EmbeddedDatabase, 'url'>,
  text: string,
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(text)).rows;
  } finally {
    client.end().catch(() => undefined);
  }
}

/** A program of its own whose module code prints one line when it is where the test wants it. */
export type Program = { child: ChildProcess; pid: number; firstLine: Promise<string>; stderr(): string };

export function runProgram(code: string): Program {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: import.meta.dirname });
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += String(chunk);
  });
  const lines = createInterface({ input: child.stdout });
  const firstLine = Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    once(child, 'exit').then(() => Promise.reject(new Error(`ended before its first line: ${complaints}`))),
  ]);
  firstLine.catch(() => undefined);
  if (child.pid === undefined) throw new Error('could not start a test program');
  return { child, pid: child.pid, firstLine, stderr: () => complaints };
}

/** kill -9, and only returns when the process is gone. */
export async function killHard({ child }: Program): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/**
 * A program that starts the database of a folder, prints its address and then lives until it is killed. With fsync,
 * because a cluster without loses its last commits when the server itself is killed, by design.
 */
export function ownerProgram(dataDir: string): Program {
  return runProgram(`
    import { startEmbeddedDatabase } from '${join(import.meta.dirname, 'supervisor.ts')}';
    const log = { info() {}, warn() {} };
    const database = await startEmbeddedDatabase({ dataDir: ${JSON.stringify(dataDir)}, log });
    console.log(database.url);
    setInterval(() => {}, 60_000);
  `);
}
