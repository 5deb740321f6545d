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
  const ending = obeySignals();
  log.level = given.logLevel === 'info' ? 'warn' : given.logLevel;
  const demo = given.mode === 'demo';
  const step = (text: string) => console.log(`· ${text}`);
  step('启动数据库 / starting the database');
  const storage = await openStorage(given);
  await ending.also(() => storage.stop());
  const sandbox = demo ? await startSandboxProcess(given.dataDir) : null;
  if (sandbox) await ending.also(() => sandbox.stop());
  const config = sandbox ? withStandIns(given, sandbox.url) : given;
  const demonstration = sandbox ? await prepareDemonstration(config, storage, sandbox.url, step) : null;
  await ending.also();
  if (config.roles.includes('web')) {
    await ensureStaffApp(() => step('构建工作台，约 20 秒 / building the desk, about 20 s'));
  }
  await ending.also();
  const installation = await startInstallation(config, storage, { sandboxUrl: sandbox?.url ?? null });
  await ending.also(() => installation.stop());
  announce(config, demonstration?.signIns ?? [], monotonicMs() - started);
  ending.nowAtOnce();
  process.send?.({ ready: true, address: installation.address });
}

type Ending = {
  /** Ends the program here when a signal came meanwhile. @param stop of what was just started; the last is stopped first */
  also(stop?: () => Promise<void>): Promise<void>;
  /** The start is over: from now on a signal is obeyed when it comes. */
  nowAtOnce(): void;
};

/** A signal during the start is obeyed at its next step, so that nothing is left half started; a second one ends at once. */
function obeySignals(): Ending {
  const stops: (() => Promise<void>)[] = [];
  let asked = 0;
  let started = false;
  async function end(): Promise<void> {
    for (const stop of stops.toReversed()) await stop();
    process.exit(0);
  }
  function obey(): void {
    asked += 1;
    if (asked > 1 && !started) process.exit(1);
    if (asked > 1) return;
    console.log('\n· 正在收尾，请稍候 / finishing, one moment');
    if (started) void end();
  }
  process.on('SIGINT', obey).on('SIGTERM', obey);
  return {
    async also(stop) {
      if (stop) stops.push(stop);
      if (asked > 0) await end();
    },
    nowAtOnce() {
      started = true;
    },
  };
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
