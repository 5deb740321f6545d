/** The master key: from the environment, else a file of mode 0600 in the data directory, made on the first start. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#server/config.ts';
import type { Keyring } from './seal.ts';

export async function loadKeyring(
  config: Pick<Config, 'dataDir' | 'masterKey' | 'databaseUrl'>,
): Promise<Keyring> {
  if (config.masterKey) return new Map([[1, config.masterKey]]);
  const path = join(config.dataDir, 'master.key');
  await mkdir(config.dataDir, { recursive: true });
  // 'wx': of two programs that start at once, one writes and both read the same key.
  await writeFile(path, `1:${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  const keys = new Map<number, Buffer>();
  for (const line of (await readFile(path, 'utf8')).split('\n').filter(Boolean)) {
    const match = /^(\d{1,5}):([0-9a-f]{64})$/.exec(line.trim());
    if (!match)
      throw new Error(
        `密钥文件已损坏，请从备份恢复：${path} / the key file is damaged, restore it from the backup: ${path}`,
      );
    keys.set(Number(match[1]), Buffer.from(match[2]!, 'hex'));
  }
  if (keys.size === 0)
    throw new Error(
      `密钥文件是空的，请从备份恢复：${path} / the key file is empty, restore it from the backup: ${path}`,
    );
  return keys;
}
