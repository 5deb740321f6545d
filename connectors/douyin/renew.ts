/**
 * The refresh token lives thirty days and may be renewed five times, each time voiding the old one: about five months, then
 * a person signs in again. How often it was renewed is kept with it.
 */
import type { Credentials, RenewCapability } from '../contract.ts';
import { asksAgain, exchange, failureOf } from './answer.ts';
import { limits, tokenMargins } from './limits.ts';
import { RenewedRefresh } from './shapes.ts';

export const RENEWAL_SCOPE = 'renew_refresh_token';
/** The platform's word for "renewed often enough". */
const RENEW_LIMIT = '10020';

export const renew: RenewCapability = {
  marginMs: tokenMargins.refreshMs,
  async renew(session) {
    const { refreshToken, refreshExpiresAt = '', grantedScopes = '', renewals = '0' } = session.credentials;
    const end = new Date(refreshExpiresAt);
    if (!refreshToken || !(end.getTime() > session.now().getTime())) {
      return { failure: { kind: 'sign-in-again', code: refreshToken ? '10010' : 'not-signed-in' } };
    }
    // Nothing can be gained: the present one goes on until its end.
    const kept: Credentials = {};
    const ends = { credentials: kept, expiresAt: end, renewableUntil: end };
    const done = Number(renewals) || 0;
    if (done >= limits.renewals || !grantedScopes.split(',').includes(RENEWAL_SCOPE)) return ends;
    const answer = await exchange(session, {
      method: 'POST',
      path: '/oauth/renew_refresh_token/',
      form: { client_key: session.account.settings.clientKey ?? '', refresh_token: refreshToken },
    });
    if (answer.kind === 'refused' && answer.code === RENEW_LIMIT) {
      return { ...ends, credentials: { renewals: String(limits.renewals) } };
    }
    if (answer.kind !== 'ok') return { failure: failureOf(answer) };
    const renewed = RenewedRefresh.safeParse(answer.json);
    if (!renewed.success) return { failure: asksAgain('unreadable-renewal') };
    const expiresAt = new Date(session.now().getTime() + renewed.data.expires_in * 1000);
    return {
      credentials: {
        refreshToken: renewed.data.refresh_token,
        refreshExpiresAt: expiresAt.toISOString(),
        renewals: String(done + 1),
      },
      expiresAt,
      renewableUntil: endOfGrant(expiresAt, grantedScopes, done + 1),
    };
  },
};

/** When a person must come back: each renewal that is left is made some days before the end, which are lost. */
export function endOfGrant(refreshExpiresAt: Date, scopes: string, renewals: number): Date {
  if (!scopes.split(',').includes(RENEWAL_SCOPE)) return refreshExpiresAt;
  const left = Math.max(0, limits.renewals - renewals);
  return new Date(refreshExpiresAt.getTime() + left * (limits.refreshLifeMs - tokenMargins.refreshMs));
}
