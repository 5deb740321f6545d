/**
 * Other people's servers, from the packages of Debian 12: programs are installed, applications only unpacked into a folder
 * of their own. Nothing is started by the packages (`-core` and `-cli` bring no service).
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const programs = [
  'php8.2-cli',
  'php8.2-mysql',
  'php8.2-xml',
  'php8.2-gd',
  'php8.2-mbstring',
  'mariadb-server-core',
  'mariadb-client-core',
];
const needed = ['/usr/bin/php8.2', '/usr/sbin/mariadbd', '/usr/bin/mariadb-install-db'];
const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 32 * 1024 * 1024 };

/** @throws {Error} that says what to do, where the programs are missing and cannot be installed */
export async function ensurePrograms(): Promise<void> {
  if (needed.every((path) => existsSync(path))) return;
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    throw new Error(
      `这些测试需要 Debian 12 的软件包。请以 root 运行：apt-get install --no-install-recommends ${programs.join(' ')}。` +
        'These tests need packages of Debian 12; install them as root, then repeat.',
    );
  }
  await run('apt-get', ['update', '-q'], quiet);
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...programs], quiet);
}

/** The application of a package, unpacked once a version. @returns the folder that stands for `/` */
export async function unpackPackages(names: readonly string[]): Promise<string> {
  const { stdout } = await run('apt-cache', ['show', '--no-all-versions', names[0]!], quiet);
  const version = /^Version: (\S+)$/m.exec(stdout)?.[1]?.replaceAll(/[^\w.-]/g, '_');
  if (!version) throw new Error(`apt knows no package ${names[0]}: run apt-get update`);
  const cache = join(tmpdir(), 'huisheng-servers');
  const folder = join(cache, `${names[0]}-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const building = await mkdtemp(join(cache, 'unpacking-'));
  await run('apt-get', ['download', '-q', ...names], { ...quiet, cwd: building });
  for (const file of (await readdir(building)).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg-deb', ['-x', join(building, file), building], quiet);
    await rm(join(building, file));
  }
  // Complete or absent; another run may have been faster.
  await rename(building, folder).catch(() => rm(building, { recursive: true, force: true }));
  return folder;
}
