/**
 * A real Chromium: the one that HUISHENG_CHROMIUM or the system offers, else the one from npm, unpacked once a version. No
 * browser is a failure, never a skip.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const run = promisify(execFile);

const systemPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Quiet: no call to anybody outside this machine. */
const quietArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** In a locale without Chinese the browser names no file as it was asked to. */
const environment = () => ({
  ...(process.env as Record<string, string>),
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
});

export async function openBrowser(): Promise<Browser> {
  const given = process.env.HUISHENG_CHROMIUM;
  const system = given ?? systemPaths.find((path) => existsSync(path));
  if (system) return chromium.launch({ executablePath: system, args: quietArguments, env: environment() });
  const folder = await unpackChromium();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: [...quietArguments, '--no-zygote', '--font-render-hinting=none', '--headless=shell'],
    env: {
      ...environment(),
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  });
}

/**
 * The package unpacks into the temporary folder and takes any older copy that lies there, so each version gets a folder
 * of its own; it is complete or absent, because it is renamed into place.
 */
async function unpackChromium(): Promise<string> {
  const packageFolder = fileURLToPath(new URL('../../../node_modules/@sparticuz/chromium/', import.meta.url));
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const cache = join(tmpdir(), 'huisheng-chromium');
  const folder = join(cache, version);
  if (existsSync(join(folder, 'chromium'))) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'unpacking-'));
  const script = `
    import chromium, { inflate } from '@sparticuz/chromium';
    await chromium.executablePath();
    await inflate(${JSON.stringify(join(packageFolder, 'bin', 'al2023.tar.br'))});`;
  await run(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../../../', import.meta.url)),
    env: { ...process.env, TMPDIR: fresh },
  });
  await writeFile(join(fresh, 'fonts', 'fonts.conf'), fontsOf(folder));
  await rename(fresh, folder).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true });
    // Another run was faster.
    if (!existsSync(join(folder, 'chromium'))) throw error;
  });
  return folder;
}

/**
 * The package's own file names folders that are there on its makers' machines only. Without any font the browser ends at the
 * first input field; the system's fonts bring Chinese where they are installed.
 */
const fontsOf = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
