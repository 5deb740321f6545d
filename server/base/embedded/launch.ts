import { spawn } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { programPath } from './binaries.ts';
import { type Answer, awaitAnswer } from './conversation.ts';
import type { Home } from './home.ts';
import { cleanEnvironment, commandAs } from './identity.ts';
import { isRunning, isServerOf, readServerPid, stopServer } from './postmaster.ts';
import { refusal } from './sentence.ts';
import { settingsArguments } from './settings.ts';

export type Running = { pid: number; port: number; version: string };

export type LaunchOptions = { port: number; fsync: boolean; password: string };

/** The wait for a server that is alive but does not listen yet: slow disks, not crash recovery (that one speaks). */
const LAUNCH_MS = 60_000;

const LOG_LIMIT_BYTES = 20_000_000;

export function logFile(home: Home): string {
  return join(home.folder, 'postgres.log');
}

/** Starts the server and returns when it answers. Throws PortTaken, or a sentence carrying the end of its log. */
export async function launchServer(home: Home, options: LaunchOptions): Promise<Running> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await launchOnce(home, options);
    if ('pid' in outcome) return outcome;
    if (/could not bind|Address already in use/i.test(outcome.log))
      throw new PortTaken(options.port, outcome.log);
    // After a SIGKILL of the server its children take a moment to notice and let go of the shared memory.
    if (attempt < 10 && /shared memory block/.test(outcome.log)) await delay(500);
    else throw notStarted(home, outcome.log);
  }
}

export class PortTaken extends Error {
  constructor(port: number, log: string) {
    super(
      `数据库端口 ${port} 已被占用，请停掉占用它的程序或换一个端口。\n` +
        `The database port ${port} is taken. Stop what uses it or choose another.\n${log}`,
    );
  }
}

async function launchOnce(home: Home, options: LaunchOptions): Promise<Running | { log: string }> {
  removeStalePidFile(home.cluster);
  limitLog(home);
  const log = logFile(home);
  const before = existsSync(log) ? statSync(log).size : 0;
  const child = spawnServer(home, options);
  // Without a pid it never began; pg_ctl (Windows) leaves with 0 once it has started the server.
  const launcherLeft = process.platform === 'win32' ? 0 : null;
  const isAlive = () =>
    child.pid !== undefined &&
    child.signalCode === null &&
    (child.exitCode === null || child.exitCode === launcherLeft);
  // Raced, because a stranger on our port may take seconds not to answer while our server has long given up.
  const gone = new Promise<Answer>((resolve) => {
    const look = () => isAlive() || resolve({ state: 'gone' });
    child.once('exit', look).once('error', look);
  });
  const answer = await Promise.race([awaitAnswer(options, home.cluster, isAlive, LAUNCH_MS), gone]);
  const pid = readServerPid(home.cluster) ?? child.pid;
  if (answer.state === 'ready' && pid !== undefined)
    return { pid, port: options.port, version: answer.version };
  if (answer.state === 'silent' && pid !== undefined) await stopServer(pid, 'immediate', home.binaries);
  return { log: readFrom(log, before) };
}

/**
 * Detached: a session of its own, so that Ctrl-C at the terminal reaches our program alone and the database is there
 * until the last request is drained. Output goes straight into the file, which root opens for any identity.
 */
function spawnServer(home: Home, { port, fsync }: LaunchOptions) {
  const settings = settingsArguments({ port, fsync });
  const output = openSync(logFile(home), 'a', 0o600);
  const stdio: ['ignore', number, number] = ['ignore', output, output];
  try {
    const windows = process.platform === 'win32';
    // On Windows pg_ctl drops an administrator's rights, which the server insists on, and then leaves.
    const wanted = windows
      ? commandAs(home.identity, programPath(home.binaries, 'pg_ctl'), [
          ...['start', '--no-wait', '-D', home.cluster],
          ...['-o', settings.map((word) => `"${word}"`).join(' ')],
        ])
      : commandAs(home.identity, programPath(home.binaries, 'postgres'), ['-D', home.cluster, ...settings]);
    const { file, args, ...as } = wanted;
    const cwd = dirname(home.cluster);
    const child = spawn(file, args, {
      ...as,
      cwd,
      env: cleanEnvironment,
      stdio,
      detached: true,
      windowsHide: true,
    });
    // A program that cannot even be started shows as one that ended at once.
    child.on('error', () => undefined);
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

/**
 * PostgreSQL refuses to start while any process has the number in its lock file: a stranger's after a restart of the
 * machine or container, or a dead server's that nobody reaped. Removing the file is safe: a cluster still in use is
 * also known by its shared memory.
 */
function removeStalePidFile(cluster: string): void {
  const pid = readServerPid(cluster);
  if (pid === undefined || (isRunning(pid) && isServerOf(pid, cluster))) return;
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

/** Keeps one former log. Emptied in place, because a running server goes on appending to the same file. */
export function limitLog(home: Home, limitBytes = LOG_LIMIT_BYTES): void {
  const file = logFile(home);
  if (!existsSync(file) || statSync(file).size <= limitBytes) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}

function readFrom(file: string, start: number): string {
  const length = Math.min(statSync(file).size - start, 4_000);
  if (length <= 0) return '';
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(length);
    readSync(handle, buffer, 0, length, statSync(file).size - length);
    return buffer.toString('utf8').trim();
  } finally {
    closeSync(handle);
  }
}

/** A port nobody listens on now. Somebody may by the time it is used: the launch then fails with PortTaken. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(address)));
    });
  });
}

function notStarted(home: Home, log: string): Error {
  return refusal(
    `内置数据库没有启动成功。请看 ${logFile(home)} 的结尾，按其中的原因处理（常见：磁盘满、权限不对、内存不足）。`,
    `The embedded database did not start. Look at the end of ${logFile(home)} for the reason ` +
      `(often a full disk, wrong permissions, too little memory):\n${log}`,
  );
}
