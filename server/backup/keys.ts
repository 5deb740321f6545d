/** The master key and backups: a backup tells which key belongs to it without holding it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadKeyring } from '#server/base/keys.ts';
import { createSealer, type Keyring } from '#server/base/seal.ts';
import type { Config } from '#server/config.ts';
import { keyFile } from './manifest.ts';

type KeyPlace = Pick<Config, 'dataDir' | 'masterKey' | 'databaseUrl'>;

/** The keys that are there; null instead of making a new one. */
export async function findKeyring(config: KeyPlace): Promise<Keyring | null> {
  if (!config.masterKey && !existsSync(join(config.dataDir, keyFile))) return null;
  return loadKeyring(config);
}

/** A derived value a key: equal exactly when the keys are, and useless for finding them. */
export function checksOf(keyring: Keyring): Record<string, string> {
  const checks: Record<string, string> = {};
  for (const [number, key] of keyring)
    checks[number] = createSealer(new Map([[number, key]]))
      .derive('backup key check')
      .toString('hex');
  return checks;
}

/** The key file's own form, also when the key came from the environment. */
export function writeKeyLines(keyring: Keyring): string {
  return [...keyring].map(([number, key]) => `${number}:${key.toString('hex')}\n`).join('');
}

/** Whether everything sealed under the keys of the backup can be opened with these. */
export function opens(keyring: Keyring, wanted: Readonly<Record<string, string>>): boolean {
  const mine = checksOf(keyring);
  return Object.entries(wanted).every(([number, check]) => mine[number] === check);
}
