/**
 * The application is told when somebody posted by way of its link. Of everything else nothing is taken: a person answers in
 * the app. The signature covers the application's secret and the whole body, so that keys are made of the body.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Credentials, PushCapability, PushRequest } from '../contract.ts';

const BODY_LIMIT = 256 * 1024;

/** The documents show `content` as an object and as a JSON string. */
const Content = z.preprocess(
  (content) => (typeof content === 'string' ? readJson(content || '{}') : content),
  z.looseObject({ item_id: z.string().optional(), share_id: z.string().optional() }),
);
const Pushed = z.object({ event: z.string().min(1), content: Content.default({}) });

export const push: PushCapability = {
  tells: ['delivery'],
  acknowledgement: '',
  // Only by a signed POST: see `answerCheck`.
  verifyAddress: () => null,
  answerCheck(credentials, request) {
    const pushed = isGenuine(credentials, request) ? read(request.body) : null;
    return pushed?.event === 'verify_webhook'
      ? JSON.stringify({ challenge: pushed.content.challenge })
      : null;
  },
  open(credentials, request) {
    const { body } = request;
    if (body.length > BODY_LIMIT || !isGenuine(credentials, request)) return null;
    const pushed = read(body);
    if (!pushed) return null;
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 32);
    // What is let go need not be kept either: it may be somebody's message.
    const clear = isOurs(pushed) ? body : Buffer.from(JSON.stringify({ event: pushed.event }));
    return { dedupKey: `${pushed.event}:${hash}`, clear };
  },
  parse(clear, dedupKey) {
    const pushed = read(clear);
    if (!pushed) throw new SyntaxError('not a push of this platform');
    const { item_id: itemId = '', share_id: shareId = '' } = pushed.content;
    if (!isOurs(pushed)) return { kind: 'ignored', dedupKey, type: pushed.event };
    const ids = { itemId, shareId };
    // It tells neither address nor time.
    return { kind: 'delivery', dedupKey, ids, outcome: { kind: 'published', ids, url: null, at: null } };
  },
};

const isOurs = ({ event, content }: z.infer<typeof Pushed>): boolean =>
  event === 'create_video' && Boolean(content.item_id) && Boolean(content.share_id);

/** `hex(sha1(client_secret + body))`, over the bytes as they came. */
function isGenuine({ clientSecret }: Credentials, { headers, body }: PushRequest): boolean {
  if (!clientSecret) return false;
  const ours = createHash('sha1').update(clientSecret).update(body).digest();
  const theirs = Buffer.from(headers['x-douyin-signature'] ?? '', 'hex');
  return theirs.length === ours.length && timingSafeEqual(ours, theirs);
}

function read(body: Buffer): z.infer<typeof Pushed> | null {
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
