import { now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { isUniqueViolation } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { seedWorkingDays } from '#server/modules/planning/index.ts';
import { loadDemonstration, seedDemonstration } from '#server/seed/demonstration.ts';
import { operatorOf } from './bureaus.ts';
import {
  alignTable,
  type Context,
  exitCodes,
  need,
  parse,
  type Run,
  refuseWords,
  UsageError,
} from './command.ts';
import { withApp, withDatabase } from './with-app.ts';

export const run: Run = async (args, context) => {
  const { values, positionals } = parse(args, {
    slug: { type: 'string' },
    name: { type: 'string' },
    'short-name': { type: 'string' },
    level: { type: 'string', default: 'county' },
  });
  const [what, ...rest] = positionals;
  refuseWords(rest);
  if (what === undefined) return seedDemo(context);
  if (what !== 'bureau') throw new UsageError(`seed ${what}?`);
  return seedBureau(context, {
    slug: need(values.slug, '--slug'),
    name: need(values.name, '--name'),
    shortName: need(values['short-name'], '--short-name'),
    level: values.level,
  });
};

async function seedDemo({ config, print, note }: Context): Promise<number> {
  if (config.mode === 'production') {
    note(
      '正式运行不建演示数据；新建单位请用 seed bureau / no demonstration in production; use seed bureau for a real one',
    );
    return exitCodes.failed;
  }
  const plan = await withApp(config, (app) =>
    loadDemonstration(config.dataDir, (fresh) => seedDemonstration(app, fresh)),
  );
  for (const line of alignTable(
    plan.signIns.map((one) => [one.login, one.password, one.name, one.roleName, one.bureau]),
  ))
    print(line);
  return exitCodes.ok;
}

type NewBureau = { slug: string; name: string; shortName: string; level: string };

async function seedBureau({ config, print }: Context, bureau: NewBureau): Promise<number> {
  if (!/^[a-z][a-z0-9-]{1,30}$/.test(bureau.slug))
    throw new UsageError(
      '--slug 用小写字母、数字和连字符 / --slug takes lower-case letters, digits and hyphens',
    );
  if (!['province', 'city', 'county', 'township'].includes(bureau.level))
    throw new UsageError('--level: province, city, county, township');
  const id = newId();
  await withDatabase(config, (database) =>
    database
      .withWorker((tx) => insertBureau(tx, id, bureau))
      .catch((error: unknown) => {
        if (isUniqueViolation(error))
          throw new UsageError(`${bureau.slug} 已被使用 / ${bureau.slug} is taken`);
        throw error;
      }),
  );
  print(`已建立 ${bureau.name} / made: ${bureau.slug} ${id}`);
  print(
    `下一步 / next: npx huisheng user add --bureau ${bureau.slug} --login <…> --name <…> --role administrator`,
  );
  return exitCodes.ok;
}

async function insertBureau(tx: Tx, id: string, bureau: NewBureau): Promise<void> {
  await tx
    .insertInto('units')
    .values({
      bureau_id: id,
      id,
      kind: 'bureau',
      level: bureau.level,
      name: bureau.name,
      short_name: bureau.shortName,
      path: `/${id}/`,
    })
    .execute();
  await tx.insertInto('bureau_settings').values({ bureau_id: id, slug: bureau.slug }).execute();
  const year = Number(wallDate(now()).slice(0, 4));
  await seedWorkingDays(tx, id, [year - 1, year, year + 1]);
  await record(tx, operatorOf(id), 'bureau.created', { kind: 'bureau', id }, { slug: bureau.slug });
}
