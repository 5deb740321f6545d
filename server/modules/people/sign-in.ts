import type { FastifyReply, FastifyRequest } from 'fastify';
import { networkOf } from '#server/base/addresses.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import type { ErrorCode } from '#shared/errors.ts';
import type { Me } from '#shared/people.ts';
import type { Policy } from './duties.ts';
import { countAttempt, forgiveAttempt, type LockSubject, takeBackAttempt } from './lockout.ts';
import { describeMe } from './me.ts';
import { absentHash, verifyPassword } from './password.ts';
import { takeCode } from './second-factor/second-factor.ts';
import { findFactor } from './second-factor/store.ts';
import { openSession } from './session.ts';
import { findBureau, findPersonByLogin, listMembershipsOf } from './store.ts';

type Visit = {
  app: App;
  request: FastifyRequest;
  reply: FastifyReply;
  byLogin: LockSubject;
  byAddress: LockSubject;
};
type Person = { id: string; name: string };
/** Refusals are values here: what was counted or taken back before them must be committed. */
type Outcome = { me: Me } | { refused: ErrorCode };

/**
 * Checks the password, then the second factor where one is set up, and opens a session. Attempts are counted per login and
 * per address and committed before anything is checked, so that neither a refusal nor a crash takes the count back.
 * @throws {AppError} sign-in-failed, sign-in-locked, second-factor-needed, second-factor-wrong
 */
export async function signInWithPassword(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  input: { login: string; password: string; code?: string | undefined },
): Promise<Me> {
  const login = input.login.trim().toLowerCase();
  const byLogin: LockSubject = { kind: 'login', value: login };
  const byAddress: LockSubject = { kind: 'address', value: networkOf(request.ip) };
  const person = await app.database.withWorker(async (tx) => {
    await countAttempt(tx, byLogin);
    await countAttempt(tx, byAddress);
    return findPersonByLogin(tx, login);
  });
  // Outside a transaction: 60 ms of hashing must not hold a connection.
  const right = await verifyPassword(input.password, person?.password_hash ?? absentHash);
  if (!right || !person || person.disabled_at) throw new AppError('sign-in-failed');
  const visit: Visit = { app, request, reply, byLogin, byAddress };
  const outcome = await app.database.withWorker((tx) => goOn(tx, visit, person, input.code));
  if ('refused' in outcome) throw new AppError(outcome.refused);
  return outcome.me;
}

/** The password was right. */
async function goOn(tx: Tx, visit: Visit, person: Person, code: string | undefined): Promise<Outcome> {
  const { app, request, reply } = visit;
  const [membership] = await listMembershipsOf(tx, person.id);
  if (!membership) return { refused: 'sign-in-failed' };
  let secondFactor: string | null = null;
  if (await findFactor(tx, person.id)) {
    if (code === undefined) {
      await takeBackAttempt(tx, visit.byLogin);
      await takeBackAttempt(tx, visit.byAddress);
      return { refused: 'second-factor-needed' };
    }
    secondFactor = await takeCode(app, tx, person.id, code);
    if (!secondFactor) return { refused: 'second-factor-wrong' };
  }
  await forgiveAttempt(tx, visit.byLogin, visit.byAddress);
  const bureau = await findBureau(tx, membership.bureau_id);
  await openSession(app, tx, reply, request, {
    personId: person.id,
    bureauId: membership.bureau_id,
    membershipId: membership.id,
    policy: bureau.policy as Policy,
  });
  const actor = { personId: person.id, name: person.name, bureauId: membership.bureau_id };
  const detail = { address: request.ip, ...(secondFactor ? { secondFactor } : {}) };
  await record(tx, actor, 'session.opened', { kind: 'person', id: person.id }, detail);
  return { me: await describeMe(tx, { ...actor, unitId: membership.unit_id }) };
}
