import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getHealth } from '#shared/system.ts';
import { buildDatabase, passwordOf } from '#tests/support/build-app.ts';
import { signInClient } from '#tests/support/client.ts';
import { testConfig } from '#tests/support/config.ts';
import { until } from '#tests/support/wait.ts';
import type { Config } from './config.ts';
import { type Installation, startInstallation } from './start.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
let dataDir = '';
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'huisheng-start-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** The program as an operator starts it, with an embedded database in the data directory. */
function startProgram(environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      HUISHENG_MODE: 'production',
      HUISHENG_ROLES: 'worker',
      HUISHENG_PUBLIC_URL: 'http://127.0.0.1:3000',
      HUISHENG_DATA_DIR: dataDir,
      HUISHENG_FSYNC: '0',
      PORT: '0',
      ...environment,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
  const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null, output }));
  return { child, ended, ready: Promise.race([once(child, 'message'), ended]) };
}

describe('the program', () => {
  test('started twice on one data directory: the second says so in one sentence and ends', {
    timeout: 90_000,
  }, async () => {
    const first = startProgram();
    try {
      await first.ready;
      expect(first.child.exitCode).toBeNull();
      const second = await startProgram().ended;
      expect(second.code).toBe(1);
      expect(second.output).toMatch(/数据目录/);
      expect(second.output).not.toMatch(/\n\s+at /);
      // The first was not disturbed.
      expect(first.child.exitCode).toBeNull();
    } finally {
      first.child.kill('SIGTERM');
    }
    expect((await first.ended).code).toBe(0);
  });

  test('asked to end while it starts, ends in order at the next step, and leaves the data directory free', {
    timeout: 90_000,
  }, async () => {
    const early = startProgram();
    await once(early.child.stdout!, 'data');
    early.child.kill('SIGTERM');
    expect(await early.ended).toMatchObject({ code: 0, output: expect.stringContaining('正在收尾') });
    expect((await early.ended).output).not.toContain('已就绪');
    const next = startProgram();
    await next.ready;
    next.child.kill('SIGTERM');
    expect((await next.ended).code).toBe(0);
  });

  test('ends with a sentence for a wrong setting, before anything is touched', async () => {
    const wrong = await startProgram({ PORT: 'http', HUISHENG_ROLES: 'cook' }).ended;
    expect(wrong.code).toBe(78);
    expect(wrong.output).toMatch(/设置有误/);
    expect(wrong.output).toMatch(/PORT/);
    expect(wrong.output).toMatch(/HUISHENG_ROLES/);
  });
});

describe('the roles', () => {
  let database: Awaited<ReturnType<typeof buildDatabase>>;
  beforeAll(async () => {
    database = await buildDatabase();
  });
  afterAll(() => database?.drop());

  const start = (roles: Config['roles']): Promise<Installation> =>
    startInstallation(
      testConfig({ dataDir, roles }),
      { url: database.url, directUrl: database.url, embedded: false, stop: async () => undefined },
      { sandboxUrl: null },
    );

  test('web alone serves and says that no worker is alive; a worker alone listens nowhere and is seen', async () => {
    const web = await start(['web']);
    try {
      expect([web.worker, web.address]).toEqual([null, expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)]);
      const person = await signInClient(web.address!, 'guanli', passwordOf('guanli'));
      expect(await person.call(getHealth, {})).toMatchObject({ workers: [], workerAlive: false });

      const worker = await start(['worker']);
      expect([worker.web, worker.address]).toEqual([null, null]);
      const health = await person.call(getHealth, {});
      expect(health.workerAlive).toBe(true);
      expect(health.workers.map((one) => one.roles)).toEqual([['worker']]);

      await worker.stop();
      await until(async () => !(await person.call(getHealth, {})).workerAlive, {
        what: 'the stopped worker is gone from the health line',
      });
    } finally {
      await web.stop();
    }
  });

  test('both in one process work, and stopping twice over leaves the database free for the next', async () => {
    for (let round = 0; round < 2; round += 1) {
      const both = await start(['web', 'worker']);
      expect((await fetch(`${both.address}/readyz`)).status).toBe(200);
      await both.stop();
      await expect(fetch(`${both.address}/healthz`)).rejects.toThrow();
    }
  });
});
