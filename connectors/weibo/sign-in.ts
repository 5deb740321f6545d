/** Granting access anew: ordinary applications get no refresh token, a person must click once before it runs out. */
import type { AccountSession, Outcome, ProbeCapability, SignInCapability } from '../contract.ts';
import { call, callAs, failureOf, outcomeOf } from './client.ts';
import { Token, TokenInfo } from './shapes.ts';

export const signIn: SignInCapability = {
  authorizeUrl(session, redirectUri, state) {
    const query = new URLSearchParams({
      client_id: session.account.settings.appKey ?? '',
      response_type: 'code',
      redirect_uri: redirectUri,
      state,
    });
    return `${session.http.baseUrl}/oauth2/authorize?${query}`;
  },
  async exchange(session, redirectUri, code) {
    const answer = await call(session, {
      method: 'POST',
      path: '/oauth2/access_token',
      form: {
        client_id: session.account.settings.appKey ?? '',
        client_secret: session.credentials.appSecret ?? '',
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
      },
      secrets: ['code'],
    });
    if (answer.kind !== 'ok') return { failure: toFailure(outcomeOf(answer)) };
    const token = Token.safeParse(answer.json);
    if (!token.success)
      return { failure: { kind: 'unknown', reason: '授权答复无法识别 / unreadable answer' } };
    return {
      credentials: { accessToken: token.data.access_token },
      // Always what the platform says: the documents name 1, 7 and 30 days and show two hours.
      expiresAt: new Date(session.now().getTime() + token.data.expires_in * 1000),
      platformUserId: token.data.uid,
    };
  },
};

const toFailure = (outcome: ReturnType<typeof outcomeOf>): Outcome =>
  outcome.kind === 'window-closed' ? { kind: 'unknown', reason: outcome.code } : outcome;

export const probe: ProbeCapability = {
  async probe(session) {
    const answer = await callAs(session, { method: 'POST', path: '/oauth2/get_token_info', form: {} });
    if (answer.kind !== 'ok') return { kind: 'failed', outcome: failureOf(answer) };
    const info = TokenInfo.safeParse(answer.json);
    if (!info.success) return { kind: 'failed', outcome: { kind: 'unknown', reason: 'unreadable answer' } };
    if (info.data.uid !== session.account.settings.uid) {
      return { kind: 'failed', outcome: { kind: 'sign-in-again', code: 'token-of-another-account' } };
    }
    const days = Math.floor(info.data.expire_in / 86_400);
    return {
      kind: 'ok',
      grants: {},
      notes: [`授权还有 ${days} 天到期 / the grant ends in ${days} days`, ...domainNote(session)],
    };
  },
};

function domainNote(session: AccountSession): string[] {
  const domain = session.account.settings.boundDomain ?? '';
  const { hostname } = new URL(session.publicUrl);
  if (hostname === domain || hostname.endsWith(`.${domain}`)) return [];
  return [
    `网址 ${hostname} 不在安全域名 ${domain} 下，发布会被拒绝 / not under the bound domain, posts will be refused`,
  ];
}
