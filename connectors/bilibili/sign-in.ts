/** Granting access on the platform's own page, and one harmless call that proves it. */
import type {
  AccountAbility,
  AccountSession,
  Grant,
  ProbeCapability,
  RenewCapability,
  SignInCapability,
} from '../contract.ts';
import { call, failureOf, outcomeOf } from './client.ts';
import { currentGrant, leftMs, readGrant, renewGrant } from './grant.ts';
import { AccountInfo, AccountScopes } from './shapes.ts';
import { addressOn, askForTokens } from './wire.ts';

const DAY_MS = 86_400_000;
/** Names of the permissions, as the platform's demonstration programs and integrators write them. */
const scopesOf = { article: 'ATC_BASE', video: 'ARC_BASE', videoFigures: 'ARC_DATA' } as const;

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
      // Of the access token; `renew` goes on from there.
      expiresAt: grant.endsAt === null ? null : new Date(grant.endsAt),
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
    const days = grant ? Math.floor(leftMs(session, grant) / DAY_MS) : 0;
    return {
      kind: 'ok',
      grants: grantsOf(scopes),
      notes: [
        ...(Number.isFinite(days)
          ? [`访问令牌还有 ${days} 天到期，届时自动续期 / renewed by itself in ${days} days`]
          : []),
        ...(scopes.includes(scopesOf.article)
          ? []
          : ['没有专栏权限，请在开放平台申请后重新授权 / the permission for articles was not granted']),
        ...(scopes.includes(scopesOf.video)
          ? []
          : ['没有视频权限，请在开放平台申请后重新授权 / the permission for videos was not granted']),
      ],
    };
  },
};

function grantsOf(scopes: readonly string[]): Partial<Record<AccountAbility, Grant>> {
  const when = (...wanted: string[]): Grant =>
    wanted.some((scope) => scopes.includes(scope)) ? 'granted' : 'needs-application';
  return {
    publish: when(scopesOf.article, scopesOf.video),
    withdraw: when(scopesOf.video),
    metrics: when(scopesOf.videoFigures),
    // None of these stands in the platform's table of contents.
    ...{ 'mass-send': 'unsupported', comments: 'unsupported', 'comment-reply': 'unsupported' },
    ...{ moderation: 'unsupported', messages: 'unsupported', menu: 'unsupported' },
  };
}

/** The pair is stored under the old one's name before anybody uses it (grant.ts), and then given to be kept. */
export const renew: RenewCapability = {
  marginMs: 3 * DAY_MS,
  async renew(session) {
    const current = await currentGrant(session);
    if (!current) return { failure: { kind: 'sign-in-again', code: 'not-signed-in' } };
    // Another process, or a call that found the token refused, may have renewed it already.
    const isFresh = leftMs(session, current) > renew.marginMs;
    const grant = isFresh ? current : await renewGrant(session, current);
    if ('kind' in grant) return { failure: failureOf(grant) };
    const endsAt = grant.endsAt === null ? null : new Date(grant.endsAt);
    return {
      credentials: {
        accessToken: grant.access,
        refreshToken: grant.refresh,
        accessEndsAt: endsAt?.toISOString() ?? '',
      },
      expiresAt: endsAt,
      renewableUntil: null,
    };
  },
};
