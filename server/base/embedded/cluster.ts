import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chown, lchown, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { programPath } from './binaries.ts';
import { SUPERUSER } from './conversation.ts';
import type { Home } from './home.ts';
import { cleanEnvironment, commandAs, type Identity } from './identity.ts';
import { refusal } from './sentence.ts';

/** Also the draft of a copy of the programs (binaries.ts). */
const DRAFT = /\.new-[0-9a-f]+$/;

/** Lies inside the cluster, so that the two appear together and can never be parted by a crash. */
const PASSWORD_FILE = 'huisheng.password';

/**
 * Makes the cluster if there is none. initdb works in a draft folder that is renamed when complete: a kill at any
 * moment leaves either no cluster or a whole one. The draft's name is new each time because an initdb orphaned by
 * kill -9 may still be writing into the old one.
 */
export async function ensureCluster(home: Home, fsync: boolean): Promise<{ created: boolean }> {
  const parent = dirname(home.cluster);
  await removeDrafts(parent);
  if (existsSync(home.cluster)) {
    checkVersion(home);
    return { created: false };
  }
  const draft = join(parent, `cluster.new-${randomBytes(6).toString('hex')}`);
  await mkdir(draft, { mode: 0o700 });
  const [passwordFile, cluster] = [join(draft, 'password'), join(draft, 'cluster')];
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  await handOver(draft, home.identity);
  await runInitdb(home, cluster, passwordFile, fsync);
  await rename(passwordFile, join(cluster, PASSWORD_FILE));
  await rename(cluster, home.cluster);
  if (fsync) await syncFolder(parent);
  await rm(draft, { recursive: true, force: true });
  return { created: true };
}

/** Throws a sentence when the file belongs to someone else: typically a start as root before, as a user now. */
export function readPassword(cluster: string): string {
  const file = join(cluster, PASSWORD_FILE);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw refusal(
      `读不到数据库口令 ${file}（${String(error)}）。请用原来启动本程序的用户启动，或用 chown -R 把数据目录交给当前用户。`,
      `Cannot read the database password ${file} (${String(error)}). Start as the user who started this program before, ` +
        'or hand the data directory to this user with chown -R.',
      error,
    );
  }
}

/**
 * Makes the cluster's files belong to whom the server will run as: the same folder may be started in a container
 * today and outside it tomorrow. Only while no server runs. Not root: nothing can or need be done.
 */
export async function claimCluster({ cluster, identity }: Home): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const uid = identity.kind === 'user' ? identity.uid : 0;
  if (statSync(cluster).uid !== uid)
    await chownTree(cluster, uid, identity.kind === 'user' ? identity.gid : 0);
}

async function runInitdb(home: Home, cluster: string, passwordFile: string, fsync: boolean): Promise<void> {
  const args = [
    '--encoding=UTF8',
    // Without a provider named, a C locale makes an SQL_ASCII cluster that cannot lower-case É or classify 汉字; the
    // builtin one depends on no library of the machine, so no upgrade of it can corrupt indexes.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    `--username=${SUPERUSER}`,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    ...(fsync ? [] : ['--no-sync']),
    '-D',
    cluster,
  ];
  const { file, args: rest, ...as } = commandAs(home.identity, programPath(home.binaries, 'initdb'), args);
  try {
    await promisify(execFile)(file, rest, { ...as, cwd: dirname(home.cluster), env: cleanEnvironment });
  } catch (error) {
    const detail = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw refusal(
      `建立内置数据库失败（${detail}）。请检查磁盘空间和目录权限后再启动。`,
      `The embedded database could not be made (${detail}). Check disk space and permissions, then start again.`,
      error,
    );
  }
}

function checkVersion({ cluster, binaries }: Home): void {
  const made = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  const [ours = ''] = binaries.version.split('.');
  if (made === ours) return;
  throw refusal(
    `数据库 ${cluster} 是 PostgreSQL ${made} 建立的，本程序带的是 ${ours}。请用原来的版本启动并 backup，再在新目录里 restore。`,
    `The database ${cluster} was made by PostgreSQL ${made}; this program carries ${ours}. ` +
      'Start the former version, make a backup, and restore it into a new directory.',
  );
}

async function removeDrafts(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => DRAFT.test(name));
  // An orphaned initdb may be filling one while we empty it; the next start gets the rest.
  for (const name of names)
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
}

async function handOver(folder: string, identity: Identity): Promise<void> {
  if (identity.kind === 'user') await chownTree(folder, identity.uid, identity.gid);
}

async function chownTree(path: string, uid: number, gid: number): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) await chownTree(inside, uid, gid);
    else await lchown(inside, uid, gid);
  }
  // The top last: its owner is what claimCluster looks at, so an interrupted run is taken up again.
  await chown(path, uid, gid);
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}
