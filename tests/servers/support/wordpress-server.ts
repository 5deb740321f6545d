/** A real WordPress on loopback: its own MariaDB on a socket, PHP's own web server, one user with an application password. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '#tests/support/wait.ts';
import { ensurePrograms, unpackPackages } from './debian.ts';
import { endProgram, freePort } from './programs.ts';

const run = promisify(execFile);
const php = '/usr/bin/php8.2';

export type WordpressServer = {
  url: string;
  username: string;
  applicationPassword: string;
  /** Runs PHP inside the site and gives what it printed. */
  php(code: string): Promise<string>;
  stop(): Promise<void>;
};

export async function startWordpress(): Promise<WordpressServer> {
  await ensurePrograms();
  const packages = await unpackPackages(['wordpress', 'wordpress-theme-twentytwentythree']);
  const folder = await mkdtemp(join(tmpdir(), 'huisheng-wordpress-'));
  const started: ChildProcess[] = [];
  const stop = async () => {
    for (const child of started.toReversed()) await endProgram(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const socket = await startMariadb(folder, started);
    const site = join(folder, 'site');
    await cp(join(packages, 'usr/share/wordpress'), site, { recursive: true, verbatimSymlinks: true });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    await writeFile(join(site, 'wp-config.php'), configuration(socket, url));
    const runPhp = async (code: string) => {
      const { stdout } = await run(php, ['-r', `$_SERVER['HTTP_HOST'] = '127.0.0.1:${port}'; ${code}`], {
        cwd: site,
      });
      return stdout.trim();
    };
    const applicationPassword = await runPhp(installation);
    await startPhp(site, port, started, url);
    return { url, username: 'huisheng', applicationPassword, php: runPhp, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startMariadb(folder: string, started: ChildProcess[]): Promise<string> {
  const data = join(folder, 'mariadb');
  const socket = join(folder, 'mariadb.sock');
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  await run('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...user,
  ]);
  const child = spawn(
    '/usr/sbin/mariadbd',
    ['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, '--skip-networking', ...user],
    { stdio: 'ignore' },
  );
  started.push(child);
  await until(
    () =>
      run('mariadb', ['--no-defaults', `--socket=${socket}`, '-uroot', '-e', 'select 1']).then(
        isTrue,
        isFalse,
      ),
    {
      what: 'MariaDB answers',
      timeoutMs: 60_000,
    },
  );
  await run('mariadb', [
    '--no-defaults',
    `--socket=${socket}`,
    '-uroot',
    '-e',
    'create database wordpress character set utf8mb4',
  ]);
  return socket;
}

async function startPhp(site: string, port: number, started: ChildProcess[], url: string): Promise<void> {
  const child = spawn(php, ['-S', `127.0.0.1:${port}`, '-t', site], {
    stdio: 'ignore',
    // One worker would wait for itself when the site calls itself.
    env: { ...process.env, PHP_CLI_SERVER_WORKERS: '3' },
  });
  started.push(child);
  await until(() => fetch(`${url}/index.php?rest_route=/wp/v2/types`).then((answer) => answer.ok, isFalse), {
    what: 'WordPress answers',
    timeoutMs: 60_000,
  });
}

const isTrue = () => true;
const isFalse = () => false;

/** `local` allows application passwords without https; the site calls nobody (updates, cron). */
const configuration = (socket: string, url: string): string => `<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:${socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', '${url}');
define('WP_SITEURL', '${url}');
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
  define($name . '_KEY', 'only for tests');
  define($name . '_SALT', 'only for tests');
}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
`;

const installation = `
define('WP_INSTALLING', true);
require 'wp-load.php';
require_once 'wp-admin/includes/upgrade.php';
wp_install('青川人社', 'huisheng', 'desk@example.invalid', true, '', 'only for tests');
update_option('permalink_structure', '/%postname%/');
update_option('comment_moderation', '0');
update_option('comment_previously_approved', '0');
[$password] = WP_Application_Passwords::create_new_application_password(1, ['name' => 'huisheng']);
echo $password;
`;
