import { monotonicMs } from '#server/base/clock.ts';
import { openDatabase } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';

import type { Config } from './config.ts';
import { ensureStaffApp } from './desk-build.ts';
import { startSandboxProcess } from './sandbox-process.ts';
import {
  type Demonstration,
  loadDemonstration,
  type SignIn,
  seedDemonstration,
} from './seed/demonstration.ts';
import { registerStandIns, standInUrls } from './seed/stand-ins.ts';
import { openApp, openStorage, type Storage, startInstallation } from './start.ts';

/** Starts all that the configuration asks for, says where, and ends in order on SIGINT or SIGTERM. */
export async function serve(given: Config, started: number): Promise<void> {
  log.level = given.logLevel === 'info' ? 'warn' : given.logLevel;
  const demo = given.mode === 'demo';
  const step = (text: string) => console.log(`· ${text}`);
  step('启动数据库 / starting the database');
  const storage = await openStorage(given);
  const sandbox = demo ? await startSandboxProcess(given.dataDir) : null;
  const config = sandbox ? withStandIns(given, sandbox.url) : given;
  const demonstration = sandbox ? await prepareDemonstration(config, storage, sandbox.url, step) : null;
  if (config.roles.includes('web')) {
    await ensureStaffApp(() => step('构建工作台，约 20 秒 / building the desk, about 20 s'));
  }
  const installation = await startInstallation(config, storage, { sandboxUrl: sandbox?.url ?? null });
  announce(config, demonstration?.signIns ?? [], monotonicMs() - started);
  process.send?.({ ready: true, address: installation.address });

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    console.log('\n· 正在收尾，请稍候 / finishing, one moment');
    await installation.stop();
    await sandbox?.stop();
    await storage.stop();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
}

/** In a demonstration every platform without an address of its own is a stand-in. */
function withStandIns(config: Config, sandboxUrl: string): Config {
  return { ...config, platformUrls: new Map([...standInUrls(sandboxUrl), ...config.platformUrls]) };
}

/**
 * Makes the demonstration on the first start and tells the stand-ins about its accounts on every one. Most starts touch
 * the database for one query only.
 */
async function prepareDemonstration(
  config: Config,
  storage: Storage,
  sandboxUrl: string,
  step: (text: string) => void,
): Promise<Demonstration> {
  const demonstration = await loadDemonstration(config.dataDir, async (plan) => {
    step('建立演示单位 / making the demonstration bureau');
    const { app, close } = await openApp({ ...config, roles: ['web'] }, storage);
    await seedDemonstration(app, plan).finally(close);
  });
  const database = openDatabase(storage.url, { max: 1 });
  const accounts = await database
    .withWorker((tx) => tx.selectFrom('accounts').select(['id', 'platform', 'name']).execute())
    .finally(() => database.close());
  const ids = new Map(
    accounts
      .filter((account) =>
        demonstration.standIns.some((one) => one.platform === account.platform && one.name === account.name),
      )
      .map((account) => [account.platform, account.id]),
  );
  await registerStandIns(sandboxUrl, demonstration.standIns, ids, pushBaseOf(config), config.publicUrl);
  return demonstration;
}

/** The stand-ins run beside us and push straight to the port we listen on. */
const pushBaseOf = (config: Config) =>
  `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`;

function announce(config: Config, signIns: readonly SignIn[], ms: number): void {
  const base = config.publicUrl;
  console.log(`
  回声 Huisheng 已就绪（${(ms / 1000).toFixed(1)} 秒） / ready

  公众网站  public site   ${base}/
  工作台    desk          ${base}/desk/${config.mode === 'demo' ? `\n  模拟平台  stand-ins     ${base}/sandbox/` : ''}
  接口说明  API           ${base}/api/docs
`);
  if (signIns.length === 0) return;
  console.log('  演示账号（密码为随机生成，保存在数据目录） / demonstration sign-ins');
  for (const one of signIns) {
    console.log(
      `    ${one.login.padEnd(12)} ${one.password}   ${one.name}，${one.roleName}${one.bureau ? `（${one.bureau}）` : ''}`,
    );
  }
  console.log('\n  按 Ctrl-C 停止 / press Ctrl-C to stop\n');
}
