/** Sessions: a random token in a cookie, its sha256 in the database. */
// For the cookie members of request and reply.
import '@fastify/cookie';
import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { sha256 } from '#server/base/canonical.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import type { SeenRequest } from '#server/base/http/serve.ts';
import type { Role } from '#shared/people.ts';
import { dutiesOf, type Policy } from './duties.ts';
import { findSession, touchSession } from './store.ts';
import { findTokenActor, readBearer } from './token.ts';

/** 等保: at most 30 minutes idle; the relaxed demonstration profile keeps a session for the working day. */
export const idleMinutes = { dengbao: 30, relaxed: 720 } as const satisfies Record<Policy, number>;
const touchEveryMs = 60_000;

export function cookieName(app: App): string {
  // A __Host- cookie needs https, which a demonstration on 127.0.0.1 does not have.
  return app.config.publicUrl.startsWith('https:') ? '__Host-huisheng' : 'huisheng_session';
}

export async function openSession(
  app: App,
  tx: Tx,
  reply: FastifyReply,
  request: FastifyRequest,
  who: { personId: string; bureauId: string; membershipId: string; policy: Policy },
): Promise<void> {
  const token = randomBytes(32).toString('base64url');
  await tx
    .insertInto('sessions')
    .values({
      token_hash: sha256(token),
      person_id: who.personId,
      bureau_id: who.bureauId,
      membership_id: who.membershipId,
      expires_at: sql<Date>`now() + make_interval(mins => ${idleMinutes[who.policy]})`,
      address: request.ip,
      agent: (request.headers['user-agent'] ?? '').slice(0, 200),
    })
    .execute();
  reply.setCookie(cookieName(app), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: app.config.publicUrl.startsWith('https:'),
  });
}

export function readSessionHash(app: App, request: SeenRequest): Buffer | null {
  const token = request.cookies[cookieName(app)];
  return token ? sha256(token) : null;
}

/** Who acts, by bearer token or by cookie; null where there is neither. @throws {AppError} token-refused */
export async function findActor(app: App, request: FastifyRequest): Promise<Actor | null> {
  const token = readBearer(request);
  return token === null ? findSessionActor(app, request) : findTokenActor(app, token);
}

/** The person behind the cookie, or null. Looked up on every request, so that disabling somebody works at once. */
async function findSessionActor(app: App, request: FastifyRequest): Promise<Actor | null> {
  const hash = readSessionHash(app, request);
  if (!hash) return null;
  return app.database.withWorker(async (tx) => {
    const row = await findSession(tx, hash);
    if (!row) return null;
    const policy = row.policy as Policy;
    if (now().getTime() - row.last_seen_at.getTime() > touchEveryMs)
      await touchSession(tx, hash, idleMinutes[policy]);
    return {
      personId: row.person_id,
      name: row.name,
      bureauId: row.bureau_id,
      unitId: row.unit_id,
      unitPath: row.unit_path,
      roles: row.roles as Role[],
      duties: dutiesOf(policy, {
        passwordChosen: row.password_chosen_at !== null,
        secondFactor: row.second_factor_at !== null,
      }),
    };
  });
}

export async function endSession(tx: Tx, hash: Buffer): Promise<void> {
  await tx.deleteFrom('sessions').where('token_hash', '=', hash).execute();
}

export async function endAllSessions(tx: Tx, personId: string): Promise<void> {
  await tx.deleteFrom('sessions').where('person_id', '=', personId).execute();
}

/** All of the person's sessions but the one of this request. */
export async function endOtherSessions(
  app: App,
  tx: Tx,
  personId: string,
  request: SeenRequest,
): Promise<void> {
  await tx
    .deleteFrom('sessions')
    .where('person_id', '=', personId)
    .where('token_hash', '!=', readSessionHash(app, request) ?? Buffer.alloc(0))
    .execute();
}
