/**
 * 粉丝服务 pushes. The signature covers AppSecret, time and nonce, not the body: whoever sees one push may forge
 * others until its time is too old, so the address must be https. There is no message id either; a retry carries the
 * same bytes, hence the key below.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { PushCapability, PushedEvent, PushRequest } from '../contract.ts';
import { readTime } from './shapes.ts';

/** Retries come within seconds (5 s, three tries); clocks may differ by minutes. */
const REPLAY_WINDOW_MS = 10 * 60_000;
const BODY_LIMIT = 64 * 1024;

const Id = z.union([z.number(), z.string()]).transform(String).pipe(z.string().regex(/^\d+$/));
const Pushed = z.object({
  type: z.string(),
  receiver_id: Id,
  sender_id: Id,
  created_at: z.string(),
  text: z.string().default(''),
  data: z.record(z.string(), z.unknown()).default({}),
});
type Pushed = z.infer<typeof Pushed>;

export const push: PushCapability = {
  tells: ['message', 'mention'],
  acknowledgement: '',
  verifyAddress(credentials, request) {
    return isGenuine(credentials.appSecret, request) ? (request.query.echostr ?? null) : null;
  },
  open(credentials, request, now) {
    if (request.body.length > BODY_LIMIT || !isGenuine(credentials.appSecret, request)) return null;
    if (!isRecent(request.query.timestamp, now)) return null;
    const pushed = read(request.body);
    return pushed ? { dedupKey: keyOf(pushed), clear: request.body } : null;
  },
  parse(clear, dedupKey) {
    const pushed = read(clear);
    if (!pushed) throw new SyntaxError('not a push of this platform');
    return toEvent(pushed, dedupKey);
  },
};

function isGenuine(secret: string | undefined, { query }: PushRequest): boolean {
  const { signature = '', timestamp = '', nonce = '' } = query;
  if (!secret || !timestamp || !nonce) return false;
  // By code unit, as the platform sorts; a locale's order would differ.
  const ours = createHash('sha1').update([secret, timestamp, nonce].toSorted().join('')).digest();
  const theirs = Buffer.from(signature, 'hex');
  return theirs.length === ours.length && timingSafeEqual(ours, theirs);
}

/** The documents' sample is in milliseconds; seconds are taken too. */
function isRecent(timestamp: string | undefined, now: Date): boolean {
  const value = Number(timestamp);
  if (!Number.isFinite(value)) return false;
  const at = value > 1e11 ? value : value * 1000;
  return Math.abs(now.getTime() - at) <= REPLAY_WINDOW_MS;
}

function read(body: Buffer): Pushed | null {
  try {
    const pushed = Pushed.safeParse(JSON.parse(body.toString('utf8'), keepLongNumbers));
    return pushed.success && readTime(pushed.data.created_at) ? pushed.data : null;
  } catch {
    return null;
  }
}

/** Ids beyond 2^53 stay as they were written. */
function keepLongNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? (context?.source ?? value) : value;
}

/** Documented: sender and time; the rest parts two messages of one person within a second. */
function keyOf({ sender_id, created_at, type, text, data }: Pushed): string {
  const content = createHash('sha256')
    .update(JSON.stringify([type, text, data]))
    .digest('base64url');
  return `${sender_id}:${readTime(created_at)!.getTime()}:${content.slice(0, 22)}`;
}

function toEvent(pushed: Pushed, dedupKey: string): PushedEvent {
  const person = { key: pushed.sender_id, name: null };
  const at = readTime(pushed.created_at)!;
  const { subtype } = pushed.data;
  switch (pushed.type) {
    case 'text':
      return { kind: 'message', dedupKey, person, text: pushed.text, at, attachment: null };
    case 'image':
    case 'voice':
    case 'position':
      return { kind: 'message', dedupKey, person, text: pushed.text, at, attachment: attachmentOf(pushed) };
    case 'event':
      if (subtype === 'follow' || subtype === 'scan_follow') return { kind: 'follow', dedupKey, person, at };
      // A keyword of the menu is a word of the person's; `attachment` says that it was not typed.
      if (subtype === 'click' && pushed.data.key) {
        const attachment = { type: 'menu', mediaId: null, url: null };
        return { kind: 'message', dedupKey, person, text: String(pushed.data.key), at, attachment };
      }
      if (subtype === 'unfollow') return { kind: 'unfollow', dedupKey, person, at };
      return { kind: 'ignored', dedupKey, type: `event.${String(subtype)}` };
    case 'mention':
      if (!pushed.data.key) return { kind: 'ignored', dedupKey, type: 'mention' };
      return {
        kind: 'mention',
        dedupKey,
        platformId: String(pushed.data.key),
        person,
        text: pushed.text,
        at,
      };
    default:
      return { kind: 'ignored', dedupKey, type: subtype ? `${pushed.type}.${String(subtype)}` : pushed.type };
  }
}

function attachmentOf({ type, data }: Pushed): { type: string; mediaId: string | null; url: string | null } {
  if (type !== 'position') return { type, mediaId: data.tovfid ? String(data.tovfid) : null, url: null };
  // RFC 5870, so that the place is not lost.
  return { type, mediaId: null, url: `geo:${String(data.latitude)},${String(data.longitude)}` };
}
