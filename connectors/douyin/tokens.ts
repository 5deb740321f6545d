/**
 * The tokens of one account. The access token (15 days) is made with the refresh token (30 days, not prolonged by use);
 * the refresh token itself may be renewed five times, each time voiding the old one. Both live in the shared store under
 * names that carry a mark of the grant, so that a new sign-in never meets tokens of the old one.
 */
import { createHash } from 'node:crypto';
import type { AccountSession } from '../contract.ts';
import { asksAgain, type Certain, exchange, failureOf, isTokenRefused, type Unsuccessful } from './answer.ts';
import { tokenMargins } from './limits.ts';
import { Access, RenewedRefresh } from './shapes.ts';

/** Why no token could be had; carries the outcome out of the token store. */
export class NoToken extends Error {
  override readonly name = 'NoToken';
  readonly failure: Certain;
  constructor(failure: Certain) {
    super(`no access token: ${failure.kind}`);
    this.failure = failure;
  }
}

/** Nothing stored that lasts long enough. */
class NotStored extends Error {
  override readonly name = 'NotStored';
}

/** The platform would not renew the refresh token; the present one goes on until its end. */
class NotRenewed extends Error {
  override readonly name = 'NotRenewed';
}

const nameOf = (session: AccountSession, kind: 'access' | 'refresh'): string => {
  const grant = session.credentials.refreshToken ?? '';
  return `${kind}-${createHash('sha256').update(grant).digest('hex').slice(0, 12)}`;
};

/** @throws {NoToken} */
export async function accessToken(session: AccountSession): Promise<string> {
  const name = nameOf(session, 'access');
  const stored = await readStored(session, name, tokenMargins.accessMs);
  if (stored) return stored;
  // Before, not inside, the renewal below: the store holds a lock while it renews.
  const refresh = await refreshToken(session);
  return session.tokens.get(name, tokenMargins.accessMs, () => makeAccess(session, refresh));
}

/** What preparation left; null when there is none. Makes no call. */
export function storedAccessToken(session: AccountSession): Promise<string | null> {
  return readStored(session, nameOf(session, 'access'), tokenMargins.submitMs);
}

export function dropAccessToken(session: AccountSession, token: string): Promise<void> {
  return session.tokens.drop(nameOf(session, 'access'), token);
}

async function readStored(session: AccountSession, name: string, marginMs: number): Promise<string | null> {
  try {
    return await session.tokens.get(name, marginMs, () => Promise.reject(new NotStored()));
  } catch (error) {
    if (error instanceof NotStored) return null;
    throw error;
  }
}

async function makeAccess(
  session: AccountSession,
  refresh: string,
): Promise<{ token: string; expiresInMs: number }> {
  const answer = await exchange(session, {
    method: 'POST',
    path: '/oauth/refresh_token/',
    form: {
      client_key: session.account.settings.clientKey ?? '',
      grant_type: 'refresh_token',
      refresh_token: refresh,
    },
  });
  if (answer.kind !== 'ok') throw new NoToken(withoutToken(answer));
  const access = Access.safeParse(answer.json);
  if (!access.success) throw new NoToken(asksAgain('unreadable-token'));
  // A token of another account would publish there.
  if (access.data.open_id !== session.credentials.openId) {
    throw new NoToken({ kind: 'sign-in-again', code: 'token-of-another-account' });
  }
  return { token: access.data.access_token, expiresInMs: access.data.expires_in * 1000 };
}

/**
 * The refresh token, renewed when its end is near. Call it now and then for an account that rests: unused grants end.
 * @throws {NoToken} sign-in-again when it has ended or there never was one
 */
export async function refreshToken(session: AccountSession): Promise<string> {
  const name = nameOf(session, 'refresh');
  const current = await session.tokens.get(name, 0, async () => grantedToken(session));
  try {
    return await session.tokens.get(name, tokenMargins.refreshMs, () => renewRefresh(session, current));
  } catch (error) {
    if (error instanceof NotRenewed) return current;
    throw error;
  }
}

/** The one that signing in brought. */
function grantedToken(session: AccountSession): { token: string; expiresInMs: number } {
  const { refreshToken: token, refreshExpiresAt = '' } = session.credentials;
  if (!token) throw new NoToken({ kind: 'sign-in-again', code: 'not-signed-in' });
  const expiresInMs = Date.parse(refreshExpiresAt) - session.now().getTime();
  if (!(expiresInMs > 0)) throw new NoToken({ kind: 'sign-in-again', code: '10010' });
  return { token, expiresInMs };
}

async function renewRefresh(
  session: AccountSession,
  current: string,
): Promise<{ token: string; expiresInMs: number }> {
  const answer = await exchange(session, {
    method: 'POST',
    path: '/oauth/renew_refresh_token/',
    form: { client_key: session.account.settings.clientKey ?? '', refresh_token: current },
  });
  const renewed = answer.kind === 'ok' ? RenewedRefresh.safeParse(answer.json) : null;
  // Refused (limit reached, scope missing) or unclear: the present token may still do. If the platform renewed it and
  // the answer was lost, the next use says so, and a person signs in again.
  if (!renewed?.success) throw new NotRenewed();
  return { token: renewed.data.refresh_token, expiresInMs: renewed.data.expires_in * 1000 };
}

/** A refused refresh token is the end of the grant; a network that is down is not. */
const withoutToken = (answer: Unsuccessful): Certain =>
  answer.kind === 'refused' && isTokenRefused(answer)
    ? { kind: 'sign-in-again', code: answer.code }
    : failureOf(answer);
