import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { refusal } from './sentence.ts';

/**
 * The lock is the operating system's byte-range lock on `program.lock`, taken through SQLite because Node has no
 * flock of its own. Why this one:
 * - it ends with the process, so kill -9 leaves nothing to clean and no pid to guess about;
 * - it is taken atomically, so two simultaneous starts cannot both win (a socket file must be unlinked when stale,
 *   and that unlink is a race);
 * - it belongs to the folder, so two containers sharing a volume exclude each other (an abstract socket belongs to
 *   one network namespace, a loopback port to one host name);
 * - it works the same on Linux, macOS and Windows, and is not inherited by the database we leave running.
 *
 * Danger: on POSIX a process loses such a lock when it closes *any* handle on the same file. Nothing in this
 * program may open `program.lock` (the backup command copies named folders only).
 */
const LOCK_FILE = 'program.lock';
const HOLDER_FILE = 'program.pid';

/** Long enough for two starts to sort themselves out, short enough to answer the second within a second. */
const PATIENCE_MS = 300;

const SQLITE_BUSY = 5;

/** A collected DatabaseSync closes its file and so drops the lock: this keeps it alive whatever the caller does. */
const held = new Set<DatabaseSync>();

export type DataLock = { release(): Promise<void> };

/**
 * Makes this process the only program on `dataDir` (created if absent) until release or death.
 * Throws, within a second, an Error naming the process that holds it.
 */
export async function lockDataDirectory(dataDir: string): Promise<DataLock> {
  const holderFile = join(dataDir, HOLDER_FILE);
  const lock = open(dataDir);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (sqliteCode(error) !== SQLITE_BUSY) throw unusable(dataDir, error);
    throw inUse(dataDir, await readHolder(holderFile));
  }
  held.add(lock);
  writeHolder(holderFile);
  return {
    async release() {
      if (!held.delete(lock)) return;
      rmSync(holderFile, { force: true });
      lock.close();
    },
  };
}

function open(dataDir: string): DatabaseSync {
  try {
    // As root the folder stays passable (not readable) for others, because the database may have to run as another user.
    mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    return new DatabaseSync(join(dataDir, LOCK_FILE), { timeout: PATIENCE_MS });
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

/** Renamed into place so that a second start never reads half a number. */
function writeHolder(file: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${process.pid}\n`);
  renameSync(draft, file);
}

/** The winner writes its number just after taking the lock, so a loser may have to look more than once. */
async function readHolder(file: string): Promise<number | undefined> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const pid = currentHolder(file);
    if (pid !== undefined || performance.now() > deadline) return pid;
    await delay(20);
  }
}

function currentHolder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // Alive but not ours to signal is still the holder.
    if (isCode(error, 'EPERM')) return Number(readFileSync(file, 'utf8'));
    return undefined;
  }
}

function inUse(dataDir: string, pid: number | undefined): Error {
  return refusal(
    `数据目录 ${dataDir} 正被另一个回声程序使用（进程号 ${pid ?? '未知'}）。请先停止它，或用 HUISHENG_DATA_DIR 另选目录。`,
    `Another Huisheng program (process ${pid ?? 'unknown'}) is using the data directory ${dataDir}. ` +
      'Stop it first, or choose another directory with HUISHENG_DATA_DIR.',
  );
}

function unusable(dataDir: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return refusal(
    `数据目录 ${dataDir} 不能写入或加锁（${reason}）。请检查目录权限和磁盘，或用 HUISHENG_DATA_DIR 另选目录。`,
    `The data directory ${dataDir} cannot be written or locked (${reason}). ` +
      'Check its permissions and disk, or choose another directory with HUISHENG_DATA_DIR.',
    cause,
  );
}

function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
