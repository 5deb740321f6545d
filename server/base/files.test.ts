import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from './canonical.ts';
import { type FileStore, openFileStore } from './files.ts';

let root = '';
let files: FileStore;
beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'huisheng-files-')), 'files');
  files = openFileStore(root);
});
afterEach(() => rm(dirname(root), { recursive: true, force: true }));

const names = async (): Promise<string[]> => {
  const found: string[] = [];
  for await (const name of files.list()) found.push(name);
  return found;
};
const picture = Buffer.from('the bytes of a picture');

describe('the file store', () => {
  test('names a file by its hash and gives the same bytes back', async () => {
    const name = await files.put(picture);
    expect(name).toBe(sha256Hex(picture));
    expect(await files.get(name)).toEqual(picture);
    expect((await stat(files.pathOf(name))).mode & 0o777).toBe(0o600);
  });

  test('gives a part of a file, and never less than was asked for', async () => {
    const name = await files.put(picture);
    expect((await files.range(name, 4, 9)).toString()).toBe('bytes');
    await expect(files.range(name, 4, picture.length + 1)).rejects.toThrow('shorter');
  });

  test('takes a file that comes in pieces, and leaves nothing of one that breaks off', async () => {
    const pieces = async function* () {
      yield picture.subarray(0, 5);
      yield picture.subarray(5);
    };
    const stored = await files.putStream(pieces());
    expect(stored).toEqual({ sha256: sha256Hex(picture), size: picture.length });
    expect(await files.get(stored.sha256)).toEqual(picture);
    expect(await files.putStream(pieces())).toEqual(stored);
    const broken = async function* () {
      yield picture;
      throw new Error('the line was cut');
    };
    await expect(files.putStream(broken())).rejects.toThrow('cut');
    expect(await readdir(root)).toEqual([stored.sha256.slice(0, 2)]);
  });

  test('gives a stretch as a stream, and nothing more once the file is removed', async () => {
    const name = await files.put(picture);
    const read = async () => Buffer.concat(await files.read(name, 4, 9).toArray()).toString();
    expect(await read()).toBe('bytes');
    await files.remove(name);
    await files.remove(name);
    await expect(read()).rejects.toThrow('ENOENT');
  });

  test('stored by many at once, the same bytes are one whole file and nothing else', async () => {
    const large = Buffer.alloc(1_000_000, 7);
    const stored = await Promise.all(Array.from({ length: 20 }, () => files.put(large)));
    expect(new Set(stored).size).toBe(1);
    expect(await files.get(stored[0]!)).toEqual(large);
    expect(await readdir(join(root, stored[0]!.slice(0, 2)))).toEqual([stored[0]]);
  });

  test('refuses to give out bytes that no longer have their hash', async () => {
    const name = await files.put(picture);
    await writeFile(files.pathOf(name), 'the bytes of a pictur€');
    await expect(files.get(name)).rejects.toThrow('damaged');
  });

  test('replaces a file that a crash left cut short', async () => {
    const name = await files.put(picture);
    await writeFile(files.pathOf(name), picture.subarray(0, 5));
    await files.put(picture);
    expect(await files.get(name)).toEqual(picture);
  });

  test.each(['../../etc/passwd', '', 'a'.repeat(63), 'A'.repeat(64), `${'a'.repeat(64)}/x`])(
    'takes %j for no name',
    async (name) => {
      expect(() => files.pathOf(name)).toThrow('not a file name');
      await expect(files.get(name)).rejects.toThrow('not a file name');
    },
  );

  test('lists whole files, clears away what a crash left, and leaves alone what is being written', async () => {
    const name = await files.put(picture);
    const folder = join(root, name.slice(0, 2));
    const left = join(folder, `.${name}.0123456789ab`);
    const writing = join(folder, `.${name}.ba9876543210`);
    await writeFile(left, 'half');
    await writeFile(writing, 'half');
    const incoming = join(root, '.incoming.0123456789ab');
    await writeFile(incoming, 'half');
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(left, longAgo, longAgo);
    await utimes(incoming, longAgo, longAgo);
    expect(await names()).toEqual([name]);
    expect((await readdir(folder)).toSorted()).toEqual([`.${name}.ba9876543210`, name].toSorted());
    expect(await readdir(root)).toEqual([name.slice(0, 2)]);
  });

  test('of an installation that never stored anything is empty', async () => {
    expect(await names()).toEqual([]);
    await mkdir(root);
    expect(await names()).toEqual([]);
  });
});
