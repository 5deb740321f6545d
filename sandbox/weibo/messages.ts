/** Private messages (粉丝服务): people's are pushed to the account's address, answers are taken for 48 hours. */
import { createHash, randomInt } from 'node:crypto';
import { FileAnswer } from '../core/answer.ts';
import type { PushHttp } from '../core/pushes.ts';
import type { World } from '../core/world.ts';
import { type Call, required } from './call.ts';
import { Refusal } from './refusal.ts';
import { type Mention, newId, type Person, PLATFORM, platformTime, type WeiboAccount } from './state.ts';

const WINDOW_MS = 48 * 3_600_000;
const LONGEST = 300;

export function receiveMessage(world: World, account: WeiboAccount, person: Person, text: string): void {
  const at = world.clock.now();
  person.lastContactAt = at;
  account.chat.push({ uid: person.uid, from: 'person', text, at });
  world.ledger.append({
    platform: PLATFORM,
    account: account.uid,
    kind: 'message.received',
    key: newId(world),
    detail: { uid: person.uid, text },
  });
  push(world, account, person, 'text', text, {});
}

const labels = { image: '[图片]', voice: '[语音]' } as const;

/** A person sends a picture or a voice: the push tells the file's id for the person and the one for the account. */
export function receiveFile(
  world: World,
  account: WeiboAccount,
  person: Person,
  kind: 'image' | 'voice',
  bytes: Buffer,
): void {
  const at = world.clock.now();
  const sha256 = world.media.keep(bytes);
  const [vfid, tovfid] = [newId(world), newId(world)];
  account.sent ??= {};
  account.sent[tovfid] = { sha256, kind };
  person.lastContactAt = at;
  account.chat.push({ uid: person.uid, from: 'person', text: labels[kind], at });
  world.ledger.append({
    platform: PLATFORM,
    account: account.uid,
    kind: 'message.received',
    key: tovfid,
    detail: { uid: person.uid, file: kind, sha256 },
  });
  push(world, account, person, kind, '', { vfid: Number(vfid), tovfid: Number(tovfid) });
}

/** `GET /2/mss/msget` (on upload.api.weibo.com): the bytes alone. */
export function getSentFile({ account, world, fields }: Call): FileAnswer {
  const sent = account.sent?.[required(fields, 'fid')];
  const bytes = sent && world.media.find(sent.sha256);
  if (!sent || !bytes) throw new Refusal(10008);
  return new FileAnswer(bytes, sent.kind === 'image' ? 'image/jpeg' : 'audio/amr');
}

export function setFollowing(world: World, account: WeiboAccount, person: Person, following: boolean): void {
  person.following = following;
  person.lastContactAt = following ? world.clock.now() : null;
  world.changed();
  const subtype = following ? 'follow' : 'unfollow';
  push(world, account, person, 'event', following ? '关注事件消息' : '取消关注事件消息', { subtype });
}

/** Mentions are pushed where the account was granted it; one answer is taken after one. */
export function pushMention(world: World, account: WeiboAccount, person: Person, mention: Mention): void {
  person.lastContactAt = world.clock.now();
  const subtype = mention.under === 'post' ? 'status' : 'comment';
  push(world, account, person, 'mention', mention.text, { subtype, key: mention.id });
}

/** `POST /2/messages/reply.json` (on m.api.weibo.com). */
export function replyToMessage({ account, world, fields }: Call): unknown {
  const person = account.people[required(fields, 'receiver_id')];
  if (required(fields, 'type') !== 'text') throw new Refusal(10008);
  const text = readText(required(fields, 'data'));
  const now = world.clock.now();
  if (!person || person.lastContactAt === null || now - person.lastContactAt > WINDOW_MS) {
    throw new Refusal(26403);
  }
  account.chat.push({ uid: person.uid, from: 'account', text, at: now });
  world.ledger.append({
    platform: PLATFORM,
    account: account.uid,
    kind: 'message.sent',
    key: newId(world),
    detail: { uid: person.uid, text },
  });
  return {
    result: true,
    sender_id: Number(account.uid),
    receiver_id: Number(person.uid),
    type: 'text',
    data: fields.data,
  };
}

function readText(data: string): string {
  try {
    const { text } = JSON.parse(data) as { text?: unknown };
    if (typeof text === 'string' && text !== '' && text.length < LONGEST) return text;
  } catch {
    // Falls through to the refusal.
  }
  throw new Refusal(10008);
}

function push(
  world: World,
  account: WeiboAccount,
  person: Person,
  type: 'text' | 'image' | 'voice' | 'event' | 'mention',
  text: string,
  data: Record<string, unknown>,
): void {
  const url = account.push?.url;
  if (!url) return;
  const at = world.clock.now();
  // Written by hand in this order, as in the documents' samples.
  const body = JSON.stringify({
    type,
    receiver_id: Number(account.uid),
    sender_id: Number(person.uid),
    created_at: platformTime(at),
    text,
    data,
  });
  world.pushes.send({
    platform: PLATFORM,
    account: account.uid,
    type,
    seal: (as) => seal(url, as === 'forged' ? `${account.appSecret}x` : account.appSecret, at, body),
    received: (status) => status === 200,
  });
}

/** Only secret, time and nonce are signed: the platform's signature does not cover the body. */
function seal(url: string, secret: string, at: number, body: string): PushHttp {
  const timestamp = String(at);
  const nonce = String(randomInt(10_000_000, 99_999_999));
  const signature = createHash('sha1').update([secret, timestamp, nonce].toSorted().join('')).digest('hex');
  const query = new URLSearchParams({ signature, timestamp, nonce });
  return {
    url: `${url}${url.includes('?') ? '&' : '?'}${query}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  };
}
