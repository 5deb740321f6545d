/**
 * Webhooks. They speak of the grant and of videos, never of articles, and the platform checks an address by a POST that
 * wants its number back, which the contract cannot answer; hence the connector does not offer them yet (README).
 * That pushes carry the header signature is what an integrator's receiver shows; the documents state none.
 */
import { z } from 'zod';
import type { PushCapability, PushedEvent } from '../contract.ts';
import { isSigned, md5 } from './signature.ts';

const BODY_LIMIT = 64 * 1024;

const Pushed = z.object({
  event: z.string().min(1),
  content: z.record(z.string(), z.unknown()).default({}),
  timestamp: z.string().default(''),
});
type Pushed = z.infer<typeof Pushed>;

export const push: PushCapability = {
  acknowledgement: '',
  // Only by POST; `answerToCheck` below is what it wants.
  verifyAddress: () => null,
  open(credentials, request, now) {
    if (request.body.length > BODY_LIMIT) return null;
    const keys = { accessKey: credentials.appKey ?? '', secret: credentials.appSecret ?? '' };
    if (!isSigned(keys, request.headers, request.body, now) || !read(request.body)) return null;
    // A retry is signed anew; there is no message id, and the same bytes tell the same thing.
    return { dedupKey: `${read(request.body)?.event}:${md5(request.body)}`, clear: request.body };
  },
  parse(clear, dedupKey): PushedEvent {
    const pushed = read(clear);
    if (!pushed) throw new SyntaxError('not a push of this platform');
    return { kind: 'ignored', dedupKey, type: pushed.event };
  },
};

/** The body that answers `verify_webhooks`; null for every other push. */
export function answerToCheck(body: Buffer): string | null {
  const pushed = read(body);
  if (pushed?.event !== 'verify_webhooks' || pushed.content.data === undefined) return null;
  return JSON.stringify({ data: pushed.content.data });
}

function read(body: Buffer): Pushed | null {
  try {
    const pushed = Pushed.safeParse(JSON.parse(body.toString('utf8')));
    return pushed.success ? pushed.data : null;
  } catch {
    return null;
  }
}
