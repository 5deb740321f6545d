/** Commands on a database with the demonstration in it. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { query, seedAll } from '#server/backup/test-support.ts';
import type { Config } from '#server/config.ts';
import { startInstallation } from '#server/start.ts';
import { getMe } from '#shared/people.ts';
import { buildApp, passwordOf, type TestApp } from '#tests/support/build-app.ts';
import { signInClient } from '#tests/support/client.ts';
import { run as account } from './account.ts';
import { run as exportBureau } from './export.ts';
import { run as seed } from './seed.ts';
import { runHere } from './test-support.ts';
import { run as user } from './user.ts';

let ground: TestApp;
let config: Config;
let folder: string;
const rows = <T extends Record<string, unknown>>(text: string) => query<T>(ground.databaseUrl, text);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huisheng-commands-'));
  ground = await buildApp();
  config = { ...ground.config, databaseUrl: ground.databaseUrl, directDatabaseUrl: ground.databaseUrl };
});
afterAll(async () => {
  await ground.close();
  await rm(folder, { recursive: true, force: true });
});

test('an account is paused with its reason and resumed, and both stand in the audit log', async () => {
  const listed = await runHere(account, config, 'list', '--bureau', 'yunxi');
  const line = listed.printed.split('\n').find((one) => one.includes(' weibo '));
  const [id] = line!.split(' ');
  await runHere(account, config, 'pause', '--id', id!, '--reason', '平台升级');
  expect(await rows(`select state, state_reason from accounts where id = '${id}'`)).toEqual([
    { state: 'paused', state_reason: '平台升级' },
  ]);
  await runHere(account, config, 'resume', '--id', id!);
  expect(await rows(`select state, state_reason from accounts where id = '${id}'`)).toEqual([
    { state: 'active', state_reason: null },
  ]);
  const audit = await rows<{ actor_name: string }>(
    `select actor_name from audit_entries where action = 'account.updated' and subject_id = '${id}'`,
  );
  expect(audit.map((row) => row.actor_name)).toEqual([
    expect.stringContaining('命令行'),
    expect.stringContaining('命令行'),
  ]);
});

test('an account whose grant has ended is not declared well by a command', async () => {
  const [row] = await rows<{ id: string }>(
    "update accounts set state = 'sign-in-again' where platform = 'weibo' returning id",
  );
  await expect(runHere(account, config, 'resume', '--id', row!.id)).rejects.toThrow('state has changed');
});

test('where there are several bureaus, the one meant must be named', async () => {
  await expect(runHere(user, config, 'list')).rejects.toThrow(/--bureau[\s\S]*shitang[\s\S]*yunxi/);
  await expect(runHere(user, config, 'list', '--bureau', 'nowhere')).rejects.toThrow('--bureau');
});

test('a new password ends every session and lifts the lock', async () => {
  const storage = {
    url: ground.databaseUrl,
    directUrl: ground.databaseUrl,
    embedded: false,
    stop: async () => {},
  };
  const installation = await startInstallation({ ...config, roles: ['web'] }, storage, { sandboxUrl: null });
  try {
    const url = installation.address!;
    const client = await signInClient(url, 'bianji', passwordOf('bianji'));
    expect((await client.call(getMe, {})).login).toBe('bianji');
    await query(
      ground.databaseUrl,
      "insert into sign_in_failures values ('login:bianji', 5, now(), now() + interval '15 minutes')",
    );
    const { printed } = await runHere(user, config, 'reset-password', '--login', 'bianji');
    expect((await client.try(getMe, {})).status).toBe(401);
    await expect(signInClient(url, 'bianji', passwordOf('bianji'))).rejects.toThrow('sign-in-failed');
    const fresh = /(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}/.exec(printed)![0];
    const again = await signInClient(url, 'bianji', fresh);
    const ended = await runHere(user, config, 'sessions', 'end', '--login', 'bianji');
    expect(ended.printed).toContain('1 sessions ended');
    expect((await again.try(getMe, {})).status).toBe(401);
  } finally {
    await installation.stop();
  }
});

test('an export holds one bureau’s rows whole, and is for its owner alone', async () => {
  const { bureauId } = await seedAll(ground);
  const out = join(folder, 'export.jsonl');
  await runHere(exportBureau, config, '--bureau', 'yunxi', '--out', out);
  expect((await stat(out)).mode & 0o777).toBe(0o600);
  const lines = (await readFile(out, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const types = lines.map((line: { type: string }) => line.type);
  const [counts] = await rows<{ articles: number; versions: number; cases: number }>(
    `select (select count(*)::int from articles where bureau_id = '${bureauId}') as articles,
       (select count(*)::int from article_versions where bureau_id = '${bureauId}') as versions,
       (select count(*)::int from cases where bureau_id = '${bureauId}') as cases`,
  );
  expect(types.filter((type) => type === 'article')).toHaveLength(counts!.articles);
  expect(types.filter((type) => type === 'version')).toHaveLength(counts!.versions);
  expect(types.filter((type) => type === 'case')).toHaveLength(counts!.cases);
  const version = lines.find((line: { type: string }) => line.type === 'version') as { content_hash: string };
  expect(version.content_hash).toBe('000a5cff');
  const other = await runHere(exportBureau, config, '--bureau', 'shitang');
  expect(other.printed).not.toContain(bureauId);
  await expect(runHere(exportBureau, config, '--bureau', 'yunxi', '--out', out)).rejects.toThrow('EEXIST');
});

test('the demonstration is made once; a slug is given to one bureau', async () => {
  const first = await runHere(seed, config);
  expect(first.printed).toContain('bianji');
  expect((await runHere(seed, config)).printed).toBe(first.printed);
  const bureau = ['bureau', '--slug', 'yunxi', '--name', '云', '--short-name', '云'];
  await expect(runHere(seed, config, ...bureau)).rejects.toThrow('is taken');
});
