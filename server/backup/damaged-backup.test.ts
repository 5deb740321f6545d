import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildApp, type TestApp } from '#tests/support/build-app.ts';
import { makeBackup } from './make-backup.ts';
import { readManifest } from './manifest.ts';
import { restoreBackup } from './restore-backup.ts';
import { dropGrounds, emptyGround, query } from './test-support.ts';

let source: TestApp;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huisheng-damaged-'));
  source = await buildApp();
  const sha256 = await source.app.files.put(Buffer.from('一张图片'));
  await query(
    source.databaseUrl,
    `insert into files (bureau_id, id, sha256, mime, size, name, token)
     select bureau_id, gen_random_uuid(), $1, 'image/png', 12, 'x', 'there' from bureau_settings limit 1`,
    [sha256],
  );
});

afterAll(async () => {
  await source.close();
  await dropGrounds();
  await rm(folder, { recursive: true, force: true });
});

describe('a damaged backup', () => {
  let out: string;
  let ground: Awaited<ReturnType<typeof emptyGround>>;
  beforeEach(async () => {
    out = await mkdtemp(join(folder, 'damaged-'));
    await makeBackup({
      url: source.databaseUrl,
      config: source.config,
      out,
      withKey: false,
      program: 'test',
    });
    ground = await emptyGround(folder);
  });
  const restore = () => restoreBackup({ ...ground, from: out, force: false, newKey: false });

  test.each([
    ['a table with bytes added', () => appendFile(join(out, 'tables', 'people.copy.gz'), 'x')],
    ['a table that is missing', () => rm(join(out, 'tables', 'deliveries.copy.gz'))],
    [
      'a file with other bytes',
      async () => {
        const manifest = await readManifest(out);
        const { sha256 } = manifest.files[0]!;
        await writeFile(join(out, 'files', sha256.slice(0, 2), sha256), '另一张图片');
      },
    ],
  ])('is refused before anything changes: %s', async (_what, damage) => {
    await damage();
    await expect(restore()).rejects.toThrow(/损坏[\s\S]*damaged or missing/);
    expect(await query(ground.url, "select 1 from pg_tables where schemaname = 'public'")).toEqual([]);
  });

  test('is refused when its manifest was changed', async () => {
    const path = join(out, 'manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/"rows": \d+/, '"rows": 999'));
    await expect(restore()).rejects.toThrow('damaged');
  });

  test('is no backup at all without its manifest', async () => {
    await rm(join(out, 'manifest.json'));
    await expect(restore()).rejects.toThrow('no complete backup');
  });
});

test('a file that was gone already is listed, and the rest is saved', async () => {
  const lost = await buildApp();
  try {
    await query(
      lost.databaseUrl,
      `insert into files (bureau_id, id, sha256, mime, size, name, token)
       select bureau_id, gen_random_uuid(), repeat('a', 64), 'image/png', 1, 'x', 'gone' from bureau_settings limit 1`,
    );
    const out = join(folder, 'lost-file');
    const options = { url: lost.databaseUrl, config: lost.config, out, withKey: false, program: 'test' };
    expect((await makeBackup(options)).missingFiles).toEqual(['a'.repeat(64)]);
    const ground = await emptyGround(folder);
    await restoreBackup({ ...ground, from: out, force: false, newKey: false });
  } finally {
    await lost.close();
  }
});
