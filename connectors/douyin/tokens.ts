/**
 * The access token of one account (15 days), made with the refresh token of its grant (30 days, not prolonged by use). It
 * is stored under a name that carries a mark of the grant, so that a new one never meets the token of the old one.
 */
import { createHash } from 'node:crypto';
import type { AccountSession } from '../contract.ts';
import { asksAgain, type Certain, exchange, failureOf, isTokenRefused, type Unsuccessful } from './answer.ts';
import { tokenMargins } from './limits.ts';
import { Access } from './shapes.ts';

/** Why no token could be had; carries the outcome out of the token store. */
export class NoToken extends Error {
  override readonly name = 'NoToken';
  readonly failure: Certain;
  constructor(failure: Certain) {
    super(`no access token: ${failure.kind}`);
    this.failure = failure;
  }
}

const nameOf = (session: AccountSession): string => {
  const grant = session.credentials.refreshToken ?? '';
  return `access-${createHash('sha256').update(grant).digest('hex').slice(0, 12)}`;
};

/** @throws {NoToken} */
export async function accessToken(session: AccountSession): Promise<string> {
  const name = nameOf(session);
  return session.tokens.get(name, tokenMargins.accessMs, async () =>
    makeAccess(session, refreshToken(session)),
  );
}

/** What preparation left; null when there is none. Makes no call. */
export function storedAccessToken(session: AccountSession): Promise<string | null> {
  return session.tokens.peek(nameOf(session), tokenMargins.submitMs);
}

export function dropAccessToken(session: AccountSession, token: string): Promise<void> {
  return session.tokens.drop(nameOf(session), token);
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

/** @throws {NoToken} sign-in-again when it has ended or there never was one */
function refreshToken(session: AccountSession): string {
  const { refreshToken: token, refreshExpiresAt = '' } = session.credentials;
  if (!token) throw new NoToken({ kind: 'sign-in-again', code: 'not-signed-in' });
  if (!(Date.parse(refreshExpiresAt) > session.now().getTime())) {
    throw new NoToken({ kind: 'sign-in-again', code: '10010' });
  }
  return token;
}

/** A refused refresh token is the end of the grant; a network that is down is not. */
const withoutToken = (answer: Unsuccessful): Certain =>
  answer.kind === 'refused' && isTokenRefused(answer)
    ? { kind: 'sign-in-again', code: answer.code }
    : failureOf(answer);
