import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Binaries, copyBinaries, findBinaries, linkLibraries } from './binaries.ts';
import {
  type Identity,
  type IdentityFacts,
  listIdentities,
  type Probe,
  pickAccount,
  probeIdentity,
  type Verdict,
} from './identity.ts';
import { refusal } from './sentence.ts';

/** Where the database lives and how it runs. `folder` (log, notes) is always `<data>/database`; `cluster` may not be. */
export type Home = { folder: string; cluster: string; identity: Identity; binaries: Binaries };

/** Seams for tests: a machine that forbids what this one allows. */
export type HomeSeams = { probe?: Probe; systemHome?: string };

/** Remembers a cluster outside the data directory, so that its absence is noticed instead of replaced by an empty one. */
const ELSEWHERE_FILE = 'cluster-is-at';

/** Chooses the identity that works here and prepares its folders. Throws an Error saying what to do when none does. */
export async function settleHome(dataDir: string, seams: HomeSeams = {}): Promise<Home> {
  const probe = seams.probe ?? probeIdentity;
  const isRoot = process.getuid?.() === 0;
  const folder = await makeFolder(dataDir, isRoot);
  const elsewhere = readElsewhere(folder);
  const outside =
    elsewhere ??
    join(
      seams.systemHome ?? '/var/lib/huisheng',
      createHash('sha256').update(folder).digest('hex').slice(0, 16),
    );
  const installed = findBinaries();
  const linked = linkLibraries(installed);
  const reasons: string[] = [];

  for (const identity of listIdentities(readFacts(isRoot, folder, elsewhere))) {
    const parent = identity.kind === 'user' && identity.place === 'system' ? outside : folder;
    if (parent === outside) await makePassable(outside);
    const home = { folder, cluster: join(parent, 'cluster'), identity };
    let binaries = installed;
    let verdict: Verdict = linked ? probe(identity, parent, binaries) : { outcome: 'binaries', reason: '' };
    // For oneself a copy cures only missing links: programs that do not run in place do not run elsewhere either.
    if (verdict.outcome === 'binaries' && (!linked || identity.kind !== 'self')) {
      binaries = await copyBinaries(installed, parent);
      verdict = probe(identity, parent, binaries);
    }
    if (verdict.outcome === 'works') return { ...home, binaries };
    reasons.push(`${describe(identity)}: ${verdict.reason || verdict.outcome}`);
  }
  throw noWay(isRoot, folder, reasons);
}

/** Called once the cluster exists; before, the note would make an interrupted first start look like a loss. */
export function recordPlace({ folder, cluster, identity }: Home): void {
  if (identity.kind !== 'user' || identity.place !== 'system') return;
  writeFileSync(join(folder, ELSEWHERE_FILE), join(cluster, '..'), { mode: 0o600 });
}

async function makeFolder(dataDir: string, isRoot: boolean): Promise<string> {
  const folder = join(dataDir, 'database');
  try {
    await mkdir(folder, { recursive: true, mode: isRoot ? 0o711 : 0o700 });
    if (isRoot) await chmod(folder, 0o711);
    return realpathSync(folder);
  } catch (error) {
    throw noWay(isRoot, folder, [String(error)]);
  }
}

async function makePassable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // mkdir obeys the umask, which for root is often one that shuts others out.
  await chmod(join(folder, '..'), 0o755);
  await chmod(folder, 0o711);
}

function readElsewhere(folder: string): string | undefined {
  const note = join(folder, ELSEWHERE_FILE);
  if (!existsSync(note)) return undefined;
  const place = readFileSync(note, 'utf8').trim();
  if (existsSync(join(place, 'cluster'))) return place;
  throw refusal(
    `数据目录的数据库记录在 ${place}，但那里已经没有了。请把该目录恢复回来；若确定不要原有数据，删除 ${note} 后再启动。`,
    `The database of this data directory is recorded at ${place}, but it is not there any more. Put that folder back; ` +
      `if the old data is truly not wanted, delete ${note} and start again.`,
  );
}

function readFacts(isRoot: boolean, folder: string, elsewhere: string | undefined): IdentityFacts {
  if (!isRoot) return { isRoot, account: undefined, settled: undefined };
  const passwd = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8') : '';
  const here = existsSync(join(folder, 'cluster'));
  return { isRoot, account: pickAccount(passwd), settled: elsewhere ? 'system' : here ? 'data' : undefined };
}

function describe(identity: Identity): string {
  if (identity.kind !== 'user') return identity.kind;
  return `user ${identity.uid} in ${identity.place}`;
}

function noWay(isRoot: boolean, folder: string, reasons: string[]): Error {
  const detail = reasons.join('; ');
  if (!isRoot) {
    return refusal(
      `内置数据库不能在 ${folder} 运行（${detail}）。请确认该目录属于当前用户且可写；或把 DATABASE_URL 指向一个 PostgreSQL 15 或更新的服务器。`,
      `The embedded database cannot run in ${folder} (${detail}). Make sure this user owns the folder and may write it, ` +
        'or point DATABASE_URL at a PostgreSQL server, version 15 or newer.',
    );
  }
  return refusal(
    `PostgreSQL 不允许以 root 运行，本机又不能换成别的身份（${detail || '没有普通用户'}）。请用普通用户启动本程序（例如 useradd -m huisheng，把目录交给它，再 su huisheng）；或允许用户命名空间；或把 DATABASE_URL 指向一个 PostgreSQL 15 或更新的服务器。`,
    `PostgreSQL refuses to run as root, and no other identity works here (${detail || 'no ordinary user'}). Start this ` +
      'program as an ordinary user (for example: useradd -m huisheng, hand the folder over, su huisheng), or allow user ' +
      'namespaces, or point DATABASE_URL at a PostgreSQL server, version 15 or newer.',
  );
}
