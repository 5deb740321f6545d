/**
 * Writes `server/base/tables.ts` from a live schema: a throw-away embedded database, migrated, read by kysely-codegen.
 * With `--check` nothing is written; ends with 1 when the file is stale.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedDatabase } from '#server/base/embedded/supervisor.ts';
import { migrate } from '#server/base/migrate.ts';

const target = new URL('../server/base/tables.ts', import.meta.url);
const quiet = { info: () => undefined, warn: () => undefined };

const folder = await mkdtemp(join(tmpdir(), 'huisheng-tables-'));
const database = await startEmbeddedDatabase({ dataDir: folder, log: quiet, fsync: false });
try {
  await migrate(database.url, quiet);
  const out = join(folder, 'tables.ts');
  execFileSync(
    process.execPath,
    [
      new URL('../node_modules/kysely-codegen/dist/cli/bin.js', import.meta.url).pathname,
      '--dialect',
      'postgres',
      '--url',
      database.url,
      '--out-file',
      out,
      '--exclude-pattern',
      '(pgboss.*|schema_migrations)',
      '--date-parser',
      'string',
      '--numeric-parser',
      'string',
      '--overrides',
      JSON.stringify({ columns: {} }),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], cwd: new URL('..', import.meta.url).pathname },
  );
  const made = (await readFile(out, 'utf8')).replace(
    /ColumnType<string, bigint \| number \| string, bigint \| number \| string>/g,
    // openDatabase reads int8 as number.
    'ColumnType<number, bigint | number | string, bigint | number | string>',
  );
  const current = await readFile(target, 'utf8').catch(() => '');
  if (process.argv.includes('--check')) {
    if (made !== current) {
      console.error('server/base/tables.ts is stale: run `npm run generate`');
      process.exitCode = 1;
    }
  } else if (made !== current) {
    await writeFile(target, made);
    console.log('server/base/tables.ts written');
  }
} finally {
  await database.stop();
  await rm(folder, { recursive: true, force: true });
}
