/** Private messages: what people write to the account, and the customer-service messages that come back. */
import { createHash, randomBytes } from 'node:crypto';
import type { World } from '../core/world.ts';
import { type Call, DONE, type Json, part, text } from './call.ts';
import { PICTURE_HOST } from './content.ts';
import { newMsgId, pushSentFile, pushSubscription, pushText } from './events.ts';
import { Refusal } from './refusal.ts';
import { type Person, PLATFORM, type SentKind, type WechatAccount } from './state.ts';

const WINDOW_MS = 48 * 3_600_000;
const WINDOW_MESSAGES = 5;
const LONGEST_BYTES = 2048;

/** The same nickname is the same person, and one openid per person and account, as on the platform. */
export function personCalled(world: World, account: WechatAccount, nickname: string): Person {
  const digest = createHash('sha256').update(`${account.appid}\n${nickname}`).digest('base64url');
  const openid = `o${digest.slice(0, 27)}`;
  account.people[openid] ??= {
    openid,
    nickname,
    subscribed: true,
    subscribedAt: world.clock.now(),
    lastMessageAt: null,
    answered: 0,
  };
  return account.people[openid];
}

/** A person writes to the account; the platform pushes it. */
export function receiveMessage(
  world: World,
  account: WechatAccount,
  person: Person,
  message: string,
): string {
  const at = world.clock.now();
  const msgId = newMsgId(world);
  person.lastMessageAt = at;
  person.answered = 0;
  account.chat.push({ openid: person.openid, from: 'person', text: message, at, msgId });
  world.ledger.append({
    platform: PLATFORM,
    account: account.appid,
    kind: 'message.received',
    key: msgId,
    detail: { openid: person.openid, text: message },
  });
  pushText(world, account, person.openid, message, msgId);
  return msgId;
}

const labels: Readonly<Record<SentKind, string>> = { image: '[图片]', voice: '[语音]', video: '[视频]' };

/** A person sends a picture, a voice or a film; the platform pushes where it lies. */
export function receiveFile(
  world: World,
  account: WechatAccount,
  person: Person,
  kind: SentKind,
  bytes: Buffer,
): { msgId: string; mediaId: string } {
  const at = world.clock.now();
  const msgId = newMsgId(world);
  const mediaId = randomBytes(48).toString('base64url');
  const sha256 = world.media.keep(bytes);
  account.sent ??= {};
  account.sent[mediaId] = { sha256, kind, at };
  person.lastMessageAt = at;
  person.answered = 0;
  account.chat.push({ openid: person.openid, from: 'person', text: labels[kind], at, msgId, file: kind });
  world.ledger.append({
    platform: PLATFORM,
    account: account.appid,
    kind: 'message.received',
    key: msgId,
    detail: { openid: person.openid, file: kind, sha256 },
  });
  pushSentFile(world, account, person.openid, {
    kind,
    mediaId,
    pictureUrl: `${PICTURE_HOST}${sha256}`,
    msgId,
  });
  return { msgId, mediaId };
}

export function setSubscribed(
  world: World,
  account: WechatAccount,
  person: Person,
  subscribed: boolean,
): void {
  person.subscribed = subscribed;
  world.changed();
  pushSubscription(world, account, person.openid, subscribed ? 'subscribe' : 'unsubscribe');
}

/** `POST /cgi-bin/message/custom/send`: five messages within 48 hours of the person's last one. */
export function sendCustomMessage(call: Call): Json {
  const { account, world } = call;
  const person = account.people[text(call.body, 'touser', 40003)];
  if (!person) throw new Refusal(40003);
  if (text(call.body, 'msgtype', 40008) !== 'text') throw new Refusal(40008);
  const content = text(part(call.body, 'text'), 'content');
  if (content === '' || Buffer.byteLength(content) > LONGEST_BYTES) throw new Refusal(45002);
  const now = world.clock.now();
  const open = person.lastMessageAt !== null && now - person.lastMessageAt <= WINDOW_MS && person.subscribed;
  if (!open) throw new Refusal(45015);
  if (person.answered >= WINDOW_MESSAGES) throw new Refusal(45047);
  person.answered += 1;
  const msgId = newMsgId(world);
  account.chat.push({ openid: person.openid, from: 'account', text: content, at: now, msgId });
  world.ledger.append({
    platform: PLATFORM,
    account: account.appid,
    kind: 'message.sent',
    key: msgId,
    detail: { openid: person.openid, text: content },
  });
  return DONE;
}

/** Names and pictures of people have been blank for years; only the subscription is told. */
export function userInfo(call: Call): Json {
  const person = call.account.people[call.query.openid ?? ''];
  if (!person) throw new Refusal(40003);
  const { openid, subscribed, subscribedAt } = person;
  if (!subscribed) return { subscribe: 0, openid };
  return {
    subscribe: 1,
    openid,
    nickname: '',
    sex: 0,
    language: 'zh_CN',
    city: '',
    province: '',
    country: '',
    headimgurl: '',
    subscribe_time: Math.floor(subscribedAt / 1000),
    remark: '',
    groupid: 0,
    tagid_list: [],
    subscribe_scene: 'ADD_SCENE_SEARCH',
    qr_scene: 0,
    qr_scene_str: '',
  };
}
