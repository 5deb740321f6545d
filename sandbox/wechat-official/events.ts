/** What the platform pushes to an account's address, and in which words. */
import type { World } from '../core/world.ts';
import { readPassiveReply } from './passive-reply.ts';
import { longAddress, publicationInfo } from './publication-info.ts';
import { Digits, type PushFields, sealPush } from './seal.ts';
import {
  type MassSend,
  nextId,
  PLATFORM,
  type Publication,
  type SentKind,
  stateOf,
  type WechatAccount,
} from './state.ts';

/** Who speaks when the platform itself reports on a job. */
const PLATFORM_OPENID = 'oSANDBOXmphelper000000000001';
/** Message ids begin above 2^53, as the real ones are. */
const FIRST_MSG_ID = 24_930_000_000_000_000n;

export const newMsgId = (world: World): string => String(FIRST_MSG_ID + BigInt(nextId(world)));

export function pushText(
  world: World,
  account: WechatAccount,
  openid: string,
  text: string,
  msgId: string,
): void {
  push(world, account, openid, 'text', { MsgType: 'text', Content: text, MsgId: new Digits(msgId) });
}

export function pushSentFile(
  world: World,
  account: WechatAccount,
  openid: string,
  sent: { kind: SentKind; mediaId: string; pictureUrl: string; msgId: string },
): void {
  const { kind, mediaId } = sent;
  const beside = {
    image: { PicUrl: sent.pictureUrl },
    voice: { Format: 'amr', Recognition: '' },
    video: { ThumbMediaId: `${mediaId}t` },
  }[kind];
  const fields = { MsgType: kind, MediaId: mediaId, ...beside, MsgId: new Digits(sent.msgId) };
  push(world, account, openid, kind, fields);
}

export function pushMenu(
  world: World,
  account: WechatAccount,
  openid: string,
  event: 'CLICK' | 'VIEW',
  key: string,
): void {
  push(world, account, openid, event, { MsgType: 'event', Event: event, EventKey: key });
}

export function pushSubscription(
  world: World,
  account: WechatAccount,
  openid: string,
  event: 'subscribe' | 'unsubscribe',
): void {
  push(world, account, openid, event, { MsgType: 'event', Event: event, EventKey: '' });
}

export function pushPublishFinished(world: World, account: WechatAccount, publication: Publication): void {
  const { fail_idx, publish_id, ...info } = publicationInfo(publication);
  push(world, account, PLATFORM_OPENID, 'PUBLISHJOBFINISH', {
    MsgType: 'event',
    Event: 'PUBLISHJOBFINISH',
    PublishEventInfo: { publish_id: new Digits(String(publish_id)), ...info, fail_idx },
  });
}

export function pushMassFinished(world: World, account: WechatAccount, send: MassSend): void {
  const sent = send.state === 'sent';
  const followers = Object.values(account.people).filter((person) => person.subscribed).length;
  const item = send.articles.map((_article, at) => ({
    ArticleIdx: at + 1,
    ArticleUrl: longAddress(send.pageBase, send.msgDataId, at + 1),
  }));
  push(world, account, PLATFORM_OPENID, 'MASSSENDJOBFINISH', {
    MsgType: 'event',
    Event: 'MASSSENDJOBFINISH',
    MsgID: new Digits(send.msgId),
    Status: sent ? 'send success' : 'send fail',
    TotalCount: followers,
    FilterCount: followers,
    SentCount: sent ? followers : 0,
    ErrorCount: 0,
    CopyrightCheckResult: { Count: 0, ResultList: {}, CheckState: 0 },
    ArticleUrlResult: sent ? { Count: item.length, ResultList: { item } } : { Count: 0, ResultList: {} },
  });
}

function push(world: World, account: WechatAccount, openid: string, type: string, fields: PushFields): void {
  const target = account.push;
  if (!target) return;
  const createTime = Math.floor(world.clock.now() / 1000);
  const whole = {
    ToUserName: account.originalId,
    FromUserName: openid,
    CreateTime: createTime,
    ...fields,
  };
  world.pushes.send({
    platform: PLATFORM,
    account: account.appid,
    type,
    seal: (as) => sealPush(target, account.appid, openid, whole, world.clock.now(), as === 'forged'),
    received(status, body) {
      if (status !== 200) return false;
      if (body === '' || body === 'success') return true;
      // A passive answer is shown at once; anything else is shown to the person as a fault of the account.
      const text = readPassiveReply(target, account.appid, body, openid, account.originalId);
      if (text !== null) takePassiveReply(world, account.appid, openid, text);
      return text !== null;
    },
  });
}

function takePassiveReply(world: World, appid: string, openid: string, text: string): void {
  const account = stateOf(world).accounts[appid];
  if (!account) return;
  const msgId = newMsgId(world);
  account.chat.push({ openid, from: 'account', text, at: world.clock.now(), msgId });
  world.ledger.append({
    platform: PLATFORM,
    account: appid,
    kind: 'message.sent',
    key: msgId,
    detail: { openid, text, passive: true },
  });
}
