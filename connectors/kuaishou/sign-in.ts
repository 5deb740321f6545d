/** Granting access on the platform's own page, what it gave, and making it last. */
import type {
  AccountAbility,
  AccountSession,
  Credentials,
  Grant as GrantState,
  ProbeCapability,
  RenewCapability,
  SignInCapability,
} from '../contract.ts';
import { call, failureOf, outcomeOf } from './client.ts';
import { askForTokens, currentGrant, type Grant, leftMs, readGrant, renewGrant } from './grant.ts';
import { Granted, UserInfo } from './shapes.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const wanted = ['user_info', 'user_video_publish', 'user_video_info', 'user_video_delete'];

export const signIn: SignInCapability = {
  authorizeUrl(session, redirectUri, state) {
    const query = new URLSearchParams({
      app_id: session.account.settings.appId ?? '',
      scope: session.account.settings.scopes || wanted.join(','),
      response_type: 'code',
      redirect_uri: redirectUri,
      state,
      ua: 'pc',
    });
    return `${session.http.baseUrl}/oauth2/authorize?${query}`;
  },
  async exchange(session, _redirectUri, code) {
    const answer = await askForTokens(session, 'access_token', { code });
    if (answer.kind !== 'ok') return { failure: outcomeOf(answer) };
    const grant = readGrant(session, answer.json);
    const granted = Granted.safeParse(answer.json);
    if (!grant || !granted.success)
      return { failure: { kind: 'unknown', reason: '授权答复无法识别 / unreadable answer' } };
    const { open_id: openId, scopes } = granted.data;
    const known = session.credentials.openId;
    if (known && known !== openId) {
      const reason = '登录的不是这个快手号；换号请另建账号 / signed in as another account';
      return { failure: { kind: 'rejected', code: 'another-account', reason } };
    }
    return {
      credentials: { ...keep(grant), openId, grantedScopes: scopes.join(',') },
      expiresAt: new Date(grant.endsAt),
      platformUserId: openId,
    };
  },
};

const keep = (grant: Grant): Credentials => ({
  accessToken: grant.access,
  refreshToken: grant.refresh,
  accessEndsAt: new Date(grant.endsAt).toISOString(),
  refreshEndsAt: Number.isFinite(grant.refreshEndsAt) ? new Date(grant.refreshEndsAt).toISOString() : '',
});

export const renew: RenewCapability = {
  marginMs: 12 * HOUR_MS,
  async renew(session) {
    const current = await currentGrant(session);
    if (!current) return { failure: { kind: 'sign-in-again', code: 'not-signed-in' } };
    // Another process, or a call that found the token refused, may have renewed it already.
    const isFresh = leftMs(session, current) > renew.marginMs;
    const grant = isFresh ? current : await renewGrant(session, current);
    if ('kind' in grant) return { failure: failureOf(grant) };
    const until = Number.isFinite(grant.refreshEndsAt) ? new Date(grant.refreshEndsAt) : null;
    return { credentials: keep(grant), expiresAt: new Date(grant.endsAt), renewableUntil: until };
  },
};

export const probe: ProbeCapability = {
  async probe(session) {
    const answer = await call(session, { method: 'GET', path: '/openapi/user_info' });
    if (answer.kind !== 'ok') return { kind: 'failed', outcome: failureOf(answer) };
    const info = UserInfo.safeParse(answer.json);
    if (!info.success) return { kind: 'failed', outcome: { kind: 'unknown', reason: 'unreadable answer' } };
    const grants = grantsOf((session.credentials.grantedScopes ?? '').split(','));
    return {
      kind: 'ok',
      grants,
      notes: [
        `已登录：${info.data.name} / signed in as ${info.data.name}`,
        ...(await endNote(session)),
        ...(grants.publish === 'granted'
          ? []
          : ['没有发布权限，请申请 user_video_publish，或改用“快手（人工发布）” / may not publish']),
      ],
    };
  },
};

async function endNote(session: AccountSession): Promise<string[]> {
  const grant = await currentGrant(session);
  const days = Math.floor(((grant?.refreshEndsAt ?? 0) - session.now().getTime()) / DAY_MS);
  return Number.isFinite(days) ? [`授权还有 ${days} 天到期 / the grant ends in ${days} days`] : [];
}

function grantsOf(scopes: readonly string[]): Partial<Record<AccountAbility, GrantState>> {
  const when = (scope: string): GrantState => (scopes.includes(scope) ? 'granted' : 'needs-application');
  return {
    publish: scopes.includes('user_video_publish') ? 'granted' : 'assisted',
    withdraw: when('user_video_delete'),
    metrics: when('user_video_info'),
    // None of these stands in the platform's table of contents.
    ...{ comments: 'unsupported', 'comment-reply': 'unsupported', moderation: 'unsupported' },
    ...{ messages: 'unsupported', 'mass-send': 'unsupported', menu: 'unsupported' },
  };
}
