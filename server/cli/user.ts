import { sql } from 'kysely';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import {
  createPersonIn,
  hashPassword,
  listUnitsOf,
  newPassword,
  removeSecondFactor,
  setPassword,
} from '#server/modules/people/index.ts';
import { createPerson, type Role, roleLabels, roles } from '#shared/people.ts';
import { type BureauRow, chooseBureau, operatorOf } from './bureaus.ts';
import { alignTable, type Context, exitCodes, need, parse, type Run, UsageError } from './command.ts';
import { withDatabase } from './with-app.ts';

const options = {
  login: { type: 'string' },
  name: { type: 'string' },
  role: { type: 'string' },
  unit: { type: 'string' },
  bureau: { type: 'string' },
  reason: { type: 'string' },
} as const;

export const run: Run = async (args, context) => {
  const { values, positionals } = parse(args, options);
  const inTx = <T>(work: (tx: Tx) => Promise<T>) =>
    withDatabase(context.config, (database) => database.withWorker(work));
  const login = () => need(values.login, '--login').toLowerCase();
  switch (positionals.join(' ')) {
    case 'list':
      return inTx(async (tx) => listPeople(tx, await chooseBureau(tx, values.bureau), context));
    case 'add': {
      const input = checkPerson({
        login: login(),
        name: need(values.name, '--name'),
        role: need(values.role, '--role'),
      });
      return inTx(async (tx) => {
        const bureau = await chooseBureau(tx, values.bureau);
        return addPerson(tx, bureau, { ...input, unit: values.unit ?? '' }, context);
      });
    }
    case 'reset-password': {
      const password = newPassword();
      const hash = await hashPassword(password);
      await inTx((tx) => resetPassword(tx, login(), hash));
      context.print(`${login()} 的新密码，只显示这一次 / the new password, shown once: ${password}`);
      return exitCodes.ok;
    }
    case 'reset-second-factor': {
      const had = await inTx((tx) => resetSecondFactor(tx, login()));
      context.print(
        had
          ? `${login()} 的两步验证已取消，下次登录后重新设置 / the second factor is taken away; it is set up anew after the next sign-in`
          : `${login()} 没有设置两步验证 / no second factor was set up`,
      );
      return exitCodes.ok;
    }
    case 'disable': {
      const reason = need(values.reason, '--reason');
      await inTx((tx) => disable(tx, login(), reason));
      context.print(`${login()} 已停用 / disabled`);
      return exitCodes.ok;
    }
    case 'sessions end': {
      const ended = await inTx(async (tx) => endSessions(tx, await findPerson(tx, login())));
      context.print(`结束了 ${ended} 个登录 / ${ended} sessions ended`);
      return exitCodes.ok;
    }
    default:
      throw new UsageError(`user ${positionals.join(' ')}?`);
  }
};

/** The same rules as on the desk. @throws {UsageError} naming what is wrong */
export function checkPerson(input: { login: string; name: string; role: string }): {
  login: string;
  name: string;
  role: Role;
} {
  const { login, name } = createPerson.body.shape;
  if (!login.safeParse(input.login).success)
    throw new UsageError(
      `用户名须为小写字母开头的 2–32 位字母、数字、点或连字符：${input.login} / the login takes 2–32 lower-case letters, digits, dots or hyphens, a letter first`,
    );
  const given = name.safeParse(input.name);
  if (!given.success) throw new UsageError('姓名须为 1–40 字 / the name takes 1–40 characters');
  const role = roles.find((one) => one === input.role || roleLabels[one].zh === input.role);
  if (!role)
    throw new UsageError(
      `没有这个岗位：${input.role} / no such role; one of:\n  ${roles.map((one) => `${one} ${roleLabels[one].zh}`).join('\n  ')}`,
    );
  return { login: input.login, name: given.data, role };
}

/** By name or id; empty means the bureau itself. @throws {UsageError} listing the units */
export async function findUnitId(tx: Tx, bureau: BureauRow, unit: string): Promise<string> {
  if (unit === '') return bureau.id;
  const units = await listUnitsOf(tx, bureau.id);
  const found = units.find((one) => one.id === unit || one.name === unit || one.shortName === unit);
  if (found) return found.id;
  throw new UsageError(
    `没有这个科室：${unit} / no such unit; one of:\n  ${units.map((one) => one.name).join('\n  ')}`,
  );
}

async function listPeople(tx: Tx, bureau: BureauRow, { print }: Context): Promise<number> {
  const rows = await tx
    .selectFrom('memberships')
    .innerJoin('people', 'people.id', 'memberships.person_id')
    .innerJoin('units', 'units.id', 'memberships.unit_id')
    .select(['people.login', 'people.name', 'people.disabled_at', 'memberships.role', 'units.name as unit'])
    .where('memberships.bureau_id', '=', bureau.id)
    .where((or) => or.or([or('ends_at', 'is', null), or('ends_at', '>', sql<Date>`now()`)]))
    .orderBy('people.login')
    .execute();
  const lines = rows.map((row) => [
    row.login,
    row.name,
    roleLabels[row.role as Role].zh,
    row.unit,
    row.disabled_at ? '已停用 disabled' : '',
  ]);
  for (const line of alignTable(lines)) print(line);
  return exitCodes.ok;
}

async function addPerson(
  tx: Tx,
  bureau: BureauRow,
  input: { login: string; name: string; role: Role; unit: string },
  { print }: Context,
): Promise<number> {
  const unitId = await findUnitId(tx, bureau, input.unit);
  const { firstPassword } = await createPersonIn(tx, operatorOf(bureau.id), { ...input, unitId });
  print(`${input.login} 的初始密码，只显示这一次 / the first password, shown once: ${firstPassword}`);
  return exitCodes.ok;
}

type PersonRow = { id: string; login: string };

async function findPerson(tx: Tx, login: string): Promise<PersonRow> {
  const person = await tx
    .selectFrom('people')
    .select(['id', 'login'])
    .where('login', '=', login)
    .executeTakeFirst();
  if (!person)
    throw new AppError('input-invalid', { problem: `没有这个用户：${login} / no such person: ${login}` });
  return person;
}

async function resetPassword(tx: Tx, login: string, hash: string): Promise<void> {
  const person = await findPerson(tx, login);
  await setPassword(tx, person.id, hash, { chosen: false });
  await tx.deleteFrom('sign_in_failures').where('subject', '=', `login:${login}`).execute();
  await endSessions(tx, person);
  await recordOf(tx, person, 'person.password-reset', {});
}

/** For whoever has lost phone and recovery codes; who they are must be made sure of by other means. */
async function resetSecondFactor(tx: Tx, login: string): Promise<boolean> {
  const person = await findPerson(tx, login);
  if (!(await removeSecondFactor(tx, person.id))) return false;
  await endSessions(tx, person);
  await recordOf(tx, person, 'second-factor.reset', {});
  return true;
}

async function disable(tx: Tx, login: string, reason: string): Promise<void> {
  const person = await findPerson(tx, login);
  await tx
    .updateTable('people')
    .set({ disabled_at: sql<Date>`now()` })
    .where('id', '=', person.id)
    .where('disabled_at', 'is', null)
    .execute();
  await endSessions(tx, person);
  await recordOf(tx, person, 'person.disabled', { reason });
}

async function endSessions(tx: Tx, person: PersonRow): Promise<number> {
  const result = await tx.deleteFrom('sessions').where('person_id', '=', person.id).executeTakeFirst();
  const count = Number(result.numDeletedRows);
  if (count > 0) await recordOf(tx, person, 'session.revoked', { count });
  return count;
}

/** A person may belong to several bureaus: each of them must find it in its own log. */
async function recordOf(
  tx: Tx,
  person: PersonRow,
  action: string,
  detail: Record<string, unknown>,
): Promise<void> {
  const rows = await tx
    .selectFrom('memberships')
    .select('bureau_id')
    .distinct()
    .where('person_id', '=', person.id)
    .execute();
  for (const { bureau_id } of rows)
    await record(tx, operatorOf(bureau_id), action, { kind: 'person', id: person.id }, detail);
}
