import { type FileHandle, open } from 'node:fs/promises';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { chooseBureau, operatorOf } from './bureaus.ts';
import { exitCodes, parse, type Run, refuseWords } from './command.ts';
import { withDatabase } from './with-app.ts';

const page = 500;
const tables = { article: 'articles', version: 'article_versions', case: 'cases' } as const;
type RowType = keyof typeof tables;

export const run: Run = async (args, { config, print, note }) => {
  const { values, positionals } = parse(args, { bureau: { type: 'string' }, out: { type: 'string' } });
  refuseWords(positionals);
  await withDatabase(config, async (database) => {
    const bureau = await database.withWorker((tx) => chooseBureau(tx, values.bureau));
    // Cases may name citizens: the file is for its owner alone, and an existing one is never overwritten.
    const file = values.out ? await open(values.out, 'wx', 0o600) : null;
    const counts: Record<RowType, number> = { article: 0, version: 0, case: 0 };
    try {
      await emit(file, print, { type: 'bureau', id: bureau.id, slug: bureau.slug, name: bureau.name });
      await database.withScope({ bureauId: bureau.id }, async (tx) => {
        for (const type of Object.keys(tables) as RowType[]) {
          for await (const row of rowsOf(tx, type, bureau.id)) {
            await emit(file, print, { type, ...row });
            counts[type] += 1;
          }
        }
        await record(tx, operatorOf(bureau.id), 'bureau.exported', { kind: 'bureau', id: bureau.id }, counts);
      });
    } finally {
      await file?.close();
    }
    note(
      `文稿 ${counts.article}，版本 ${counts.version}，事项 ${counts.case} / ${counts.article} articles, ${counts.version} versions, ${counts.case} cases`,
    );
  });
  return exitCodes.ok;
};

async function emit(file: FileHandle | null, print: (line: string) => void, row: object): Promise<void> {
  const line = JSON.stringify(row);
  if (file) await file.write(`${line}\n`);
  else print(line);
}

async function* rowsOf(tx: Tx, type: RowType, bureauId: string): AsyncGenerator<object> {
  let after = '00000000-0000-0000-0000-000000000000';
  while (true) {
    const rows = await tx
      .selectFrom(tables[type])
      .selectAll()
      .where('bureau_id', '=', bureauId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(page)
      .execute();
    for (const row of rows) yield readable(row);
    if (rows.length < page) return;
    after = rows.at(-1)!.id;
  }
}

/** Hashes as hex: JSON has no bytes. */
function readable(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      Buffer.isBuffer(value) ? value.toString('hex') : value,
    ]),
  );
}
