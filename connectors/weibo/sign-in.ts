/** Granting access anew: ordinary applications get no refresh token, a person must click once before it runs out. */
import type { Outcome, SignInCapability } from '../contract.ts';
import { call, outcomeOf } from './client.ts';
import { Token } from './shapes.ts';

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
