/** API tokens: a program acts for the person who made its token, never for more than the token's scopes. */
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { sha256 } from '#server/base/canonical.ts';
import type { Tx } from '#server/base/database.ts';
import type { Permission, Role } from '#shared/people.ts';
import { findToken, listMembershipsOf, touchToken } from './store.ts';

/** The bearer token of an API request; null where there is none. Other schemes are a proxy's business. */
export function readBearer(request: FastifyRequest): string | null {
  const { authorization } = request.headers;
  if (!authorization || !request.url.startsWith('/api/')) return null;
  const match = /^bearer(?:\s+(.*))?$/i.exec(authorization.trim());
  return match ? (match[1] ?? '') : null;
}

/**
 * Looked up on every request like a session, so that revoking works at once. Whoever sends a token is judged by it alone: a
 * cookie beside it counts for nothing.
 * @throws {AppError} token-refused when it is unknown, revoked or expired, or its maker is disabled or has left the bureau
 */
export async function findTokenActor(app: App, token: string): Promise<Actor> {
  const actor = await app.database.withWorker((tx) => findActorByHash(tx, sha256(token)));
  if (!actor) throw new AppError('token-refused');
  return actor;
}

async function findActorByHash(tx: Tx, hash: Buffer): Promise<Actor | null> {
  const row = await findToken(tx, hash);
  if (!row) return null;
  const memberships = (await listMembershipsOf(tx, row.created_by)).filter(
    (one) => one.bureau_id === row.bureau_id,
  );
  // The same place that signing in would give.
  const [first] = memberships;
  if (!first) return null;
  await touchToken(tx, row);
  return {
    personId: row.created_by,
    name: `${row.person_name}（接口令牌 ${row.name}）`,
    bureauId: row.bureau_id,
    unitId: first.unit_id,
    unitPath: first.unit_path,
    roles: memberships.filter((one) => one.unit_id === first.unit_id).map((one) => one.role as Role),
    token: { id: row.id, scopes: row.scopes as Permission[] },
  };
}
