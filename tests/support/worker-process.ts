/** The real program with the worker role alone, as a process that can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestInstallation } from './build-app.ts';

export type WorkerProcess = {
  /** Resolves with how it ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** What it wrote to its log so far. */
  said(): string;
};

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

/** @param failpoints as `HUISHENG_FAILPOINTS`, see server/base/failpoints.ts */
export async function startWorkerProcess(
  installation: Pick<TestInstallation, 'config' | 'databaseUrl'>,
  failpoints = '',
): Promise<WorkerProcess> {
  const { config } = installation;
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      HUISHENG_MODE: 'production',
      HUISHENG_ROLES: 'worker',
      HUISHENG_PUBLIC_URL: config.publicUrl,
      HUISHENG_DATA_DIR: config.dataDir,
      HUISHENG_MASTER_KEY: config.masterKey!.toString('hex'),
      HUISHENG_LOG_LEVEL: 'warn',
      HUISHENG_FAILPOINTS: failpoints,
      DATABASE_URL: installation.databaseUrl,
      ...Object.fromEntries(
        [...config.platformUrls].map(([id, url]) => [
          `HUISHENG_PLATFORM_${id.toUpperCase().replaceAll('-', '_')}_URL`,
          url,
        ]),
      ),
    },
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  // It may die at its failpoint before it says that it is ready: both are a beginning.
  await Promise.race([once(child, 'message'), ended]);
  return { ended, kill: (signal = 'SIGKILL') => end(child, ended, signal), said: () => said };
}

async function end(child: ChildProcess, ended: Promise<unknown>, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  await ended;
}
