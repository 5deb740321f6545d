/**
 * The account's pair of tokens: access 48 hours, refresh 180 days. A renewal gives a new pair and voids the old one, so what
 * a refresh token was exchanged for is stored under its own name before anybody uses it: all processes together exchange
 * it once, and a chain of stored pairs leads from the credentials to the live one.
 */
import { createHash } from 'node:crypto';
import type { AccountSession } from '../contract.ts';
import { TokenPair } from './shapes.ts';
import { exchange, type Failed } from './wire.ts';

export type Grant = {
  access: string;
  refresh: string;
  /** Epoch milliseconds. */
  endsAt: number;
  /** When the refresh token ends; renewing does not move it. */
  refreshEndsAt: number;
};

const KEEP_MS = 400 * 86_400_000;
/** Renewed this long before the end, so that a failing network has time to come back. */
const RENEW_BEFORE_MS = 3_600_000;
/** Preparation begins ten minutes before the time; a token that ends sooner would end on the way. */
const SHORTEST_MS = 12 * 60_000;

/** Carries the platform's answer out of the token store, which then saves nothing. */
class NotRenewed extends Error {
  override readonly name = 'NotRenewed';
  readonly answer: Failed;
  constructor(answer: Failed) {
    super(`no new token: ${answer.kind}`);
    this.answer = answer;
  }
}

/** Nobody signed in, or the refresh token ended or was taken away. */
export const GRANT_ENDED = 'grant-ended';

/** The newest pair that is stored; asks nobody. Null before the first sign-in. */
export async function currentGrant(session: AccountSession): Promise<Grant | null> {
  const { accessToken, refreshToken, accessEndsAt = '', refreshEndsAt = '' } = session.credentials;
  if (!accessToken || !refreshToken) return null;
  let grant: Grant = {
    access: accessToken,
    refresh: refreshToken,
    endsAt: Date.parse(accessEndsAt) || 0,
    refreshEndsAt: Date.parse(refreshEndsAt) || Number.POSITIVE_INFINITY,
  };
  for (let next = await findNext(session, grant); next; next = await findNext(session, grant)) grant = next;
  return grant;
}

export const leftMs = (session: AccountSession, grant: Grant): number =>
  grant.endsAt - session.now().getTime();

/** A pair that lasts long enough to prepare and send with, renewed when it is about to end. */
export async function liveGrant(session: AccountSession): Promise<Grant | Failed> {
  const grant = await currentGrant(session);
  if (!grant) return ended('not signed in');
  if (leftMs(session, grant) > RENEW_BEFORE_MS) return grant;
  const renewed = await renewGrant(session, grant);
  // A network that fails now is no reason to stop: the old token still works.
  const goesOn = 'kind' in renewed && !isEnded(renewed) && leftMs(session, grant) > SHORTEST_MS;
  return goesOn ? grant : renewed;
}

const ended = (text: string): Failed => ({ kind: 'refused', code: GRANT_ENDED, text });
const isEnded = (failed: Failed): boolean => failed.kind === 'refused' && failed.code === GRANT_ENDED;

/** What the refresh token of this pair is or was exchanged for, by whichever process came first. */
export async function renewGrant(session: AccountSession, grant: Grant): Promise<Grant | Failed> {
  if (grant.refreshEndsAt <= session.now().getTime()) return ended('the refresh token has ended');
  try {
    const stored = await session.tokens.get(nameAfter(grant), Number.NEGATIVE_INFINITY, async () => {
      const answer = await askForTokens(session, 'refresh_token', { refresh_token: grant.refresh });
      // The platform's own word about the refresh token: only a person can mend that.
      if (answer.kind === 'refused' && answer.code === '100200102') throw new NotRenewed(ended(answer.text));
      if (answer.kind !== 'ok') throw new NotRenewed(answer);
      const next = readGrant(session, answer.json);
      if (!next) throw new NotRenewed({ kind: 'unclear', reason: '续期答复里没有令牌 / no token' });
      const refreshEndsAt = Math.min(next.refreshEndsAt, grant.refreshEndsAt);
      return { token: JSON.stringify({ ...next, refreshEndsAt }), expiresInMs: KEEP_MS };
    });
    return JSON.parse(stored) as Grant;
  } catch (error) {
    if (error instanceof NotRenewed) return error.answer;
    throw error;
  }
}

export function readGrant(session: AccountSession, json: unknown): Grant | null {
  const pair = TokenPair.safeParse(json);
  if (!pair.success) return null;
  const now = session.now().getTime();
  return {
    access: pair.data.access_token,
    refresh: pair.data.refresh_token,
    endsAt: now + pair.data.expires_in * 1000,
    refreshEndsAt: now + pair.data.refresh_token_expires_in * 1000,
  };
}

export function askForTokens(
  session: AccountSession,
  kind: 'access_token' | 'refresh_token',
  given: { code: string } | { refresh_token: string },
) {
  return exchange(session, {
    method: 'POST',
    path: `/oauth2/${kind}`,
    query: {
      app_id: session.account.settings.appId ?? '',
      app_secret: session.credentials.appSecret ?? '',
      grant_type: kind === 'access_token' ? 'authorization_code' : 'refresh_token',
      ...given,
    },
  });
}

async function findNext(session: AccountSession, grant: Grant): Promise<Grant | null> {
  const stored = await session.tokens.peek(nameAfter(grant), Number.NEGATIVE_INFINITY);
  return stored ? (JSON.parse(stored) as Grant) : null;
}

/** The name tells nothing about the token. */
const nameAfter = (grant: Grant): string =>
  `after-${createHash('sha256').update(grant.refresh).digest('base64url').slice(0, 22)}`;
