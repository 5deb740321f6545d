/**
 * What a backup folder holds and how damage is found: `manifest.json` names every part with its size and sha256 and
 * carries a digest of itself. Layout: `tables/<name>.copy.gz` (text COPY, gzip), `files/ab/<sha256>`, extras beside.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { canonicalJson, sha256Hex } from '#server/base/canonical.ts';
import { refusal } from '#server/base/embedded/sentence.ts';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Part = z.object({ path: z.string(), bytes: z.number().int().nonnegative(), sha256: Sha256 });
export type Part = z.infer<typeof Part>;

export const Manifest = z.object({
  format: z.literal('huisheng-backup'),
  formatVersion: z.literal(1),
  /** The database's clock when the snapshot was taken. */
  takenAt: z.iso.datetime(),
  program: z.string(),
  schema: z.array(z.object({ number: z.number().int(), name: z.string(), checksum: Sha256 })).min(1),
  tables: z.array(
    Part.extend({
      name: z.string().regex(/^\w+$/),
      columns: z.array(z.string()).min(1),
      rows: z.number().int().nonnegative(),
    }),
  ),
  files: z.array(z.object({ sha256: Sha256, bytes: z.number().int().nonnegative() })),
  /** Files that rows refer to but that were gone or damaged already when the backup was made. */
  missingFiles: z.array(Sha256),
  /** By number of each master key: a value derived from it that tells nothing about it. */
  keyChecks: z.record(z.string(), Sha256),
  extras: z.array(Part),
});
export type Manifest = z.infer<typeof Manifest>;

export const manifestFile = 'manifest.json';
/** In the backup only when asked for (`--with-key`). */
export const keyFile = 'master.key';

export function sealManifest(manifest: Manifest): string {
  const digest = sha256Hex(canonicalJson(manifest));
  return `${JSON.stringify({ ...manifest, digest }, null, 1)}\n`;
}

export const fileOf = (folder: string, sha256: string): string =>
  join(folder, 'files', sha256.slice(0, 2), sha256);

/** @throws {Error} when there is no backup, it is of a newer format, or its manifest is damaged */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch(() => {
    throw refusal(
      `${folder} 里没有完整的备份（缺 ${manifestFile}）。`,
      `There is no complete backup in ${folder} (no ${manifestFile}).`,
    );
  });
  const parsed = parseManifest(text);
  if (parsed) return parsed;
  throw refusal(
    `备份清单 ${manifestFile} 已损坏，或由更新版本的程序生成。请换用另一份备份，或升级程序。`,
    `The manifest ${manifestFile} is damaged or of a newer program. Take another backup, or upgrade this program.`,
  );
}

function parseManifest(text: string): Manifest | null {
  try {
    const { digest, ...rest } = JSON.parse(text) as Record<string, unknown>;
    const manifest = Manifest.parse(rest);
    return sha256Hex(canonicalJson(manifest)) === digest ? manifest : null;
  } catch {
    return null;
  }
}

/** Reads every byte of the backup again. @throws {Error} naming the parts that are missing or not what was written */
export async function checkParts(folder: string, manifest: Manifest): Promise<void> {
  const parts = [...manifest.tables, ...manifest.extras].map(({ path, bytes, sha256 }) => ({
    path: join(folder, path),
    bytes,
    sha256,
  }));
  for (const file of manifest.files) parts.push({ ...file, path: fileOf(folder, file.sha256) });
  const bad: string[] = [];
  for (const part of parts) {
    const found = await hashFile(part.path).catch(() => null);
    if (found?.sha256 !== part.sha256 || found.bytes !== part.bytes) bad.push(part.path);
  }
  if (bad.length === 0) return;
  throw refusal(
    `备份有 ${bad.length} 处损坏或缺失，未做任何改动。请换用另一份备份：\n${bad.slice(0, 20).join('\n')}`,
    `${bad.length} parts of the backup are damaged or missing; nothing was changed. Take another backup.`,
  );
}

async function hashFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const source = createReadStream(path);
  await pipeline(source, hash);
  return { bytes: source.bytesRead, sha256: hash.digest('hex') };
}

/** A rename is on the disk only when its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
