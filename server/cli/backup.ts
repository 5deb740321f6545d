import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBackup } from '#server/backup/make-backup.ts';
import { checkParts, type Manifest, readManifest } from '#server/backup/manifest.ts';
import { type Context, exitCodes, need, parse, type Run, refuseWords } from './command.ts';
import { withStorage } from './with-app.ts';

export const run: Run = async (args, context) => {
  const { values, positionals } = parse(args, {
    out: { type: 'string' },
    check: { type: 'string' },
    'with-key': { type: 'boolean', default: false },
  });
  refuseWords(positionals);
  if (values.check !== undefined) return check(values.check, context);
  const { config, note } = context;
  const out = need(values.out, '--out');
  const manifest = await withStorage(
    config,
    ({ directUrl: url }) =>
      makeBackup({ url, config, out, withKey: values['with-key'], program: programVersion() }),
    { migrate: false },
  );
  describe(manifest, context, out);
  sayWhereTheKeyIs(context, values['with-key']);
  if (manifest.missingFiles.length === 0) return exitCodes.ok;
  note(
    `警告：${manifest.missingFiles.length} 个文件在磁盘上缺失或损坏，备份里没有它们 / warning: ${manifest.missingFiles.length} files are missing or damaged on disk and not in the backup:`,
  );
  for (const sha256 of manifest.missingFiles) note(`  ${sha256}`);
  return exitCodes.failed;
};

async function check(folder: string, context: Context): Promise<number> {
  const manifest = await readManifest(folder);
  await checkParts(folder, manifest);
  describe(manifest, context, folder);
  context.print('每个部分都完好 / every part is whole');
  return exitCodes.ok;
}

function describe(manifest: Manifest, { print }: Context, folder: string): void {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  print(
    `备份 ${folder}：${manifest.takenAt}，${manifest.tables.length} 张表 ${rows} 行，${manifest.files.length} 个文件 / ` +
      `${manifest.tables.length} tables, ${rows} rows, ${manifest.files.length} files`,
  );
}

function sayWhereTheKeyIs({ config, note }: Context, withKey: boolean): void {
  if (withKey) {
    note(
      '注意：备份里含主密钥，拿到它的人能读出全部平台密码和留言原文。请加密保存。 / The backup holds the master key: whoever has it can read every credential and message. Keep it encrypted.',
    );
    return;
  }
  const place = config.masterKey ? 'HUISHENG_MASTER_KEY' : join(config.dataDir, 'master.key');
  note(
    `重要：备份里没有主密钥。没有它，平台授权和加密内容无法恢复。请把 ${place} 另存到安全的地方（例如密码箱），不要和备份放在一起。\n` +
      `Important: the master key is not in the backup, and sealed values cannot be restored without it. Keep a copy of ${place} in a safe place, apart from the backup.`,
  );
}

function programVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
