/** What the database tells. The embedded one is started for it when no program runs, and stopped again. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database, Tx } from '#server/base/database.ts';
import { readMigrations } from '#server/base/migrate.ts';
import type { Config } from '#server/config.ts';
import { listAliveProcesses } from '#server/processes.ts';
import { text } from '#shared/lang.ts';
import { describeError } from './command.ts';
import { type Finding, finding } from './finding.ts';
import { withDatabase } from './with-app.ts';

export async function checkDatabase(config: Config): Promise<Finding[]> {
  const folder = join(config.dataDir, 'database');
  const isMade = existsSync(join(folder, 'cluster')) || existsSync(join(folder, 'cluster-is-at'));
  if (!config.databaseUrl && !isMade) {
    return [
      finding(
        'database',
        'warn',
        text('内置数据库还没有建立', 'the embedded database is not made yet'),
        text('首次启动时会自动建立', 'the first start makes it'),
      ),
    ];
  }
  try {
    return await withDatabase(config, examine, { migrate: false });
  } catch (error) {
    const todo = config.databaseUrl
      ? text('检查 DATABASE_URL、网络和数据库服务', 'check DATABASE_URL, the network and the server')
      : text('查看数据目录里的 database/postgres.log', 'look at database/postgres.log in the data directory');
    const reason = describeError(error);
    return [
      finding('database', 'fail', text(`数据库用不了：${reason}`, 'the database cannot be used'), todo),
    ];
  }
}

async function examine(database: Database): Promise<Finding[]> {
  const findings = [await checkServer(database), await checkClock(database)];
  const schema = await checkSchema(database);
  findings.push(schema);
  // Tables may be missing or different below that.
  if (schema.level === 'ok') {
    findings.push(await checkWorkers(database));
    findings.push(...(await database.withWorker(checkDeliveries)));
  }
  return findings;
}

async function checkServer(database: Database): Promise<Finding> {
  const { rows } = await database.asOwner((db) =>
    sql<{ version: string; number: number; encoding: string }>`
      select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
        current_setting('server_encoding') as encoding`.execute(db),
  );
  const { version, number, encoding } = rows[0]!;
  const words = text(
    `PostgreSQL ${version}，编码 ${encoding}`,
    `PostgreSQL ${version}, encoding ${encoding}`,
  );
  if (number < 150_000)
    return finding(
      'database',
      'fail',
      words,
      text('需要 PostgreSQL 15 或更高', 'PostgreSQL 15 or newer is needed'),
    );
  if (encoding === 'UTF8') return finding('database', 'ok', words);
  return finding(
    'database',
    'fail',
    words,
    text(
      '新建 UTF8 编码的数据库，用 backup 和 restore 迁移',
      'make a database with encoding UTF8, move with backup and restore',
    ),
  );
}

async function checkClock(database: Database): Promise<Finding> {
  const before = Date.now();
  const theirs = (await database.now()).getTime();
  const after = Date.now();
  // Half of the journey there and back is the best guess of when it was read.
  const apart = Math.abs(theirs - (before + after) / 2) / 1_000;
  const words = text(
    `本机与数据库的时钟相差 ${apart.toFixed(1)} 秒`,
    `the clocks of this machine and the database are ${apart.toFixed(1)} s apart`,
  );
  if (apart < 2) return finding('clock', 'ok', words);
  const todo = text('两台机器都开启时间同步（NTP）', 'switch on time synchronisation (NTP) on both machines');
  return finding('clock', apart > 300 ? 'fail' : 'warn', words, todo);
}

async function checkSchema(database: Database): Promise<Finding> {
  const ours = new Map((await readMigrations()).map((migration) => [migration.number, migration]));
  const applied = await readApplied(database);
  const strange = applied.find((row) => ours.get(row.number)?.checksum !== row.checksum);
  if (strange) {
    return finding(
      'schema',
      'fail',
      text(`数据库结构与程序不符：${strange.name}`, `the schema differs from the program: ${strange.name}`),
      text(
        '数据库较新则升级程序；迁移文件不能改动',
        'upgrade the program; applied migrations must not be edited',
      ),
    );
  }
  const missing = ours.size - applied.length;
  if (missing === 0)
    return finding(
      'schema',
      'ok',
      text(`数据库结构已是最新（${ours.size}）`, `the schema is up to date (${ours.size})`),
    );
  return finding(
    'schema',
    'warn',
    text(`有 ${missing} 个迁移未执行`, `${missing} migrations have not run`),
    text('启动程序，或运行 npx huisheng migrate', 'start the program, or run npx huisheng migrate'),
  );
}

async function readApplied(
  database: Database,
): Promise<{ number: number; name: string; checksum: string }[]> {
  return database.asOwner(async (db) => {
    const { rows: found } = await sql<{ there: boolean }>`
      select to_regclass('public.schema_migrations') is not null as there`.execute(db);
    if (!found[0]!.there) return [];
    const { rows } = await sql<{ number: number; name: string; checksum: string }>`
      select number, name, checksum from schema_migrations order by number`.execute(db);
    return rows;
  });
}

async function checkWorkers(database: Database): Promise<Finding> {
  const alive = await listAliveProcesses(database);
  const alarmed = await database.withWorker((tx) =>
    tx.selectFrom('heartbeats').select('process_id').where('clock_alarm', '=', true).execute(),
  );
  if (alarmed.some((row) => alive.includes(row.process_id))) {
    return finding(
      'worker',
      'fail',
      text('时钟曾突然前跳，发布已暂停', 'the clock jumped forward: publishing is paused'),
      text('核对时间后重新启动程序', 'check the time, then restart the program'),
    );
  }
  if (alive.length > 0)
    return finding(
      'worker',
      'ok',
      text(`${alive.length} 个后台进程在运行`, `${alive.length} workers are running`),
    );
  return finding(
    'worker',
    'warn',
    text('没有后台进程在运行，不会发布和收取留言', 'no worker is running: nothing is published or received'),
    text('启动程序（HUISHENG_ROLES 须含 worker）', 'start the program (HUISHENG_ROLES must name worker)'),
  );
}

/** A healthy worker takes a post up within a second of its time. */
const overdueMinutes = 2;

async function checkDeliveries(tx: Tx): Promise<Finding[]> {
  const { rows } = await sql<{ minutes: number | null; unknown: number; held: number }>`
    select extract(epoch from clock_timestamp() - min(due_at)
        filter (where state in ('planned', 'due', 'preparing', 'prepared') and due_at < clock_timestamp()))::float8 / 60 as minutes,
      count(*) filter (where state = 'unknown') as unknown,
      count(*) filter (where state = 'held') as held
    from deliveries where state in ('planned', 'due', 'preparing', 'prepared', 'unknown', 'held')`.execute(
    tx,
  );
  const { minutes, unknown, held } = rows[0]!;
  const late = minutes ?? 0;
  const findings = [
    late < overdueMinutes
      ? finding('deliveries', 'ok', text('没有到时未发的内容', 'nothing is overdue'))
      : finding(
          'deliveries',
          'warn',
          text(
            `最早一条到时未发已 ${Math.round(late)} 分钟`,
            `the oldest post has been overdue for ${Math.round(late)} minutes`,
          ),
          text(
            '确认后台进程在运行，账号没有暂停或失效',
            'see that a worker runs and the account is not paused or signed out',
          ),
        ),
  ];
  if (unknown + held > 0)
    findings.push(
      finding(
        'decisions',
        'warn',
        text(`${unknown} 条结果不明，${held} 条暂缓`, `${unknown} posts are unknown, ${held} held`),
        text('在工作台首页逐条处理', 'decide them one by one on the desk'),
      ),
    );
  return findings;
}
