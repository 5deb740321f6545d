/** What can be checked without the database. Nothing here changes anything. */
import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#server/config.ts';
import { text } from '#shared/lang.ts';
import { describeError } from './command.ts';
import { type Finding, finding } from './finding.ts';

export async function checkMachine(config: Config): Promise<Finding[]> {
  return [
    ...checkSettings(config),
    checkNode(),
    ...(await checkDataDirectory(config)),
    await checkKey(config),
    await checkPublicAddress(config),
  ];
}

function checkSettings(config: Config): Finding[] {
  const findings: Finding[] = [];
  const production = config.mode === 'production';
  if (config.failpoints)
    findings.push(
      finding(
        'failpoints',
        'fail',
        text('设置了故障点，程序会自行中断', 'crash points are set: the program will end itself'),
        text('删除 HUISHENG_FAILPOINTS', 'remove HUISHENG_FAILPOINTS'),
      ),
    );
  if (!config.fsync)
    findings.push(
      finding(
        'fsync',
        production ? 'fail' : 'warn',
        text('落盘已关闭，断电会丢数据', 'fsync is off: a power cut loses data'),
        text('删除 HUISHENG_FSYNC', 'remove HUISHENG_FSYNC'),
      ),
    );
  if (production && !config.publicUrl.startsWith('https:'))
    findings.push(
      finding(
        'https',
        'warn',
        text('对外网址不是 https', 'the public address is not https'),
        text('在前面放一个带证书的反向代理', 'put a reverse proxy with a certificate in front'),
      ),
    );
  if (findings.length > 0) return findings;
  const mode = production ? text('正式', 'production') : text('演示', 'demo');
  return [
    finding('settings', 'ok', text(`设置无误（${mode.zh}模式）`, `settings are right (${mode.en} mode)`)),
  ];
}

function checkNode(): Finding {
  const [major = 0] = process.versions.node.split('.').map(Number);
  const words = text(`Node.js ${process.versions.node}`, `Node.js ${process.versions.node}`);
  if (major >= 24) return finding('node', 'ok', words);
  return finding(
    'node',
    'fail',
    words,
    text(
      '需要 24；运行 npm start 一次即可装好',
      'version 24 is needed; run npm start once, which installs it',
    ),
  );
}

const gigabyte = 1024 ** 3;

async function checkDataDirectory({ dataDir }: Config): Promise<Finding[]> {
  const found = await stat(dataDir).catch(() => null);
  if (!found) {
    return [
      finding(
        'data-directory',
        'warn',
        text(`数据目录 ${dataDir} 还没有建立`, `the data directory ${dataDir} is not there yet`),
        text('首次启动时会自动建立', 'the first start makes it'),
      ),
    ];
  }
  // As root, others may pass through (the database runs as somebody else) but not list or write.
  const allowed = process.getuid?.() === 0 ? 0o711 : 0o700;
  const mode = found.mode & 0o777;
  const shown = mode.toString(8);
  const closed = process.platform === 'win32' || (mode & ~allowed) === 0;
  return [
    finding(
      'data-directory',
      closed ? 'ok' : 'fail',
      text(`数据目录 ${dataDir}，权限 ${shown}`, `data directory ${dataDir}, mode ${shown}`),
      closed
        ? null
        : text(
            `别人可以读取：chmod ${allowed.toString(8)}`,
            `others may read it: chmod ${allowed.toString(8)}`,
          ),
    ),
    await checkDisk(dataDir),
  ];
}

async function checkDisk(dataDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = (bavail * bsize) / gigabyte;
  const words = text(`可用磁盘 ${free.toFixed(1)} GB`, `${free.toFixed(1)} GB of disk are free`);
  if (free >= 5) return finding('disk', 'ok', words);
  const todo = text('清理磁盘，或把备份移走', 'clear the disk, or move backups away');
  return finding('disk', free < 1 ? 'fail' : 'warn', words, todo);
}

async function checkKey(config: Config): Promise<Finding> {
  if (config.masterKey)
    return finding('key', 'ok', text('主密钥来自环境变量', 'the master key comes from the environment'));
  const path = join(config.dataDir, 'master.key');
  const found = await stat(path).catch(() => null);
  if (!found)
    return finding(
      'key',
      'warn',
      text('还没有主密钥', 'there is no master key yet'),
      text(
        '首次启动时自动生成；如果是恢复的系统，请先放回原来的密钥',
        'the first start makes one; on a restored system put the old one back first',
      ),
    );
  const closed = process.platform === 'win32' || (found.mode & 0o077) === 0;
  return finding(
    'key',
    closed ? 'ok' : 'fail',
    text(
      `主密钥 ${path}，权限 ${(found.mode & 0o777).toString(8)}`,
      `master key ${path}, mode ${(found.mode & 0o777).toString(8)}`,
    ),
    closed ? null : text(`别人可以读取：chmod 600 ${path}`, `others may read it: chmod 600 ${path}`),
  );
}

/** From here only: that the public gets through is for somebody outside to try. */
async function checkPublicAddress(config: Config): Promise<Finding> {
  const url = `${config.publicUrl}/healthz`;
  const reason = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual' }).then(
    async (answer) =>
      answer.ok && (await answer.text()).includes('"ok":true') ? null : `HTTP ${answer.status}`,
    // What `fetch` throws says only that it failed; the reason is below.
    (error: Error) => describeError(error.cause ?? error),
  );
  if (reason === null)
    return finding(
      'public-url',
      'ok',
      text(`本机能访问 ${config.publicUrl}`, `${config.publicUrl} is reachable from here`),
    );
  return finding(
    'public-url',
    'warn',
    text(`本机访问不到 ${url}（${reason}）`, `${url} is not reachable from here (${reason})`),
    text(
      '程序没有运行时属正常；否则检查 HUISHENG_PUBLIC_URL、域名解析和反向代理',
      'normal while the program is stopped; else check HUISHENG_PUBLIC_URL, DNS and the reverse proxy',
    ),
  );
}
