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
import { lockHealth, saveProbe, saveRenewal } from './health-store.ts';
import { demandSignIn } from './save-account.ts';
import { openAccountSession } from './session.ts';
import { updateAccountRow } from './store.ts';
import { storeGranted } from './store-granted.ts';

/** How long the person has on the consent page. */
const stateLifeMs = 15 * 60_000;
const probeEveryMs = 24 * 3_600_000;
/** After a probe that failed. */
const probeAgainMs = 3_600_000;

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
    // A renewal under way ends first: the newer grant is the one that stays.
    await lockHealth(tx, ids, true);
    await storeGranted(app, tx, ids, result.credentials, result.expiresAt);
    await saveRenewal(tx, ids, null);
    if (proof?.kind === 'ok') await saveProbe(tx, ids, { ...proof, result: 'ok' }, probeEveryMs);
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

/** One harmless call that proves the credentials and learns what was granted; run by the worker. */
export async function probeAccountNow(app: App, ids: { bureauId: string; accountId: string }): Promise<void> {
  const { session, connector, account } = await app.database.withWorker((tx) =>
    openAccountSession(app, tx, ids, () => undefined),
  );
  if (!connector.probe) return;
  const result = await connector.probe.probe(session).catch((error: Error) => ({
    kind: 'failed' as const,
    outcome: { kind: 'unknown' as const, reason: error.name },
  }));
  await app.database.withWorker(async (tx) => {
    if (result.kind === 'ok') {
      const proven = { state: 'active', state_reason: null };
      await updateAccountRow(tx, ids.bureauId, ids.accountId, proven, 'sign-in-again');
      await saveProbe(tx, ids, { ...result, result: 'ok' }, probeEveryMs);
    } else {
      const { outcome } = result;
      const code = 'code' in outcome ? outcome.code : null;
      if (outcome.kind === 'sign-in-again' && account.state === 'active')
        await demandSignIn(app, tx, ids.bureauId, ids.accountId, outcome.code);
      await saveProbe(tx, ids, { result: outcome.kind, code }, probeAgainMs);
    }
    await record(
      tx,
      { personId: null, name: '系统', bureauId: ids.bureauId },
      'account.probed',
      { kind: 'account', id: ids.accountId },
      { result: result.kind === 'ok' ? 'ok' : result.outcome.kind },
    );
    app.live.changed(tx, ids.bureauId, 'accounts');
  });
}
