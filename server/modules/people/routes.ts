import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import { now } from '#server/base/clock.ts';
import { asWorker, type Tx } from '#server/base/database.ts';
import { type RouteSet, serve, servePrepared, servePublic } from '#server/base/http/serve.ts';
import { record } from '#server/modules/audit/index.ts';
import {
  createPerson,
  disablePerson,
  getMe,
  listColleagues,
  listSessions,
  resetPassword,
  revokeSession,
  signIn,
  signOut,
} from '#shared/people.ts';
import { prepareReset, resetPasswordIn } from './change-password.ts';
import { createPersonIn } from './create-person.ts';
import { describeMe } from './me.ts';
import { myAccountRoutes } from './my-account.ts';
import { endAllSessions, endSession, readSessionHash } from './session.ts';
import { signInWithPassword } from './sign-in.ts';
import { listColleaguesOf, listMembershipsOf, listOpenSessions } from './store.ts';
import { unitRoutes } from './units/routes.ts';

const done = { ok: true } as const;

/** The person works for the actor's bureau now; who has left it is nobody's colleague. @throws {AppError} not-found */
async function demandColleague(tx: Tx, actor: Actor, personId: string): Promise<void> {
  const memberships = await listMembershipsOf(tx, personId);
  if (!memberships.some((row) => row.bureau_id === actor.bureauId)) throw new AppError('not-found');
}

export function peopleRoutes(): RouteSet {
  return [
    ...unitRoutes(),
    ...myAccountRoutes(),
    servePublic(signIn, ({ app, request, reply, body }) => signInWithPassword(app, request, reply, body)),
    // People and sessions are not of one bureau, so these read in the worker's scope, limited by person.
    serve(getMe, ({ tx, actor }) => asWorker(tx, (worker) => describeMe(worker, actor))),
    serve(signOut, async ({ app, tx, actor, request }) => {
      const hash = readSessionHash(app, request);
      await asWorker(tx, async (worker) => {
        if (hash) await endSession(worker, hash);
        await record(worker, actor, 'session.ended', { kind: 'person', id: actor.personId });
      });
      return done;
    }),
    serve(listSessions, async ({ app, tx, actor, request }) => {
      const current = readSessionHash(app, request);
      const rows = await asWorker(tx, (worker) => listOpenSessions(worker, actor.personId));
      return rows.map((row) => ({
        id: row.token_hash.toString('hex'),
        createdAt: row.created_at.toISOString(),
        lastSeenAt: row.last_seen_at.toISOString(),
        address: row.address,
        agent: row.agent,
        current: current?.equals(row.token_hash) ?? false,
      }));
    }),
    serve(revokeSession, async ({ tx, actor, params }) => {
      await asWorker(tx, async (worker) => {
        const hash = Buffer.from(params.sessionId, 'hex');
        const mine = (await listOpenSessions(worker, actor.personId)).some((row) =>
          row.token_hash.equals(hash),
        );
        if (!mine) throw new AppError('not-found');
        await endSession(worker, hash);
        await record(worker, actor, 'session.revoked', { kind: 'person', id: actor.personId });
      });
      return done;
    }),
    serve(listColleagues, ({ tx, actor }) => listColleaguesOf(tx, actor.bureauId)),
    serve(createPerson, ({ tx, actor, body }) =>
      asWorker(tx, (worker) => createPersonIn(worker, actor, body)),
    ),
    servePrepared(resetPassword, prepareReset, async ({ tx, actor, params, body, prepared }) => {
      await demandColleague(tx, actor, params.personId);
      const input = { ...params, ...body };
      return asWorker(tx, (worker) => resetPasswordIn(worker, actor, input, prepared));
    }),
    serve(disablePerson, async ({ tx, actor, params, body }) => {
      await demandColleague(tx, actor, params.personId);
      if (params.personId === actor.personId) {
        throw new AppError('input-invalid', { problem: '不能停用自己 / you cannot disable yourself' });
      }
      await asWorker(tx, async (worker) => {
        await worker
          .updateTable('people')
          .set({ disabled_at: now() })
          .where('id', '=', params.personId)
          .where('disabled_at', 'is', null)
          .execute();
        await endAllSessions(worker, params.personId);
        await record(
          worker,
          actor,
          'person.disabled',
          { kind: 'person', id: params.personId },
          { reason: body.reason },
        );
      });
      return done;
    }),
  ];
}
