#!/usr/bin/env node
// `npx huisheng`: plain JavaScript for any Node from 20 on. The program itself needs Node 24, which is among the
// dependencies: it is found, and runs `server/cli/main.ts` with the same arguments, signals and exit code.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'server', 'cli', 'main.ts');
const [major = 0] = process.versions.node.split('.').map(Number);

if (major >= 24) await import(pathToFileURL(program).href);
else runWith(findNode());

function findNode() {
  const windows = process.platform === 'win32';
  const system = windows ? 'win' : process.platform;
  const places = [
    join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin', windows ? 'node.exe' : 'node'),
    join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node'),
  ];
  return places.find((place) => existsSync(place));
}

function runWith(node) {
  if (!node) {
    console.error(
      `需要 Node.js 24，现在是 ${process.versions.node}。请在程序目录运行一次 npm ci，它会装好合适的版本。\n` +
        `Node.js 24 is needed; this is ${process.versions.node}. Run npm ci once in the program's folder, which installs it.`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [program, ...process.argv.slice(2)], {
    stdio: 'inherit',
    shell: node.endsWith('.cmd'),
  });
  // Ctrl-C at a terminal reaches the child by itself; passing it on once more does no harm. This program must outlive it
  // to tell how it ended.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`启动失败 / could not start: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}
