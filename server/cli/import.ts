import { readFile, writeFile } from 'node:fs/promises';
import { readCsv, writeCsvRow } from '#server/base/csv.ts';
import type { Tx } from '#server/base/database.ts';
import { createPersonIn } from '#server/modules/people/index.ts';
import type { Role } from '#shared/people.ts';
import { chooseBureau, operatorOf } from './bureaus.ts';
import { type Context, exitCodes, parse, type Run, refuseWords, UsageError } from './command.ts';
import { checkPerson, findUnitId } from './user.ts';
import { withDatabase } from './with-app.ts';

const columns = {
  login: ['login', '用户名'],
  name: ['name', '姓名'],
  role: ['role', '岗位', '角色'],
  unit: ['unit', '科室', '单位'],
} as const;

type Line = { line: number; login: string; name: string; role: string; unit: string };
type Ready = { login: string; name: string; role: Role; unitId: string };

export const run: Run = async (args, context) => {
  const { values, positionals } = parse(args, { bureau: { type: 'string' }, passwords: { type: 'string' } });
  const [what, path, ...rest] = positionals;
  refuseWords(rest);
  if (what !== 'people' || !path) throw new UsageError('import people <文件.csv>');
  const lines = readLines(await readFile(path));
  const imported = await withDatabase(context.config, (database) =>
    database.withWorker((tx) => importPeople(tx, values.bureau, lines, context)),
  );
  if (!imported) return exitCodes.failed;
  const text = [['login', 'name', 'password'], ...imported].map(writeCsvRow);
  if (values.passwords)
    await writeFile(values.passwords, `\ufeff${text.join('\r\n')}\r\n`, { flag: 'wx', mode: 0o600 });
  else for (const line of text) context.print(line);
  context.note(
    `导入了 ${imported.length} 人，初始密码只给出这一次 / ${imported.length} people imported; their first passwords are given once`,
  );
  return exitCodes.ok;
};

/** @throws {UsageError} when the heading lacks a column */
function readLines(bytes: Buffer): Line[] {
  const [head, ...rows] = readCsv(bytes);
  const at = (names: readonly string[]) =>
    head?.cells.findIndex((cell) => names.includes(cell.toLowerCase())) ?? -1;
  const places = { login: at(columns.login), name: at(columns.name), role: at(columns.role) };
  const unit = at(columns.unit);
  const missing = Object.entries(places).filter(([, place]) => place < 0);
  if (missing.length > 0)
    throw new UsageError(
      `第一行缺少列：${missing.map(([name]) => name).join('、')} / the first line lacks these columns`,
    );
  return rows.map(({ line, cells }) => ({
    line,
    login: (cells[places.login] ?? '').toLowerCase(),
    name: cells[places.name] ?? '',
    role: cells[places.role] ?? '',
    unit: cells[unit] ?? '',
  }));
}

/**
 * All or none: every line is checked first, and everything wrong is said at once.
 * @returns login, name and first password of each; null when a line was wrong
 */
async function importPeople(
  tx: Tx,
  slug: string | undefined,
  lines: readonly Line[],
  { note }: Context,
): Promise<string[][] | null> {
  const bureau = await chooseBureau(tx, slug);
  const problems: string[] = [];
  const ready: Ready[] = [];
  const seen = new Map<string, number>();
  for (const line of lines) {
    try {
      const person = checkPerson(line);
      const before = seen.get(person.login);
      if (before) throw new UsageError(`用户名与第 ${before} 行相同 / the same login as line ${before}`);
      seen.set(person.login, line.line);
      if (await isTaken(tx, person.login))
        throw new UsageError(`用户名已被使用：${person.login} / the login is taken`);
      ready.push({ ...person, unitId: await findUnitId(tx, bureau, line.unit) });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(`第 ${line.line} 行 / line ${line.line}: ${error.message}`);
    }
  }
  if (lines.length === 0) problems.push('文件里没有人员 / there are no people in the file');
  if (problems.length > 0) {
    for (const problem of problems) note(problem);
    note(`没有导入任何人 / nobody was imported`);
    return null;
  }
  return createAll(tx, bureau.id, ready);
}

async function createAll(tx: Tx, bureauId: string, ready: readonly Ready[]): Promise<string[][]> {
  const made: string[][] = [];
  for (const person of ready) {
    const { firstPassword } = await createPersonIn(tx, operatorOf(bureauId), person);
    made.push([person.login, person.name, firstPassword]);
  }
  return made;
}

async function isTaken(tx: Tx, login: string): Promise<boolean> {
  const row = await tx.selectFrom('people').select('id').where('login', '=', login).executeTakeFirst();
  return row !== undefined;
}
