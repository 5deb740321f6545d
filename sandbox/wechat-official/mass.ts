/** Mass sends (群发): pushed to every follower, counted against a quota, held for the administrator where asked. */
import type { World } from '../core/world.ts';
import { type Call, DONE, type Json, optionalText, part, text, whole } from './call.ts';
import { findDraft } from './drafts.ts';
import { pushMassFinished } from './events.ts';
import { firstArticle, openComments } from './publishing.ts';
import { Refusal } from './refusal.ts';
import { dayOf, type MassSend, nextId, PLATFORM, stateOf, type WechatAccount } from './state.ts';

const SAME_ID_MS = 24 * 3_600_000;
const CONFIRM_WITHIN_MS = 30 * 60_000;
const FINISH = 'wechat-official.finish-mass-send';
const EXPIRE = 'wechat-official.expire-mass-send';

export function sendAll(call: Call): Json {
  const { account, world } = call;
  if (!account.verified) throw new Refusal(48001);
  if (text(call.body, 'msgtype') !== 'mpnews') throw new Refusal(40008);
  const clientMsgId = optionalText(call.body, 'clientmsgid');
  if (Buffer.byteLength(clientMsgId) > 32) throw new Refusal(45067);
  refuseRepeated(call, clientMsgId);
  const draft = findDraft(call, text(part(call.body, 'mpnews'), 'media_id', 40007));
  if (massQuotaLeft(world, account) <= 0) throw new Refusal(45028);
  const send: MassSend = {
    msgId: String(1_000_000_000 + nextId(world)),
    msgDataId: String(2_247_483_000 + nextId(world)),
    clientMsgId,
    draftId: draft.mediaId,
    articles: structuredClone(draft.articles),
    askedAt: world.clock.now(),
    state: account.massProtection ? 'waiting-administrator' : 'sending',
    sentAt: null,
    pageBase: account.pageBase ?? call.origin,
  };
  account.massSends.push(send);
  world.ledger.append({
    platform: PLATFORM,
    account: account.appid,
    kind: 'mass.accepted',
    key: send.msgId,
    detail: { draft: draft.mediaId, clientMsgId, title: draft.articles[0]?.title, state: send.state },
  });
  return begin(world, account, send);
}

function begin(world: World, account: WechatAccount, send: MassSend): Json {
  const job = { appid: account.appid, msgId: send.msgId };
  const ids = { msg_id: Number(send.msgId), msg_data_id: Number(send.msgDataId) };
  if (send.state === 'sending') {
    world.schedule.after(account.publishDelayMs, FINISH, job);
    return { errcode: 0, errmsg: 'send job submission success', ...ids };
  }
  world.schedule.after(CONFIRM_WITHIN_MS, EXPIRE, job);
  throw new Refusal(89505, account.waitingAnswerHasId ? ids : {});
}

/** The same `clientmsgid` within 24 hours is never sent twice: the answer names the send there is. */
function refuseRepeated(call: Call, clientMsgId: string): void {
  if (clientMsgId === '') return;
  const now = call.world.clock.now();
  const earlier = call.account.massSends.findLast(
    (send) => send.clientMsgId === clientMsgId && now - send.askedAt < SAME_ID_MS,
  );
  if (!earlier || earlier.state === 'failed') return;
  if (earlier.state === 'waiting-administrator') throw new Refusal(89504);
  throw new Refusal(45065, { msg_id: Number(earlier.msgId) });
}

/** One a day for subscription accounts, four a calendar month for service accounts; Beijing time. */
function massQuotaLeft(world: World, account: WechatAccount): number {
  const today = dayOf(world.clock.now());
  const period = account.kind === 'subscription' ? today : today.slice(0, 7);
  const used = account.massSends.filter(
    (send) => send.state !== 'failed' && dayOf(send.askedAt).startsWith(period),
  ).length;
  return (account.kind === 'subscription' ? 1 : 4) - used;
}

export function getMassSend(call: Call): Json {
  const send = call.account.massSends.find((candidate) => candidate.msgId === text(call.body, 'msg_id'));
  if (!send) throw new Refusal(40097);
  const statuses = {
    'waiting-administrator': 'SENDING',
    sending: 'SENDING',
    sent: 'SEND_SUCCESS',
    failed: 'SEND_FAIL',
    deleted: 'DELETE',
  };
  return { msg_id: Number(send.msgId), msg_status: statuses[send.state] };
}

/** `article_idx` counts from 1; 0 or none deletes every article of the send. The cards of followers stay. */
export function deleteMassSend(call: Call): Json {
  const msgId = text(call.body, 'msg_id');
  const send = call.account.massSends.find((candidate) => candidate.msgId === msgId);
  if (send?.state !== 'sent') throw new Refusal(40097);
  const index = whole(call.body, 'article_idx', 0);
  if (index < 0 || index > send.articles.length) throw new Refusal(40114);
  if (index === 0 || send.articles.length === 1) send.state = 'deleted';
  else send.articles.splice(index - 1, 1);
  call.world.ledger.append({
    platform: PLATFORM,
    account: call.account.appid,
    kind: 'post.deleted',
    key: msgId,
    detail: { index },
  });
  return DONE;
}

/** What the administrator answers on the phone; here a button on the account's page. */
export function decideMassSend(
  world: World,
  account: WechatAccount,
  msgId: string,
  confirmed: boolean,
): void {
  const send = account.massSends.find((candidate) => candidate.msgId === msgId);
  if (send?.state !== 'waiting-administrator') return;
  if (!confirmed) {
    fail(world, account, send);
    return;
  }
  send.state = 'sending';
  world.changed();
  world.schedule.after(account.publishDelayMs, FINISH, { appid: account.appid, msgId });
}

export function handleMassWork(world: World): void {
  const find = (data: Record<string, unknown>) => {
    const account = stateOf(world).accounts[String(data.appid)];
    const send = account?.massSends.find((candidate) => candidate.msgId === data.msgId);
    return account && send ? { account, send } : undefined;
  };
  world.schedule.handle(FINISH, (data) => {
    const found = find(data);
    if (found?.send.state === 'sending') finish(world, found.account, found.send);
  });
  world.schedule.handle(EXPIRE, (data) => {
    const found = find(data);
    if (found?.send.state === 'waiting-administrator') fail(world, found.account, found.send);
  });
}

function finish(world: World, account: WechatAccount, send: MassSend): void {
  send.state = 'sent';
  send.sentAt = world.clock.now();
  delete account.drafts[send.draftId];
  openComments(account, send.msgDataId, send.articles);
  world.ledger.append({
    platform: PLATFORM,
    account: account.appid,
    kind: 'post.published',
    key: send.msgId,
    detail: { reach: 'mass-send', clientMsgId: send.clientMsgId, ...firstArticle(send.articles) },
  });
  pushMassFinished(world, account, send);
}

function fail(world: World, account: WechatAccount, send: MassSend): void {
  send.state = 'failed';
  world.changed();
  pushMassFinished(world, account, send);
}
