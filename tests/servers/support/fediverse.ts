/** Two actors of the fediverse on loopback, by Fedify, which is installed beside the checkout once a version. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from '#tests/support/wait.ts';
import { endProgram, freePort } from './programs.ts';

const run = promisify(execFile);
// 2.3.8 asks for versions of its own parts that do not go together.
const version = '2.3.6';
const packages = ['fedify', 'vocab', 'vocab-runtime', 'webfinger'].map(
  (name) => `@fedify/${name}@${version}`,
);
const program = fileURLToPath(new URL('fediverse-actor.mjs', import.meta.url));

export type ReceivedNote = {
  id: string;
  by: string;
  content: string;
  inReplyTo: string | null;
  attachments: { name: string; mediaType: string | null }[];
};

export type Actor = {
  uri: string;
  inbox: string;
  follow(actor: Actor): Promise<void>;
  publish(note: {
    id: string;
    content: string;
    inReplyTo?: string;
    to?: string;
    attachments?: { url: string; mediaType: string; name: string }[];
  }): Promise<{ uri: string }>;
  state(): Promise<{ followers: string[]; accepted: string[]; received: ReceivedNote[] }>;
  stop(): Promise<void>;
};

export async function startActor(username: string, displayName: string): Promise<Actor> {
  const folder = await installFedify();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await copyFile(program, join(folder, 'actor.mjs'));
  const child = spawn(process.execPath, ['actor.mjs', String(port), username, displayName], {
    ...{ cwd: folder, stdio: 'ignore' },
  });
  const ask = async <T>(action: string, body: unknown = {}): Promise<T> => {
    const answer = await fetch(`${url}/control/${action}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as T;
  };
  const actor: Actor = {
    uri: `${url}/users/${username}`,
    inbox: `${url}/users/${username}/inbox`,
    follow: async (other) => void (await ask('follow', { actor: other.uri })),
    publish: (note) => ask('publish', note),
    state: () => ask('state'),
    stop: () => endProgram(child),
  };
  await untilReady(actor, child);
  return actor;
}

async function untilReady(actor: Actor, child: ChildProcess): Promise<void> {
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(`the actor ended with ${child.exitCode}`);
      return actor.state().catch(() => false as const);
    },
    { what: 'the actor answers', timeoutMs: 30_000 },
  );
}

async function installFedify(): Promise<string> {
  const cache = join(tmpdir(), 'huisheng-servers');
  const folder = join(cache, `fedify-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const building = await mkdtemp(join(cache, 'installing-'));
  await run(
    'npm',
    ['install', '--prefix', building, '--no-audit', '--no-fund', '--ignore-scripts', ...packages],
    {
      cwd: building,
    },
  );
  await rename(building, folder).catch(() => rm(building, { recursive: true, force: true }));
  return folder;
}
