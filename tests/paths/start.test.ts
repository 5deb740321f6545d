/** Starting, being killed, starting again, stopping: the program itself, under a folder that is closed to others. */
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFreePort } from '#tests/journeys/support/free-port.ts';
import { type Program, startProgram } from '#tests/support/program.ts';
import { until } from '#tests/support/wait.ts';

let parent: string;
let dataDir: string;
let port: string;
let running: Program | undefined;
const start = () => startProgram({ HUISHENG_DATA_DIR: dataDir, PORT: port });

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'huisheng-start-'));
  await chmod(parent, 0o700);
  dataDir = join(parent, 'data');
  port = String(await findFreePort());
});
afterAll(async () => {
  running?.signal('SIGTERM');
  await running?.ended;
  await rm(parent, { recursive: true, force: true });
});

/** An ended process whose new parent has not collected it yet still has its number; it is not alive. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const databasePid = async () =>
  Number((await readFile(join(dataDir, 'database', 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);
const sandboxPid = async () =>
  (JSON.parse(await readFile(join(dataDir, 'sandbox', 'process.json'), 'utf8')) as { pid: number }).pid;

describe('the program', () => {
  test('starts on an empty folder under a closed parent and serves site, desk and stand-ins', async () => {
    running = start();
    const { address } = await running.ready;
    for (const path of ['/', '/desk/', '/sandbox/', '/api/openapi.json', '/readyz', '/healthz', '/metrics']) {
      expect((await fetch(`${address}${path}`)).status, path).toBe(200);
    }
    expect((await fetch(`${address}/sandbox/_control/ledger`)).status).toBe(404);
    expect((await fetch(`${address}/api/session`)).status).toBe(401);
  }, 120_000);

  test('refuses to run twice on one folder, in a sentence that names the other', async () => {
    const second = startProgram({ HUISHENG_DATA_DIR: dataDir });
    const { code, printed } = await second.ended;
    expect(code).not.toBe(0);
    expect(printed).toMatch(/另一个|已有|正在/);
    expect(printed).toMatch(/pid|another/i);
  }, 30_000);

  test('recovers by itself after kill -9, with the database and the stand-ins that lived on', async () => {
    const [database, sandbox] = [await databasePid(), await sandboxPid()];
    running!.signal('SIGKILL');
    await running!.ended;
    expect(isAlive(database)).toBe(true);
    expect(isAlive(sandbox)).toBe(true);
    running = start();
    const { address } = await running.ready;
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(await sandboxPid()).toBe(sandbox);
  }, 60_000);

  test('ends in order on Ctrl-C: no database, no stand-ins, no lock left', async () => {
    const [database, sandbox] = [await databasePid(), await sandboxPid()];
    running!.signal('SIGINT');
    const { code } = await running!.ended;
    running = undefined;
    expect(code).toBe(0);
    await until(async () => !isAlive(database) && !isAlive(sandbox), { what: 'database and stand-ins end' });
    expect(existsSync(join(dataDir, 'database', 'cluster', 'postmaster.pid'))).toBe(false);
  }, 60_000);

  test('refuses wrong settings with a sentence for each', async () => {
    const { code, printed } = await startProgram({
      HUISHENG_DATA_DIR: dataDir,
      PORT: 'eighty',
      HUISHENG_ROLES: 'cook',
    }).ended;
    expect(code).toBe(78);
    expect(printed).toContain('PORT');
    expect(printed).toContain('HUISHENG_ROLES');
  });
});
