/**
 * Webhooks: the grant, and the review of videos; nothing about articles, comments or messages. The documents state no
 * signature. Two are seen in integrators' receivers, and one of them must be right: the headers of the request
 * signature, or `x-bilibili-signature` = sha1 of secret and body. What is pushed about a video is only a reason to look.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Credentials, PushCapability, PushedEvent, PushRequest } from '../contract.ts';
import { isSigned, md5 } from './signature.ts';

const BODY_LIMIT = 64 * 1024;
/** Three pushes at intervals that are not documented; what is older is a replay. */
const REPLAY_WINDOW_MS = 60 * 60_000;
const ZONE_MS = 8 * 3_600_000;

const Pushed = z.object({
  event: z.string().min(1),
  content: z.record(z.string(), z.unknown()).default({}),
  timestamp: z.string().default(''),
});
type Pushed = z.infer<typeof Pushed>;

export const push: PushCapability = {
  tells: ['delivery', 'revoked'],
  acknowledgement: '',
  // Only by POST: see `answerCheck`.
  verifyAddress: () => null,
  /** Echoes a number and nothing else, so that it need not be signed: whether it is stands nowhere. */
  answerCheck(_credentials, request) {
    if (request.body.length > BODY_LIMIT) return null;
    const pushed = read(request.body);
    if (pushed?.event !== 'verify_webhooks' || typeof pushed.content.data !== 'number') return null;
    return JSON.stringify({ data: pushed.content.data });
  },
  open(credentials, request, now) {
    if (request.body.length > BODY_LIMIT) return null;
    const pushed = read(request.body);
    if (!pushed || !isGenuine(credentials, request, pushed, now)) return null;
    // A retry is signed anew; there is no message id, and the same bytes tell the same thing.
    const dedupKey = `${pushed.event}:${md5(request.body)}`;
    const { openid } = pushed.content;
    const isOurs = !credentials.openid || typeof openid !== 'string' || openid === credentials.openid;
    // One address serves every account of an application.
    return { dedupKey, clear: isOurs ? request.body : Buffer.from('{"event":"of-another-account"}') };
  },
  parse(clear, dedupKey): PushedEvent {
    const pushed = read(clear);
    if (!pushed) throw new SyntaxError('not a push of this platform');
    if (pushed.event === 'deauthorize') {
      return { kind: 'revoked', dedupKey, at: timeOf(pushed) ?? new Date(0) };
    }
    const { resource_id: resourceId } = pushed.content;
    if (/^video_(?:open|fail)$/.test(pushed.event) && typeof resourceId === 'string' && resourceId) {
      const ids = { resourceId };
      return {
        ...{ kind: 'delivery', dedupKey, ids },
        outcome: { kind: 'pending', ids, checkAfterMs: 1000, waitingFor: 'platform' },
      };
    }
    return { kind: 'ignored', dedupKey, type: pushed.event };
  },
};

function isGenuine(credentials: Credentials, request: PushRequest, pushed: Pushed, now: Date): boolean {
  const keys = { accessKey: credentials.appKey ?? '', secret: credentials.appSecret ?? '' };
  if (!keys.secret) return false;
  if (isSigned(keys, request.headers, request.body, now)) return true;
  const theirs = Buffer.from(request.headers['x-bilibili-signature'] ?? '', 'hex');
  const ours = createHash('sha1').update(keys.secret).update(request.body).digest();
  if (theirs.length !== ours.length || !timingSafeEqual(ours, theirs)) return false;
  const at = timeOf(pushed);
  return at !== null && Math.abs(now.getTime() - at.getTime()) <= REPLAY_WINDOW_MS;
}

/** `2021-01-01 12:01:01`, Beijing time. */
function timeOf({ timestamp }: Pushed): Date | null {
  const ms = Date.parse(`${timestamp.replace(' ', 'T')}Z`) - ZONE_MS;
  return Number.isNaN(ms) ? null : new Date(ms);
}

function read(body: Buffer): Pushed | null {
  try {
    const pushed = Pushed.safeParse(JSON.parse(body.toString('utf8')));
    return pushed.success ? pushed.data : null;
  } catch {
    return null;
  }
}
