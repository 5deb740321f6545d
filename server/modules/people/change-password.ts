import type { FastifyRequest } from 'fastify';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import type { SeenRequest } from '#server/base/http/serve.ts';
import { record } from '#server/modules/audit/index.ts';
import { findPasswordProblem, type PasswordProblem, passwordProblems } from '#shared/password-rule.ts';
import { newPassword } from './create-person.ts';
import { forgetFailures } from './lockout.ts';
import { hashPassword } from './password.ts';
import { checkPassword } from './reauthenticate.ts';
import { endAllSessions, endOtherSessions } from './session.ts';
import { getPerson, listBureausOf, setPassword } from './store.ts';

export type PasswordChange =
  | { kind: 'wrong' }
  | { kind: 'refused'; problem: PasswordProblem }
  | { kind: 'ready'; expected: string; hash: string };

/** Looks at both passwords, outside the transaction: two hashes take a while. @throws {AppError} sign-in-locked */
export async function prepareChange(
  app: App,
  request: FastifyRequest,
  actor: Actor,
  input: { current: string; next: string },
): Promise<PasswordChange> {
  const person = await checkPassword(app, request, actor, input.current);
  if (!person) return { kind: 'wrong' };
  const same = input.next.normalize('NFKC') === input.current.normalize('NFKC');
  const problem = same ? 'same' : findPasswordProblem(input.next, person);
  if (problem) return { kind: 'refused', problem };
  return { kind: 'ready', expected: person.password_hash, hash: await hashPassword(input.next) };
}

/** In the worker's role. @throws {AppError} password-wrong, input-invalid */
export async function changePasswordIn(
  app: App,
  tx: Tx,
  actor: Actor,
  request: SeenRequest,
  change: PasswordChange,
): Promise<void> {
  if (change.kind === 'wrong') throw new AppError('password-wrong');
  if (change.kind === 'refused') {
    const { zh, en } = passwordProblems[change.problem];
    throw new AppError('input-invalid', { problem: `${zh} / ${en}`, reason: change.problem });
  }
  const { hash, expected } = change;
  // Somebody else may have changed it between the look and this moment: then what was looked at is no longer right.
  if (!(await setPassword(tx, actor.personId, hash, { chosen: true, expected })))
    throw new AppError('password-wrong');
  await endOtherSessions(app, tx, actor.personId, request);
  await record(tx, actor, 'person.password-changed', { kind: 'person', id: actor.personId });
}

export async function prepareReset(): Promise<{ password: string; hash: string }> {
  const password = newPassword();
  return { password, hash: await hashPassword(password) };
}

/**
 * A colleague's new first password. The second factor stays: resetting one must not get around the other. In the worker's
 * role; the caller has made sure that the person is of the actor's bureau.
 * @throws {AppError} input-invalid for oneself, for somebody disabled, for somebody who also works elsewhere
 */
export async function resetPasswordIn(
  tx: Tx,
  actor: Actor,
  input: { personId: string; reason: string },
  made: { password: string; hash: string },
): Promise<{ firstPassword: string }> {
  const refuse = (problem: string) => new AppError('input-invalid', { problem });
  if (input.personId === actor.personId)
    throw refuse('自己的密码请在“我的账号”中修改 / change your own password under “My account”');
  const person = await getPerson(tx, input.personId);
  if (person.disabled_at) throw refuse('该人员已停用 / this person is disabled');
  // A password opens every bureau the person works for; one bureau's administrator must not hold it.
  if ((await listBureausOf(tx, person.id)).some((bureauId) => bureauId !== actor.bureauId))
    throw refuse(
      '该人员还在其他单位任职，请由系统运维重设 / this person also works for another bureau: ask the operator',
    );
  await setPassword(tx, person.id, made.hash, { chosen: false });
  await forgetFailures(tx, { kind: 'login', value: person.login });
  await endAllSessions(tx, person.id);
  const subject = { kind: 'person', id: person.id };
  await record(tx, actor, 'person.password-reset', subject, { reason: input.reason });
  return { firstPassword: made.password };
}
