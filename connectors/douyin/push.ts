/**
 * Webhooks. The signature covers the application's secret and the whole body, but no time, and the header `Msg-Id` is
 * not signed: keys are therefore made of what is signed, so that a replay under another Msg-Id is known for one.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Credentials, PushCapability, PushedEvent, PushRequest } from '../contract.ts';
import { messageKey } from './messages.ts';

/** Three retries, at intervals that are not documented; what tells its time and is older is a replay. */
const REPLAY_WINDOW_MS = 60 * 60_000;
const BODY_LIMIT = 256 * 1024;
/** One address serves every account of an application; what is for another one is set aside. */
const OF_ANOTHER = 'of-another-account';

const Content = z.record(z.string(), z.unknown());
const Pushed = z.object({
  event: z.string().min(1),
  from_user_id: z.string().default(''),
  to_user_id: z.string().default(''),
  content: z
    .union([Content, z.string()])
    .default({})
    // The documents show it as an object and as a JSON string.
    .transform((content, context) => {
      const record = Content.safeParse(typeof content === 'string' ? readJson(content || '{}') : content);
      if (record.success) return record.data;
      context.addIssue({ code: 'custom', message: 'content is no object' });
      return z.NEVER;
    }),
});
type Pushed = z.infer<typeof Pushed>;

export const push: PushCapability = {
  tells: ['message', 'delivery', 'revoked'],
  acknowledgement: '',
  // Only by a signed POST: see `answerCheck`.
  verifyAddress: () => null,
  /** `verify_webhook`; its challenge goes back as JSON. */
  answerCheck(credentials, request) {
    const pushed = isGenuine(credentials, request) ? read(request.body) : null;
    if (pushed?.event !== 'verify_webhook') return null;
    return JSON.stringify({ challenge: pushed.content.challenge });
  },
  open(credentials, request, now) {
    if (request.body.length > BODY_LIMIT || !isGenuine(credentials, request)) return null;
    const pushed = read(request.body);
    if (!pushed || !isRecent(pushed, now)) return null;
    if (isForAnother(pushed, credentials.openId)) {
      return {
        dedupKey: keyOf(pushed, request.body, now),
        clear: Buffer.from(JSON.stringify({ event: OF_ANOTHER })),
      };
    }
    return { dedupKey: keyOf(pushed, request.body, now), clear: withTime(pushed, request.body, now) };
  },
  parse(clear, dedupKey) {
    const pushed = read(clear);
    if (!pushed) throw new SyntaxError('not a push of this platform');
    return toEvent(pushed, dedupKey);
  },
};

/** `hex(sha1(client_secret + body))`, over the bytes as they came. */
export function isGenuine({ clientSecret }: Credentials, { headers, body }: PushRequest): boolean {
  if (!clientSecret) return false;
  const ours = createHash('sha1').update(clientSecret).update(body).digest();
  const theirs = Buffer.from(headers['x-douyin-signature'] ?? '', 'hex');
  return theirs.length === ours.length && timingSafeEqual(ours, theirs);
}

function read(body: Buffer): Pushed | null {
  const pushed = Pushed.safeParse(readJson(body.toString('utf8')));
  return pushed.success ? pushed.data : null;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Messages tell milliseconds, the others seconds; some tell nothing. */
function timeOf({ content }: Pushed): Date | null {
  const value = Number(content.create_time ?? content.action_time);
  if (!Number.isFinite(value) || value <= 0) return null;
  return new Date(value > 1e11 ? value : value * 1000);
}

function isRecent(pushed: Pushed, now: Date): boolean {
  const at = timeOf(pushed);
  return at === null || Math.abs(now.getTime() - at.getTime()) <= REPLAY_WINDOW_MS;
}

function isForAnother(pushed: Pushed, openId: string | undefined): boolean {
  const named = [pushed.from_user_id, pushed.to_user_id].filter(Boolean);
  return Boolean(openId) && named.length > 0 && !named.includes(openId!);
}

/** An event that tells no time gets that of its arrival, so that it can be told later. */
function withTime(pushed: Pushed, body: Buffer, now: Date): Buffer {
  if (pushed.event !== 'unauthorize' || timeOf(pushed)) return body;
  const action_time = Math.floor(now.getTime() / 1000);
  return Buffer.from(JSON.stringify({ ...pushed, content: { ...pushed.content, action_time } }));
}

function keyOf(pushed: Pushed, body: Buffer, now: Date): string {
  const { event, content } = pushed;
  const { conversation_short_id: conversation, server_message_id: message } = content;
  if (event === 'im_receive_msg' && typeof conversation === 'string' && typeof message === 'string')
    return messageKey(conversation, message);
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 32);
  // A grant that is given anew may be taken away anew, in the very same bytes.
  return event === 'unauthorize' ? `${event}:${now.toISOString().slice(0, 10)}:${hash}` : `${event}:${hash}`;
}

function toEvent(pushed: Pushed, dedupKey: string): PushedEvent {
  const person = { key: pushed.from_user_id, name: nameOf(pushed) };
  const ignored: PushedEvent = { kind: 'ignored', dedupKey, type: pushed.event };
  switch (pushed.event) {
    case 'im_receive_msg':
      return toMessage(pushed, person, dedupKey);
    case 'new_follow_action': {
      const at = timeOf(pushed);
      if (!at || !person.key) return ignored;
      // 1 is documented; 2 for leaving is from memory.
      const kind = Number(pushed.content.action_type) === 1 ? 'follow' : 'unfollow';
      return { kind, dedupKey, person, at };
    }
    case 'unauthorize':
      // Tells no time of its own; which permissions went does not matter, all were asked for a reason.
      return { kind: 'revoked', dedupKey, at: timeOf(pushed) ?? new Date(0) };
    case 'create_video':
      return toDelivery(pushed, dedupKey) ?? ignored;
    default:
      // Comments among them: the contract takes those by reading only.
      return ignored;
  }
}

function nameOf({ from_user_id: from, content }: Pushed): string | null {
  const infos = z
    .array(z.looseObject({ open_id: z.string(), nick_name: z.string() }))
    .safeParse(content.user_infos);
  return infos.data?.find(({ open_id }) => open_id === from)?.nick_name || null;
}

function toMessage(
  pushed: Pushed,
  person: { key: string; name: string | null },
  dedupKey: string,
): PushedEvent {
  const { message_type: type = 'text', text, resource_url: url } = pushed.content;
  const at = timeOf(pushed);
  if (!person.key || !at) throw new SyntaxError('a message without sender or time');
  if (type === 'text') {
    return { kind: 'message', dedupKey, person, text: String(text ?? ''), at, attachment: null };
  }
  const attachment = { type: String(type), mediaId: null, url: typeof url === 'string' ? url : null };
  return { kind: 'message', dedupKey, person, text: typeof text === 'string' ? text : '', at, attachment };
}

/** Somebody posted by way of a share, or our own call made a work: known by either id. Reviewed it is not yet. */
function toDelivery({ content }: Pushed, dedupKey: string): PushedEvent | null {
  const { item_id: itemId, share_id: shareId } = content;
  if (typeof itemId !== 'string' || itemId === '') return null;
  const ids = { itemId, ...(typeof shareId === 'string' && shareId ? { shareId } : {}) };
  return {
    kind: 'delivery',
    dedupKey,
    ids,
    outcome: { kind: 'pending', ids, checkAfterMs: 5_000, waitingFor: 'platform' },
  };
}
