/** Calls with the account's token, which the platform wants in a header beside `open_id` in the query. */
import type { AccountSession } from '../contract.ts';
import { type Answer, exchange, isTokenRefused, type PlatformCall } from './answer.ts';
import { waits } from './limits.ts';
import { accessToken, dropAccessToken, NoToken, storedAccessToken } from './tokens.ts';

export type UserCall = Omit<PlatformCall, 'headers' | 'multipart' | 'form' | 'secrets'> & {
  /** Made anew for each try: a FormData may be read once only. */
  multipart?: () => FormData;
  /** The one call that wants token and account in its form. */
  tokenInForm?: boolean;
};

/** For calls that may be repeated: a refused token is renewed once. */
export async function call(session: AccountSession, request: UserCall): Promise<Answer> {
  try {
    const token = await accessToken(session);
    const answer = await send(session, request, token);
    if (answer.kind !== 'refused' || !isTokenRefused(answer)) return answer;
    await dropAccessToken(session, token);
    const renewed = await accessToken(session);
    // The platform gave the very token that it refused: only a person can mend that.
    if (renewed === token) {
      return { kind: 'no-token', failure: { kind: 'sign-in-again', code: answer.code } };
    }
    return await send(session, request, renewed);
  } catch (error) {
    if (error instanceof NoToken) return { kind: 'no-token', failure: error.failure };
    throw error;
  }
}

/** The one request of an irreversible call: no renewal before it, no second try after it. */
export async function callOnce(session: AccountSession, request: UserCall): Promise<Answer> {
  const token = await storedAccessToken(session);
  if (!token) {
    const code = 'token-missing';
    return {
      kind: 'no-token',
      failure: { kind: 'retry-later', afterMs: waits.renewMs, code, scope: 'account' },
    };
  }
  const answer = await send(session, request, token);
  if (isTokenRefused(answer)) await dropAccessToken(session, token);
  return answer;
}

function send(session: AccountSession, request: UserCall, token: string): Promise<Answer> {
  const { multipart, tokenInForm, query, ...rest } = request;
  const open_id = session.credentials.openId ?? '';
  return exchange(session, {
    ...rest,
    query: { open_id, ...query },
    headers: { 'access-token': token },
    ...(multipart ? { multipart: multipart(), timeoutMs: 60_000 } : {}),
    ...(tokenInForm ? { form: { access_token: token, open_id } } : {}),
  });
}
