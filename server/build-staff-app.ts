import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Builds the desk into a folder with Vite, in a child process: a build must not stay in the server's memory. */
export async function buildStaffApp(folder: string): Promise<void> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url));
  const child = spawn(
    process.execPath,
    [vite, 'build', '--config', 'staff/vite.config.ts', '--outDir', folder, '--logLevel', 'warn'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error('工作台构建失败，见上 / the desk could not be built, see above');
}
