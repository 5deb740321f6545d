/** Granting access, and what the grant is worth. */
import type {
  AccountAbility,
  AccountSession,
  Grant,
  Outcome,
  ProbeCapability,
  SignInCapability,
} from '../contract.ts';
import { exchange, failureOf, outcomeOf } from './answer.ts';
import { call } from './client.ts';
import { endOfGrant, RENEWAL_SCOPE } from './renew.ts';
import { Granted, UserInfo } from './shapes.ts';

const DAY_MS = 86_400_000;

/** What each capability needs of the grant. */
const needs: readonly { scope: string; zh: string; en: string }[] = [
  {
    scope: 'video.create.bind',
    zh: '不能由接口发布，请改用“抖音（扫码发布）”',
    en: 'no posting by API: use Douyin (scan)',
  },
  {
    scope: 'video.list.bind',
    zh: '答复丢失时不能在作品列表里核对，须人工核对',
    en: 'a post whose answer is lost cannot be looked up',
  },
  {
    scope: 'video.data.bind',
    zh: '读不到审核结果',
    en: 'the result of the review cannot be read',
  },
  { scope: 'item.comment', zh: '不能读取和回复评论', en: 'comments can be neither read nor answered' },
  {
    scope: RENEWAL_SCOPE,
    zh: '授权 30 天后须重新登录',
    en: 'somebody must sign in again after 30 days',
  },
];

export const signIn: SignInCapability = {
  authorizeUrl(session, redirectUri, state) {
    const query = new URLSearchParams({
      client_key: session.account.settings.clientKey ?? '',
      response_type: 'code',
      // One scope that the application was not granted spoils the whole page, so the administrator lists them.
      scope: session.account.settings.scopes ?? 'user_info',
      redirect_uri: redirectUri,
      state,
    });
    return `${session.http.baseUrl}/platform/oauth/connect/?${query}`;
  },
  async exchange(session, _redirectUri, code) {
    const answer = await exchange(session, {
      method: 'POST',
      path: '/oauth/access_token/',
      form: {
        client_key: session.account.settings.clientKey ?? '',
        client_secret: session.credentials.clientSecret ?? '',
        grant_type: 'authorization_code',
        code,
      },
    });
    if (answer.kind !== 'ok') return { failure: outcomeOf(answer) };
    const granted = Granted.safeParse(answer.json);
    if (!granted.success)
      return { failure: { kind: 'unknown', reason: '授权答复无法识别 / unreadable answer' } };
    const { open_id: openId, refresh_token: refresh, refresh_expires_in: seconds, scope } = granted.data;
    const refusal = refuseAnother(session, openId);
    if (refusal) return { failure: refusal };
    const now = session.now().getTime();
    const refreshExpiresAt = new Date(now + seconds * 1000);
    return {
      credentials: {
        openId,
        refreshToken: refresh,
        refreshExpiresAt: refreshExpiresAt.toISOString(),
        grantedScopes: scope,
        renewals: '0',
      },
      // Of the refresh token; `renew` prolongs it five times.
      expiresAt: refreshExpiresAt,
      platformUserId: openId,
    };
  },
};

/** What was approved for one account must not go out on another because somebody was signed in elsewhere. */
function refuseAnother({ credentials }: AccountSession, openId: string): Outcome | null {
  if (!credentials.openId || credentials.openId === openId) return null;
  return {
    kind: 'rejected',
    code: 'another-account',
    reason: '登录的不是这个抖音号；换号请另建账号 / signed in as another account',
  };
}

export const probe: ProbeCapability = {
  async probe(session) {
    const answer = await call(session, { method: 'POST', path: '/oauth/userinfo/', tokenInForm: true });
    if (answer.kind !== 'ok') return { kind: 'failed', outcome: failureOf(answer) };
    const info = UserInfo.safeParse(answer.json);
    if (!info.success) return { kind: 'failed', outcome: { kind: 'unknown', reason: 'unreadable answer' } };
    const { openId, grantedScopes = '' } = session.credentials;
    if (info.data.open_id !== openId) {
      return { kind: 'failed', outcome: { kind: 'sign-in-again', code: 'token-of-another-account' } };
    }
    const granted = grantedScopes.split(',');
    const lacking = needs.filter(({ scope }) => !granted.includes(scope));
    return {
      kind: 'ok',
      grants: grantsOf(granted),
      notes: [
        `已登录：${info.data.nickname} / signed in as ${info.data.nickname}`,
        endNote(session),
        ...lacking.map(({ scope, zh, en }) => `没有 ${scope}：${zh} / not granted: ${en}`),
      ],
    };
  },
};

function endNote(session: AccountSession): string {
  const { grantedScopes = '', refreshExpiresAt = '', renewals = '0' } = session.credentials;
  const end = endOfGrant(new Date(refreshExpiresAt), grantedScopes, Number(renewals) || 0).getTime();
  const days = Math.max(0, Math.floor((end - session.now().getTime()) / DAY_MS));
  return `授权还有 ${days} 天到期 / the grant ends in ${days} days`;
}

function grantsOf(granted: readonly string[]): Partial<Record<AccountAbility, Grant>> {
  const when = (scope: string): Grant => (granted.includes(scope) ? 'granted' : 'needs-application');
  return {
    // Without the rare permission a person posts with what was prepared.
    publish: granted.includes('video.create.bind') ? 'granted' : 'assisted',
    comments: when('item.comment'),
    'comment-reply': when('item.comment'),
    metrics: when('video.data.bind'),
    // Deleting was withdrawn in 2022, private messages are closed to new website applications.
    ...{ withdraw: 'unsupported', messages: 'unsupported', moderation: 'unsupported' },
    ...{ 'mass-send': 'unsupported', menu: 'unsupported' },
  };
}
