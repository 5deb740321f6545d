import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isRunning, readServerPid } from './postmaster.ts';
import { startEmbeddedDatabase } from './supervisor.ts';
import {
  discard,
  killHard,
  makeTempFolder,
  ownerProgram,
  query,
  quiet,
  runProgram,
  until,
} from './test-support.ts';

// Real servers on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let dataDir: string;
const cluster = () => join(dataDir, 'database', 'cluster');
const start = (more: { port?: number; fsync?: boolean } = {}) =>
  startEmbeddedDatabase({ dataDir, log: quiet, fsync: false, ...more });

beforeEach(() => {
  dataDir = makeTempFolder();
});
afterEach(() => discard(dataDir));

test('a fresh directory gets a PostgreSQL 18 that keeps its data and address over a restart', async () => {
  const first = await start({ fsync: true });
  expect(first).toMatchObject({ adopted: false, version: expect.stringMatching(/^18\./) });
  await query(first, `CREATE TABLE notes AS SELECT '回声' AS text`);
  await first.stop();
  await expect(query(first, 'SELECT 1')).rejects.toThrow();

  const second = await start({ fsync: true });
  expect(second).toMatchObject({ adopted: false, url: first.url });
  expect(await query(second, 'SELECT text FROM notes')).toEqual([{ text: '回声' }]);
  await second.stop();
  await second.stop();
});

test('only this machine, with the password, in Chinese time, may talk to it', async () => {
  const database = await start();
  const [row] = await query(
    database,
    `SELECT current_setting('listen_addresses') AS address, current_setting('unix_socket_directories') AS socket,
            current_setting('TimeZone') AS zone, current_setting('password_encryption') AS password,
            current_user AS who, current_database() AS name`,
  );
  expect(row).toEqual({
    address: '127.0.0.1',
    socket: '',
    zone: 'Asia/Shanghai',
    password: 'scram-sha-256',
    who: 'huisheng',
    name: 'huisheng',
  });
  const wrong = new URL(database.url);
  wrong.password = 'guess';
  await expect(query({ url: wrong.href }, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  expect(statSync(join(cluster(), 'huisheng.password')).mode & 0o777).toBe(0o600);
  await database.stop();
});

test('text is UTF-8 under the builtin provider: Chinese compares, sorts and classifies, letters change case', async () => {
  const database = await start();
  const [made] = await query(
    database,
    `SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider AS provider, datlocale AS locale
     FROM pg_database WHERE datname = 'huisheng'`,
  );
  expect(made).toEqual({ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8' });
  const [text] = await query(
    database,
    `SELECT lower('ÉCOLE Ж') AS lowered, length('人社局😀') AS length, '人社' < '政务' AS less,
            '失业金' ~ '^[[:alpha:]]+$' AS letters, '１２３' ILIKE '１２３' AS wide,
            (SELECT array_agg(word ORDER BY word) FROM unnest(ARRAY['社保', 'a', '人才', 'Z', '政策']) AS word) AS sorted`,
  );
  expect(text).toEqual({
    lowered: 'école ж',
    length: 4,
    less: true,
    letters: true,
    wide: true,
    sorted: ['Z', 'a', '人才', '政策', '社保'],
  });
  await database.stop();
});

test('a server whose program was killed is adopted, with its sessions’ work, and then stopped by the new owner', async () => {
  const owner = ownerProgram(dataDir);
  const url = await owner.firstLine;
  await query({ url }, `CREATE TABLE notes AS SELECT 1 AS id`);
  const pid = readServerPid(cluster());
  await killHard(owner);
  expect(isRunning(pid ?? 0)).toBe(true);

  const heir = await start({ fsync: true });
  expect(heir).toMatchObject({ adopted: true, url });
  expect(readServerPid(cluster())).toBe(pid);
  expect(await query(heir, 'SELECT id FROM notes')).toEqual([{ id: 1 }]);
  await heir.stop();
  expect(isRunning(pid ?? 0)).toBe(false);
});

test('a survivor started with other settings is stopped and started anew', async () => {
  const owner = ownerProgram(dataDir);
  await query({ url: await owner.firstLine }, `CREATE TABLE notes AS SELECT 1 AS id`);
  const pid = readServerPid(cluster());
  await killHard(owner);

  const heir = await start({ fsync: false });
  expect(heir.adopted).toBe(false);
  expect(isRunning(pid ?? 0)).toBe(false);
  expect(await query(heir, `SELECT id, current_setting('fsync') AS fsync FROM notes`)).toEqual([
    { id: 1, fsync: 'off' },
  ]);
  await heir.stop();
});

test('a survivor that does not answer is put down and its committed data recovered', {
  timeout: 60_000,
}, async () => {
  const owner = ownerProgram(dataDir);
  await query({ url: await owner.firstLine }, `CREATE TABLE notes AS SELECT 1 AS id`);
  const pid = readServerPid(cluster()) ?? 0;
  await killHard(owner);
  process.kill(pid, 'SIGSTOP');

  const heir = await start({ fsync: true });
  expect(heir.adopted).toBe(false);
  expect(isRunning(pid)).toBe(false);
  expect(await query(heir, 'SELECT id FROM notes')).toEqual([{ id: 1 }]);
  await heir.stop();
});

test('the lock file of a dead server, or one naming a stranger’s process, does not block the start', async () => {
  const owner = ownerProgram(dataDir);
  await query({ url: await owner.firstLine }, `CREATE TABLE notes AS SELECT 1 AS id`);
  await killHard(owner);
  process.kill(readServerPid(cluster()) ?? 0, 'SIGKILL');
  const afterCrash = await start({ fsync: true });
  expect(afterCrash.adopted).toBe(false);
  await afterCrash.stop();

  const reused = [process.pid, cluster(), 1, 5432, '', '127.0.0.1', '1 1', 'ready'];
  writeFileSync(join(cluster(), 'postmaster.pid'), reused.join('\n'));
  const afterReuse = await start({ fsync: true });
  expect(afterReuse.adopted).toBe(false);
  expect(await query(afterReuse, 'SELECT id FROM notes')).toEqual([{ id: 1 }]);
  await afterReuse.stop();
});

test('a first start killed in the middle of initdb leaves nothing that blocks the next', async () => {
  const drafts = () => readdirSync(join(dataDir, 'database')).filter((name) => name.includes('.new-'));
  const owner = ownerProgram(dataDir);
  await until('initdb is at work', () => {
    if (!existsSync(join(dataDir, 'database'))) return false;
    return drafts().some((name) => existsSync(join(dataDir, 'database', name, 'cluster', 'base')));
  });
  await killHard(owner);
  expect(existsSync(cluster())).toBe(false);
  // What a power cut leaves, with nobody writing into it any more.
  mkdirSync(join(dataDir, 'database', 'cluster.new-0123456789ab', 'cluster', 'base'), { recursive: true });

  const database = await start({ fsync: true });
  expect(await query(database, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(existsSync(join(dataDir, 'database', 'cluster.new-0123456789ab'))).toBe(false);
  await database.stop();
});

test('a server that dies under the program comes back at the same address', async () => {
  const database = await start({ fsync: true });
  await query(database, `CREATE TABLE notes AS SELECT 1 AS id`);
  process.kill(readServerPid(cluster()) ?? 0, 'SIGKILL');
  await until('the database answers again', () =>
    query(database, 'SELECT id FROM notes').then(
      (rows) => rows.length === 1,
      () => false,
    ),
  );
  await database.stop();
  expect(existsSync(join(cluster(), 'postmaster.pid'))).toBe(false);
});

test('a remembered port that is taken is exchanged, a demanded one is refused with a sentence', async () => {
  const first = await start();
  await first.stop();
  const port = Number(new URL(first.url).port);
  const squatter = createServer().listen(port, '127.0.0.1');
  await until('the port is taken', () => squatter.listening);
  try {
    await expect(start({ port })).rejects.toThrow(/已被占用[\s\S]*is taken/);
    const second = await start();
    expect(new URL(second.url).port).not.toBe(String(port));
    await second.stop();
  } finally {
    squatter.close();
  }
});

test('Ctrl-C at the terminal reaches the program only: the server has a session of its own', async () => {
  const database = await start();
  const pid = readServerPid(cluster()) ?? 0;
  if (process.platform === 'linux') {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    expect([Number(fields[2]), Number(fields[3])]).toEqual([pid, pid]);
  }
  await database.stop();
});

test('an unusable data directory is refused in both languages', async () => {
  writeFileSync(join(dataDir, 'database'), 'in the way');
  await expect(start()).rejects.toThrow(/DATABASE_URL 指向[\s\S]*point DATABASE_URL at/);
});

test('a supervisor does not keep a finished program alive', async () => {
  const program = runProgram(`
    import { startEmbeddedDatabase } from '${join(import.meta.dirname, 'supervisor.ts')}';
    const log = { info() {}, warn() {} };
    await startEmbeddedDatabase({ dataDir: ${JSON.stringify(dataDir)}, log, fsync: false });
    console.log('started');
  `);
  await program.firstLine;
  await until('the program has ended', () => program.child.exitCode === 0);
});
