import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadKeyring } from './keys.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'huisheng-keys-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const load = (masterKey: Buffer | null = null) => loadKeyring({ dataDir, masterKey, databaseUrl: null });

describe('the master key', () => {
  test('is made on the first start, for the owner’s eyes only, and is the same ever after', async () => {
    const first = await load();
    expect(first.get(1)).toHaveLength(32);
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(await load()).toEqual(first);
  });

  test('of two programs that start at once is one key', async () => {
    const rings = await Promise.all(Array.from({ length: 8 }, () => load()));
    expect(new Set(rings.map((ring) => ring.get(1)!.toString('hex'))).size).toBe(1);
  });

  test('from the environment wins and leaves no file', async () => {
    const given = Buffer.alloc(32, 5);
    expect((await load(given)).get(1)).toEqual(given);
    await expect(stat(join(dataDir, 'master.key'))).rejects.toThrow('ENOENT');
  });

  test.each(['', 'garbage\n', '1:abc\n'])(
    'in a damaged file (%j) is a refusal, never a new key',
    async (text) => {
      await writeFile(join(dataDir, 'master.key'), text);
      await expect(load()).rejects.toThrow(/备份/);
    },
  );

  test('may be several: each number opens what it sealed', async () => {
    await writeFile(join(dataDir, 'master.key'), `1:${'a'.repeat(64)}\n2:${'b'.repeat(64)}\n`);
    expect([...(await load()).keys()]).toEqual([1, 2]);
  });
});
