/** Builds the staff app when its sources are newer than what was built: after the first install and after each upgrade. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { staffAppDir } from '#server/base/http/staff-app.ts';
import { buildStaffApp } from './build-staff-app.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(staffAppDir, 'built-from');

/** sha256 over names and contents of everything the build reads: sources, shared routes and labels, the lock file. */
async function hashSources(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(root, 'package-lock.json')));
  for (const folder of ['shared', 'staff']) {
    const names = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.toSorted()) hash.update(file.slice(root.length)).update(await readFile(file));
  }
  return hash.digest('hex');
}

/** @param onBuild told before a build begins, because it takes some seconds */
export async function ensureStaffApp(onBuild: () => void): Promise<void> {
  const wanted = await hashSources();
  const built = await readFile(stampFile, 'utf8').catch(() => '');
  if (built === wanted && existsSync(join(staffAppDir, 'index.html'))) return;
  onBuild();
  await buildStaffApp();
  await writeFile(stampFile, wanted);
}
