/** The real program, as an operator runs it: a data directory of its own, the embedded database. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { roles } from '#shared/people.ts';
import { commands } from './help.ts';

// Each command starts a database and stops it again, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huisheng-cli-'));
  await mkdir(join(folder, 'data'));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const settings = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? '',
  HUISHENG_MODE: 'production',
  HUISHENG_PUBLIC_URL: 'http://127.0.0.1:9',
  HUISHENG_DATA_DIR: join(folder, 'data'),
  HUISHENG_FSYNC: '0',
  ...more,
});

type Ended = { code: number | null; out: string; err: string };

async function huisheng(args: readonly string[], more: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'tools', 'huisheng.mjs'), ...args], {
    cwd: folder,
    env: settings(more),
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

const ok = async (...args: string[]): Promise<string> => {
  const { code, out, err } = await huisheng(args);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return out;
};

describe('without a database', () => {
  test('help names every command in both languages, also about each', async () => {
    const { code, out } = await huisheng(['help']);
    expect(code).toBe(0);
    for (const [name, { summary }] of Object.entries(commands)) {
      expect(out).toContain(`  ${name}`);
      expect(out).toContain(summary.zh);
      expect(out).toContain(summary.en);
    }
    const about = await huisheng(['user', '--help']);
    expect(about).toMatchObject({ code: 0, out: expect.stringContaining('reset-password --login') });
  });

  test.each([
    [['fly'], 'no such command'],
    [['migrate', '--quickly'], 'wrong arguments'],
    [['migrate', 'now'], 'not understood'],
    [['backup'], '--out is needed'],
    [['restore'], '--from is needed'],
  ])('%j is a usage error, said on standard error', async (args, sentence) => {
    const { code, out, err } = await huisheng(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(sentence);
  });

  test('wrong settings end with 78 and name the setting', async () => {
    const { code, err } = await huisheng(['migrate'], { PORT: 'many' });
    expect(code).toBe(78);
    expect(err).toContain('PORT');
  });
});

describe('on a data directory of its own', () => {
  test('migrate makes the schema once', async () => {
    expect(await ok('migrate')).toMatch(/migrations ran/);
    expect(await ok('migrate')).toContain('up to date');
  });

  test('a bureau is made, the demonstration is not for production', async () => {
    const made = await ok(
      ...['seed', 'bureau', '--slug', 'jia', '--name', '甲县人力资源和社会保障局', '--short-name', '甲人社'],
    );
    expect(made).toContain('user add --bureau jia');
    expect((await huisheng(['seed'])).code).toBe(1);
  });

  test('people are added, listed, given a new password and disabled', async () => {
    const added = await ok(...['user', 'add', '--login', 'zhang', '--name', '张三', '--role', '管理员']);
    const password = /([0-9A-Z]{4}-){3}[0-9A-Z]{4}/;
    expect(added).toMatch(password);
    const reset = await ok('user', 'reset-password', '--login', 'zhang');
    expect(password.exec(reset)?.[0]).not.toBe(password.exec(added)?.[0]);
    const taken = await huisheng(['user', 'add', '--login', 'zhang', '--name', '张三', '--role', 'editor']);
    expect(taken).toMatchObject({ code: 1, err: expect.stringContaining('the login is taken') });
    const role = await huisheng(['user', 'add', '--login', 'li', '--name', '李四', '--role', 'king']);
    expect(role.code).toBe(2);
    for (const one of roles) expect(role.err).toContain(one);
    await ok('user', 'disable', '--login', 'zhang', '--reason', '调离');
    expect(await ok('user', 'list')).toMatch(/zhang\s+张三\s+管理员\s+甲县.*disabled/);
  });

  test('an import with one wrong line imports nobody and says every wrong line', async () => {
    const path = join(folder, 'people.csv');
    await writeFile(
      path,
      '用户名,姓名,岗位,科室\nwang,王五,采编,\nWANG,王六,editor,\nzhao,,agent,\nqian,钱七,皇帝,\nsun,孙八,agent,不存在\n',
    );
    const { code, out, err } = await huisheng(['import', 'people', path]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    for (const line of [3, 4, 5, 6]) expect(err).toContain(`line ${line}:`);
    expect(err).toContain('nobody was imported');
    expect(await ok('user', 'list')).not.toContain('wang');
  });

  test('a good import gives each first password once', async () => {
    const path = join(folder, 'good.csv');
    await writeFile(path, '用户名,姓名,岗位\nwang,王五,采编\nzhao,赵六,agent\n');
    const passwords = join(folder, 'passwords.csv');
    await ok('import', 'people', path, '--passwords', passwords);
    expect((await readFile(passwords, 'utf8')).split('\r\n')).toHaveLength(4);
    expect((await stat(passwords)).mode & 0o777).toBe(0o600);
    expect(await ok('user', 'list')).toMatch(/wang\s+王五\s+采编/);
  });

  test('a token is shown once and can be revoked', async () => {
    const create = ['token', 'create', '--name', '大屏', '--scopes', 'delivery.read', '--by', 'wang'];
    const token = (await ok(...create)).trim();
    expect(token).toMatch(/^hs_[\w-]{43}$/);
    const listed = await ok('token', 'list');
    expect(listed).toContain('大屏');
    expect(listed).not.toContain(token);
    const [id] = listed.split(' ');
    await ok('token', 'revoke', '--id', id!);
    expect(await ok('token', 'list')).toContain('revoked');
    const scopes = await huisheng([...create.slice(0, 5), 'everything', '--by', 'wang']);
    expect(scopes.code).toBe(2);
  });

  test('an export is a line each', async () => {
    const out = join(folder, 'export.jsonl');
    await ok('export', '--out', out);
    const lines = (await readFile(out, 'utf8')).trim().split('\n');
    expect(JSON.parse(lines[0]!)).toMatchObject({ type: 'bureau', slug: 'jia' });
  });

  test('the audit log verifies against its exported head', async () => {
    const head = join(folder, 'head.json');
    // Verification needs the key that a start of the program makes.
    await writeFile(join(folder, 'data', 'master.key'), `1:${'ab'.repeat(32)}\n`, { mode: 0o600 });
    await ok('audit', 'export-head', '--out', head);
    expect(await ok('audit', 'verify', '--anchor', head)).toContain('✓ 甲县人力资源和社会保障局');
  });

  test('a backup comes back in another data directory, with its key put there first', async () => {
    const out = join(folder, 'backup');
    const backup = await huisheng(['backup', '--out', out]);
    expect(backup).toMatchObject({
      code: 0,
      err: expect.stringContaining('master key is not in the backup'),
    });
    expect(await ok('backup', '--check', out)).toContain('every part is whole');
    const other = { HUISHENG_DATA_DIR: join(folder, 'other') };
    const without = await huisheng(['restore', '--from', out], other);
    expect(without).toMatchObject({ code: 1, err: expect.stringContaining('master key of this backup') });
    await copyFile(join(folder, 'data', 'master.key'), join(folder, 'other', 'master.key'));
    const restored = await huisheng(['restore', '--from', out], other);
    expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('Nothing goes out by itself') });
    const people = await huisheng(['user', 'list'], other);
    expect(people.out).toBe(await ok('user', 'list'));
    expect((await huisheng(['audit', 'verify', '--anchor', join(folder, 'head.json')], other)).code).toBe(0);
    const twice = await huisheng(['restore', '--from', out], other);
    expect(twice).toMatchObject({ code: 1, err: expect.stringContaining('not empty') });
  });

  test('while a program runs, commands use its database, and a restore refuses', async () => {
    const program = `
      const { readConfig } = await import('#server/config.ts');
      const { openStorage } = await import('#server/start.ts');
      const { log } = await import('#server/base/log.ts');
      log.level = 'silent';
      const storage = await openStorage(readConfig());
      console.log('ready');
      process.on('SIGTERM', () => storage.stop().then(() => process.exit(0)));
      setInterval(() => {}, 60_000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: root,
      env: settings(),
    });
    children.push(holder);
    await once(createInterface({ input: holder.stdout }), 'line');
    expect(await ok('user', 'list')).toContain('王五');
    await ok('backup', '--out', join(folder, 'while-running'));
    const doctor = await huisheng(['doctor', '--json']);
    const { findings } = JSON.parse(doctor.out) as { findings: { id: string; level: string }[] };
    expect(findings.find((one) => one.id === 'database')?.level).toBe('ok');
    const restore = await huisheng(['restore', '--from', join(folder, 'while-running'), '--force']);
    expect(restore).toMatchObject({ code: 1, err: expect.stringContaining(`process ${holder.pid}`) });
    // The program's database is none of a command's to stop.
    expect(await ok('user', 'list')).toContain('王五');
    const gone = once(holder, 'exit');
    holder.kill('SIGTERM');
    expect(await gone).toEqual([0, null]);
    expect(await ok('user', 'list')).toContain('王五');
  });
});
