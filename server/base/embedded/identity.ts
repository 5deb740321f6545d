import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { type Binaries, programPath } from './binaries.ts';

/**
 * Who the database runs as. PostgreSQL refuses uid 0, and a demonstration on a rented server or in a container is
 * often started as root.
 * - `self`: not root; nothing to arrange.
 * - `namespace`: root outside, uid ≠ 0 inside a user namespace. Files stay root's, folders closed to others (0700
 *   parents) stay passable. Containers usually forbid it.
 * - `user`: another account, with the cluster in the data directory where that account can reach it, otherwise
 *   under /var/lib/huisheng.
 */
export type Identity =
  | { kind: 'self' }
  | { kind: 'namespace'; uid: number; gid: number }
  | { kind: 'user'; uid: number; gid: number; place: 'data' | 'system' };

export type Account = { name: string; uid: number; gid: number };

export type IdentityFacts = {
  isRoot: boolean;
  /** An account that exists: initdb refuses a uid that the password file does not know, inside a namespace too. */
  account: Account | undefined;
  /** Where this data directory's cluster already is. It never moves by itself: an empty new one would look like loss. */
  settled: 'data' | 'system' | undefined;
};

/** Everything worth trying, best first. Pure: what works is for the probe to find out. */
export function listIdentities({ isRoot, account, settled }: IdentityFacts): Identity[] {
  if (!isRoot) return [{ kind: 'self' }];
  if (!account) return [];
  const { uid, gid } = account;
  const inData: Identity[] = [
    { kind: 'namespace', uid, gid },
    { kind: 'user', uid, gid, place: 'data' },
  ];
  const inSystem: Identity = { kind: 'user', uid, gid, place: 'system' };
  if (settled === 'data') return inData;
  if (settled === 'system') return [inSystem];
  return [...inData, inSystem];
}

/** Own account, else the system's PostgreSQL's, else nobody, else any that is not root. */
export function pickAccount(passwd: string): Account | undefined {
  const accounts = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ name, uid, gid }) => name !== '' && uid > 0 && gid > 0);
  const preferred = ['huisheng', 'postgres', 'nobody'].map((name) => accounts.find((a) => a.name === name));
  return preferred.find((a) => a !== undefined) ?? accounts[0];
}

export type Command = { file: string; args: string[]; uid?: number; gid?: number };

/** The command that runs `file` as this identity. unshare replaces itself, so the process id stays the program's. */
export function commandAs(identity: Identity, file: string, args: string[]): Command {
  if (identity.kind === 'self') return { file, args };
  const { uid, gid } = identity;
  if (identity.kind === 'user') return { file, args, uid, gid };
  const mapping = ['--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
  return { file: 'unshare', args: [...mapping, file, ...args] };
}

/**
 * PG* and locale variables of the operator's shell must not steer the server, so it gets an environment of its own.
 * Windows programs need theirs to load at all.
 */
export const cleanEnvironment: NodeJS.ProcessEnv | undefined =
  process.platform === 'win32' ? undefined : { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

/** `binaries`: this identity would do, but cannot run the programs where they are. */
export type Verdict = { outcome: 'works' | 'binaries' | 'refused'; reason: string };
export type Probe = (identity: Identity, home: string, binaries: Binaries) => Verdict;

/** Tries the real thing: reach the folder the cluster lives in and run the server's --version from there. */
export const probeIdentity: Probe = (identity, home, binaries) => {
  const postgres = programPath(binaries, 'postgres');
  if (identity.kind === 'self') {
    try {
      accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      return { outcome: 'refused', reason: String(error) };
    }
    return judge(
      spawnSync(postgres, ['--version'], { cwd: home, env: cleanEnvironment, encoding: 'utf8' }),
      0,
    );
  }
  // The account needs no more than passage through the home: its cluster folder inside is made over to it.
  const reach = identity.kind === 'user' ? '-x' : '-w';
  const script = `test ${reach} "$1" && cd "$1" || exit 3; "$2" --version || exit 4`;
  const { file, args, ...as } = commandAs(identity, '/bin/sh', ['-c', script, 'sh', home, postgres]);
  return judge(spawnSync(file, args, { ...as, cwd: '/', env: cleanEnvironment, encoding: 'utf8' }), 4);
};

function judge(run: { status: number | null; stderr: string; error?: Error }, binariesFrom: number): Verdict {
  const reason = (run.error?.message ?? run.stderr ?? '').trim();
  if (run.status === 0) return { outcome: 'works', reason };
  const cannotRun = binariesFrom === 0 || run.status === binariesFrom;
  return { outcome: cannotRun ? 'binaries' : 'refused', reason };
}
