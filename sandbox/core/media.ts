/** Bytes that were uploaded to a platform: in memory, and beside the state file when there is one. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type MediaStore = {
  /** Keeps the bytes; returns their SHA-256 in lower-case hex, the name by which they are found again. */
  keep(bytes: Buffer): string;
  find(sha256: string): Buffer | undefined;
  clear(): void;
};

export function createMediaStore(folder: string | undefined): MediaStore {
  const memory = new Map<string, Buffer>();
  if (folder) mkdirSync(folder, { recursive: true });
  return {
    keep(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (!memory.has(sha256)) {
        memory.set(sha256, bytes);
        if (folder) writeFileSync(join(folder, sha256), bytes);
      }
      return sha256;
    },
    find(sha256) {
      const held = memory.get(sha256);
      if (held || !folder || !/^[0-9a-f]{64}$/.test(sha256)) return held;
      try {
        const bytes = readFileSync(join(folder, sha256));
        memory.set(sha256, bytes);
        return bytes;
      } catch {
        return undefined;
      }
    },
    clear() {
      memory.clear();
      if (folder) {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
      }
    },
  };
}

/** The type by the first bytes; null for anything that is not a picture the platforms take. */
export function sniffPicture(bytes: Buffer): 'image/jpeg' | 'image/png' | 'image/gif' | 'image/bmp' | null {
  const head = bytes.subarray(0, 8).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (head.startsWith('GIF8')) return 'image/gif';
  if (head.startsWith('BM')) return 'image/bmp';
  return null;
}
