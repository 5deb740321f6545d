/**
 * The stand-in platforms of a demonstration: a process of their own that outlives a kill of this program, as real
 * platforms would. Found again by its port file, ended only with an orderly stop.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const PortFile = z.object({ pid: z.number().int(), port: z.number().int() });

export type SandboxProcess = { url: string; stop(): Promise<void> };

export async function startSandboxProcess(dataDir: string): Promise<SandboxProcess> {
  const folder = join(dataDir, 'sandbox');
  const portFile = join(folder, 'process.json');
  await mkdir(folder, { recursive: true });
  const found = await findSurvivor(portFile);
  const { pid, port } = found ?? (await spawnAtLastPort(folder));
  await writeFile(portFile, JSON.stringify({ pid, port }));
  await writeFile(join(folder, 'port'), String(port));
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      try {
        process.kill(pid, 'SIGTERM');
      } catch {
        // Gone already.
      }
      await rm(portFile, { force: true });
    },
  };
}

async function findSurvivor(portFile: string): Promise<z.infer<typeof PortFile> | null> {
  try {
    const known = PortFile.parse(JSON.parse(await readFile(portFile, 'utf8')));
    process.kill(known.pid, 0);
    const answer = await fetch(`http://127.0.0.1:${known.port}/sandbox/_control/faults`, {
      signal: AbortSignal.timeout(2_000),
    });
    return answer.ok ? known : null;
  } catch {
    return null;
  }
}

/** Links to posts hold the stand-ins' address, so it stays the same over restarts while its port is free. */
async function spawnAtLastPort(folder: string): Promise<z.infer<typeof PortFile>> {
  const last = Number(await readFile(join(folder, 'port'), 'utf8').catch(() => '0'));
  if (!(last > 0)) return spawnSandbox(folder, 0);
  return spawnSandbox(folder, last).catch(() => spawnSandbox(folder, 0));
}

async function spawnSandbox(folder: string, wanted: number): Promise<z.infer<typeof PortFile>> {
  const log = openSync(join(folder, 'sandbox.log'), 'a');
  const child = spawn(process.execPath, [fileURLToPath(new URL('../sandbox/main.ts', import.meta.url))], {
    detached: true,
    stdio: ['ignore', 'pipe', log],
    // Nothing of ours goes in: the stand-ins know the product by its HTTP calls alone.
    env: { SANDBOX_PORT: String(wanted), SANDBOX_STATE_FILE: join(folder, 'state.json') },
  });
  closeSync(log);
  const lines = createInterface({ input: child.stdout! });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() => {
      throw new Error(
        `模拟平台启动失败，见 ${folder}/sandbox.log / the stand-in platforms did not start, see the log`,
      );
    }),
  ])) as [string];
  const { port } = z.object({ port: z.number().int() }).parse(JSON.parse(line));
  lines.close();
  child.stdout!.destroy();
  child.unref();
  return { pid: child.pid!, port };
}
