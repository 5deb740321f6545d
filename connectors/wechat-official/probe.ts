/** What this account was granted, by calls that only read. A call that fails for another reason proves nothing. */
import type {
  AccountAbility,
  AccountSession,
  Grant,
  ProbeCapability,
  QuotaCapability,
} from '#connectors/contract.ts';
import { type Answer, call, type Json, reversibleFailure } from './client.ts';
import { lastReadyDay } from './days.ts';
import { MASS_SENDS_A_DAY, MASS_SENDS_A_MONTH } from './limits.ts';
import { withMid } from './publish-ids.ts';

type Grants = Partial<Record<AccountAbility, Grant>>;

const NO_PERMISSION = 48001;
const API_BLOCKED = 48004;
const NO_COMMENTS = 88000;
const NO_MENU = 46003;

export const probe: ProbeCapability = {
  async probe(session) {
    const drafts = await call(session, { method: 'GET', path: '/cgi-bin/draft/count' });
    if (drafts.kind !== 'ok' && !lacksPermission(drafts)) {
      return { kind: 'failed', outcome: reversibleFailure(drafts) };
    }
    const list = await call(session, {
      method: 'POST',
      path: '/cgi-bin/freepublish/batchget',
      json: { offset: 0, count: 1, no_content: 1 },
    });
    const grants: Grants = {
      ...grantsOfPublishing(drafts, list),
      ...(await grantsOfComments(session, list)),
      ...(await grantOfFigures(session)),
      ...(await grantOfMenu(session)),
    };
    return { kind: 'ok', notes: notesOf(drafts, list), grants };
  },
};

function notesOf(drafts: Answer, list: Answer): string[] {
  const notes =
    drafts.kind === 'ok'
      ? [`草稿箱里有 ${Number(drafts.body.total_count ?? 0)} 篇。`]
      : ['没有草稿接口的权限（认证可能已过期），需在公众平台上手工发布。'];
  if (lacksPermission(list)) {
    notes.push('没有发布接口的权限（只对已认证的号开放）：可以存草稿，需在公众平台上手工发布。');
  }
  return notes;
}

const lacksPermission = (answer: Answer): boolean =>
  answer.kind === 'refused' && (answer.code === NO_PERMISSION || answer.code === API_BLOCKED);

/**
 * Reading the list, publishing and deleting are one permission of the platform, so that the list shows the first two.
 * A mass send and a deletion cannot be tried without doing them: granted is never said of them.
 */
function grantsOfPublishing(drafts: Answer, list: Answer): Grants {
  if (lacksPermission(drafts) || lacksPermission(list)) {
    return { publish: 'needs-application', 'mass-send': 'needs-application', withdraw: 'needs-application' };
  }
  return drafts.kind === 'ok' && list.kind === 'ok' ? { publish: 'granted' } : {};
}

/** Comments are asked for by a real post; without one nobody can tell. */
async function grantsOfComments(session: AccountSession, list: Answer): Promise<Grants> {
  const msgDataId = list.kind === 'ok' ? newestMsgDataId(list.body) : undefined;
  if (!msgDataId) return {};
  const answer = await call(session, {
    method: 'POST',
    path: '/cgi-bin/comment/list',
    json: { msg_data_id: msgDataId, index: 0, begin: 0, count: 1, type: 0 },
  });
  if (answer.kind === 'ok') return { comments: 'granted' };
  const refused = lacksPermission(answer) || (answer.kind === 'refused' && answer.code === NO_COMMENTS);
  if (!refused) return {};
  return {
    comments: 'needs-application',
    'comment-reply': 'needs-application',
    moderation: 'needs-application',
    'comment-switch': 'needs-application',
  };
}

function newestMsgDataId(body: Json): number | string | undefined {
  const item = Array.isArray(body.item) ? (body.item[0] as Json | undefined) : undefined;
  const content = item?.content as Json | undefined;
  const article = Array.isArray(content?.news_item) ? (content.news_item[0] as Json | undefined) : undefined;
  const id = withMid({}, String(article?.url ?? '')).msgDataId;
  return id && Number.isSafeInteger(Number(id)) ? Number(id) : id;
}

async function grantOfFigures(session: AccountSession): Promise<Grants> {
  const day = lastReadyDay(session.now());
  const answer = await call(session, {
    method: 'POST',
    path: '/datacube/getbizsummary',
    json: { begin_date: day, end_date: day },
  });
  if (lacksPermission(answer)) return { metrics: 'needs-application' };
  return answer.kind === 'ok' && Array.isArray(answer.body.list) ? { metrics: 'granted' } : {};
}

async function grantOfMenu(session: AccountSession): Promise<Grants> {
  const answer = await call(session, { method: 'GET', path: '/cgi-bin/menu/get' });
  if (lacksPermission(answer)) return { menu: 'needs-application' };
  const none = answer.kind === 'refused' && answer.code === NO_MENU;
  return none || (answer.kind === 'ok' && answer.body.menu !== undefined) ? { menu: 'granted' } : {};
}

const massSends = {
  subscription: { reach: 'mass-send', most: MASS_SENDS_A_DAY, per: 'day' },
  service: { reach: 'mass-send', most: MASS_SENDS_A_MONTH, per: 'month' },
} as const;

export const quota: QuotaCapability = {
  known: ({ kind }) => (kind === 'subscription' || kind === 'service' ? [massSends[kind]] : []),
  /** The platform tells how often an API may still be called, not how many mass sends are left. */
  async remaining(session, reach) {
    if (reach === 'mass-send') return null;
    const answer = await call(session, {
      method: 'POST',
      path: '/cgi-bin/openapi/quota/get',
      json: { cgi_path: '/cgi-bin/freepublish/submit' },
    });
    if (answer.kind !== 'ok') return null;
    const left = Number((answer.body.quota as { remain?: unknown } | undefined)?.remain);
    return Number.isFinite(left) ? left : null;
  },
};
