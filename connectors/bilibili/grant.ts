/**
 * The account's pair of tokens. A refresh token works once, so what it was exchanged for is stored under its own name
 * before anybody uses it: `tokens.get` makes each such exchange once across all processes, and a chain of stored pairs
 * leads from the pair of the sign-in to the live one. An exchange whose answer was lost stores nothing; it is asked
 * again with the same refresh token, and only the platform's own word makes a person sign in.
 */
import { createHash } from 'node:crypto';
import type { AccountSession } from '../contract.ts';
import { codes } from './codes.ts';
import { endOf, TokenPair } from './shapes.ts';
import { askForTokens, type Failed } from './wire.ts';

export type Grant = {
  access: string;
  refresh: string;
  /** Epoch milliseconds; null when nobody said. */
  endsAt: number | null;
};

/** Pairs don't run out in the store: how long they live is written in them. */
const KEEP_MS = 3650 * 24 * 3_600_000;
/** Renewed this long before the end, so that a failing network has time to come back. */
const RENEW_BEFORE_MS = 3_600_000;
/** Preparation begins ten minutes before the time; a token that ends sooner would end on the way. */
const SHORTEST_MS = 12 * 60_000;

/** Why there is no new pair; carries the platform's answer out of the token store, which then saves nothing. */
class NotRenewed extends Error {
  override readonly name = 'NotRenewed';
  readonly answer: Failed;
  constructor(answer: Failed) {
    super(`no new token: ${answer.kind}`);
    this.answer = answer;
  }
}

/** The newest pair that is stored; asks nobody. Null before the first sign-in. */
export async function currentGrant(session: AccountSession): Promise<Grant | null> {
  const { accessToken, refreshToken, accessEndsAt } = session.credentials;
  if (!accessToken || !refreshToken) return null;
  const endsAt = Date.parse(accessEndsAt ?? '');
  let grant: Grant = {
    access: accessToken,
    refresh: refreshToken,
    endsAt: Number.isNaN(endsAt) ? null : endsAt,
  };
  for (let next = await findNext(session, grant); next; next = await findNext(session, grant)) grant = next;
  return grant;
}

/** A pair that lasts long enough to prepare and send with, renewed when it is about to end. */
export async function liveGrant(session: AccountSession): Promise<Grant | Failed> {
  const grant = await currentGrant(session);
  if (!grant) return { kind: 'refused', code: '122007', text: 'not signed in' };
  if (leftMs(session, grant) > RENEW_BEFORE_MS) return grant;
  const renewed = await renewGrant(session, grant);
  // A network or a platform that fails now is no reason to stop: the old token still works.
  if ('kind' in renewed && !needsPerson(renewed) && leftMs(session, grant) > SHORTEST_MS) return grant;
  return renewed;
}

const needsPerson = (failed: Failed): boolean =>
  failed.kind === 'refused' && codes[failed.code]?.kind === 'sign-in-again';

export function leftMs(session: AccountSession, grant: Grant): number {
  return grant.endsAt === null ? Number.POSITIVE_INFINITY : grant.endsAt - session.now().getTime();
}

/** What the refresh token of this pair is or was exchanged for, by whichever process came first. */
export async function renewGrant(session: AccountSession, grant: Grant): Promise<Grant | Failed> {
  try {
    const stored = await session.tokens.get(nameAfter(grant), Number.NEGATIVE_INFINITY, async () => {
      const answer = await askForTokens(session, 'refresh_token', { refresh_token: grant.refresh });
      if (answer.kind !== 'ok') throw new NotRenewed(answer);
      const next = readGrant(session, answer.data);
      if (!next)
        throw new NotRenewed({ kind: 'unclear', reason: '续期答复里没有令牌 / no token in the answer' });
      return { token: JSON.stringify(next), expiresInMs: KEEP_MS };
    });
    return JSON.parse(stored) as Grant;
  } catch (error) {
    if (error instanceof NotRenewed) return error.answer;
    throw error;
  }
}

export function readGrant(session: AccountSession, data: unknown): Grant | null {
  const pair = TokenPair.safeParse(data);
  if (!pair.success) return null;
  const { access_token, refresh_token, expires_in } = pair.data;
  return { access: access_token, refresh: refresh_token, endsAt: endOf(expires_in, session.now()) };
}

async function findNext(session: AccountSession, grant: Grant): Promise<Grant | null> {
  const stored = await session.tokens.peek(nameAfter(grant), Number.NEGATIVE_INFINITY);
  return stored ? (JSON.parse(stored) as Grant) : null;
}

/** The name tells nothing about the token. */
const nameAfter = (grant: Grant): string =>
  `after-${createHash('sha256').update(grant.refresh).digest('base64url').slice(0, 22)}`;
