import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Binaries, programPath } from './binaries.ts';

/** The server's process number as its own lock file tells it; undefined when there is none or it is half written. */
export function readServerPid(cluster: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(cluster, 'postmaster.pid'), 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Many containers' first process reaps nobody: a dead orphan then keeps its number and still answers signal 0. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return /^ [ZX]/.test(stat.slice(stat.lastIndexOf(')') + 1));
  } catch {
    return false;
  }
}

/**
 * Whether this running process is the server of this cluster, and not a stranger that got the number after a crash
 * or restart of the machine. Its working directory is the best proof (it follows a renamed folder) but may be hidden
 * from root in a container; its command line is readable by all. Windows offers neither: the number is believed.
 */
export function isServerOf(pid: number, cluster: string): boolean {
  if (process.platform === 'win32') return true;
  try {
    if (process.platform === 'linux') {
      if (workingDirectory(pid) === cluster) return true;
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`\0-D\0${cluster}\0`);
    }
    const command = execFileSync('ps', ['-ww', '-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
    return command.includes(`-D ${cluster} `);
  } catch {
    return false;
  }
}

function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** PostgreSQL's names: `fast` ends sessions and writes everything out, `immediate` leaves it to crash recovery. */
export type StopMode = 'fast' | 'immediate';

const FAST_MS = 20_000;
const IMMEDIATE_MS = 5_000;

/** Returns when the process is gone, escalating from fast to immediate to SIGKILL. Committed data is safe in all. */
export async function stopServer(
  pid: number,
  mode: StopMode,
  binaries: Binaries,
): Promise<StopMode | 'killed'> {
  if (mode === 'fast') {
    signal(pid, 'INT', binaries);
    if (await isGone(pid, FAST_MS)) return 'fast';
  }
  signal(pid, 'QUIT', binaries);
  if (await isGone(pid, IMMEDIATE_MS)) return 'immediate';
  signal(pid, 'KILL', binaries);
  await isGone(pid, IMMEDIATE_MS);
  return 'killed';
}

function signal(pid: number, name: 'INT' | 'QUIT' | 'KILL', binaries: Binaries): void {
  try {
    // Windows has no signals: Node would end the process outright. pg_ctl speaks the server's own named pipe.
    if (process.platform === 'win32') {
      execFileSync(programPath(binaries, 'pg_ctl'), ['kill', name, String(pid)], { stdio: 'ignore' });
    } else process.kill(pid, `SIG${name}`);
  } catch {
    // Gone already; isGone() is the judge.
  }
}

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (isRunning(pid)) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}
