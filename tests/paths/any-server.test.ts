/** `DATABASE_URL` names a server of the bureau's own, with an owner who is no superuser: all must work the same. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { seedDemonstration } from '#server/seed/demonstration.ts';
import { type Installation, openApp, openStorage, type Storage, startInstallation } from '#server/start.ts';
import { listTodo } from '#shared/home.ts';
import { passwordOf } from '#tests/support/build-app.ts';
import { signInClient } from '#tests/support/client.ts';
import { runAs, withDatabase } from '#tests/support/cluster.ts';
import { testConfig } from '#tests/support/config.ts';

const owner = `owner_${randomBytes(6).toString('hex')}`;
const password = randomBytes(12).toString('hex');
let dataDir: string;
let storage: Storage;
let installation: Installation;

beforeAll(async () => {
  const adminUrl = inject('adminUrl');
  await runAs(adminUrl, `create role ${owner} login createrole password '${password}'`);
  // The cluster's template made the three working roles already; on a server of its own the owner makes them.
  for (const role of ['huisheng_staff', 'huisheng_worker', 'huisheng_public'])
    await runAs(adminUrl, `grant ${role} to ${owner}`);
  await runAs(adminUrl, `create database ${owner} owner ${owner}`);
  const url = new URL(withDatabase(adminUrl, owner));
  url.username = owner;
  url.password = password;
  dataDir = await mkdtemp(join(tmpdir(), 'huisheng-server-'));
  const config = testConfig({ dataDir, databaseUrl: url.href, directDatabaseUrl: url.href });
  storage = await openStorage(config);
  const { app, close } = await openApp(config, storage);
  await seedDemonstration(app, inject('demonstration'));
  await close();
  installation = await startInstallation(config, storage, { sandboxUrl: null });
});
afterAll(async () => {
  await installation?.stop();
  await storage?.stop();
  await runAs(inject('adminUrl'), `drop database if exists ${owner} with (force)`);
  await runAs(inject('adminUrl'), `drop role if exists ${owner}`);
  await rm(dataDir, { recursive: true, force: true });
});

describe('a database server of the bureau', () => {
  test('is migrated, seeded and served by an owner who is no superuser', async () => {
    const editor = await signInClient(installation.address!, 'bianji', passwordOf('bianji'));
    const { rows } = await editor.call(listTodo, {});
    expect(rows.map((row) => row.kind)).toEqual(['draft']);
    expect(storage.embedded).toBe(false);
  });

  test('a second start finds everything migrated', async () => {
    const again = await openStorage(installation.app.config);
    expect(again.embedded).toBe(false);
    await again.stop();
  });
});
