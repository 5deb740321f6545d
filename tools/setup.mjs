// Runs before start, test, bench and dev: a fresh checkout needs no other step. Plain JavaScript for any Node from 20 on,
// because the Node 24 that runs the rest is itself among the things it installs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const record = join(modules, '.huisheng-lock');

function main() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    return refuse(
      `需要 Node.js 20 或更新的版本，现在是 ${process.versions.node}。请从 https://nodejs.org 安装后再试。`,
      `Node.js 20 or newer is needed; this is ${process.versions.node}. Install it from https://nodejs.org and try again.`,
    );
  }
  const wanted = describeLock();
  if (readRecord() === wanted) return 0;

  // An install that breaks off must be done again, whatever it left behind.
  rmSync(record, { force: true });
  console.log('正在安装依赖，首次需要几分钟…… Installing dependencies, a few minutes the first time…');
  const problem = install();
  if (problem) {
    return refuse(
      `依赖没有装成（${problem}）。请检查网络和磁盘；如需经代理或镜像，请先用 npm config set 设好，再重试刚才的命令。`,
      `The dependencies were not installed (${problem}). Check network and disk (behind a proxy: npm config set proxy …), ` +
        'then repeat the command.',
    );
  }
  mkdirSync(modules, { recursive: true });
  writeFileSync(record, wanted);
  return 0;
}

/** The platform belongs to it: a checkout carried into a container or to another machine holds the wrong binaries. */
function describeLock() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
}

function readRecord() {
  try {
    return readFileSync(record, 'utf8');
  } catch {
    return undefined;
  }
}

/** Returns what went wrong, or undefined. */
function install() {
  // --include: NODE_ENV=production or a user's "omit" must not leave out what building and the database need.
  const options = ['--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const args = [usesOwnNodeOnWindows() ? 'install' : 'ci', ...options];
  const { file, first, shell } = findNpm();
  const run = spawnSync(file, [...first, ...args], { cwd: root, stdio: 'inherit', shell });
  if (run.error) return run.error.message;
  if (run.signal) return `npm: ${run.signal}`;
  return run.status === 0 ? undefined : `npm ${args[0]}: ${run.status}`;
}

/** Windows cannot delete a running program, and `npm ci` begins by deleting the Node we run on; `install` mends in place. */
function usesOwnNodeOnWindows() {
  return (
    process.platform === 'win32' && process.execPath.toLowerCase().startsWith((modules + sep).toLowerCase())
  );
}

/** The npm that started us, run by the Node it came with; otherwise the one on the path. */
function findNpm() {
  const script = process.env.npm_execpath;
  if (script && /npm(-cli)?\.[cm]?js$/.test(script)) {
    return { file: process.env.npm_node_execpath || process.execPath, first: [script], shell: false };
  }
  // npm is a .cmd file on Windows, which only a shell can run; the arguments are fixed words.
  return process.platform === 'win32'
    ? { file: 'npm.cmd', first: [], shell: true }
    : { file: 'npm', first: [], shell: false };
}

function refuse(zh, en) {
  console.error(`${zh}\n${en}`);
  return 1;
}

process.exitCode = main();
