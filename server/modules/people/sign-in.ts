import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { record } from '#server/modules/audit/index.ts';
import type { Me } from '#shared/people.ts';
import { countAttempt, forgiveAttempt, type LockSubject } from './lockout.ts';
import { describeMe } from './me.ts';
import { absentHash, verifyPassword } from './password.ts';
import { openSession } from './session.ts';
import { findBureau, findPersonByLogin, listMembershipsOf } from './store.ts';

/**
 * Checks the password and opens a session. Attempts are counted per login and per address and committed before the
 * password is checked, so that neither a refusal nor a crash takes the count back.
 * @throws {AppError} sign-in-failed, sign-in-locked
 */
export async function signInWithPassword(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  input: { login: string; password: string },
): Promise<Me> {
  const login = input.login.trim().toLowerCase();
  const byLogin: LockSubject = { kind: 'login', value: login };
  const byAddress: LockSubject = { kind: 'address', value: request.ip };
  const person = await app.database.withWorker(async (tx) => {
    await countAttempt(tx, byLogin);
    await countAttempt(tx, byAddress);
    return findPersonByLogin(tx, login);
  });
  // Outside a transaction: 60 ms of hashing must not hold a connection.
  const right = await verifyPassword(input.password, person?.password_hash ?? absentHash);
  if (!right || !person || person.disabled_at) throw new AppError('sign-in-failed');
  return app.database.withWorker(async (tx) => {
    const [membership] = await listMembershipsOf(tx, person.id);
    if (!membership) throw new AppError('sign-in-failed');
    const bureau = await findBureau(tx, membership.bureau_id);
    await forgiveAttempt(tx, byLogin, byAddress);
    await openSession(app, tx, reply, request, {
      personId: person.id,
      bureauId: membership.bureau_id,
      membershipId: membership.id,
      policy: bureau.policy as 'dengbao' | 'relaxed',
    });
    const actor = { personId: person.id, name: person.name, bureauId: membership.bureau_id };
    await record(tx, actor, 'session.opened', { kind: 'person', id: person.id }, { address: request.ip });
    return describeMe(tx, { ...actor, unitId: membership.unit_id });
  });
}
