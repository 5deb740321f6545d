/** The real program as `npm start` runs it: demonstration, embedded database, stand-ins, in a folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

export type Program = {
  /** Resolves when it serves; rejects with what it printed when it ended first. */
  ready: Promise<{ address: string }>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; printed: string }>;
  signal(name: NodeJS.Signals): void;
};

export function startProgram(settings: Record<string, string>): Program {
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env.PATH, PORT: '0', HUISHENG_LOG_LEVEL: 'error', ...settings },
  });
  const output: string[] = [];
  child.stdout!.on('data', (chunk) => output.push(String(chunk)));
  child.stderr!.on('data', (chunk) => output.push(String(chunk)));
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    printed: output.join(''),
  }));
  const ready = Promise.race([
    once(child, 'message').then(([message]) => message as { address: string }),
    ended.then(({ printed }) => {
      throw new Error(`the program ended before it was ready:\n${printed}`);
    }),
  ]);
  // Who waits for its end only must not be told of a start that never came.
  ready.catch(() => undefined);
  return { ready, ended, signal: (name) => child.kill(name) };
}
