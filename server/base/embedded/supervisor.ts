import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { claimCluster, ensureCluster, readPassword } from './cluster.ts';
import { awaitAnswer, createDatabaseIfAbsent, databaseUrl } from './conversation.ts';
import { type Home, type HomeSeams, recordPlace, settleHome } from './home.ts';
import { findFreePort, launchServer, limitLog, PortTaken, type Running } from './launch.ts';
import { isRunning, isServerOf, readServerPid, stopServer } from './postmaster.ts';
import { settingsArguments } from './settings.ts';

/** What of a pino logger is used here. */
export type SupervisorLog = {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
};

export type EmbeddedOptions = {
  dataDir: string;
  log: SupervisorLog;
  /** Fixed port; by default the last one if it is free, else any. */
  port?: number;
  /** False for throw-away test clusters: fast, and lost in a power cut. */
  fsync?: boolean;
};

export type EmbeddedDatabase = {
  /** Superuser connection to the database `huisheng` on 127.0.0.1, password included: never log it. */
  url: string;
  version: string;
  /** True when the server of an earlier, killed program was taken over with its caches warm. */
  adopted: boolean;
  /** Ends all sessions. Call it last, after everything that uses the database has drained. */
  stop(): Promise<void>;
};

/** A survivor that is well answers at once; one that is recovering says so and is waited for. */
const ADOPT_MS = 3_000;

/**
 * A PostgreSQL of our own in `<dataDir>/database`: made on first use, taken over if it outlived a killed program,
 * started again should it die, stopped by `stop`. The caller holds lockDataDirectory(dataDir): two supervisors of one
 * folder would share, and stop, each other's server. Throws Errors whose messages tell an operator what to do.
 */
export async function startEmbeddedDatabase(
  options: EmbeddedOptions,
  seams: HomeSeams = {},
): Promise<EmbeddedDatabase> {
  const { dataDir, log, fsync = true } = options;
  const home = await settleHome(dataDir, seams);
  const { created } = await ensureCluster(home, fsync);
  if (created) log.info({ cluster: home.cluster, as: home.identity.kind }, 'database cluster made');
  recordPlace(home);
  const password = readPassword(home.cluster);

  const survivor = await adoptSurvivor(home, options, password);
  const running = survivor ?? (await start(home, options, password));
  await createDatabaseIfAbsent({ port: running.port, password });
  const { port, version, pid } = running;
  log.info({ port, version, pid, as: home.identity.kind, adopted: !!survivor }, 'database ready');

  const watch = watchServer(home, running, () => launchServer(home, { port, fsync, password }), log);
  let stopping: Promise<void> | undefined;
  return {
    url: databaseUrl({ port, password }),
    version,
    adopted: survivor !== undefined,
    stop() {
      stopping ??= watch.end().then(async (current) => {
        if (!isRunning(current)) return;
        const mode = await stopServer(current, 'fast', home.binaries);
        if (mode === 'fast') log.info({ pid: current }, 'database stopped');
        else log.warn({ pid: current, mode }, 'database stopped by force; it will recover at the next start');
      });
      return stopping;
    },
  };
}

/** The server an earlier program left running, if it is ours, well, and was started the way we would start it. */
async function adoptSurvivor(
  home: Home,
  options: EmbeddedOptions,
  password: string,
): Promise<Running | undefined> {
  const { log, fsync = true } = options;
  const { cluster, binaries } = home;
  const pid = readServerPid(cluster);
  if (pid === undefined || !isRunning(pid) || !isServerOf(pid, cluster)) return undefined;

  const last = readLaunch(home);
  const port = options.port ?? last?.port ?? 0;
  if (last?.fingerprint !== fingerprint(home, port, fsync)) {
    log.info({ pid }, 'a database runs with other settings; stopping it');
    await stopServer(pid, 'fast', binaries);
    return undefined;
  }
  const answer = await awaitAnswer({ port, password }, cluster, () => isRunning(pid), ADOPT_MS);
  if (answer.state === 'ready') return { pid, port, version: answer.version };
  log.warn({ pid, port }, 'a surviving database does not answer; stopping it');
  await stopServer(pid, 'immediate', binaries);
  return undefined;
}

async function start(home: Home, options: EmbeddedOptions, password: string): Promise<Running> {
  const { fsync = true } = options;
  await claimCluster(home);
  let port = options.port ?? readLaunch(home)?.port ?? (await findFreePort());
  for (let attempt = 1; ; attempt += 1) {
    recordLaunch(home, { port, fingerprint: fingerprint(home, port, fsync) });
    try {
      return await launchServer(home, { port, fsync, password });
    } catch (error) {
      if (!(error instanceof PortTaken) || options.port !== undefined || attempt === 5) throw error;
      port = await findFreePort();
    }
  }
}

/** Looks each second whether the server lives, revives it at the same address, and keeps its log in bounds. */
function watchServer(home: Home, first: Running, launch: () => Promise<Running>, log: SupervisorLog) {
  const abort = new AbortController();
  let { pid } = first;
  const rest = (ms: number) =>
    delay(ms, undefined, { signal: abort.signal, ref: false }).catch(() => undefined);
  async function run(): Promise<void> {
    while (!abort.signal.aborted) {
      await rest(1_000);
      if (abort.signal.aborted) return;
      limitLog(home);
      if (isRunning(pid)) continue;
      log.warn({ pid }, 'the database died; starting it again');
      try {
        pid = (await launch()).pid;
        log.info({ pid }, 'database ready again');
      } catch (error) {
        log.warn({ err: error }, 'the database could not be started again; trying once more in five seconds');
        await rest(5_000);
      }
    }
  }
  const ended = run();
  /** Ends the watching, after a revival in progress, and tells which process to stop. */
  async function end(): Promise<number> {
    abort.abort();
    await ended;
    return pid;
  }
  return { end };
}

/** How the last server was started, written before it was: a survivor can be found and judged by it. */
type Launch = { port: number; fingerprint: string };

function readLaunch({ folder }: Home): Launch | undefined {
  const file = join(folder, 'launch.json');
  if (!existsSync(file)) return undefined;
  try {
    const { port, fingerprint } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Launch>;
    return typeof port === 'number' && typeof fingerprint === 'string' ? { port, fingerprint } : undefined;
  } catch {
    return undefined;
  }
}

function recordLaunch({ folder }: Home, launch: Launch): void {
  const file = join(folder, 'launch.json');
  writeFileSync(`${file}.new`, JSON.stringify(launch), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Programs, identity and settings together: a survivor of an older version of us is restarted, not adopted. */
function fingerprint({ identity, binaries }: Home, port: number, fsync: boolean): string {
  const how = { identity, binaries, settings: settingsArguments({ port, fsync }) };
  return createHash('sha256').update(JSON.stringify(how)).digest('hex');
}
