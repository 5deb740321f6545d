/** `npx huisheng <command>`: reads the command line, runs one command, ends with its code. */
import type { Config } from '#server/config.ts';
import { type CommandName, explain, isCommand, overview } from './help.ts';

async function main([name = 'help', ...args]: string[]): Promise<number | null> {
  const asksHelp = args.includes('--help') || args.includes('-h');
  if (name === 'help' || name === '--help' || name === '-h') return help(args[0]);
  if (!isCommand(name)) {
    console.error(`没有这个命令：${name} / no such command: ${name}\n\n${overview()}`);
    return 2;
  }
  if (asksHelp) return help(name);
  const config = await settle();
  return config ? run(name, args, config) : 78;
}

function help(about: string | undefined): number {
  if (about && !isCommand(about)) {
    console.error(`没有这个命令：${about} / no such command: ${about}`);
    return 2;
  }
  console.log(about ? explain(about as CommandName) : overview());
  return 0;
}

async function settle(): Promise<Config | null> {
  const { readConfig } = await import('#server/config.ts');
  try {
    return readConfig();
  } catch (error) {
    console.error((error as Error).message);
    return null;
  }
}

async function run(name: CommandName, args: readonly string[], config: Config): Promise<number | null> {
  const { setCompileCache } = await import('#server/compile-cache.ts');
  setCompileCache(config.dataDir);
  const { describeError, exitCodes, UsageError } = await import('./command.ts');
  const { log } = await import('#server/base/log.ts');
  // Standard output belongs to the result; `serve` sets its own level.
  if (name !== 'serve') log.level = 'silent';
  const context = {
    config,
    print: (line: string) => console.log(line),
    note: (line: string) => console.error(line),
  };
  try {
    const { run: work } = await loaders[name]();
    return await work(args, context);
  } catch (error) {
    console.error(describeError(error));
    if (!(error instanceof UsageError)) return exitCodes.failed;
    console.error(`\n${explain(name)}`);
    return exitCodes.usage;
  }
}

/** Loaded when asked for: most commands need a fraction of the program. */
const loaders = {
  serve: () => import('./serve.ts'),
  migrate: () => import('./migrate.ts'),
  seed: () => import('./seed.ts'),
  user: () => import('./user.ts'),
  account: () => import('./account.ts'),
  token: () => import('./token.ts'),
  import: () => import('./import.ts'),
  export: () => import('./export.ts'),
  backup: () => import('./backup.ts'),
  restore: () => import('./restore.ts'),
  audit: () => import('./audit.ts'),
  doctor: () => import('./doctor.ts'),
} as const satisfies Record<CommandName, () => Promise<{ run: import('./command.ts').Run }>>;

process.exitCode = (await main(process.argv.slice(2))) ?? undefined;
// A connection that somebody forgot must not keep a finished command alive.
if (process.exitCode !== undefined) setTimeout(() => process.exit(), 3_000).unref();
