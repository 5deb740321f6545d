import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { refusal } from '#server/base/embedded/sentence.ts';
import { openFileStore } from '#server/base/files.ts';
import { type Migration, readMigrations } from '#server/base/migrate.ts';
import type { Config } from '#server/config.ts';
import { type Halted, haltDeliveries, recordRestore, restartSealer } from './after-restore.ts';
import { findKeyring, opens } from './keys.ts';
import { checkParts, fileOf, keyFile, type Manifest, readManifest } from './manifest.ts';
import {
  applyMigrations,
  dropEverything,
  matchSchema,
  refuseOthers,
  surveyGround,
} from './rebuild-schema.ts';
import { inOrderOfReferences, quoteName } from './tables.ts';

export type RestoreOptions = {
  url: string;
  config: Pick<Config, 'dataDir' | 'masterKey' | 'databaseUrl'>;
  from: string;
  /** Replaces what the database holds. */
  force: boolean;
  /** Goes on without the key of the backup: what was sealed under it is lost, the audit chain can't be verified. */
  newKey: boolean;
  /** This program's migrations; a test may give others. */
  migrations?: Migration[];
};

export type Restored = { manifest: Manifest; halted: Halted };

/**
 * Brings a backup back. Everything is checked before anything is changed, and the database changes in one transaction:
 * a restore that fails leaves what was there.
 * @throws {Error} saying what to do, when the backup is damaged or newer, the key is another one, the database is in
 * use, not empty (without `force`) or not ours
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { from } = options;
  const manifest = await readManifest(from);
  const schema = matchSchema(manifest, options.migrations ?? (await readMigrations()));
  await checkParts(from, manifest);
  const takeKey = await settleKey(options, manifest);
  const client = new pg.Client({ connectionString: options.url, application_name: 'restore of huisheng' });
  await client.connect();
  try {
    await refuseOthers(client);
    if ((await surveyGround(client)) === 'inhabited' && !options.force) throw notEmpty();
    await mkdir(options.config.dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    // Before the database: a row must find its bytes, a file without a row does no harm.
    await restoreFiles(options, manifest);
    await takeKey();
    await restoreExtras(options, manifest);
    await client.query('begin');
    const halted = await fill(client, from, manifest, schema).catch(async (error: unknown) => {
      await client.query('rollback');
      throw error;
    });
    await client.query('commit');
    await client.query('analyze');
    return { manifest, halted };
  } finally {
    await client.end();
  }
}

const notEmpty = () =>
  refusal(
    '数据库不是空的，没有恢复。请恢复到新的数据目录或空数据库；确实要用备份替换现有全部数据，请加 --force。',
    'The database is not empty; nothing was restored. Use a new data directory or an empty database, or --force to replace everything in it.',
  );

/** Decides about the key before anything is changed; what it returns puts the key of the backup into place. */
async function settleKey(options: RestoreOptions, manifest: Manifest): Promise<() => Promise<void>> {
  const nothing = async () => undefined;
  const mine = await findKeyring(options.config);
  if (mine && opens(mine, manifest.keyChecks)) return nothing;
  const path = join(options.config.dataDir, keyFile);
  if (!mine && manifest.extras.some((extra) => extra.path === keyFile)) {
    const content = await readFile(join(options.from, keyFile));
    return async () => {
      await writeFile(path, content, { flag: 'wx', mode: 0o600 });
    };
  }
  if (options.newKey || Object.keys(manifest.keyChecks).length === 0) return nothing;
  throw refusal(
    `缺少这份备份对应的主密钥，没有恢复。请把原来的 ${keyFile} 放到 ${path}（或设置 HUISHENG_MASTER_KEY）。密钥确已丢失时可加 --new-key：平台账号须重新授权，未处理的加密推送作废，旧的审计链不能再校验。`,
    `The master key of this backup is not here; nothing was restored. Put the old ${keyFile} at ${path} (or set HUISHENG_MASTER_KEY). If it is truly lost, add --new-key: accounts must sign in again, sealed pushes are lost, the old audit chain can no longer be verified.`,
  );
}

async function restoreFiles({ from, config }: RestoreOptions, manifest: Manifest): Promise<void> {
  const store = openFileStore(join(config.dataDir, 'files'));
  for (const { sha256 } of manifest.files) await store.putStream(createReadStream(fileOf(from, sha256)));
}

async function restoreExtras({ from, config }: RestoreOptions, manifest: Manifest): Promise<void> {
  for (const { path } of manifest.extras) {
    const target = join(config.dataDir, path);
    if (path === keyFile || existsSync(target)) continue;
    await writeFile(target, await readFile(join(from, path)), { mode: 0o600 });
  }
}

async function fill(
  client: pg.Client,
  from: string,
  manifest: Manifest,
  schema: { until: Migration[]; after: Migration[] },
): Promise<Halted> {
  // Somebody's open transaction would make the drops wait for ever.
  await client.query("set local lock_timeout = '15s'");
  await client.query('set local statement_timeout = 0');
  await client.query("set local datestyle = 'ISO, YMD'");
  await dropEverything(client);
  await applyMigrations(client, schema.until);
  const restoreFences = await lowerFences(client);
  const tables = new Map(manifest.tables.map((table) => [table.name, table]));
  for (const name of await inOrderOfReferences(client, [...tables.keys()]))
    await copyIn(client, from, tables.get(name)!);
  const halted = await haltDeliveries(client);
  await recordRestore(client, { takenAt: manifest.takenAt, ...halted });
  await restartSealer(client);
  await restoreFences();
  await applyMigrations(client, schema.after);
  return halted;
}

/**
 * Row security and triggers are off while the tables are filled: COPY refuses a secured table, and append-only tables
 * refuse the removal of what a migration put in. An owner may do both, so it needs no superuser; the transaction holds
 * every table exclusively meanwhile. Foreign keys stay in force. @returns what puts everything back
 */
async function lowerFences(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string; forced: boolean }>(
    `select c.oid::regclass::text as name, c.relforcerowsecurity as forced from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
  );
  for (const { name, forced } of rows) {
    if (forced) await client.query(`alter table ${name} no force row level security`);
    await client.query(`alter table ${name} disable trigger user`);
  }
  return async () => {
    for (const { name, forced } of rows) {
      await client.query(`alter table ${name} enable trigger user`);
      if (forced) await client.query(`alter table ${name} force row level security`);
    }
  };
}

async function copyIn(client: pg.Client, from: string, table: Manifest['tables'][number]): Promise<void> {
  const target = `public.${quoteName(table.name)}`;
  await client.query(`delete from ${target}`);
  const sink = client.query(
    copyFrom(`copy ${target} (${table.columns.map(quoteName).join(', ')}) from stdin`),
  );
  await pipeline(createReadStream(join(from, table.path)), createGunzip(), sink);
  if (sink.rowCount === table.rows) return;
  throw refusal(
    `表 ${table.name} 恢复不完整（应有 ${table.rows} 行，读入 ${sink.rowCount} 行），已全部撤回。`,
    `Table ${table.name} did not come back whole (${sink.rowCount} of ${table.rows} rows); everything was undone.`,
  );
}
