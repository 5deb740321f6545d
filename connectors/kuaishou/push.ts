/**
 * Webhooks: a test event, and the grant given or withdrawn; nothing about works, comments or messages. `kwaisign` is
 * the MD5 of body and secret, so the time and the id inside the body are covered by it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { PushCapability, PushedEvent } from '../contract.ts';

/** Three tries, five seconds apart; clocks may differ by minutes. */
const REPLAY_WINDOW_MS = 10 * 60_000;
const BODY_LIMIT = 64 * 1024;

const Pushed = z.object({
  event: z.string().min(1),
  /** Epoch milliseconds. */
  timestamp: z.coerce.number().positive(),
  message_id: z.string().min(1).max(200),
  app_id: z.string().optional(),
  data: z.looseObject({ open_id: z.string().optional() }).optional(),
});
type Pushed = z.infer<typeof Pushed>;

export const push: PushCapability = {
  tells: ['revoked'],
  acknowledgement: JSON.stringify({ result: 1 }),
  /** The event's own id goes back; without it two more tries come. */
  acknowledge: (clear) => JSON.stringify({ result: 1, message_id: read(clear)?.message_id }),
  // No address check is documented.
  verifyAddress: () => null,
  open(credentials, request, now) {
    const { appId, appSecret } = credentials;
    if (!appSecret || request.body.length > BODY_LIMIT) return null;
    if (!isGenuine(appSecret, request.headers.kwaisign ?? '', request.body)) return null;
    const pushed = read(request.body);
    if (!pushed || Math.abs(now.getTime() - pushed.timestamp) > REPLAY_WINDOW_MS) return null;
    if (appId && pushed.app_id && pushed.app_id !== appId) return null;
    // One address serves every account of an application: what is for another one is set aside, and acknowledged.
    const theirs = pushed.data?.open_id;
    const isOurs = !credentials.openId || !theirs || theirs === credentials.openId;
    const clear = isOurs
      ? request.body
      : Buffer.from(JSON.stringify({ ...pushed, event: 'of-another-account' }));
    return { dedupKey: pushed.message_id, clear };
  },
  parse(clear, dedupKey): PushedEvent {
    const pushed = read(clear);
    if (!pushed) throw new SyntaxError('not a push of this platform');
    if (pushed.event === 'UN_AUTHORIZE') return { kind: 'revoked', dedupKey, at: new Date(pushed.timestamp) };
    return { kind: 'ignored', dedupKey, type: pushed.event };
  },
};

function isGenuine(secret: string, signature: string, body: Buffer): boolean {
  const ours = createHash('md5').update(body).update(secret).digest();
  const theirs = Buffer.from(signature, 'hex');
  return theirs.length === ours.length && timingSafeEqual(ours, theirs);
}

function read(body: Buffer): Pushed | null {
  try {
    const pushed = Pushed.safeParse(JSON.parse(body.toString('utf8')));
    return pushed.success ? pushed.data : null;
  } catch {
    return null;
  }
}
