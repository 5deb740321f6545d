import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import { isUniqueViolation, type Tx } from '#server/base/database.ts';
import { newCode, newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import type { Role } from '#shared/people.ts';
import { hashPassword } from './password.ts';

/** 16 characters of base 32: 80 random bits, easy to read out. */
export function newPassword(): string {
  return newCode(16).replace(/(.{4})(?=.)/g, '$1-');
}

/**
 * Adds a person with one membership. Needs the worker's scope: people are global, a bureau's staff can't insert them.
 * @returns the first password, which is stored nowhere in clear
 * @throws {AppError} input-invalid when the login is taken or the unit is not of the bureau
 */
export async function createPersonIn(
  tx: Tx,
  actor: Pick<Actor, 'personId' | 'name' | 'bureauId'> | { personId: null; name: string; bureauId: string },
  input: { login: string; name: string; unitId: string; role: Role },
): Promise<{ id: string; firstPassword: string }> {
  const unit = await tx
    .selectFrom('units')
    .select('id')
    .where('bureau_id', '=', actor.bureauId)
    .where('id', '=', input.unitId)
    .executeTakeFirst();
  if (!unit)
    throw new AppError('input-invalid', { problem: '单位不属于本局 / the unit is not of this bureau' });
  const firstPassword = newPassword();
  const id = newId();
  try {
    await tx
      .insertInto('people')
      .values({ id, login: input.login, name: input.name, password_hash: await hashPassword(firstPassword) })
      .execute();
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AppError('input-invalid', { problem: '用户名已被使用 / the login is taken' });
    throw error;
  }
  await tx
    .insertInto('memberships')
    .values({
      bureau_id: actor.bureauId,
      id: newId(),
      person_id: id,
      unit_id: input.unitId,
      role: input.role,
    })
    .execute();
  await record(
    tx,
    actor,
    'person.created',
    { kind: 'person', id },
    { role: input.role, unitId: input.unitId },
  );
  return { id, firstPassword };
}
