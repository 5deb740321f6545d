import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { sha256Hex } from '#server/base/canonical.ts';
import { refusal } from '#server/base/embedded/sentence.ts';
import { openFileStore } from '#server/base/files.ts';
import type { Config } from '#server/config.ts';
import { checksOf, findKeyring, writeKeyLines } from './keys.ts';
import {
  fileOf,
  keyFile,
  type Manifest,
  manifestFile,
  type Part,
  sealManifest,
  syncFolder,
} from './manifest.ts';
import { type CarriedTable, findReader, listCarriedTables, quoteName, type Reader } from './tables.ts';

export type BackupOptions = {
  /** Direct address of the database: one session is used throughout. */
  url: string;
  config: Pick<Config, 'dataDir' | 'masterKey' | 'databaseUrl' | 'mode'>;
  /** A folder that is not there yet, or is empty. */
  out: string;
  withKey: boolean;
  program: string;
  /** Called once the snapshot stands: what is committed later is not in the backup. */
  onSnapshot?: () => Promise<void>;
};

/** The demonstration's passwords and the stand-ins' secrets; real installations have no such file. */
const demonstrationFile = 'demonstration.json';

/**
 * Every table in one read-only snapshot, then the files its rows refer to (a file is on the disk before its row, and
 * leaves it a day after its last row at the earliest, so none can be missed). The folder gets its name when everything is written and synced: a backup that
 * was broken off never looks like one.
 */
export async function makeBackup(options: BackupOptions): Promise<Manifest> {
  const out = resolve(options.out);
  await refuseBadPlace(out, options.config.dataDir);
  const draft = `${out}.unfinished`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(join(draft, 'tables'), { recursive: true, mode: 0o700 });
  try {
    const manifest = await fill(draft, options);
    await writeWhole(join(draft, manifestFile), sealManifest(manifest));
    await syncFolder(draft);
    if (existsSync(out)) await rmdir(out);
    await rename(draft, out);
    await syncFolder(dirname(out));
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function refuseBadPlace(out: string, dataDir: string): Promise<void> {
  const inside = `${out}${sep}`.startsWith(`${resolve(dataDir, 'files')}${sep}`);
  const names = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (!inside && names.length === 0) return;
  throw refusal(
    `${out} 已有内容或位于文件目录内。请给出一个不存在的或空的文件夹。`,
    `${out} is not empty, or lies within the files. Name a folder that does not exist or is empty.`,
  );
}

async function fill(draft: string, options: BackupOptions): Promise<Manifest> {
  const { config } = options;
  const keyring = await findKeyring(config);
  const extras: Part[] = [];
  if (options.withKey) {
    if (!keyring)
      throw refusal('没有主密钥，无法一并备份。', 'There is no master key to put into the backup.');
    extras.push(await writeExtra(draft, keyFile, Buffer.from(writeKeyLines(keyring))));
  }
  const demonstration = join(config.dataDir, demonstrationFile);
  if (config.mode === 'demo' && existsSync(demonstration))
    extras.push(await writeExtra(draft, demonstrationFile, await readFile(demonstration)));
  const client = new pg.Client({ connectionString: options.url, application_name: 'huisheng backup' });
  await client.connect();
  try {
    const { files: referred, ...stored } = await copyDatabase(client, draft, options);
    const copied = await copyFiles(join(config.dataDir, 'files'), draft, referred);
    return {
      format: 'huisheng-backup',
      formatVersion: 1,
      program: options.program,
      ...stored,
      ...copied,
      keyChecks: keyring ? checksOf(keyring) : {},
      extras,
    };
  } finally {
    await client.end();
  }
}

async function copyDatabase(client: pg.Client, draft: string, options: BackupOptions) {
  await client.query('begin isolation level repeatable read read only');
  // Written so that every server reads it the same way, whatever its settings.
  await client.query('set local statement_timeout = 0');
  await client.query("set local datestyle = 'ISO, YMD'");
  const tables = await listCarriedTables(client);
  if (tables.length === 0)
    throw refusal(
      '数据库还是空的，没有可备份的内容。',
      'The database is empty: there is nothing to back up.',
    );
  const reader = await findReader(client, tables);
  // Migrations wait from here on; what they did before is in the snapshot.
  await client.query(
    `lock table ${tables.map((table) => `public.${quoteName(table.name)}`).join(', ')} in access share mode`,
  );
  await options.onSnapshot?.();
  const { rows: moment } = await client.query<{ now: Date }>('select clock_timestamp() as now');
  const { rows: schema } = await client.query<Manifest['schema'][number]>(
    'select number, name, checksum from schema_migrations order by number',
  );
  const parts: Manifest['tables'] = [];
  for (const table of tables)
    parts.push(await inRoleOf(client, reader, table, () => copyOut(client, draft, table)));
  const filesTable = tables.find((table) => table.name === 'files')!;
  const { rows: files } = await inRoleOf(client, reader, filesTable, () =>
    client.query<{ sha256: string }>('select distinct sha256 from files order by sha256'),
  );
  await client.query('rollback');
  return {
    takenAt: moment[0]!.now.toISOString(),
    schema,
    tables: parts,
    files: files.map((row) => row.sha256),
  };
}

async function inRoleOf<T>(
  client: pg.Client,
  reader: Reader,
  table: CarriedTable,
  work: () => Promise<T>,
): Promise<T> {
  if (!reader.asWorker(table)) return work();
  await client.query('set local role huisheng_worker');
  const result = await work();
  await client.query('reset role');
  return result;
}

async function copyOut(
  client: pg.Client,
  draft: string,
  { name, columns }: CarriedTable,
): Promise<Manifest['tables'][number]> {
  const path = join('tables', `${name}.copy.gz`);
  const from = `public.${quoteName(name)}`;
  const source = client.query(
    copyTo(`copy (select ${columns.map(quoteName).join(', ')} from ${from}) to stdout`),
  );
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const file = createWriteStream(join(draft, path), { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(source, createGzip(), measure, file);
  const { rows } = await client.query<{ count: string }>(`select count(*)::text as count from ${from}`);
  // The same snapshot and role: a difference means that rows were lost on the way here.
  if (Number(rows[0]!.count) !== source.rowCount) {
    throw refusal(
      `表 ${name} 没有备份完整（应有 ${rows[0]!.count} 行，写出 ${source.rowCount} 行）。`,
      `Table ${name} was not copied whole (${source.rowCount} of ${rows[0]!.count} rows).`,
    );
  }
  return { name, columns, path, bytes, sha256: hash.digest('hex'), rows: source.rowCount };
}

/** A file that is gone or damaged must not cost the rest of the backup: it is listed, and the command fails at its end. */
async function copyFiles(
  root: string,
  draft: string,
  referred: readonly string[],
): Promise<Pick<Manifest, 'files' | 'missingFiles'>> {
  const store = openFileStore(root);
  const files: Manifest['files'] = [];
  const missingFiles: string[] = [];
  for (const sha256 of referred) {
    const target = fileOf(draft, sha256);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const copied = await copyFile(store.pathOf(sha256), target).catch(() => null);
    if (copied?.sha256 === sha256) {
      files.push({ sha256, bytes: copied.bytes });
      continue;
    }
    await rm(target, { force: true });
    missingFiles.push(sha256);
  }
  return { files, missingFiles };
}

/** Piece by piece: a video may be larger than memory. */
async function copyFile(source: string, target: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(target, 'wx', 0o600);
  try {
    for await (const chunk of createReadStream(source)) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      await file.writeFile(chunk as Buffer);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function writeExtra(draft: string, path: string, content: Buffer): Promise<Part> {
  await writeWhole(join(draft, path), content);
  return { path, bytes: content.length, sha256: sha256Hex(content) };
}

async function writeWhole(path: string, content: string | Buffer): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
