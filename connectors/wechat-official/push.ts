/** Pushes: authenticated and opened before they are acknowledged, understood afterwards. */
import type { Credentials, Outcome, PushCapability, PushedEvent, PushRequest } from '#connectors/contract.ts';
import { decrypt, isSame, sign } from './crypto.ts';
import { massFailed, publicationOutcome } from './publish.ts';
import { firstUrl, withMid } from './publish-ids.ts';
import { asFields, type Fields, fieldText, readFields, trimmed } from './xml.ts';

/**
 * The platform gives up after about fifteen seconds; ten minutes leave room for clocks that differ, and what is
 * older is a replay. Within the window the unique key of the message does the rest.
 */
const WINDOW_MS = 10 * 60_000;

export const verifyAddress: PushCapability['verifyAddress'] = (credentials, { query }) => {
  const { signature, timestamp, nonce, echostr } = query;
  if (!credentials.token || !timestamp || !nonce || echostr === undefined) return null;
  return isSame(signature, sign(credentials.token, timestamp, nonce)) ? echostr : null;
};

export const open: PushCapability['open'] = (credentials, request, now) => {
  try {
    if (!isFresh(request.query.timestamp, now)) return null;
    const clear =
      request.query.encrypt_type === 'aes' ? unseal(credentials, request) : plain(credentials, request);
    if (!clear) return null;
    const message = readFields(clear);
    const { originalId } = credentials;
    if (originalId && trimmed(message, 'ToUserName') !== originalId) return null;
    return { dedupKey: dedupKeyOf(message), clear };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
};

function isFresh(timestamp: string | undefined, now: Date): boolean {
  if (!timestamp || !/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(now.getTime() - Number(timestamp) * 1000) <= WINDOW_MS;
}

/** Safe and compatible mode: only what was encrypted is believed, whatever stands beside it in clear. */
function unseal(credentials: Credentials, { query, body }: PushRequest): Buffer | null {
  const { token, encodingAESKey, appId } = credentials;
  const { timestamp = '', nonce = '', msg_signature: signature } = query;
  if (!token || !encodingAESKey || !appId) return null;
  const sealed = trimmed(readFields(body), 'Encrypt');
  if (!isSame(signature, sign(token, timestamp, nonce, sealed))) return null;
  return decrypt(encodingAESKey, appId, sealed);
}

/**
 * Plain mode: the signature does not cover the body, so whoever saw one address could write another message. It
 * is taken only where the account has no key; an account with a key never falls back to it.
 */
function plain(credentials: Credentials, { query, body }: PushRequest): Buffer | null {
  const { signature, timestamp = '', nonce = '' } = query;
  if (!credentials.token || credentials.encodingAESKey) return null;
  return isSame(signature, sign(credentials.token, timestamp, nonce)) ? body : null;
}

/** MsgId for messages; events have none, and are known by who, when and what. */
function dedupKeyOf(fields: Fields): string {
  const msgId = trimmed(fields, 'MsgId');
  if (msgId && trimmed(fields, 'MsgType') !== 'event') return `msg:${msgId}`;
  const info = asFields(fields.PublishEventInfo);
  const job = info ? trimmed(info, 'publish_id') : trimmed(fields, 'MsgID');
  const parts = [trimmed(fields, 'FromUserName'), trimmed(fields, 'CreateTime'), trimmed(fields, 'Event')];
  if (parts.some((part) => part === '')) throw new SyntaxError('推送缺字段。The push lacks fields.');
  return ['event', ...parts, trimmed(fields, 'EventKey'), job].filter((part) => part !== '').join(':');
}

export const parse: PushCapability['parse'] = (clear, dedupKey) => {
  const fields = readFields(clear);
  const type = trimmed(fields, 'MsgType');
  return type === 'event' ? readEvent(fields, dedupKey) : readMessage(fields, type, dedupKey);
};

function readEvent(fields: Fields, dedupKey: string): PushedEvent {
  const event = trimmed(fields, 'Event');
  switch (event.toUpperCase()) {
    case 'PUBLISHJOBFINISH':
    case 'FREEPUBLISHJOBFINISH':
    case 'MASSSENDJOBFINISH': {
      // The name alone does not tell: publications have been reported under the name of mass sends.
      const info = asFields(fields.PublishEventInfo);
      return info ? publicationEvent(info, dedupKey) : massEvent(fields, dedupKey);
    }
    case 'SUBSCRIBE':
      return { kind: 'follow', dedupKey, person: personOf(fields), at: timeOf(fields) };
    case 'UNSUBSCRIBE':
      return { kind: 'unfollow', dedupKey, person: personOf(fields), at: timeOf(fields) };
    case 'CLICK':
      return menuClick(fields, dedupKey);
    default:
      return { kind: 'ignored', dedupKey, type: `event:${event}` };
  }
}

/** A keyword of the menu is a word of the person's: `attachment` says that it was not typed. */
function menuClick(fields: Fields, dedupKey: string): PushedEvent {
  const key = trimmed(fields, 'EventKey');
  if (key === '') return { kind: 'ignored', dedupKey, type: 'event:CLICK' };
  const attachment = { type: 'menu', mediaId: null, url: null };
  return { kind: 'message', dedupKey, person: personOf(fields), text: key, at: timeOf(fields), attachment };
}

function publicationEvent(info: Fields, dedupKey: string): PushedEvent {
  const outcome = publicationOutcome(info, {});
  const ids = 'ids' in outcome ? outcome.ids : { publishId: trimmed(info, 'publish_id') };
  return { kind: 'delivery', dedupKey, ids, outcome };
}

function massEvent(fields: Fields, dedupKey: string): PushedEvent {
  const url = firstUrl(asFields(fields.ArticleUrlResult)?.ResultList, 'ArticleUrl');
  const msgId = trimmed(fields, 'MsgID') || trimmed(fields, 'MsgId');
  const ids = withMid({ msgId }, url);
  const status = trimmed(fields, 'Status');
  return { kind: 'delivery', dedupKey, ids, outcome: massOutcome(status, ids, url, timeOf(fields)) };
}

function massOutcome(status: string, ids: Record<string, string>, url: string | null, at: Date): Outcome {
  if (/^send\s?success$/i.test(status)) return { kind: 'published', ids, url, at };
  if (/^send\s?fail$/i.test(status)) return { kind: 'rejected', code: 'send-fail', reason: massFailed };
  const code = /^err\((\d+)\)$/i.exec(status)?.[1];
  if (!code) return { kind: 'unknown', reason: `没有见过的群发结果“${status}”。Unknown Status.` };
  const reason = `平台没有发出（${status}）：内容审查或转载限制。The platform did not send it: content or reprint rules.`;
  return { kind: 'rejected', code: `err-${code}`, reason };
}

function readMessage(fields: Fields, type: string, dedupKey: string): PushedEvent {
  const text = MESSAGE_TEXT[type]?.(fields);
  if (text === undefined) return { kind: 'ignored', dedupKey, type: `message:${type}` };
  const mediaId = trimmed(fields, 'MediaId') || null;
  const url = trimmed(fields, 'PicUrl') || trimmed(fields, 'Url') || null;
  const attachment = type === 'text' ? null : { type, mediaId, url };
  return { kind: 'message', dedupKey, person: personOf(fields), text, at: timeOf(fields), attachment };
}

/** The words of a message, by its type; what has none is shown by its attachment. */
const MESSAGE_TEXT: Readonly<Record<string, (fields: Fields) => string>> = {
  text: (fields) => fieldText(fields, 'Content'),
  image: () => '',
  voice: (fields) => fieldText(fields, 'Recognition'),
  video: () => '',
  shortvideo: () => '',
  location: (fields) =>
    [fieldText(fields, 'Label'), `${trimmed(fields, 'Location_X')},${trimmed(fields, 'Location_Y')}`]
      .filter((part) => part !== '')
      .join(' '),
  link: (fields) => [fieldText(fields, 'Title'), fieldText(fields, 'Description')].filter(Boolean).join('\n'),
};

function personOf(fields: Fields): { key: string; name: string | null } {
  const key = trimmed(fields, 'FromUserName');
  if (!key) throw new SyntaxError('推送没有发送人。The push names no sender.');
  return { key, name: null };
}

function timeOf(fields: Fields): Date {
  const seconds = Number(trimmed(fields, 'CreateTime'));
  if (!Number.isSafeInteger(seconds) || seconds <= 0) {
    throw new SyntaxError('推送没有时间。The push carries no time.');
  }
  return new Date(seconds * 1000);
}
