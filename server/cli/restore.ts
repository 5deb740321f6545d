import { restoreBackup } from '#server/backup/restore-backup.ts';
import { exitCodes, need, parse, type Run, refuseWords } from './command.ts';
import { withStorage } from './with-app.ts';

export const run: Run = async (args, { config, print, note }) => {
  const { values, positionals } = parse(args, {
    from: { type: 'string' },
    force: { type: 'boolean', default: false },
    'new-key': { type: 'boolean', default: false },
  });
  refuseWords(positionals);
  const from = need(values.from, '--from');
  const { manifest, halted } = await withStorage(
    config,
    ({ directUrl: url }) =>
      restoreBackup({ url, config, from, force: values.force, newKey: values['new-key'] }),
    { migrate: false, alone: true },
  );
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  print(
    `已恢复 ${manifest.takenAt} 的备份：${rows} 行，${manifest.files.length} 个文件 / restored: ${rows} rows, ${manifest.files.length} files`,
  );
  const { held, unknown, replies, withdrawals } = halted;
  print(
    `没有任何内容会自动发出：${held} 条发布暂缓，${unknown} 条结果不明，${replies} 条答复待核对，${withdrawals} 条撤下已停。备份之后可能已经发出，请先到平台核对。\n` +
      `Nothing goes out by itself: ${held} posts are held, ${unknown} unknown, ${replies} answers to be checked, ${withdrawals} withdrawals halted. They may have gone out after the backup: look at the platforms first.`,
  );
  if (values['new-key'])
    note('旧密钥已放弃：请为平台账号重新授权 / the old key was given up: sign the accounts in again');
  for (const sha256 of manifest.missingFiles)
    note(`备份时就已缺失的文件 / missing already at the backup: ${sha256}`);
  return exitCodes.ok;
};
