/** Whose token it is, how long it lasts, and what the application was granted; by calls that only read. */
import type { AccountAbility, AccountSession, Grant, ProbeCapability } from '../contract.ts';
import { callAs, failureOf } from './client.ts';
import { apiPath, isBusiness } from './credential.ts';
import { CommentPage, Counts, Timeline, TokenInfo } from './shapes.ts';

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
      grants: { ...(await grantOfComments(session)), ...(await grantOfFigures(session)) },
      notes: [`授权还有 ${days} 天到期 / the grant ends in ${days} days`, ...kindNote(session)],
    };
  },
};

type Grants = Partial<Record<AccountAbility, Grant>>;

/** The application lacks the right, or the interface is not for it. */
const NOT_GRANTED: readonly string[] = ['10005', '10014', '10020'];

/** Posting, deleting and answering cannot be tried without doing them: granted is never said of them. */
async function grantOfComments(session: AccountSession): Promise<Grants> {
  const answer = await callAs(session, {
    method: 'GET',
    path: apiPath(session, 'comments/to_me'),
    query: { count: 1, page: 1 },
  });
  if (answer.kind === 'ok') return CommentPage.safeParse(answer.json).success ? { comments: 'granted' } : {};
  return answer.kind === 'refused' && NOT_GRANTED.includes(answer.code)
    ? { comments: 'needs-application' }
    : {};
}

/** Counts are asked for by a real post; without one nobody can tell. */
async function grantOfFigures(session: AccountSession): Promise<Grants> {
  const { uid = '' } = session.account.settings;
  const path = apiPath(session, 'statuses/user_timeline');
  const timeline = await callAs(session, { method: 'GET', path, query: { uid, count: 1, page: 1 } });
  const read = timeline.kind === 'ok' ? Timeline.safeParse(timeline.json) : null;
  const newest = read?.success ? read.data.statuses[0] : undefined;
  if (!newest) return {};
  const answer = await callAs(session, {
    method: 'GET',
    path: apiPath(session, 'statuses/count'),
    query: { ids: newest.id },
  });
  if (answer.kind === 'ok') {
    const counts = Counts.safeParse(answer.json);
    return counts.success && counts.data.includes(newest.id) ? { metrics: 'granted' } : {};
  }
  return answer.kind === 'refused' && NOT_GRANTED.includes(answer.code)
    ? { metrics: 'needs-application' }
    : {};
}

function kindNote(session: AccountSession): string[] {
  if (isBusiness(session.account.settings)) return [];
  return [
    '普通应用只看得到授权过本应用的人的评论；要看全部评论请申请商业接口 / comments of people who authorised this application only; ask for the business interface',
    ...domainNote(session),
  ];
}

function domainNote(session: AccountSession): string[] {
  const domain = session.account.settings.boundDomain ?? '';
  const { hostname } = new URL(session.publicUrl);
  if (hostname === domain || hostname.endsWith(`.${domain}`)) return [];
  return [
    `网址 ${hostname} 不在安全域名 ${domain} 下，发布会被拒绝 / not under the bound domain, posts will be refused`,
  ];
}
