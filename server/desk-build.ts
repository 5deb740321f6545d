/** Builds the staff app when its sources are newer than what was built: after the first install and after each upgrade. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { staffAppDir } from '#server/base/http/staff-app.ts';
import { buildStaffApp } from './build-staff-app.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const builtDir = staffAppDir.replace(/[\\/]$/, '');
const stampName = 'built-from';

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

/**
 * Built beside and moved in: another program that starts from the same folder serves the old build meanwhile, and of
 * two that build at once one build stays, whole.
 *
 * @param onBuild told before a build begins, because it takes some seconds
 */
export async function ensureStaffApp(onBuild: () => void): Promise<void> {
  const wanted = await hashSources();
  if (await isBuiltFrom(wanted)) return;
  onBuild();
  const [fresh, old] = [`${builtDir}.${process.pid}.new`, `${builtDir}.${process.pid}.old`];
  // Of a program with the same number that was killed while it built.
  for (const folder of [fresh, old]) await rm(folder, { recursive: true, force: true });
  try {
    await buildStaffApp(fresh);
    await writeFile(join(fresh, stampName), wanted);
    await rename(builtDir, old).catch(ignoreAbsent);
    await rename(fresh, builtDir).catch(async (error: unknown) => {
      if (await isBuiltFrom(wanted)) return;
      await rename(old, builtDir).catch(ignoreAbsent);
      throw error;
    });
  } finally {
    for (const folder of [fresh, old]) await rm(folder, { recursive: true, force: true });
  }
}

async function isBuiltFrom(wanted: string): Promise<boolean> {
  const built = await readFile(join(builtDir, stampName), 'utf8').catch(() => '');
  return built === wanted && existsSync(join(builtDir, 'index.html'));
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
