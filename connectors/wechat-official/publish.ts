/** The irreversible call, and reading back what became of it. README.md tells the reasoning case by case. */
import { createHash } from 'node:crypto';
import type {
  AccountSession,
  CheckResult,
  Outcome,
  PlatformIds,
  RemotePublish,
} from '#connectors/contract.ts';
import type { PackagePayload } from '#shared/package.ts';
import { type Answer, call, callOnce, irreversibleFailure, type Json, reversibleFailure } from './client.ts';
import { explain, meaningOf } from './codes.ts';
import { CLIENT_MSG_ID_BYTES, CLIENT_MSG_ID_SAFE_MS, CONFIRM_WITHIN_MS } from './limits.ts';
import { findInList } from './listing.ts';
import { getDraft, isMissing } from './prepare.ts';
import { firstUrl, idsFrom, withMid } from './publish-ids.ts';

const CHECK_PUBLISH_MS = 5_000;
const CHECK_MASS_MS = 30_000;

export const submit: RemotePublish['submit'] = async (session, payload, ids) => {
  const draftId = ids.draftId ?? '';
  if (draftId === '') return { kind: 'retry-later', afterMs: 1000, code: 'not-prepared', scope: 'account' };
  return payload.reach === 'mass-send'
    ? readMassSend(await callOnce(session, massSend(payload, draftId)), payload)
    : readSubmission(await callOnce(session, publication(draftId)));
};

const publication = (draftId: string) =>
  ({ method: 'POST', path: '/cgi-bin/freepublish/submit', json: { media_id: draftId } }) as const;

const massSend = (payload: PackagePayload, draftId: string) =>
  ({
    method: 'POST',
    path: '/cgi-bin/message/mass/sendall',
    json: {
      filter: { is_to_all: true },
      msgtype: 'mpnews',
      mpnews: { media_id: draftId },
      send_ignore_reprint: 0,
      clientmsgid: clientMsgIdOf(payload),
    },
  }) as const;

/** One id per delivery, made from its short link: the platform never sends the same id twice within 24 hours. */
export function clientMsgIdOf(payload: Pick<PackagePayload, 'shortLink'>): string {
  const token = new URL(payload.shortLink).pathname.split('/').findLast((part) => part !== '') ?? '';
  const plain = `hs-${token}`;
  if (/^[\w-]+$/.test(token) && plain.length <= CLIENT_MSG_ID_BYTES) return plain;
  const digest = createHash('sha256').update(payload.shortLink).digest('hex');
  return `hs-${digest}`.slice(0, CLIENT_MSG_ID_BYTES);
}

function readSubmission(answer: Answer): Outcome {
  if (isMissing(answer)) {
    // This call published nothing, but a draft also leaves the box when it is published: look before believing.
    return {
      kind: 'unknown',
      reason: '草稿已不在草稿箱，可能已经发布。The draft is gone; it may be out already.',
    };
  }
  if (answer.kind !== 'ok') return irreversibleFailure(answer);
  const ids = idsFrom(answer.body, { publishId: 'publish_id', msgDataId: 'msg_data_id' });
  if (!ids.publishId)
    return { kind: 'unknown', reason: '答复里没有 publish_id。No publish_id in the answer.' };
  return { kind: 'pending', ids, checkAfterMs: CHECK_PUBLISH_MS, waitingFor: 'platform' };
}

function readMassSend(answer: Answer, payload: PackagePayload): Outcome {
  if (isMissing(answer)) {
    return {
      kind: 'unknown',
      reason: '草稿已不在草稿箱，可能已经群发。The draft is gone; it may be out already.',
    };
  }
  if (answer.kind !== 'ok' && answer.kind !== 'refused') return irreversibleFailure(answer);
  const sent = idsFrom(answer.body, { msgId: 'msg_id', msgDataId: 'msg_data_id' });
  if (answer.kind === 'refused') {
    const meaning = meaningOf(answer.code)?.kind;
    if (meaning === 'waiting-administrator') {
      const ids = { clientMsgId: clientMsgIdOf(payload), ...sent };
      return { kind: 'pending', ids, checkAfterMs: CHECK_MASS_MS, waitingFor: 'administrator' };
    }
    if (meaning !== 'already-sent') return irreversibleFailure(answer);
  }
  if (!sent.msgId) return { kind: 'unknown', reason: '答复里没有 msg_id。No msg_id in the answer.' };
  return { kind: 'pending', ids: sent, checkAfterMs: CHECK_MASS_MS, waitingFor: 'platform' };
}

export const check: RemotePublish['check'] = async (session, payload, ids, sentAt) => {
  if (payload.reach === 'mass-send') {
    return ids.msgId ? checkMassSend(session, ids) : resolveMassSend(session, ids, sentAt);
  }
  return ids.publishId ? checkPublication(session, ids) : lookForPublication(session, payload, ids, sentAt);
};

async function checkPublication(session: AccountSession, ids: PlatformIds): Promise<CheckResult> {
  const answer = await call(session, {
    method: 'POST',
    path: '/cgi-bin/freepublish/get',
    json: { publish_id: ids.publishId },
  });
  if (answer.kind !== 'ok') return cannotTell(answer);
  return publicationOutcome(answer.body, ids);
}

const PUBLISH_FAILURES: Readonly<Record<number, string>> = {
  2: '原创校验不通过。The originality check failed.',
  3: '发布失败。Publishing failed.',
  4: '平台审核不通过。The platform’s review refused it.',
  5: '发布后已被全部删除。It was deleted after publishing.',
  6: '发布后已被平台封禁。It was banned after publishing.',
};

/** Reads `freepublish/get` and the event of the same shape. @param known ids that the delivery has already */
export function publicationOutcome(body: Json, known: PlatformIds): Outcome {
  const status = Number(body.publish_status);
  const ids = { ...known, ...idsFrom(body, { publishId: 'publish_id', articleId: 'article_id' }) };
  if (status === 1) return { kind: 'pending', ids, checkAfterMs: CHECK_PUBLISH_MS, waitingFor: 'platform' };
  if (status === 0) {
    const url = firstUrl(body.article_detail, 'article_url');
    return { kind: 'published', ids: withMid(ids, url), url, at: null };
  }
  const reason = PUBLISH_FAILURES[status];
  if (!reason) return { kind: 'unknown', reason: `没有见过的发布状态 ${status}。Unknown publish_status.` };
  return { kind: 'rejected', code: `publish-status-${status}`, reason };
}

/**
 * The answer to the submission was lost. The list of publications decides; the draft box tells whether "not
 * listed" may be believed, because a draft leaves it when it is published.
 */
async function lookForPublication(
  session: AccountSession,
  payload: PackagePayload,
  ids: PlatformIds,
  sentAt: Date,
): Promise<CheckResult> {
  // The box is asked first: published in between, the post is in the list that is asked afterwards.
  const draft = await getDraft(session, ids.draftId ?? '');
  if (draft.kind !== 'ok' && !isMissing(draft)) return cannotTell(draft);
  const found = await findInList(session, payload, ids, sentAt);
  if (found.kind !== 'absent' || draft.kind === 'ok') return found;
  return {
    kind: 'unknown',
    reason: '草稿已不在草稿箱，发布列表里也没有。The draft is gone and the list does not show the post.',
  };
}

async function checkMassSend(session: AccountSession, ids: PlatformIds): Promise<CheckResult> {
  const answer = await call(session, {
    method: 'POST',
    path: '/cgi-bin/message/mass/get',
    json: { msg_id: ids.msgId },
  });
  if (answer.kind !== 'ok') return cannotTell(answer);
  const status = String(answer.body.msg_status ?? '')
    .toUpperCase()
    .replaceAll(/[\s_]+/g, '_');
  switch (status) {
    case 'SEND_SUCCESS':
      return { kind: 'published', ids, url: null, at: null };
    case 'SENDING':
      return { kind: 'pending', ids, checkAfterMs: CHECK_MASS_MS, waitingFor: massWaitsFor(ids) };
    case 'SEND_FAIL':
      return { kind: 'rejected', code: status, reason: massFailed };
    case 'DELETE':
      return { kind: 'rejected', code: status, reason: '群发后已被删除。It was deleted after sending.' };
    default:
      return { kind: 'unknown', reason: `没有见过的群发状态“${status}”。Unknown msg_status.` };
  }
}

export const massFailed =
  '群发失败：管理员拒绝或 30 分钟内没有确认，或平台发送失败。The mass send failed: refused, not confirmed within 30 minutes, or failed on the platform.';

/** `clientMsgId` is kept only when the platform said that it waits for the administrator. */
const massWaitsFor = (ids: PlatformIds) => (ids.clientMsgId ? 'administrator' : 'platform');

/**
 * A mass send whose `msg_id` is not known. Nothing lists mass sends, but the platform refuses to send the same
 * `clientmsgid` twice within 24 hours and then names the send there is: the way to find out is to submit the same
 * bytes again, and `retry-later` says that this is safe. Once the draft has left the box that is done one time only,
 * with the draft that is gone, so that even a platform that forgot the id has nothing to send.
 */
async function resolveMassSend(
  session: AccountSession,
  ids: PlatformIds,
  sentAt: Date,
): Promise<CheckResult> {
  const age = session.now().getTime() - sentAt.getTime();
  const draft = await getDraft(session, ids.draftId ?? '');
  if (draft.kind !== 'ok' && !isMissing(draft)) return cannotTell(draft);
  if (ids.clientMsgId && draft.kind === 'ok') {
    if (age > CONFIRM_WITHIN_MS + 60_000)
      return { kind: 'rejected', code: 'not-confirmed', reason: massFailed };
    return { kind: 'pending', ids, checkAfterMs: CHECK_MASS_MS, waitingFor: 'administrator' };
  }
  if (age < CLIENT_MSG_ID_SAFE_MS && !ids.draftGone) {
    return { kind: 'repeatable', afterMs: 61_000 };
  }
  const reason = ids.draftGone
    ? '草稿已不在草稿箱，平台也不认得这次群发的标识。The draft is gone and the platform does not know the clientmsgid.'
    : '超过 24 小时，平台不再记得群发标识。The platform no longer remembers the clientmsgid.';
  return { kind: 'unknown', reason };
}

/** A read that failed says nothing about the post. */
function cannotTell(answer: Exclude<Answer, { kind: 'ok' }>): Outcome {
  const failure = reversibleFailure(answer);
  if (failure.kind === 'sign-in-again') return failure;
  const why = answer.kind === 'refused' ? explain(answer.code, answer.message) : answer.kind;
  return { kind: 'unknown', reason: `查询没有成功：${why}。The look-up failed.` };
}
