import type { FastifyRequest } from 'fastify';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { countAttempt, type LockSubject, takeBackAttempt } from './lockout.ts';
import { verifyPassword } from './password.ts';
import { takeCode } from './second-factor/second-factor.ts';
import { findFactor } from './second-factor/store.ts';
import { getPerson } from './store.ts';

export type Verdict = 'right' | 'password-wrong' | 'second-factor-needed' | 'second-factor-wrong';

export const subjectsOf = (login: string, request: FastifyRequest): LockSubject[] => [
  { kind: 'login', value: login },
  { kind: 'address', value: request.ip },
];

/**
 * Asks a signed-in person for the password again, and for a code where a second factor is set up: before keys and secrets
 * change (ASVS 7.5.1). Wrong answers count like failed sign-ins, so that a session left open is no place to guess. Opens
 * transactions of its own: call it from `prepare`, and refuse in `run` by `demandRight`.
 * @throws {AppError} sign-in-locked
 */
export async function reauthenticate(
  app: App,
  request: FastifyRequest,
  actor: Actor,
  given: { password: string; code?: string | undefined },
): Promise<Verdict> {
  const right = await checkOwnPassword(app, request, actor, given.password);
  if (!right) return 'password-wrong';
  const { subjects } = right;
  return app.database.withWorker(async (tx) => {
    const factor = await findFactor(tx, actor.personId);
    if (factor && given.code !== undefined && !(await takeCode(app, tx, actor.personId, given.code)))
      return 'second-factor-wrong';
    for (const subject of subjects) await takeBackAttempt(tx, subject);
    return factor && given.code === undefined ? 'second-factor-needed' : 'right';
  });
}

/** Counts the attempt and leaves it counted: whoever calls takes it back once all is right. */
async function checkOwnPassword(app: App, request: FastifyRequest, actor: Actor, password: string) {
  const { person, subjects } = await app.database.withWorker(async (tx) => {
    const found = await getPerson(tx, actor.personId);
    const counted = subjectsOf(found.login, request);
    for (const subject of counted) await countAttempt(tx, subject);
    return { person: found, subjects: counted };
  });
  return (await verifyPassword(password, person.password_hash)) ? { person, subjects } : null;
}

/** The present password alone, for changing it. @returns the person when right. @throws {AppError} sign-in-locked */
export async function checkPassword(app: App, request: FastifyRequest, actor: Actor, password: string) {
  const right = await checkOwnPassword(app, request, actor, password);
  if (!right) return null;
  await app.database.withWorker(async (tx) => {
    for (const subject of right.subjects) await takeBackAttempt(tx, subject);
  });
  return right.person;
}

/** @throws {AppError} password-wrong, second-factor-needed, second-factor-wrong */
export function demandRight(verdict: Verdict): void {
  if (verdict !== 'right') throw new AppError(verdict);
}
