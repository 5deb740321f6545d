import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { migrate } from '#server/base/migrate.ts';
import { runAs, withDatabase } from '#tests/support/cluster.ts';
import { quiet, testConfig } from '#tests/support/config.ts';
import { makeBackup } from './make-backup.ts';
import { restoreBackup } from './restore-backup.ts';
import { query } from './test-support.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huisheng-owner-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('an owner who is no superuser, under forced row security', () => {
  const owner = `owner_${newId().replaceAll('-', '')}`;
  const addressOf = (name: string) => {
    const url = new URL(withDatabase(inject('adminUrl'), name));
    url.username = owner;
    url.password = 'geheim';
    return url.href;
  };
  const databases = [`${owner}_a`, `${owner}_b`] as const;
  const dataDirs: string[] = [];

  beforeAll(async () => {
    const admin = new pg.Client({ connectionString: inject('adminUrl') });
    await admin.connect();
    await admin.query(`create role ${owner} login createrole password 'geheim'`);
    await admin.query(`grant huisheng_staff, huisheng_worker, huisheng_public to ${owner}`);
    for (const name of databases) await admin.query(`create database ${name} owner ${owner}`);
    await admin.end();
    for (const _ of databases) dataDirs.push(await mkdtemp(join(folder, 'owner-')));
  });
  afterAll(async () => {
    for (const name of databases) await runAs(inject('adminUrl'), `drop database ${name} with (force)`);
    await runAs(inject('adminUrl'), `drop role ${owner}`);
  });

  test('backs up every row and restores it', async () => {
    const [url, target] = databases.map(addressOf);
    const config = testConfig({ dataDir: dataDirs[0]! });
    await migrate(url!, quiet);
    const id = newId();
    const superuser = withDatabase(inject('adminUrl'), databases[0]);
    await query(
      superuser,
      `insert into units (bureau_id, id, kind, level, name, short_name, path) values ('${id}', '${id}', 'bureau', 'county', '甲局', '甲', '/${id}/')`,
    );
    await query(superuser, `insert into bureau_settings (bureau_id, slug) values ('${id}', 'jia')`);
    const out = join(folder, 'owner');
    const manifest = await makeBackup({ url: url!, config, out, withKey: false, program: 'test' });
    expect(manifest.tables.find((table) => table.name === 'units')?.rows).toBe(1);
    const ground = { url: target!, config: testConfig({ dataDir: dataDirs[1]! }), from: out, newKey: false };
    await restoreBackup({ ...ground, force: false });
    const restored = withDatabase(inject('adminUrl'), databases[1]);
    expect(await query(restored, 'select name from units')).toEqual([{ name: '甲局' }]);
    await expect(restoreBackup({ ...ground, force: false })).rejects.toThrow('not empty');
    await restoreBackup({ ...ground, force: true });
  });

  test('backs up every row although it sees none of them itself', async () => {
    const [url] = databases.map(addressOf);
    const admin = inject('adminUrl');
    await runAs(admin, `alter role ${owner} noinherit`);
    // From PostgreSQL 16 on, inheriting belongs to the grant and no longer to the role.
    const [version] = await query<{ number: number }>(
      admin,
      "select current_setting('server_version_num')::int as number",
    );
    if (version!.number >= 160_000)
      await runAs(
        admin,
        `grant huisheng_staff, huisheng_worker, huisheng_public to ${owner} with inherit false`,
      );
    expect(await query(url!, 'select * from units')).toEqual([]);
    const config = testConfig({ dataDir: dataDirs[0]! });
    const out = join(folder, 'blind-owner');
    const manifest = await makeBackup({ url: url!, config, out, withKey: false, program: 'test' });
    expect(manifest.tables.find((table) => table.name === 'units')?.rows).toBe(1);
  });

  test('is told which tables it cannot read whole', async () => {
    const [url] = databases.map(addressOf);
    await query(url!, "alter policy worker on units using (kind = 'bureau')");
    const config = testConfig({ dataDir: dataDirs[0]! });
    await expect(
      makeBackup({ url: url!, config, out: join(folder, 'refused'), withKey: false, program: 'test' }),
    ).rejects.toThrow('cannot read these tables whole: units');
  });
});
