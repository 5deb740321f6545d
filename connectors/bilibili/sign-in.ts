/** Granting access on the platform's own page, and one harmless call that proves it. */
import type { AccountSession, ProbeCapability, SignInCapability } from '../contract.ts';
import { call, failureOf, outcomeOf } from './client.ts';
import { currentGrant, leftMs, readGrant } from './grant.ts';
import { AccountInfo, AccountScopes } from './shapes.ts';
import { addressOn, askForTokens } from './wire.ts';

/** What writing articles needs; the name is seen in integrators' programs. */
const ARTICLE_SCOPE = 'ATC_BASE';

export const signIn: SignInCapability = {
  authorizeUrl(session, redirectUri, state) {
    const query = new URLSearchParams({
      client_id: session.account.settings.appKey ?? '',
      gourl: redirectUri,
      state,
    });
    return `${addressOn(session, 'account', '/pc/account-pc/auth/oauth')}?${query}`;
  },
  async exchange(session, _redirectUri, code) {
    const answer = await askForTokens(session, 'token', { code });
    if (answer.kind !== 'ok') return { failure: outcomeOf(answer) };
    const grant = readGrant(session, answer.data);
    if (!grant) return { failure: { kind: 'unknown', reason: '授权答复无法识别 / unreadable answer' } };
    const credentials = {
      accessToken: grant.access,
      refreshToken: grant.refresh,
      accessEndsAt: new Date(grant.endsAt ?? 0).toISOString(),
    };
    // The code is used up: the pair is kept even when the account's name cannot be asked for now.
    const openid = await askOwner({ ...session, credentials: { ...session.credentials, ...credentials } });
    const expected = session.account.settings.openid;
    if (expected && openid && openid !== expected) {
      const reason = '授权的不是填写的那个账号 / another account than the one entered was granted';
      return { failure: { kind: 'rejected', code: 'another-account', reason } };
    }
    return {
      credentials: openid ? { ...credentials, openid } : credentials,
      // Renewal goes on for as long as the platform lets it; no document says when a person is needed.
      expiresAt: null,
      platformUserId: openid ?? '',
    };
  },
};

async function askOwner(session: AccountSession): Promise<string | null> {
  const answer = await call(session, { method: 'GET', path: '/arcopen/fn/user/account/info' });
  if (answer.kind !== 'ok') return null;
  const info = AccountInfo.safeParse(answer.data);
  return info.success ? info.data.openid : null;
}

export const probe: ProbeCapability = {
  async probe(session) {
    const answer = await call(session, { method: 'GET', path: '/arcopen/fn/user/account/scopes' });
    if (answer.kind !== 'ok') return { kind: 'failed', outcome: failureOf(answer) };
    const read = AccountScopes.safeParse(answer.data);
    if (!read.success) return { kind: 'failed', outcome: { kind: 'unknown', reason: 'unreadable answer' } };
    const { openid, scopes } = read.data;
    if (session.credentials.openid && session.credentials.openid !== openid) {
      return { kind: 'failed', outcome: { kind: 'sign-in-again', code: 'token-of-another-account' } };
    }
    const grant = await currentGrant(session);
    const days = grant ? Math.floor(leftMs(session, grant) / 86_400_000) : 0;
    return {
      kind: 'ok',
      grants: {},
      notes: [
        ...(Number.isFinite(days)
          ? [`访问令牌还有 ${days} 天到期，届时自动续期 / renewed by itself in ${days} days`]
          : []),
        ...(scopes.includes(ARTICLE_SCOPE)
          ? []
          : ['没有专栏权限，请在开放平台申请后重新授权 / the permission for articles was not granted']),
      ],
    };
  },
};
