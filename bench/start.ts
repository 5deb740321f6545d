/**
 * How long a second `npm start` takes until `/readyz` says yes, and what server and embedded database hold in memory
 * when idle (PSS, without npm and the stand-ins). Beside it, in the same run: a bare Fastify started by npm, the least
 * that any such program needs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '#tests/journeys/support/free-port.ts';
import { type BenchOptions, type BenchResult, median, round } from './support/bench.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const rounds = 5;
const startLimitMs = 180_000;
/** Memory is read when the start's own garbage has been collected: the least of ten readings, a second apart. */
const memoryReadings = 10;

export async function run({ say }: BenchOptions): Promise<BenchResult> {
  if (process.platform !== 'linux') throw new Error('memory is read from /proc: this bench needs Linux');
  const folder = await mkdtemp(join(tmpdir(), 'huisheng-bench-start-'));
  try {
    say('the first start, not measured');
    await (await start(folder)).stop();
    const ready: number[] = [];
    const bare: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const ours = await start(folder);
      ready.push(ours.readyMs);
      await ours.stop();
      bare.push(await startBare(folder));
      say(`round ${round}: ${Math.round(ready.at(-1)!)} ms, bare ${Math.round(bare.at(-1)!)} ms`);
    }
    const idle = await start(folder);
    const idleMb = await readIdleMemory(folder, say);
    await idle.stop();
    const readyMs = median(ready);
    return {
      name: 'start',
      ratio: round(readyMs / median(bare), 2),
      figures: {
        ready_s: round(readyMs / 1000, 2),
        idle_mb: round(idleMb),
        bare_s: round(median(bare) / 1000, 2),
      },
      limits: { ready_s: { atMost: 5 }, idle_mb: { atMost: 350 } },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(dataDir: string): Promise<{ readyMs: number; stop(): Promise<void> }> {
  const port = await findFreePort();
  const began = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PORT: String(port), HUISHENG_DATA_DIR: dataDir, HUISHENG_MODE: 'demo' },
  });
  await answered(child, `http://127.0.0.1:${port}/readyz`);
  return { readyMs: performance.now() - began, stop: () => end(child) };
}

async function startBare(folder: string): Promise<number> {
  const port = await findFreePort();
  const program = join(root, 'node_modules', `.bench-bare-${process.pid}.mjs`);
  await writeFile(
    program,
    `import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/readyz', async () => ({ ready: true }));\nawait app.listen({ port: ${port} });\n`,
  );
  const began = performance.now();
  const child = spawn('npm', ['exec', '--offline', '--', 'node', program], {
    cwd: root,
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, HUISHENG_DATA_DIR: folder },
  });
  try {
    await answered(child, `http://127.0.0.1:${port}/readyz`);
    return performance.now() - began;
  } finally {
    await end(child);
    await rm(program, { force: true });
  }
}

async function answered(child: ChildProcess, url: string): Promise<void> {
  const end = performance.now() + startLimitMs;
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await pause(10);
  }
  throw new Error('the program did not become ready');
}

/** The whole group: npm, its shell and the program. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  process.kill(-child.pid!, 'SIGTERM');
  await gone;
  // npm may leave before the program has drained; the data directory is free when it has.
  for (let tries = 0; tries < 1_000 && (await isGroupAlive(child.pid!)); tries += 1) await pause(20);
}

async function isGroupAlive(group: number): Promise<boolean> {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

async function readIdleMemory(dataDir: string, say: (line: string) => void): Promise<number> {
  const server = Number((await readFile(join(dataDir, 'program.pid'), 'utf8')).trim().split(/\s/)[0]);
  const postmaster = Number(
    (await readFile(join(dataDir, 'database', 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0],
  );
  let least = Number.POSITIVE_INFINITY;
  for (let reading = 0; reading < memoryReadings; reading += 1) {
    await pause(1_000);
    const pids = [server, ...(await listFamily(await outerPid(postmaster, dataDir)))];
    let sum = 0;
    for (const pid of pids) sum += await readPss(pid);
    least = Math.min(least, sum);
  }
  say(`idle memory ${Math.round(least)} MB`);
  return least;
}

/** `postmaster.pid` holds the number that is seen outside too: only users are mapped, not processes. */
async function outerPid(pid: number, dataDir: string): Promise<number> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
  if (!command.includes(dataDir)) throw new Error('the embedded database was not found among the processes');
  return pid;
}

async function listFamily(ancestor: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null);
    if (status) parents.set(Number(name), Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const family = [ancestor];
  for (const member of family) for (const [pid, parent] of parents) if (parent === member) family.push(pid);
  return family;
}

async function readPss(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024;
}
