/** Granting access at a platform (OAuth): out to its consent page, back to `/connect/<platform>/callback`. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Actor } from '#server/base/actor.ts';
import { demand } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import type { Authenticate } from '#server/base/http/register.ts';
import { record } from '#server/modules/audit/index.ts';
import { openAccountSession } from './session.ts';
import { putSecret, updateAccountRow } from './store.ts';

/** How long the person has on the consent page. */
const stateLifeMs = 15 * 60_000;

const redirectUriOf = (app: App, platform: string) => `${app.config.publicUrl}/connect/${platform}/callback`;

function mac(app: App, text: string): string {
  return createHmac('sha256', app.sealer.derive('oauth state')).update(text).digest('base64url');
}

/** Binds account, person and hour: a stolen callback address opens nothing for anybody else. */
function makeState(app: App, accountId: string, personId: string): string {
  const text = `${accountId}.${personId}.${now().getTime() + stateLifeMs}`;
  return `${text}.${mac(app, text)}`;
}

function readState(app: App, state: string): { accountId: string; personId: string } | null {
  const [accountId, personId, until, signature] = state.split('.');
  if (!accountId || !personId || !until || !signature) return null;
  const expected = Buffer.from(mac(app, `${accountId}.${personId}.${until}`));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
  return Number(until) > now().getTime() ? { accountId, personId } : null;
}

/** @throws {AppError} not-found, input-invalid when the platform has no such sign-in */
export async function beginSignInFor(
  app: App,
  tx: Tx,
  actor: Actor,
  accountId: string,
): Promise<{ authorizeUrl: string }> {
  const { session, connector } = await openAccountSession(
    app,
    tx,
    { bureauId: actor.bureauId, accountId },
    () => undefined,
  );
  if (!connector.signIn)
    throw new AppError('input-invalid', { problem: '该平台不需要授权登录 / this platform needs no sign-in' });
  const authorizeUrl = connector.signIn.authorizeUrl(
    session,
    redirectUriOf(app, connector.id),
    makeState(app, accountId, actor.personId),
  );
  await record(tx, actor, 'account.sign-in-begun', { kind: 'account', id: accountId });
  return { authorizeUrl };
}

async function finishSignIn(app: App, actor: Actor, accountId: string, code: string): Promise<boolean> {
  const ids = { bureauId: actor.bureauId, accountId };
  const { session, connector } = await app.database.withScope(actor, (tx) =>
    openAccountSession(app, tx, ids, () => undefined),
  );
  if (!connector.signIn) throw new AppError('not-found');
  const result = await connector.signIn.exchange(session, redirectUriOf(app, connector.id), code);
  if ('failure' in result) return false;
  // Whoever was signed in at the platform may have granted another account there: its posts would be ours.
  const granted = { ...session, credentials: { ...session.credentials, ...result.credentials } };
  const proof = await connector.probe?.probe(granted);
  if (proof?.kind === 'failed' && proof.outcome.kind === 'sign-in-again') return false;
  await app.database.withScope(actor, async (tx) => {
    for (const [name, value] of Object.entries(result.credentials)) {
      const place = { bureauId: ids.bureauId, table: 'account_secrets', row: accountId, column: name };
      await putSecret(tx, {
        bureau_id: ids.bureauId,
        account_id: accountId,
        name,
        sealed: app.sealer.seal(place, value),
        expires_at: result.expiresAt,
      });
    }
    const signedIn = { state: 'active', state_reason: null };
    await updateAccountRow(tx, ids.bureauId, accountId, signedIn, 'sign-in-again');
    await record(
      tx,
      actor,
      'account.signed-in',
      { kind: 'account', id: accountId },
      { platformUserId: result.platformUserId },
    );
    app.live.changed(tx, ids.bureauId, 'accounts');
  });
  return true;
}

export function registerAccountCallbacks(
  server: FastifyInstance,
  app: App,
  authenticate: Authenticate,
): void {
  server.get<{ Querystring: { code?: string; state?: string } }>(
    '/connect/:platform/callback',
    async (request, reply) => {
      const actor = await authenticate(request);
      if (!actor) throw new AppError('sign-in-needed');
      demand(actor, 'account.manage');
      const state = readState(app, request.query.state ?? '');
      if (!state || state.personId !== actor.personId || !request.query.code)
        throw new AppError('origin-refused');
      const granted = await finishSignIn(app, actor, state.accountId, request.query.code);
      return reply.redirect(`/desk/accounts?granted=${granted ? '1' : '0'}`);
    },
  );
}

/** One harmless call that proves the credentials; run by the worker. */
export async function probeAccountNow(app: App, ids: { bureauId: string; accountId: string }): Promise<void> {
  const { session, connector } = await app.database.withWorker((tx) =>
    openAccountSession(app, tx, ids, () => undefined),
  );
  if (!connector.probe) return;
  const result = await connector.probe.probe(session);
  await app.database.withWorker(async (tx) => {
    const failed = result.kind === 'failed' ? result.outcome : null;
    if (failed?.kind === 'sign-in-again') {
      const refused = { state: 'sign-in-again', state_reason: failed.code };
      await updateAccountRow(tx, ids.bureauId, ids.accountId, refused, 'active');
    } else if (result.kind === 'ok') {
      const proven = { state: 'active', state_reason: null };
      await updateAccountRow(tx, ids.bureauId, ids.accountId, proven, 'sign-in-again');
    }
    await record(
      tx,
      { personId: null, name: '系统', bureauId: ids.bureauId },
      'account.probed',
      { kind: 'account', id: ids.accountId },
      {
        result: result.kind === 'ok' ? 'ok' : (failed?.kind ?? 'failed'),
      },
    );
    app.live.changed(tx, ids.bureauId, 'accounts');
  });
}
