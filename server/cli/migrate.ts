import { log } from '#server/base/log.ts';
import { migrate } from '#server/base/migrate.ts';
import { exitCodes, parse, type Run, refuseWords } from './command.ts';
import { withStorage } from './with-app.ts';

export const run: Run = async (args, { config, print }) => {
  refuseWords(parse(args, {}).positionals);
  const count = await withStorage(config, ({ directUrl }) => migrate(directUrl, log), { migrate: false });
  print(
    count === 0
      ? '数据库结构已是最新 / the schema is up to date'
      : `执行了 ${count} 个迁移 / ${count} migrations ran`,
  );
  return exitCodes.ok;
};
