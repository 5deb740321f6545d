/**
 * Content-addressed files: `files/ab/<sha256>`. Written to a temporary name, synced, renamed, the folder synced; the
 * database row comes after, so a row always has its bytes. Reading checks the hash again.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { sha256Hex } from './canonical.ts';
import { now } from './clock.ts';

export type FileStore = {
  /** Stores the bytes and returns their sha256 (lower-case hex); storing the same bytes again is free. */
  put(bytes: Buffer): Promise<string>;
  /** As `put`, for files that don't fit into memory: hashed while they are written. */
  putStream(source: AsyncIterable<Buffer>): Promise<{ sha256: string; size: number }>;
  /** @throws {Error} when the file is missing or no longer has its hash */
  get(sha256: string): Promise<Buffer>;
  /** Bytes `from` to `to` (exclusive), unverified. @throws {Error} when the file is missing or shorter */
  range(sha256: string, from: number, to: number): Promise<Buffer>;
  /** The same as a stream; `to` is exclusive. */
  read(sha256: string, from: number, to: number): Readable;
  /** Takes the bytes away; who calls it knows that no row of any bureau refers to them. */
  remove(sha256: string): Promise<void>;
  pathOf(sha256: string): string;
  list(): AsyncGenerator<string>;
};

/** What a crash left half written; anything younger may still be in the making by another process. */
async function removeLeftover(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found && now().getTime() - found.mtimeMs > 3_600_000) await rm(path, { force: true });
}

/** Gives a synced file its name, so that it is there after a power cut too. */
async function moveInto(folder: string, temporary: string, path: string): Promise<void> {
  await rename(temporary, path);
  const directory = await open(folder, 'r');
  await directory.sync().finally(() => directory.close());
}

/** The files as connectors read them. */
export function readMedia(
  files: Pick<FileStore, 'get' | 'range'>,
): FileStore['get'] & Pick<FileStore, 'range'> {
  return Object.assign((sha256: string) => files.get(sha256), { range: files.range });
}

export function openFileStore(root: string): FileStore {
  const pathOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('not a file name');
    return join(root, sha256.slice(0, 2), sha256);
  };
  return {
    pathOf,
    async put(bytes) {
      const sha256 = sha256Hex(bytes);
      const path = pathOf(sha256);
      const existing = await stat(path).catch(() => null);
      if (existing?.size === bytes.length) return sha256;
      const folder = join(root, sha256.slice(0, 2));
      await mkdir(folder, { recursive: true });
      const temporary = join(folder, `.${sha256}.${randomBytes(6).toString('hex')}`);
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await moveInto(folder, temporary, path);
      return sha256;
    },
    async putStream(source) {
      await mkdir(root, { recursive: true });
      const temporary = join(root, `.incoming.${randomBytes(6).toString('hex')}`);
      const hash = createHash('sha256');
      let size = 0;
      try {
        const file = await open(temporary, 'wx', 0o600);
        try {
          for await (const chunk of source) {
            hash.update(chunk);
            size += chunk.length;
            await file.writeFile(chunk);
          }
          await file.sync();
        } finally {
          await file.close();
        }
        const sha256 = hash.digest('hex');
        const path = pathOf(sha256);
        const existing = await stat(path).catch(() => null);
        if (existing?.size === size) return { sha256, size };
        const folder = join(root, sha256.slice(0, 2));
        await mkdir(folder, { recursive: true });
        await moveInto(folder, temporary, path);
        return { sha256, size };
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async get(sha256) {
      const bytes = await readFile(pathOf(sha256));
      if (sha256Hex(bytes) !== sha256)
        throw new Error(`file ${sha256} is damaged on disk: restore it from the backup`);
      return bytes;
    },
    async range(sha256, from, to) {
      const file = await open(pathOf(sha256), 'r');
      try {
        const part = Buffer.alloc(to - from);
        let filled = 0;
        while (filled < part.length) {
          const { bytesRead } = await file.read(part, filled, part.length - filled, from + filled);
          if (bytesRead === 0) throw new Error(`file ${sha256} is shorter than ${to} bytes`);
          filled += bytesRead;
        }
        return part;
      } finally {
        await file.close();
      }
    },
    read: (sha256, from, to) => createReadStream(pathOf(sha256), { start: from, end: to - 1 }),
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    async *list() {
      for (const folder of await readdir(root).catch(() => [] as string[])) {
        if (folder.startsWith('.')) {
          await removeLeftover(join(root, folder));
          continue;
        }
        for (const name of await readdir(join(root, folder))) {
          if (/^[0-9a-f]{64}$/.test(name)) yield name;
          else if (name.startsWith('.')) await removeLeftover(join(root, folder, name));
        }
      }
    },
  };
}
