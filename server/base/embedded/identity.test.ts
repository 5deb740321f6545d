import { chmodSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { settleHome } from './home.ts';
import { type Account, listIdentities, type Probe, pickAccount, probeIdentity } from './identity.ts';
import { startEmbeddedDatabase } from './supervisor.ts';
import { discard, makePassableFolder, makeTempFolder, query, quiet } from './test-support.ts';

// Real servers on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const isRoot = process.getuid?.() === 0;
const account: Account = { name: 'postgres', uid: 101, gid: 104 };
const { uid, gid } = account;
const namespace = { kind: 'namespace', uid, gid } as const;
const userInData = { kind: 'user', uid, gid, place: 'data' } as const;
const userInSystem = { kind: 'user', uid, gid, place: 'system' } as const;

/** What most containers are like: no user namespaces for anybody. */
const namespacesForbidden: Probe = (identity, home, binaries) =>
  identity.kind === 'namespace'
    ? { outcome: 'refused', reason: 'unshare failed: Operation not permitted' }
    : probeIdentity(identity, home, binaries);

const folders: string[] = [];
function temporary(folder: string): string {
  folders.push(folder);
  return folder;
}
afterEach(async () => {
  for (const folder of folders.splice(0)) await discard(folder);
});

test('an ordinary user runs the database as oneself', () => {
  expect(listIdentities({ isRoot: false, account, settled: undefined })).toEqual([{ kind: 'self' }]);
});

test('root tries a namespace, then another user in place, then that user under the system’s folder', () => {
  const facts = { isRoot: true, account, settled: undefined };
  expect(listIdentities(facts)).toEqual([namespace, userInData, userInSystem]);
});

test('a cluster that exists is never left behind for an empty one elsewhere', () => {
  expect(listIdentities({ isRoot: true, account, settled: 'data' })).toEqual([namespace, userInData]);
  expect(listIdentities({ isRoot: true, account, settled: 'system' })).toEqual([userInSystem]);
});

test('root on a machine without any other account has no way', () => {
  expect(listIdentities({ isRoot: true, account: undefined, settled: undefined })).toEqual([]);
});

test('the account is our own, else the database’s, else nobody, else any that is not root', () => {
  const line = (name: string, id: number) => `${name}:x:${id}:${id}::/:/bin/false`;
  const all = [
    line('root', 0),
    line('daemon', 1),
    line('nobody', 65534),
    line('postgres', 101),
    line('huisheng', 7),
  ];
  const pick = (lines: string[]) => pickAccount(lines.join('\n'))?.name;
  expect(pick(all)).toBe('huisheng');
  expect(pick(all.slice(0, 4))).toBe('postgres');
  expect(pick(all.slice(0, 3))).toBe('nobody');
  expect(pick(all.slice(0, 2))).toBe('daemon');
  expect(pick(all.slice(0, 1))).toBeUndefined();
  expect(pick(['', 'broken'])).toBeUndefined();
});

test('whoever starts it, a database under a closed parent folder works and belongs to the starter', async () => {
  const dataDir = join(temporary(makeTempFolder()), 'data');
  const database = await startEmbeddedDatabase({ dataDir, log: quiet, fsync: false });
  expect(await query(database, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await database.stop();
  if (existsSync(join(dataDir, 'database', 'cluster'))) {
    const owner = statSync(join(dataDir, 'database', 'cluster')).uid;
    expect(owner).toBe(process.getuid?.());
  }
  await discard(dataDir);
});

test('without namespaces root uses another user in place, and the same folder moves between the two ways', async () => {
  const dataDir = temporary(makePassableFolder());
  const cluster = join(dataDir, 'database', 'cluster');
  const options = { dataDir, log: quiet, fsync: false };
  const starter = process.getuid?.();

  const inContainer = await startEmbeddedDatabase(options, { probe: namespacesForbidden });
  await query(inContainer, `CREATE TABLE notes AS SELECT 1 AS id`);
  const { identity } = await settleHome(dataDir, { probe: namespacesForbidden });
  expect(identity.kind).toBe(isRoot ? 'user' : 'self');
  expect(statSync(cluster).uid === 0).toBe(false);
  await inContainer.stop();

  const outside = await startEmbeddedDatabase(options);
  expect(await query(outside, 'SELECT id FROM notes')).toEqual([{ id: 1 }]);
  await outside.stop();
  const { identity: free } = await settleHome(dataDir);
  if (free.kind !== 'user') expect(statSync(join(cluster, 'base')).uid).toBe(starter);
});

test('without namespaces and behind a closed folder root’s cluster goes to the system’s folder and is missed if lost', async () => {
  const dataDir = join(temporary(makeTempFolder()), 'data');
  const systemHome = temporary(makePassableFolder());
  const options = { dataDir, log: quiet, fsync: false };
  const seams = { probe: namespacesForbidden, systemHome };

  for (const expected of ['made', 'found']) {
    const database = await startEmbeddedDatabase(options, seams);
    if (expected === 'made') await query(database, `CREATE TABLE notes AS SELECT 1 AS id`);
    expect(await query(database, 'SELECT id FROM notes')).toEqual([{ id: 1 }]);
    await database.stop();
  }
  const places = readdirSync(systemHome);
  expect(places).toHaveLength(isRoot ? 1 : 0);
  // Set, it stays there even where namespaces are allowed again.
  expect((await settleHome(dataDir)).cluster).toBe(
    isRoot ? join(systemHome, places[0] ?? '', 'cluster') : join(dataDir, 'database', 'cluster'),
  );
  rmSync(join(isRoot ? systemHome : dataDir), { recursive: true });
  if (isRoot) await expect(settleHome(dataDir, seams)).rejects.toThrow(/已经没有了[\s\S]*not there any more/);
});

test('where no way is left the refusal says in both languages what to do', async () => {
  const dataDir = temporary(makeTempFolder());
  chmodSync(dataDir, 0o700);
  const probe: Probe = () => ({ outcome: 'refused', reason: 'Operation not permitted' });
  const refused = settleHome(dataDir, { probe, systemHome: join(dataDir, 'system') });
  await expect(refused).rejects.toThrow(/请[\s\S]*Operation not permitted[\s\S]*point DATABASE_URL at/);
});
